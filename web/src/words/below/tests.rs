//! That what the floors below say is known, and nothing else is taken for it.

use std::{collections::BTreeSet, fs, path::Path};

use domain::{
    audit::Outcome,
    invitation::State,
    metering::RecordState,
    mode::Mode,
    registration::{Step, StepState},
    role::Role,
    tenant::TenantState,
    usage::Dimension,
};

use super::*;

/// What only programs read, or a mail says; each stands in a file whose sentences no page shows.
const NOT_SHOWN: [&str; 13] = [
    "control/src/api_key/authenticate.rs",
    "control/src/inbox/receive.rs",
    "control/src/lease.rs",
    "control/src/licence/attach.rs",
    "control/src/usage/keep.rs",
    "control/src/user/reset_authenticator.rs",
    "domain/src/idempotency.rs",
    "http/src/idempotency.rs",
    "http/src/openapi.rs",
    "http/src/query_secrets.rs",
    "http/src/setup.rs",
    "http/src/usage_events.rs",
    "runtime/src/peer/layer.rs",
];

/// Single sentences of the same kind in files whose others are shown.
const NOT_SHOWN_EITHER: [&str; 8] = [
    "An AWS account id is twelve digits.",
    "Say who you are, with a bearer token.",
    "Say whose: add `tenant=ten_…` to the query. The list of registrations has the ids.",
    "Send `Authorization: Bearer` followed by an API key.",
    "Send `content-type: application/json`.",
    "That is not the ARN of an AWS Marketplace licence.",
    "The body is not JSON: look at line 7, column 7.",
    "This stream is for people who look at a page. Ask /api/v1/setup and /api/v1/usage instead.",
];

/// Every literal of a source, without comments and its own tests.
fn literals(source: &str) -> Vec<String> {
    let code = source
        .split("#[cfg(test)]\nmod ")
        .next()
        .unwrap_or_default();
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let code = lines.collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    let mut inside: Option<String> = None;
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match (&mut inside, c) {
            // A quote as a character is none around words.
            (None, '\'') if code.contains("'\"'") => {
                let rest = chars.as_str();
                if let Some(rest) = rest.strip_prefix("\"'") {
                    chars = rest.chars();
                }
            }
            (None, '"') => inside = Some(String::new()),
            (None, _) => {}
            (Some(_), '"') => found.extend(inside.take()),
            (Some(words), '\\') => match chars.next() {
                Some('\n') => {
                    chars = chars.as_str().trim_start().chars();
                }
                Some(other) => words.push(other),
                None => {}
            },
            (Some(words), c) => words.push(c),
        }
    }
    found
}

/// Something stands where a sentence has a placeholder.
fn filled(sentence: &str) -> String {
    let mut pieces = sentence.split('{');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        text.push('7');
        text.push_str(piece.split_once('}').map_or(piece, |(_, rest)| rest));
    }
    text
}

/// Every sentence that the floors below have for people: it begins and ends like one.
fn sentences() -> BTreeSet<(String, String)> {
    fn walk(folder: &Path, found: &mut BTreeSet<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|kind| kind == "rs")
                && !path.ends_with("tests.rs")
            {
                let file = path.to_str().unwrap().split_once("/crates/").unwrap().1;
                let sentences = literals(&fs::read_to_string(&path).unwrap())
                    .into_iter()
                    .filter(|text| {
                        text.starts_with(|c: char| {
                            c.is_ascii_uppercase() || c.is_ascii_digit() || c == '`'
                        }) && text.ends_with('.')
                            && text.contains(' ')
                            && !text.contains('\n')
                    });
                found.extend(sentences.map(|text| (file.to_owned(), filled(&text))));
            }
        }
    }
    let mut found = BTreeSet::new();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    for name in ["domain", "control", "db", "http", "runtime"] {
        walk(&crates.join(name).join("src"), &mut found);
    }
    found
}

