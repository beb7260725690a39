//! Jobs that never come to an end: counted across crashes, quarantined after five beginnings, and run again by the operator (R-21, P10).

use testkit::{TestApp, kill};

async fn jobs(t: &TestApp) -> Vec<Vec<String>> {
    let sql =
        "SELECT work, attempts::text, (quarantined_at IS NOT NULL)::text FROM jobs ORDER BY work";
    let sql = if testkit::database::on_postgres() {
        sql
    } else {
        "SELECT work, CAST(attempts AS TEXT), CASE WHEN quarantined_at IS NULL THEN 'false' ELSE 'true' END FROM jobs ORDER BY work"
    };
    t.rows(sql).await
}

/// A defect that panics at one mail: it is begun five times, the neighbours are served in the first round, and the operator runs it again.
#[tokio::test]
async fn what_panics_is_quarantined_and_holds_up_nobody() {
    let t = TestApp::start().await;
    t.expect_error_log("a job panicked");
    t.expect_error_log("it is quarantined");
    let acme = t.tenant("acme").await;
    let bad = "ben@acme.example";
    t.mailer.panics_on(Some(bad));
    for email in [bad, "cem@acme.example", "dana@acme.example"] {
        let body = serde_json::json!({"email": email, "role": "agent"});
        let _ = acme
            .browser
            .post("/api/v1/invitations", &body)
            .await
            .expect(201);
    }
    for attempt in 1..=5 {
        let round = t.run_once().await;
        assert!(round.failed.is_empty(), "{:?}", round.failed);
        assert_eq!(jobs(&t).await, [["mail", &attempt.to_string(), "false"]]);
        for neighbour in ["cem@acme.example", "dana@acme.example"] {
            assert_eq!(t.mailer.mails_to(neighbour).len(), 1, "round {attempt}");
        }
    }
    for _ in 0..3 {
        let calls = t.mailer.calls();
        let _ = t.run_once().await;
        assert_eq!(t.mailer.calls(), calls, "it is begun no more");
        assert_eq!(jobs(&t).await, [["mail", "5", "true"]]);
    }

    let operator = t.operator();
    let listed = operator.get("/api/v1/operator/jobs").await.expect(200);
    let listed = listed.items();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (
            &listed[0]["work"],
            &listed[0]["state"],
            &listed[0]["attempts"]
        ),
        (&"mail".into(), &"quarantined".into(), &5.into())
    );
    let path = format!(
        "/api/v1/operator/jobs/mail/{}/rerun",
        listed[0]["item"].as_str().unwrap()
    );
    // The defect is mended.
    t.mailer.panics_on(None);
    let _ = operator
        .post(&path, &serde_json::Value::Null)
        .await
        .expect(204);
    t.run_until_quiet().await;
    assert_eq!(t.mailer.mails_to(bad).len(), 1);
    assert_eq!(jobs(&t).await, Vec::<Vec<String>>::new());
    let line = "action = 'job.rerun' AND outcome = 'done' AND tenant_id = 'vendor'";
    assert_eq!(t.count("audit_log", line).await, 1);
    let again = operator.post(&path, &serde_json::Value::Null).await;
    let _ = again.expect_problem(404, "not_found");
    let unknown = operator
        .post(
            "/api/v1/operator/jobs/nonsense/x/rerun",
            &serde_json::Value::Null,
        )
        .await;
    let _ = unknown.expect_problem(404, "not_found");
}

/// A job that ends the process each time is known by its count, whatever stood beside it.
#[tokio::test]
async fn what_ends_the_process_is_quarantined_and_its_neighbours_are_not() {
    let mut t = TestApp::start().await;
    t.expect_error_log("it is quarantined");
    {
        let acme = t.tenant("acme").await;
        for name in ["ben", "cem", "dana"] {
            let body =
                serde_json::json!({"email": format!("{name}@acme.example"), "role": "agent"});
            let _ = acme
                .browser
                .post("/api/v1/invitations", &body)
                .await
                .expect(201);
        }
    }
    // The process dies at the first mail of the queue, at every start.
    let mut died = 0;
    loop {
        t.mailer.hangs_on(Some("ben@acme.example"));
        let hung = {
            let cx = t.cx("mail");
            kill::when_stuck(control::mail::send_all(&cx))
                .await
                .is_none()
        };
        t.restart().await;
        if !hung {
            break;
        }
        died += 1;
        assert!(died <= 5, "{:?}", jobs(&t).await);
    }
    assert_eq!(died, 5);
    assert_eq!(jobs(&t).await, [["mail", "5", "true"]]);
    for neighbour in ["cem@acme.example", "dana@acme.example"] {
        assert_eq!(t.mailer.mails_to(neighbour).len(), 1, "{neighbour}");
    }
    assert_eq!(t.mailer.mails_to("ben@acme.example").len(), 0);
}

