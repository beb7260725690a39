//! That every word is written in every language, and the language is the reader's.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use axum::http::{HeaderMap, HeaderValue, header};
use fluent_bundle::FluentResource;
use leptos::prelude::*;

use super::{Language, catalogue::sources, say};

/// Every message of the language, and the variables it names.
fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for source in sources(language) {
        let resource = FluentResource::try_new((*source).to_owned());
        if let Err((_, errors)) = resource {
            panic!("{}: {errors:?}", language.tag());
        }
        let mut id = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line.split_once(" =")
                && !line.starts_with([' ', '-'])
            {
                id = name.to_owned();
                let before = all.insert(id.clone(), BTreeSet::new());
                assert!(before.is_none(), "{id} is written twice");
            }
            let variables = line.split("{ $").skip(1).filter_map(|rest| {
                rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .next()
            });
            all.entry(id.clone())
                .or_default()
                .extend(variables.map(str::to_owned));
        }
    }
    all.remove("");
    all
}

/// Every `say!` of the console's sources.
fn said() -> BTreeSet<String> {
    fn walk(folder: &Path, said: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, said);
            } else if path.ends_with("src/words.rs") || path.ends_with("words/tests.rs") {
                // Where it is only spoken about.
            } else if let Ok(text) = fs::read_to_string(&path) {
                let ids = text.split("say!(").skip(1);
                said.extend(ids.filter_map(|rest| {
                    Some(
                        rest.trim_start()
                            .strip_prefix('"')?
                            .split_once('"')?
                            .0
                            .to_owned(),
                    )
                }));
            }
        }
    }
    let mut ids = BTreeSet::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut ids);
    ids
}

#[test]
fn every_message_stands_in_every_language_with_the_same_variables() {
    let english = messages(Language::English);
    assert!(english.len() > 20);
    for language in Language::ALL {
        let other = messages(language);
        for (id, variables) in &english {
            assert_eq!(
                other.get(id),
                Some(variables),
                "{id} in {}",
                language.name()
            );
        }
        assert_eq!(other.len(), english.len(), "{}", language.name());
    }
}

#[test]
fn what_is_said_is_written_and_what_is_written_is_said() {
    let written = messages(Language::English).into_keys();
    // What the floors below say is said by them.
    let written: BTreeSet<String> = written.filter(|id| !id.starts_with("below-")).collect();
    assert_eq!(written, said());
}

#[test]
fn the_language_is_the_chosen_one_or_the_first_that_we_speak() {
    for (cookie, accepted, language) in [
        (None, None, Language::English),
        (None, Some("de"), Language::German),
        (None, Some("de-CH, en;q=0.8"), Language::German),
        (None, Some("fr-FR, en;q=0.3, de;q=0.7"), Language::German),
        (None, Some("fr, ja"), Language::English),
        (None, Some("en-GB, de"), Language::English),
        (None, Some(";;q=,*"), Language::English),
        (Some("en"), Some("de"), Language::English),
        (Some("de"), None, Language::German),
        (Some("xx"), Some("de"), Language::German),
        (Some("<script>"), None, Language::English),
    ] {
        let mut headers = HeaderMap::new();
        if let Some(cookie) = cookie {
            let cookie = format!("a=b; {}={cookie}", super::COOKIE);
            headers.insert(header::COOKIE, HeaderValue::try_from(cookie).unwrap());
        }
        if let Some(accepted) = accepted {
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accepted));
        }
        assert_eq!(Language::of(&headers), language, "{cookie:?} {accepted:?}");
    }
}

#[test]
fn what_is_put_into_a_message_comes_out_escaped_and_views_stand_where_they_are_named() {
    let support = "<script>\u{e000}support\u{e001}";
    for (language, words) in [
        (Language::English, "Stuck? Write to "),
        (Language::German, "Hilfe nötig? Schreiben Sie an "),
    ] {
        let html = language.with(|| {
            let link = view! { <a href="mailto:x">{support}</a> };
            say!("frame-help"; support = link).to_html()
        });
        let html = html.replace("<!>", "");
        assert_eq!(
            html,
            format!("{words}<a href=\"mailto:x\">&lt;script&gt;\u{e000}support\u{e001}</a>.")
        );
    }
    let name = view! { <b>"Ann"</b> };
    let html = say!("people-you"; name = name).to_html();
    assert_eq!(html.replace("<!>", ""), "<b>Ann</b> (you)");
}
