//! `/api/v1/operator/…`: where every registration stands and why, and the event inbox; who is one, and what others are refused.

use serde_json::Value;
use testkit::{TestApp, card_plane::CardPlaneFault, login::Passing};

#[tokio::test]
async fn the_operator_sees_which_tenant_is_stuck_and_why() {
    let t = TestApp::start().await;
    t.expect_error_log("the card plane refuses us");
    let fine = t.tenant("fine").await;
    let stuck = t.buyer("stuck");
    stuck.is_confirmed();
    stuck.registers().await;
    stuck.completes("ann@stuck.example").await;
    t.card_plane.fails([CardPlaneFault::Refused; 1000]);
    t.run_until_quiet().await;
    let items = t
        .operator()
        .get("/api/v1/operator/registrations")
        .await
        .expect(200)
        .items();
    let seen: Vec<_> = items
        .iter()
        .map(|item| (item["licenseArn"].clone(), item["state"].clone()))
        .collect();
    assert_eq!(
        seen,
        [
            (Value::from(stuck.license.as_str()), Value::from("failed")),
            (Value::from(fine.license.as_str()), Value::from("done")),
        ]
    );
    assert!(
        items[0]["message"]
            .as_str()
            .unwrap()
            .contains("could not be made")
    );
    assert!(
        !items[0].to_string().contains("@stuck"),
        "no personal data in the operator's list"
    );
}

#[tokio::test]
async fn the_inbox_shows_every_message_as_it_came_page_by_page() {
    let t = TestApp::start().await;
    t.tenant("acme").await;
    t.queue.put("no event at all");
    t.run_until_quiet().await;
    let operator = t.operator();
    let (mut found, mut cursor) = (Vec::new(), String::new());
    for _ in 0..10 {
        let path = format!("/api/v1/operator/events?limit=1{cursor}");
        let answer = operator.get(&path).await.expect(200);
        found.extend(answer.items());
        match answer.json()["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let seen: Vec<_> = found
        .iter()
        .map(|event| event["state"].as_str().unwrap())
        .collect();
    assert_eq!(seen, ["unreadable", "applied", "applied"]);
    assert_eq!(found[0]["body"], "no event at all");
    for cursor in ["x", "reg_0192aaaabbbb7ccc8dddeeeeffff0001"] {
        let answer = operator
            .get(&format!("/api/v1/operator/events?cursor={cursor}"))
            .await;
        let _ = answer.expect_problem(400, "bad_cursor");
    }
}

/// To a tenant the operator's views do not exist.
#[tokio::test]
async fn a_tenant_finds_no_operators_view() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let admin = acme.api_key("live", &["admin:read"]).await.client;
    for path in ["/api/v1/operator/registrations", "/api/v1/operator/events"] {
        for client in [&acme.browser, &admin] {
            let _ = client.get(path).await.expect_problem(404, "not_found");
        }
        let almost = t
            .anonymous()
            .with_bearer(&testkit::server::OPERATOR_TOKEN.to_uppercase());
        let _ = almost
            .get(path)
            .await
            .expect_problem(401, "invalid_api_key");
    }
}

/// One who works at the vendor and is a member of a tenant as well: in that tenant they are what it made them, and nothing more.
#[tokio::test]
async fn an_operator_in_a_tenant_is_a_member_of_it() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let olga = t.member(&acme.browser, "olga@acme.example", "agent").await;
    let passing = Passing {
        groups: vec!["operators".to_owned()],
        ..t.passing(&olga.email)
    };
    let _ = olga.signs_in_as(passing).await.expect(303);
    let shown = olga.browser.get("/api/v1/tenant").await.expect(200).json();
    assert_eq!(shown["id"], acme.ids().await.0.to_string());
    let _ = olga.browser.get("/api/v1/audit-log").await.expect(403);
    let _ = olga
        .browser
        .get("/api/v1/operator/registrations")
        .await
        .expect_problem(404, "not_found");
    let (id, olgas) = (acme.ids().await.0, olga.account().await);
    let line = format!(
        "tenant_id = '{id}' AND action = 'registrations.read' AND outcome = 'refused' AND actor = 'user:{}'",
        olgas["id"].as_str().unwrap()
    );
    assert_eq!(t.count("audit_log", &line).await, 1);
}

