//! The audit trail as a chain: what people do on their way in and out, and what gives away whoever changes a line behind our back.

use control::audit::verify;
use domain::audit::Broken;
use serde_json::json;
use testkit::{TestApp, database::on_postgres};

/// What is wrong, chain by chain; nothing, if all hold.
async fn broken(t: &TestApp) -> Vec<Broken> {
    let (verdicts, unchained) = verify(&t.app().db, None).await.unwrap();
    assert_eq!(unchained, 0);
    let wrong = verdicts
        .into_iter()
        .filter_map(|verdict| verdict.outcome.err());
    wrong.collect()
}

/// A tenant with a few lines, the table's own guard taken away, and the tenant's id.
async fn unguarded(t: &TestApp) -> String {
    let acme = t.tenant("acme").await;
    for _ in 0..3 {
        acme.till().await;
    }
    assert_eq!(broken(t).await, []);
    unguard(t).await;
    acme.ids().await.0.to_string()
}

/// Takes away the table's own guard.
pub(crate) async fn unguard(t: &TestApp) {
    if !on_postgres() {
        for change in ["update", "delete"] {
            t.break_database(&format!("DROP TRIGGER audit_log_no_{change}"))
                .await;
        }
    }
}

async fn id_of(t: &TestApp, tenant: &str, seq: i64) -> String {
    let sql = format!("SELECT id FROM audit_log WHERE tenant_id = '{tenant}' AND seq = {seq}");
    t.rows(&sql).await.concat().concat()
}

/// Signing in, signing out and being refused leave their lines, with the person's tenants or with the vendor.
#[tokio::test]
async fn the_ways_in_and_out_leave_their_lines() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let tenant = acme.ids().await.0.to_string();
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    let user = ben.account().await["id"].as_str().unwrap().to_owned();
    let start = t.trail_end().await;
    ben.signs_in().await;
    let session = ben.account().await["sessions"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let _ = ben.browser.post_form("/logout", &[]).await.expect(200);
    let _ = ben.browser.post_form("/logout", &[]).await.expect(200);
    t.login
        .tampers(Some(|claims| claims["nonce"] = json!("another")));
    let _ = ben.signs_in_as(t.passing(&ben.email)).await.expect(400);
    t.login.tampers(None);
    let nobody = t.person("eve@evil.example");
    t.identity.foreign_account(&nobody.email);
    let _ = nobody
        .signs_in_as(t.passing(&nobody.email))
        .await
        .expect(403);
    // What anybody can make up, over and over, fills nobody's trail.
    for path in ["/callback", "/callback?code=x&state=y", "/login"] {
        nobody.browser.get(path).await;
    }
    let columns = "tenant_id, actor, action, outcome, target, detail, address";
    let here = "127.0.0.1";
    assert_eq!(
        t.trail_since(&start, columns).await,
        [
            [
                &tenant,
                &format!("user:{user}"),
                "session.create",
                "done",
                &session,
                "null",
                here
            ],
            [
                &tenant,
                &format!("user:{user}"),
                "session.end",
                "done",
                &session,
                "null",
                here
            ],
            [
                "vendor",
                "system:sign-in",
                "session.create",
                "refused",
                "null",
                "token_nonce",
                here
            ],
            [
                "vendor",
                "system:sign-in",
                "session.create",
                "refused",
                "null",
                "belongs to no tenant",
                here
            ],
        ]
    );
    assert_eq!(broken(&t).await, []);
}

/// Arriving from AWS Marketplace with a new licence is a request of a browser like any other, so its line says from where it came.
#[tokio::test]
async fn an_arrivals_line_says_where_it_came_from() {
    let t = TestApp::start().await;
    t.buyer("acme").registers().await;
    let sql = "SELECT actor, outcome, address FROM audit_log WHERE action = 'licence.register'";
    let line = ["system:marketplace-landing", "done", "127.0.0.1"];
    assert_eq!(t.rows(sql).await, [line]);
}

/// The table itself refuses to change a line or to take one out.
#[tokio::test]
async fn the_table_refuses_to_change_a_line() {
    let t = TestApp::start().await;
    t.tenant("acme").await;
    for sql in [
        "UPDATE audit_log SET actor = 'nobody'",
        "UPDATE audit_log SET hash = hash WHERE seq = 1",
        "DELETE FROM audit_log",
        "DELETE FROM audit_log WHERE seq = 1",
    ] {
        let refused = t.database().write_as_service(sql).await.unwrap_err();
        // A trigger on SQLite; on PostgreSQL the roles may not.
        let known = ["append-only", "permission denied"];
        let known = known.iter().any(|words| refused.contains(words));
        assert!(known, "{sql}: {refused}");
    }
    assert_eq!(broken(&t).await, []);
}