#[test]
fn every_sentence_of_the_floors_below_is_known_again() {
    let all = sentences();
    assert!(all.len() > 120, "{}", all.len());
    let unknown: Vec<_> = all
        .iter()
        .filter(|(file, text)| {
            !NOT_SHOWN.contains(&file.as_str())
                && !NOT_SHOWN_EITHER.contains(&text.as_str())
                && recognise(text).is_none()
        })
        .collect();
    assert!(unknown.is_empty(), "not in below.ftl: {unknown:#?}");
    for file in NOT_SHOWN {
        assert!(all.iter().any(|(known, _)| known == file), "{file}");
    }
    for text in NOT_SHOWN_EITHER {
        assert!(all.iter().any(|(_, known)| known == text), "{text}");
    }
}

#[test]
fn every_sentence_that_is_known_again_is_said_below() {
    let all: BTreeSet<&str> = Box::leak(Box::new(sentences()))
        .iter()
        .filter_map(|(_, text)| recognise(text).map(|(id, _)| id))
        .collect();
    for (words, id) in &KNOWN.plain {
        if words.ends_with('.') {
            assert!(all.contains(id), "{id}");
        }
    }
}

#[test]
fn every_word_of_the_floors_below_is_known_again() {
    let mut words: Vec<&str> = Vec::new();
    words.extend(Role::ALL.map(Role::title));
    words.extend(Role::ALL.map(Role::purpose));
    words.extend(Role::ALL.map(Role::as_str));
    words.extend(Step::ALL.map(Step::title));
    words.extend(Step::WIRING.map(Step::title));
    words.extend([StepState::Done, StepState::Waiting, StepState::Failed].map(StepState::as_str));
    words.extend(Dimension::ALL.map(Dimension::label));
    words.extend([Outcome::Done, Outcome::Refused].map(Outcome::as_str));
    words.extend([Mode::Test, Mode::Live].map(Mode::as_str));
    words.extend([State::Open, State::Accepted, State::Revoked, State::Expired].map(State::as_str));
    words.extend(
        [
            TenantState::Provisioning,
            TenantState::Active,
            TenantState::Ended,
        ]
        .map(TenantState::as_str),
    );
    for state in RecordState::ALL {
        // The one that is two words is said by the page of the hours alone.
        if state != RecordState::NotSubscribed && state != RecordState::Expired {
            words.push(state.as_str());
        }
    }
    for word in words {
        assert!(recognise(word).is_some(), "{word}");
    }
}

#[test]
fn words_are_known_again_with_what_stands_between_them() {
    let pieces = [
        Piece::Words("from "),
        Piece::Variable("from"),
        Piece::Words(" to "),
        Piece::Variable("to"),
    ];
    for (text, found) in [
        ("from a to b", Some([("from", "a"), ("to", "b")])),
        ("from a to b to c", Some([("from", "a"), ("to", "b to c")])),
        ("from  to b", None),
        ("from a to ", None),
        ("From a to b", None),
        ("from a", None),
        ("", None),
    ] {
        assert_eq!(
            captured(&pieces, text).as_deref(),
            found.as_ref().map(<[_; 2]>::as_slice),
            "{text:?}"
        );
    }
    assert_eq!(captured(&[Piece::Words("done")], "done."), None);
}

#[test]
fn what_is_not_known_is_as_it_was_and_english_is_never_touched() {
    for (language, text, shown) in [
        (Language::English, "Owner", "Owner"),
        (Language::German, "Owner", "Eigentümer"),
        (Language::German, "as owner", "als Eigentümer"),
        (Language::German, "<b>Owner</b>", "<b>Owner</b>"),
        (Language::German, "", ""),
        (
            Language::German,
            "There is no such <b>thing</b>.",
            "Das gibt es nicht: <b>thing</b>.",
        ),
        (
            Language::German,
            "Too many requests. Try again in 12 seconds.",
            "Zu viele Anfragen. Versuchen Sie es in 12 Sekunden noch einmal.",
        ),
    ] {
        assert_eq!(language.with(|| local(text)), shown);
    }
}