/// Quarantined jobs use up no room of those that can be done: a hundred mails are read at a time.
#[tokio::test]
async fn what_is_quarantined_is_not_in_the_way() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let at = "'2026-01-01 00:00:00+00:00'";
    let ids = (1..=120).map(|number| format!("mai_{number:032x}"));
    let (mails, jobs): (Vec<_>, Vec<_>) = ids
        .map(|id| {
            let mail = format!("('{id}', 'ben@acme.example', 'x', 'x', {at}, 0, {at})");
            (mail, format!("('mail', '{id}', 5, {at}, {at})"))
        })
        .unzip();
    for (table, columns, rows) in [
        (
            "mails",
            "id, recipient, subject, text, created_at, failures, look_at",
            mails,
        ),
        (
            "jobs",
            "work, item, attempts, begun_at, quarantined_at",
            jobs,
        ),
    ] {
        let rows = rows.join(", ");
        t.break_database(&format!("INSERT INTO {table} ({columns}) VALUES {rows}"))
            .await;
    }
    let body = serde_json::json!({"email": "cem@acme.example", "role": "agent"});
    let invited = acme.browser.post("/api/v1/invitations", &body).await;
    let _ = invited.expect(201);
    t.run_until_quiet().await;
    assert_eq!(t.mailer.mails_to("cem@acme.example").len(), 1);
    assert_eq!(t.mailer.mails_to("ben@acme.example").len(), 0);
}

/// Somebody is invited, so that a mail is due.
async fn invites(acme: &testkit::Buyer<'_>, email: &str) {
    let body = serde_json::json!({"email": email, "role": "agent"});
    let invited = acme.browser.post("/api/v1/invitations", &body).await;
    let _ = invited.expect(201);
}

/// A process that is told to stop suspects nothing of what it gave up, however often it is started anew.
#[tokio::test]
async fn what_is_given_up_at_an_orderly_stop_is_counted_no_more() {
    let mut t = TestApp::start().await;
    {
        let acme = t.tenant("acme").await;
        invites(&acme, "ben@acme.example").await;
        invites(&acme, "cem@acme.example").await;
    }
    for _ in 0..6 {
        t.mailer.hangs_on(Some("ben@acme.example"));
        let cx = t.cx("mail");
        assert!(
            kill::when_stuck(control::mail::send_all(&cx))
                .await
                .is_none()
        );
        assert_eq!(t.count("jobs", "work = 'mail'").await, 2);
        control::job::let_go(t.app()).await.unwrap();
        assert_eq!(jobs(&t).await, Vec::<Vec<String>>::new());
        drop(cx);
        t.restart().await;
    }
    t.mailer.hangs_on(None);
    t.run_until_quiet().await;
    for email in ["ben@acme.example", "cem@acme.example"] {
        assert_eq!(t.mailer.mails_to(email).len(), 1, "{email}");
    }
}

/// What ended is counted off later if it could not be at once, and nothing is begun again before that.
#[tokio::test]
async fn what_ended_is_counted_off_as_soon_as_it_can_be() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    invites(&acme, "ben@acme.example").await;
    t.mailer.is_down(Some(testkit::mailer::MailerFault::Busy));
    let (cut, mended) = if testkit::database::on_postgres() {
        (
            "REVOKE DELETE ON jobs FROM payphone_system",
            "GRANT DELETE ON jobs TO payphone_system",
        )
    } else {
        (
            "CREATE TRIGGER cut BEFORE DELETE ON jobs BEGIN SELECT RAISE(ABORT, 'cut'); END",
            "DROP TRIGGER cut",
        )
    };
    t.break_database(cut).await;
    for _ in 0..6 {
        let failed = t.run_once().await.failed;
        assert!(!failed.is_empty());
        assert_eq!(jobs(&t).await, [["mail", "1", "false"]]);
        t.clock.advance_real(chrono::Duration::hours(3));
    }
    t.break_database(mended).await;
    t.mailer.is_down(None);
    t.run_until_quiet().await;
    assert_eq!(t.mailer.mails_to("ben@acme.example").len(), 1);
    assert_eq!(jobs(&t).await, Vec::<Vec<String>>::new());
}
