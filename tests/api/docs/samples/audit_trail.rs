//! The sample that proves the audit trail: it takes a true one, and names the line where somebody was behind our back.

use chrono::Duration;
use domain::{
    audit::{Entry, Outcome},
    id::AuditId,
};
use testkit::{ApiKey, Buyer, TestApp};

use super::{Ran, run_all};
use crate::audit_chain::unguard;

/// As it stands, but with two lines to a page.
fn in_small_pages(text: &str) -> String {
    text.replace("limit=200", "limit=2")
        .replace("\"limit\": 200", "\"limit\": 2")
}

async fn proved(t: &TestApp, acme: &Buyer<'_>, reader: &ApiKey) -> Vec<Ran> {
    run_all(t, &acme.browser, "audit-trail", reader, in_small_pages).await
}

/// Whatever a line can hold: letters of two bytes, what is absent and what is empty, a time with milliseconds.
#[tokio::test]
async fn a_true_trail_is_taken_whatever_its_lines_hold() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    t.clock.advance(Duration::milliseconds(120));
    let reader = acme.api_key("test", &["admin:read"]).await;
    let tenant = acme.ids().await.0;
    let tx = t.app().db.tenant_write(tenant).await.unwrap();
    let entry = Entry {
        id: AuditId::from_uuid(uuid::Uuid::from_u128(7)),
        at: t.clock.now(),
        actor: "user:Jürgen, \"Kasse\"".to_owned(),
        action: "apiKey.create".to_owned(),
        outcome: Outcome::Refused,
        target: Some(String::new()),
        detail: Some("für 5 €".to_owned()),
        address: None,
        request_id: "req-7".to_owned(),
    };
    db::audit::append(&tx, &entry).await.unwrap();
    tx.commit().await.unwrap();
    let newest = format!(
        "SELECT seq, hash FROM audit_log WHERE tenant_id = '{tenant}' ORDER BY seq DESC LIMIT 1"
    );
    let [count, hash] = &t.rows(&newest).await[0][..] else {
        panic!("two columns");
    };
    for ran in proved(&t, &acme, &reader).await {
        let what = format!("{}: {}", ran.language, ran.said);
        assert!(ran.ok, "{what}");
        assert!(ran.said.starts_with(&format!("{count} lines")), "{what}");
        assert!(ran.said.ends_with(&format!("{hash}\n")), "{what}");
    }
}

/// Security 74, by the reader's own means. With curl alone links are followed, so a word that was changed is not seen, as the page says.
#[tokio::test]
async fn a_line_that_was_changed_removed_or_moved_is_named() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let reader = acme.api_key("test", &["admin:read"]).await;
    let tenant = acme.ids().await.0;
    unguard(&t).await;
    t.break_database("CREATE TABLE kept AS SELECT * FROM audit_log")
        .await;
    let line = |seq: i64| format!("tenant_id = '{tenant}' AND seq = {seq}");
    let (first, third, fourth) = (line(1), line(3), line(4));
    let links = "A line is missing, was changed or was moved.";
    for (change, named, by_links) in [
        (
            format!("UPDATE audit_log SET actor = 'system:nobody' WHERE {third}"),
            format!("Line 3 of {tenant} was changed."),
            None,
        ),
        (
            format!("UPDATE audit_log SET detail = 'x' WHERE {first}"),
            format!("Line 1 of {tenant} was changed."),
            None,
        ),
        (
            format!("DELETE FROM audit_log WHERE {third}"),
            "Line 3 was changed, removed or moved.".to_owned(),
            Some(links),
        ),
        (
            format!("DELETE FROM audit_log WHERE {first}"),
            "The trail does not go back to its first line.".to_owned(),
            Some(links),
        ),
        (
            format!(
                "UPDATE audit_log SET seq = -3 WHERE {third};
                 UPDATE audit_log SET seq = 3 WHERE {fourth};
                 UPDATE audit_log SET seq = 4 WHERE tenant_id = '{tenant}' AND seq = -3"
            ),
            "Line 4 was changed, removed or moved.".to_owned(),
            Some(links),
        ),
    ] {
        t.break_database(&change).await;
        for ran in proved(&t, &acme, &reader).await {
            let what = format!("{change}: {}: {}", ran.language, ran.said);
            let expected = match &*ran.language {
                "curl" => by_links,
                _ => Some(&*named),
            };
            assert_eq!(ran.ok, expected.is_none(), "{what}");
            if let Some(words) = expected {
                assert_eq!(ran.said.trim_end(), words, "{what}");
            }
        }
        t.break_database("DELETE FROM audit_log; INSERT INTO audit_log SELECT * FROM kept")
            .await;
    }
}
