//! The console's pages over HTTP: who sees what, where everybody else is sent, and what forms do. The look of pages is the business of
//! `web`'s own tests.

mod account;
mod hours;
mod lists;
mod look;
mod mode;
mod operator;
mod overview;
mod people;
mod sign_in;
mod subscription;
mod tabs;
mod usage;
mod welcome;

use testkit::Answer;

/// A page with this status whose text holds the words.
fn page(answer: Answer, status: u16, words: &str) -> String {
    let answer = answer.expect(status);
    assert!(answer.header("content-type").starts_with("text/html"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let text = answer.text();
    assert!(text.contains(words), "{words:?} is not in {text}");
    text
}

/// Where the answer sends the browser.
fn sent_to(answer: Answer) -> String {
    answer.expect(303).header("location").to_owned()
}

/// The value of the first link to this path, with its query, as the browser would follow it.
fn link(text: &str, path: &str) -> String {
    let start = format!("href=\"{path}");
    let rest = text.split_once(&start).unwrap().1;
    let rest = rest.split('"').next().unwrap();
    format!("{path}{rest}").replace("&amp;", "&")
}

/// A parameter of an address, decoded.
fn parameter(address: &str, name: &str) -> String {
    let query = address.split_once('?').unwrap().1;
    form_urlencoded::parse(query.as_bytes())
        .find(|(known, _)| known == name)
        .unwrap()
        .1
        .into_owned()
}