/// Who is signed in and looks at no tenant is refused like anybody else, and the vendor's trail has it.
#[tokio::test]
async fn what_somebody_without_a_tenant_is_refused_is_written_down() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    let _ = t.member(&other.browser, &ben.email, "agent").await;
    let id = ben.account().await["id"].as_str().unwrap().to_owned();
    let removed = acme.browser.delete(&format!("/api/v1/users/{id}")).await;
    let _ = removed.expect(204);
    let fresh = t.person(&ben.email);
    t.break_database("UPDATE sessions SET tenant_id = NULL")
        .await;
    fresh.signs_in().await;
    t.break_database("UPDATE sessions SET tenant_id = NULL")
        .await;
    let path = "/api/v1/operator/registrations";
    let _ = fresh
        .browser
        .get(path)
        .await
        .expect_problem(404, "not_found");
    let sql =
        "SELECT tenant_id, actor, action, detail, address FROM audit_log WHERE outcome = 'refused'";
    let actor = format!("user:{id}");
    let line = [
        "vendor",
        &*actor,
        "registrations.read",
        "not_found",
        "127.0.0.1",
    ];
    assert_eq!(t.rows(sql).await, [line]);
}

/// The same on the operator's pages: who is stuck and why, who is a customer, what AWS sent, and a job that is let go from its page.
#[tokio::test]
async fn the_operators_pages_show_it_and_let_a_job_run_again() {
    let t = TestApp::start().await;
    t.expect_error_log("the card plane refuses us");
    let fine = t.tenant("fine").await;
    let stuck = t.buyer("stuck");
    stuck.is_confirmed();
    stuck.registers().await;
    stuck.completes("ann@stuck.example").await;
    t.card_plane.fails([CardPlaneFault::Refused; 1000]);
    t.run_until_quiet().await;
    let operator = t.signed_in_operator("op@vendor.example").await;
    let page = async |path: &str| operator.browser.get(path).await.expect(200).text();

    let registrations = page("/operator/registrations").await;
    assert!(registrations.contains("failed") && registrations.contains("could not be made"));
    assert!(!registrations.contains("@stuck"), "no personal data");
    let tenants = page("/operator/tenants").await;
    let (fine, stuck) = (fine.ids().await.0, stuck.ids().await.0);
    assert!(tenants.contains(&fine.to_string()) && tenants.contains(&stuck.to_string()));
    assert!(tenants.contains("being set up") && tenants.contains("in force"));
    let listed = t
        .operator()
        .get("/api/v1/operator/tenants")
        .await
        .expect(200);
    let states: Vec<_> = listed
        .items()
        .iter()
        .map(|item| item["state"].clone())
        .collect();
    assert_eq!(states, ["provisioning", "active"]);
    assert!(page("/operator/events").await.contains("License Updated"));

    let at = "'2026-01-01 00:00:00+00:00'";
    let item = "mai_0192aaaabbbb7ccc8dddeeeeffff0001";
    t.break_database(&format!(
        "INSERT INTO jobs (work, item, attempts, begun_at, quarantined_at) VALUES ('mail', '{item}', 5, {at}, {at})"
    ))
    .await;
    let jobs = page("/operator/jobs").await;
    let path = format!("/operator/jobs/mail/{item}/rerun");
    assert!(jobs.contains("quarantined") && jobs.contains(&path));
    let again = operator.browser.post_form(&path, &[]).await.expect(303);
    assert_eq!(again.header("location"), "/operator/jobs");
    let jobs = page("/operator/jobs").await;
    assert!(jobs.contains("It runs again") && jobs.contains("Nothing is running"));
    // Said once, and by no address.
    for address in ["/operator/jobs", "/operator/jobs?again=1"] {
        assert!(!page(address).await.contains("It runs again"), "{address}");
    }
    for wrong in [
        "/operator/registrations?after=x",
        "/operator/events?after=1",
    ] {
        let _ = operator.browser.get(wrong).await.expect(400);
    }
}
