//! What people type is text wherever it is shown: on pages, in mails, in the trail.

use crate::audit_chain::unguard;
use reqwest::header;
use serde_json::json;
use testkit::{Answer, TestApp};

const NASTY: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";

fn is_text(answer: &Answer, path: &str) {
    let text = answer.text();
    for raw in ["<script>alert", "<img src=x", "\"'><img"] {
        assert!(!text.contains(raw), "{path}: {text}");
    }
}

/// Security 40: names, browsers' own words and form fields are shown as text on every page.
#[tokio::test]
async fn what_people_type_is_shown_as_text() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.person("ben@acme.example");
    ben.is_invited_by(&acme.browser, "owner").await;
    ben.accepts(NASTY).await;
    t.run_until_quiet().await;
    let back = ben.goes_to_sign_in(t.passing(&ben.email), "/login").await;
    let request = ben.browser.request(reqwest::Method::GET, &back.path());
    let request = request.header(header::USER_AGENT, NASTY);
    let _ = ben.browser.send(request).await.expect(303);
    let id = ben.account().await["id"].as_str().unwrap().to_owned();
    let invited = json!({"email": "cid@acme.example", "role": "agent"});
    let _ = ben
        .browser
        .post("/api/v1/invitations", &invited)
        .await
        .expect(201);
    let key = json!({"name": NASTY, "mode": "test", "scopes": ["capture"]});
    let _ = ben.browser.post("/api/v1/api-keys", &key).await;
    t.run_until_quiet().await;
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("email", NASTY)
        .append_pair("role", NASTY)
        .append_pair("name", NASTY)
        .append_pair("invited", NASTY)
        .append_pair("actor", NASTY)
        .finish();
    let mut shown = 0;
    for path in [
        "/",
        "/setup",
        "/people",
        "/activity",
        "/account",
        "/tenants",
        "/api-keys",
        "/usage",
        "/keys",
    ] {
        for path in [path.to_owned(), format!("{path}?{query}")] {
            let answer = ben.browser.get(&path).await.expect(200);
            is_text(&answer, &path);
            shown += usize::from(answer.text().contains("&lt;script&gt;alert"));
        }
    }
    assert!(shown >= 6, "only {shown} pages show it");
    for path in [format!("/people/{id}"), format!("/people/{id}/remove")] {
        is_text(&acme.browser.get(&path).await.expect(200), &path);
    }
    for (path, fields) in [
        (
            "/people/invitations",
            vec![("email", NASTY), ("role", NASTY)],
        ),
        (
            "/api-keys",
            vec![("name", NASTY), ("mode", NASTY), ("scopes", NASTY)],
        ),
        ("/recover", vec![("email", NASTY), ("code", NASTY)]),
        ("/login/help", vec![("email", NASTY)]),
        ("/welcome", vec![("email", NASTY), ("name", NASTY)]),
    ] {
        let answer = ben.browser.post_form(path, &fields).await;
        assert!(answer.status >= 400, "{path}");
        is_text(&answer, path);
    }
    is_text(
        &ben.browser
            .get(&format!("/callback?{query}&state={NASTY}"))
            .await,
        "/callback",
    );
}

/// Every column that a page shows and whose text is somebody else's: what people, AWS or the sign-in service call things and say.
const COLUMNS: [(&str, &str); 27] = [
    ("tenants", "name"),
    ("licences", "agreement_id"),
    ("licences", "product_code"),
    ("users", "name"),
    ("users", "trouble"),
    ("sessions", "user_agent"),
    ("sessions", "address"),
    ("api_keys", "name"),
    ("api_keys", "prefix"),
    ("public_keys", "public_key_pem"),
    ("public_keys", "certificate_pem"),
    ("public_keys", "fingerprint"),
    ("public_keys", "connect_key_id"),
    ("metering_records", "note"),
    ("metering_records", "metering_record_id"),
    ("registration_steps", "message"),
    ("registrations", "contact_name"),
    ("inbox", "body"),
    ("inbox", "note"),
    ("inbox", "detail_type"),
    ("inbox", "agreement_id"),
    ("inbox", "message_id"),
    ("audit_log", "actor"),
    ("audit_log", "target"),
    ("audit_log", "detail"),
    ("audit_log", "address"),
    ("audit_log", "request_id"),
];