/// Security 74: whatever of a line is changed, the line is named.
#[tokio::test]
async fn a_changed_line_is_named() {
    let t = TestApp::start().await;
    let tenant = unguarded(&t).await;
    let id = id_of(&t, &tenant, 3).await;
    for (column, value) in [
        ("actor", "'user:usr_0192aaaabbbb7ccc8dddeeeeffff0001'"),
        ("action", "'user.remove'"),
        ("outcome", "'refused'"),
        ("target", "NULL"),
        ("detail", "'x'"),
        ("address", "'203.0.113.9'"),
        ("request_id", "'req_x'"),
        ("at", "'2026-11-22 10:08:00+00:00'"),
        ("hash", "previous"),
    ] {
        let was = format!("SELECT {column} FROM audit_log WHERE id = '{id}'");
        let was = match t.rows(&was).await.concat().concat() {
            none if none == "null" => "NULL".to_owned(),
            text => format!("'{text}'"),
        };
        t.break_database(&format!(
            "UPDATE audit_log SET {column} = {value} WHERE id = '{id}'"
        ))
        .await;
        let wrong = broken(&t).await;
        let [
            Broken::Changed {
                seq: 3, id: named, ..
            },
        ] = wrong.as_slice()
        else {
            panic!("{column}: {wrong:?}");
        };
        assert_eq!(named.to_string(), id, "{column}");
        assert!(wrong[0].to_string().contains(&id), "{}", wrong[0]);
        t.break_database(&format!(
            "UPDATE audit_log SET {column} = {was} WHERE id = '{id}'"
        ))
        .await;
        assert_eq!(broken(&t).await, [], "{column} is as it was");
    }
}

/// Security 74: a line that was taken out leaves a gap, wherever it was; the end is known by the head.
#[tokio::test]
async fn a_missing_line_is_noticed() {
    let t = TestApp::start().await;
    let tenant = unguarded(&t).await;
    let last = t
        .count("audit_log", &format!("tenant_id = '{tenant}'"))
        .await;
    let line = |seq: i64| format!("tenant_id = '{tenant}' AND seq = {seq}");
    t.break_database("CREATE TABLE kept AS SELECT * FROM audit_log")
        .await;
    for seq in [1, 3, last] {
        t.break_database(&format!("DELETE FROM audit_log WHERE {}", line(seq)))
            .await;
        let wrong = broken(&t).await;
        match wrong.as_slice() {
            [
                Broken::Gap {
                    expected, found, ..
                },
            ] => {
                assert_eq!((*expected, *found), (seq, seq + 1));
            }
            [
                Broken::Short {
                    expected, found, ..
                },
            ] => {
                assert_eq!((*expected, *found), (last, last - 1));
            }
            other => panic!("{seq}: {other:?}"),
        }
        t.break_database(&format!(
            "INSERT INTO audit_log SELECT * FROM kept WHERE {}",
            line(seq)
        ))
        .await;
        assert_eq!(broken(&t).await, []);
    }
    t.break_database(&format!(
        "DELETE FROM audit_log WHERE tenant_id = '{tenant}' AND seq > 2"
    ))
    .await;
    assert!(matches!(
        broken(&t).await[..],
        [Broken::Short { found: 2, .. }]
    ));
    t.break_database(&format!(
        "DELETE FROM audit_log WHERE tenant_id = '{tenant}'"
    ))
    .await;
    assert!(matches!(
        broken(&t).await[..],
        [Broken::Short { found: 0, .. }]
    ));
}

/// Security 74: the head is part of the proof; without it, or with another one, the chain does not hold.
#[tokio::test]
async fn a_changed_head_is_noticed() {
    let t = TestApp::start().await;
    let tenant = unguarded(&t).await;
    t.break_database("CREATE TABLE kept AS SELECT * FROM audit_heads")
        .await;
    for change in [
        format!("UPDATE audit_heads SET seq = seq - 1 WHERE tenant_id = '{tenant}'"),
        format!("UPDATE audit_heads SET seq = seq + 1 WHERE tenant_id = '{tenant}'"),
        format!(
            "UPDATE audit_heads SET hash = '{}' WHERE tenant_id = '{tenant}'",
            "0".repeat(64)
        ),
        format!("DELETE FROM audit_heads WHERE tenant_id = '{tenant}'"),
    ] {
        t.break_database(&change).await;
        assert!(
            matches!(broken(&t).await[..], [Broken::Short { .. }]),
            "{change}"
        );
        t.break_database("DELETE FROM audit_heads; INSERT INTO audit_heads SELECT * FROM kept")
            .await;
        assert_eq!(broken(&t).await, []);
    }
}

/// Security 74: two lines that changed places are named, and so is one from another chain.
#[tokio::test]
async fn a_moved_line_is_named() {
    let t = TestApp::start().await;
    let tenant = unguarded(&t).await;
    let swap = format!(
        "UPDATE audit_log SET seq = -3 WHERE tenant_id = '{tenant}' AND seq = 3;
         UPDATE audit_log SET seq = 3 WHERE tenant_id = '{tenant}' AND seq = 4;
         UPDATE audit_log SET seq = 4 WHERE tenant_id = '{tenant}' AND seq = -3"
    );
    let fourth = id_of(&t, &tenant, 4).await;
    t.break_database(&swap).await;
    let wrong = broken(&t).await;
    let [Broken::Unlinked { seq: 3, id, .. }] = wrong.as_slice() else {
        panic!("{wrong:?}");
    };
    assert_eq!(id.to_string(), fourth);
    t.break_database(&swap).await;
    assert_eq!(broken(&t).await, []);
}

