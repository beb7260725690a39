//! Who may what: every operation and every route, by everybody, each judged afresh; the answers stand in one file.
//! `UPDATE_GOLDEN=1` writes the file anew; whoever does so reads every line that changed.

use std::{fmt::Write, path::Path};

use reqwest::Method;
use testkit::Answer;

use crate::{rows::ROWS, stage::Stage};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/api/roles.txt");

/// Security 27, 28, 1, 2: every operation and route by every role, by another tenant's owner, by nobody.
#[tokio::test]
async fn everybody_reaches_exactly_what_they_may() {
    let stage = Stage::set().await;
    let mut matrix = String::new();
    let mut line = |label: &str, cells: Vec<String>| {
        let _ = write!(matrix, "{label:52}");
        for cell in cells {
            let _ = write!(matrix, " {cell:>7}");
        }
        matrix.push('\n');
    };
    let names = stage.callers.iter().map(|caller| {
        // Scopes are too long for a column.
        caller
            .name
            .replace("usage:", "u:")
            .replace("payments:", "p:")
            .replace("admin:", "a:")
    });
    line("", names.collect());
    for row in ROWS {
        let mut cells = Vec::new();
        for caller in &stage.callers {
            let answer = stage.ask(row, caller).await;
            if answer.status < 400 && stage.method(row) != Method::GET {
                stage.restore().await;
            }
            if matches!(caller.name, "nobody" | "other") {
                tells_strangers_nothing(row.of, &answer);
            }
            if row.path.starts_with("/api/") {
                is_in_form(row.of, &answer);
            }
            cells.push(cell(&answer));
        }
        let label = format!("{} {}", row.of, row.note);
        line(label.trim_end(), cells);
    }
    check(&matrix);
}

/// The status; redirects by where they lead, if that says more.
fn cell(answer: &Answer) -> String {
    let place = answer.header("location").split(['?', '#']).next();
    match (answer.status, place.unwrap_or_default()) {
        (303, "/login") => "login".to_owned(),
        (303, "/") => "home".to_owned(),
        (303, "/tenants") => "tenants".to_owned(),
        (303, "/welcome") => "welcome".to_owned(),
        (status, _) => status.to_string(),
    }
}

/// Nothing that names the tenant's people is in an answer to who is none of them; the link of an invitation tells its own address.
fn tells_strangers_nothing(of: &str, answer: &Answer) {
    let text = answer.text();
    let mut told = text
        .match_indices("@acme.example")
        .map(|(at, _)| &text[..at]);
    let of_a_link = of.ends_with("/invitations/{secret}");
    let more = told.any(|before| !(of_a_link && before.ends_with("lee")));
    assert!(!more, "{of} tells a stranger: {text}");
}

/// Refusals of the API are whole problems, and challenge whoever is nobody.
fn is_in_form(of: &str, answer: &Answer) {
    if answer.status >= 400 {
        answer.check_problem();
        assert_eq!(
            answer.header("www-authenticate") == "Bearer",
            answer.status == 401,
            "{of}"
        );
    }
}

fn check(matrix: &str) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(GOLDEN, matrix).unwrap();
        return;
    }
    let golden = std::fs::read_to_string(Path::new(GOLDEN)).unwrap_or_default();
    let known: Vec<&str> = golden.lines().collect();
    let mut differing = String::new();
    for now in matrix.lines().filter(|line| !known.contains(line)) {
        let _ = writeln!(differing, "now    {now}");
    }
    let now: Vec<&str> = matrix.lines().collect();
    for before in known.iter().filter(|line| !now.contains(line)) {
        let _ = writeln!(differing, "before {before}");
    }
    assert!(
        differing.is_empty() && known.len() == now.len(),
        "not as in roles.txt (UPDATE_GOLDEN=1 takes it over):\n{}\n{differing}",
        known.first().unwrap_or(&"")
    );
}
