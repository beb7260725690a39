//! What the API reference says about who may call is what everybody is answered (`roles.txt`).

use std::collections::BTreeMap;

use testkit::TestApp;

/// The columns of `roles.txt`, with the words of the reference.
const COLUMNS: [(&str, &str); 10] = [
    ("owner", "owner"),
    ("admin", "admin"),
    ("dev", "developer"),
    ("agent", "agent"),
    ("auditor", "auditor"),
    ("u:write", "`usage:write`"),
    ("u:read", "`usage:read`"),
    ("capture", "`capture`"),
    ("p:read", "`payments:read`"),
    ("a:read", "`admin:read`"),
];

/// Security 27: nobody is promised what they are refused, and nobody is kept from what they may do.
#[tokio::test]
async fn who_may_call_is_told_as_it_is() {
    let golden = include_str!("../roles.txt");
    let mut lines = golden.lines();
    let names: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    // Of each operation, the columns that are let through in one of its rows.
    let mut allowed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in lines {
        let cells: Vec<&str> = line.split_whitespace().rev().take(names.len()).collect();
        let cells = cells.into_iter().rev();
        let of = allowed.entry(line.split(' ').next().unwrap()).or_default();
        of.extend(
            names
                .iter()
                .zip(cells)
                .filter(|(_, cell)| cell.starts_with('2'))
                .map(|(name, _)| *name),
        );
    }
    let t = TestApp::start().await;
    let document = t.anonymous().get("/openapi.json").await.expect(200).json();
    let page = t.anonymous().get("/docs/api.md").await.expect(200).text();
    let mut compared = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            let heading = format!("### `{} {path}`\n", method.to_uppercase());
            let (_, part) = page.split_once(&heading).unwrap();
            let (_, words) = part.split_once("**Who may call:** ").unwrap();
            let words = words.lines().next().unwrap();
            let own = words.starts_with("everybody who is signed in");
            for (column, word) in COLUMNS {
                let told = words.split([' ', ',', ';', '.']).any(|found| found == word)
                    || (own && !word.starts_with('`'));
                let is = allowed[id].contains(&column);
                assert_eq!(told, is, "{id} by {column}: {words}");
                compared += 1;
            }
            let operator = allowed[id].contains(&"op") || words.starts_with("operators");
            assert!(operator || !path.contains("/operator/"), "{id}: {words}");
        }
    }
    assert!(compared >= 250, "{compared}");
}