/// Security 40: whatever is stored, by whomever, is text on every page of the tenant's and of the operator's, and in every form.
#[tokio::test]
async fn whatever_is_stored_is_shown_as_text() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let key = acme.api_key("test", &["usage:write"]).await;
    let event = acme.usage("one", 1);
    let sent = key.client.post("/api/v1/usage-events", &event).await;
    assert!(sent.status < 300, "{}", sent.text());
    let ben = t.member(&acme.browser, "ben@acme.example", "admin").await;
    let operator = t.signed_in_operator("op@payphone.example").await;
    t.queue.put(NASTY);
    // Somebody on the way in, who sees the steps before signing in.
    let dora = t.buyer("dora");
    dora.registers().await;
    dora.completes(&dora.email()).await;
    t.run_until_quiet().await;
    let records = acme.browser.get("/api/v1/metering-records").await.items();
    let record = records[0]["id"].as_str().unwrap().to_owned();
    unguard(&t).await;
    for (table, column) in COLUMNS {
        let nasty = NASTY.replace('\'', "''");
        // Unique where it has to be.
        let value = if column == "message_id" {
            format!("'{nasty}' || id")
        } else {
            format!("'{nasty}'")
        };
        t.break_database(&format!("UPDATE {table} SET {column} = {value}"))
            .await;
        let shown = t.count(table, &format!("{column} LIKE '<script>%'")).await;
        assert!(shown > 0, "{table} has no row to look at");
    }
    acme.browser.looks_at_live();
    let user = ben.account().await["id"].as_str().unwrap().to_owned();
    let mut shown = 0;
    for (browser, path) in [
        (&acme.browser, "/"),
        (&acme.browser, "/setup"),
        (&dora.browser, "/welcome"),
        (&acme.browser, &format!("/usage/{record}")),
        (&acme.browser, "/keys"),
        (&acme.browser, "/api-keys"),
        (&acme.browser, &format!("/api-keys/{}/revoke", key.id)),
        (&acme.browser, &format!("/api-keys/revoke?key={}", key.id)),
        (&acme.browser, "/usage"),
        (&acme.browser, "/subscription"),
        (&acme.browser, "/people"),
        (&acme.browser, &format!("/people/{user}")),
        (&acme.browser, &format!("/people/{user}/remove")),
        (
            &acme.browser,
            &format!("/people/{user}/reset-authenticator"),
        ),
        (&acme.browser, "/activity"),
        (&acme.browser, "/account"),
        (&acme.browser, "/tenants"),
        (&acme.browser, "/docs/usage-events"),
        (&operator.browser, "/"),
        (&operator.browser, "/account"),
        (&operator.browser, "/operator/tenants"),
        (&operator.browser, "/operator/events"),
        (&operator.browser, "/operator/registrations"),
        (&operator.browser, "/operator/jobs"),
    ] {
        let answer = browser.get(path).await.expect(200);
        is_text(&answer, path);
        shown += usize::from(answer.text().contains("&lt;script&gt;alert"));
    }
    assert!(shown >= 21, "only {shown} pages show it");
}

/// A name is one line, so that it adds no header to a mail and no paragraph to its text.
#[tokio::test]
async fn a_name_is_one_line() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.person("ben@acme.example");
    let body = json!({"email": ben.email, "role": "owner"});
    let made = acme.browser.post("/api/v1/invitations", &body).await;
    let _ = made.expect(201);
    t.run_until_quiet().await;
    let path = format!("/invitations/{}", ben.invitation_link());
    for name in [
        "Ben\r\nBcc: eve@evil.example",
        "Ben\n\nYour password is over",
        "B\u{0}en",
    ] {
        let answer = ben.browser.post_form(&path, &[("name", name)]).await;
        assert_eq!(answer.status, 422, "{name:?}");
    }
}

/// What a name says is never taken for a place that our own text has in it.
#[tokio::test]
async fn a_name_is_no_placeholder() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.person("ben@acme.example");
    let body = json!({"email": ben.email, "role": "owner"});
    let made = acme.browser.post("/api/v1/invitations", &body).await;
    let _ = made.expect(201);
    t.run_until_quiet().await;
    ben.accepts("{link}").await;
    t.run_until_quiet().await;
    ben.signs_in().await;
    let body = json!({"email": "cid@acme.example", "role": "agent"});
    let made = ben.browser.post("/api/v1/invitations", &body).await;
    let _ = made.expect(201);
    t.run_until_quiet().await;
    let mail = &t.mailer.mails_to("cid@acme.example")[0];
    let links = mail.text.matches("/invitations/").count();
    assert_eq!(links, 1, "the name became a link: {}", mail.text);
}