/// Security 74: a line of another chain that was put into this one is missed there.
#[tokio::test]
async fn a_line_put_into_another_chain_is_missed_in_its_own() {
    let t = TestApp::start().await;
    let tenant = unguarded(&t).await;
    let other = t.tenant("other").await.ids().await.0.to_string();
    let last = t
        .count("audit_log", &format!("tenant_id = '{other}'"))
        .await;
    let theirs = format!("tenant_id = '{other}' AND seq = {last}");
    t.break_database(&format!(
        "UPDATE audit_log SET tenant_id = '{tenant}', seq = 100 WHERE {theirs}"
    ))
    .await;
    let wrong = broken(&t).await;
    let short = |one: &Broken| matches!(one, Broken::Short { expected, .. } if *expected == last);
    assert!(wrong.iter().any(short), "{wrong:?}");
}

/// Security 74: a line that was put behind the end, where the head knows of none, is noticed, however well it is linked.
#[tokio::test]
async fn a_line_behind_the_end_is_noticed() {
    let t = TestApp::start().await;
    let tenant = unguarded(&t).await;
    let last = t
        .count("audit_log", &format!("tenant_id = '{tenant}'"))
        .await;
    let columns = "tenant_id, at, actor, action, target, request_id, outcome, detail, address";
    for ahead in [1, 50] {
        let forged = format!(
            "INSERT INTO audit_log (id, {columns}, seq, previous, hash) \
             SELECT 'aud_0192aaaabbbb7ccc8dddeeeeffff0001', {columns}, seq + {ahead}, hash, hash FROM audit_log \
             WHERE tenant_id = '{tenant}' AND seq = {last}"
        );
        t.break_database(&forged).await;
        assert_ne!(broken(&t).await, [], "a line {ahead} behind the end");
        t.break_database(&format!(
            "DELETE FROM audit_log WHERE tenant_id = '{tenant}' AND seq > {last}"
        ))
        .await;
        assert_eq!(broken(&t).await, []);
    }
}

/// Security 74: a chain whose every line went, with its head put back to the beginning, is no empty chain: a head comes with a line.
#[tokio::test]
async fn an_emptied_chain_is_noticed() {
    let t = TestApp::start().await;
    let tenant = unguarded(&t).await;
    let emptied = format!(
        "DELETE FROM audit_log WHERE tenant_id = '{tenant}';
         UPDATE audit_heads SET seq = 0, hash = '{}' WHERE tenant_id = '{tenant}'",
        "0".repeat(64)
    );
    t.break_database(&emptied).await;
    assert!(matches!(broken(&t).await[..], [Broken::Gone { .. }]));
}

/// Security 74: a line that stands at no place of the chain is named, though every place holds.
#[tokio::test]
async fn a_line_beside_the_chain_is_named() {
    let t = TestApp::start().await;
    let tenant = unguarded(&t).await;
    let columns = "tenant_id, at, actor, action, target, request_id, outcome, detail, address, previous, hash";
    for seq in ["0", "-7"] {
        let beside = format!(
            "INSERT INTO audit_log (id, {columns}, seq) SELECT 'aud_0192aaaabbbb7ccc8dddeeeeffff0001', {columns}, {seq} \
             FROM audit_log WHERE tenant_id = '{tenant}' AND seq = 1"
        );
        t.break_database(&beside).await;
        let wrong = broken(&t).await;
        let [Broken::Beside { id, .. }] = wrong.as_slice() else {
            panic!("{seq}: {wrong:?}");
        };
        assert_eq!(id, "aud_0192aaaabbbb7ccc8dddeeeeffff0001");
        t.break_database(&format!(
            "DELETE FROM audit_log WHERE tenant_id = '{tenant}' AND seq = {seq}"
        ))
        .await;
        assert_eq!(broken(&t).await, []);
    }
}

/// Security 74: a line that cannot be read at all is named, and does not end the verification of the other chains.
#[tokio::test]
async fn a_line_that_cannot_be_read_is_named() {
    let t = TestApp::start().await;
    let tenant = unguarded(&t).await;
    let third = id_of(&t, &tenant, 3).await;
    // PostgreSQL takes nothing for a moment that is none.
    let timeless = (!on_postgres()).then_some("at = 'yesterday'");
    for change in ["outcome = 'perhaps'"].into_iter().chain(timeless) {
        t.break_database("CREATE TABLE kept AS SELECT * FROM audit_log")
            .await;
        let third_line = format!("tenant_id = '{tenant}' AND seq = 3");
        t.break_database(&format!("UPDATE audit_log SET {change} WHERE {third_line}"))
            .await;
        let wrong = broken(&t).await;
        let [Broken::Unreadable { seq: 3, id, .. }] = wrong.as_slice() else {
            panic!("{change}: {wrong:?}");
        };
        assert_eq!(*id, third);
        t.break_database(
            "DELETE FROM audit_log; INSERT INTO audit_log SELECT * FROM kept; DROP TABLE kept",
        )
        .await;
        assert_eq!(broken(&t).await, []);
    }
}
