//! Every code that the sources can answer has its page, with the right status. The kit holds every problem that any test sees against
//! the pages too (`Answer::check_problem`), which finds codes that are put together elsewhere.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use domain::ErrorKind;
use runtime::problem::status_of;
use testkit::TestApp;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const FOLDERS: [&str; 10] = [
    "crates/domain/src",
    "crates/runtime/src",
    "crates/pool/src",
    "crates/db/src",
    "crates/control/src",
    "crates/http/src",
    "crates/oidc/src",
    "crates/card/src",
    "crates/payphone/src",
    "web/src",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && name != "tests" && name != "samples" {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && name != "tests.rs"
            && name != "samples.rs"
        {
            found.push(path);
        }
    }
}

fn kind_of(word: &str) -> Option<ErrorKind> {
    use ErrorKind as Kind;
    Some(match word {
        "Malformed" => Kind::Malformed,
        "Invalid" => Kind::Invalid,
        "Unauthenticated" => Kind::Unauthenticated,
        "Forbidden" => Kind::Forbidden,
        "NotFound" => Kind::NotFound,
        "Conflict" => Kind::Conflict,
        "Gone" => Kind::Gone,
        "TooLarge" => Kind::TooLarge,
        "UnsupportedMedia" => Kind::UnsupportedMedia,
        "TooMany" => Kind::TooMany,
        "Internal" => Kind::Internal,
        "Unavailable" => Kind::Unavailable,
        _ => return None,
    })
}

/// What stands between the parenthesis and the first string, if that is all names; and the string.
fn first_string(text: &str) -> Option<(&str, &str)> {
    let (before, rest) = text.split_once('"')?;
    let names = |c: char| c.is_alphanumeric() || c.is_whitespace() || ":,_".contains(c);
    before.chars().all(names).then_some(())?;
    let code = rest.split('"').next()?;
    let is_code = !code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    is_code.then_some((before, code))
}

/// The codes of one file, each with the status it is answered with.
fn codes(text: &str) -> Vec<(String, u16)> {
    let status = |before: &str| {
        let word = before.rsplit("::").next().unwrap_or_default();
        let word = word.trim().trim_end_matches(',');
        kind_of(word).map(|kind| status_of(kind).0.as_u16())
    };
    let mut found = Vec::new();
    for call in ["Error::new(", "Self::new("] {
        for (at, _) in text.match_indices(call) {
            let rest = &text[at + call.len()..];
            if let Some((before, code)) = first_string(rest) {
                found.extend(status(before).map(|status| (code.to_owned(), status)));
                continue;
            }
            // A function that makes errors of one kind: whoever calls it names the code.
            let arguments = rest.split(')').next().unwrap_or_default();
            let Some((kind, "code")) = arguments
                .split_once(',')
                .map(|(kind, rest)| (kind, rest.split(',').next().unwrap_or_default().trim()))
            else {
                continue;
            };
            let Some(status) = status(kind) else { continue };
            let before = &text[..at];
            let function = before
                .rsplit("fn ")
                .next()
                .unwrap()
                .split('(')
                .next()
                .unwrap();
            for (at, call) in text.match_indices(&format!("{function}(")) {
                if let Some((before, code)) = first_string(&text[at + call.len()..])
                    && before.trim().is_empty()
                    && !text[..at].ends_with('.')
                {
                    found.push((code.to_owned(), status));
                }
            }
        }
    }
    for (at, call) in text.match_indices("Error::field(") {
        if let Some((_, code)) = first_string(&text[at + call.len()..]) {
            found.push((code.to_owned(), 422));
        }
    }
    found
}

/// Every code of the sources, and every page is about one of them.
#[tokio::test]
async fn every_code_has_its_page_and_every_page_its_code() {
    let mut files = Vec::new();
    for folder in FOLDERS {
        sources(&Path::new(ROOT).join(folder), &mut files);
    }
    let mut known: BTreeMap<String, u16> = BTreeMap::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        // By convention a file's unit tests are its last item.
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        known.extend(codes(text));
    }
    known.insert("outcome_unknown".to_owned(), 503);
    // Axum's answer, which is no kind of error that operations know.
    known.insert("method_not_allowed".to_owned(), 405);
    assert!(known.len() > 60, "{known:?}");

    let t = TestApp::start().await;
    let text = t
        .anonymous()
        .get("/docs/problems.md")
        .await
        .expect(200)
        .text();
    let mut told: BTreeMap<String, u16> = BTreeMap::new();
    for part in text.split("\n### ").skip(1) {
        let code = part.lines().next().unwrap();
        let (_, rest) = part.split_once("**").unwrap();
        told.insert(code.to_owned(), rest[..3].parse().unwrap());
    }
    for (code, status) in &known {
        assert_eq!(
            told.get(code),
            Some(status),
            "{code} is not told as it is answered"
        );
    }
    for code in told.keys() {
        assert!(known.contains_key(code), "nothing answers {code}");
        let _ = t
            .anonymous()
            .get(&format!("/docs/problems/{code}"))
            .await
            .expect(200);
    }
}

/// The address in a problem is that of its page.
#[tokio::test]
async fn the_type_of_a_problem_resolves() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for answer in [
        t.anonymous().get("/api/v1/tenant").await,
        t.anonymous().get("/nowhere").await,
        t.anonymous().delete("/api/v1/tenant").await,
        acme.browser.get("/api/v1/usage?from=x").await,
        acme.browser.get("/api/v1/metering-records?cursor=x").await,
    ] {
        assert!(answer.status >= 400);
        let kind = answer.json()["type"].as_str().unwrap().to_owned();
        let page = t.anonymous().get(&kind).await.expect(200);
        assert!(
            super::is_page(&page) && page.text().contains(&answer.code()),
            "{kind}"
        );
    }
    // A page about an error says so as well.
    let request = acme.browser.request(reqwest::Method::GET, "/usage?state=x");
    let page = acme
        .browser
        .send(request.header("accept", "text/html"))
        .await
        .expect(400);
    assert!(
        page.text().contains("href=\"/docs/problems/bad_filter\""),
        "{}",
        page.text()
    );
}

/// Every reason for refusing a usage event is explained where events are.
#[tokio::test]
async fn every_refusal_of_an_event_is_explained() {
    let source =
        std::fs::read_to_string(Path::new(ROOT).join("crates/domain/src/usage.rs")).unwrap();
    let (_, function) = source.split_once("pub const fn code(self)").unwrap();
    let function = function.split("\n    }").next().unwrap();
    let codes: Vec<&str> = function.split('"').skip(1).step_by(2).collect();
    assert!(codes.len() >= 12, "{codes:?}");
    let t = TestApp::start().await;
    let page = t
        .anonymous()
        .get("/docs/usage-events.md")
        .await
        .expect(200)
        .text();
    for code in codes {
        assert!(page.contains(&format!("| `{code}` |")), "{code}");
    }
}
