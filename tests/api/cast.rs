//! Who is on the stage: a tenant with its people, keys and invitations, which requests are about; and everybody who makes them.

use std::collections::BTreeMap;

use chrono::Duration;
use http_api::registration_cookie;
use serde_json::{Value, json};
use testkit::{Buyer, TestApp, server::OPERATOR_TOKEN};

use crate::stage::Caller;

/// The scopes of API keys.
const SCOPES: [&str; 6] = [
    "usage:write",
    "usage:read",
    "capture",
    "payments:read",
    "payments:write",
    "admin:read",
];

/// What the names in paths and bodies stand for.
type Words = BTreeMap<&'static str, String>;

/// Everybody and everything; answers the cookie of the buyer of a licence of its own.
pub(crate) async fn cast(t: &TestApp, callers: &mut Vec<Caller>, words: &mut Words) -> String {
    let acme = t.tenant("acme").await;
    targets(t, &acme, words).await;
    let bought = buyer(t, callers, words).await;
    everybody(t, &acme, callers, words).await;
    t.run_until_quiet().await;
    bought
}

/// What is asked about.
async fn targets(t: &TestApp, acme: &Buyer<'_>, words: &mut Words) {
    let owner = &acme.browser;
    let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
    let account = owner.get("/api/v1/account").await.json();
    words.insert("tenant", acme.ids().await.0.to_string());
    words.insert("session", id(&account["sessions"][0]));
    words.insert("license", acme.license.as_str().to_owned());
    words.insert("key", id(&owner.get("/api/v1/keys").await.items()[0]));
    words.insert("now", domain::time::rfc3339(t.clock.now()));
    words.insert("api_key", acme.till().await.id);
    // In a dimension that nobody else on the stage uses: what they send makes records of its own.
    let trial = acme.api_key("test", &["usage:write"]).await;
    trial.sends(&acme.usage("a trial", 1)).await;
    let records = owner.get("/api/v1/metering-records").await.items();
    words.insert("record", id(&records[0]));

    // Somebody who has not signed in; the mail is long enough ago to be sent again.
    let newcomer = t.person("nia@acme.example");
    let invited = json!({"email": newcomer.email, "role": "agent"});
    let _ = owner
        .post("/api/v1/invitations", &invited)
        .await
        .expect(201);
    t.run_until_quiet().await;
    newcomer.accepts("Nia Newcomer").await;
    t.run_until_quiet().await;
    t.clock.advance(Duration::minutes(3));
    acme.signs_in().await;
    let account = owner.get("/api/v1/account").await.json();
    words.insert("session", id(&account["sessions"][0]));

    let member = t.member(owner, "tom@acme.example", "developer").await;
    words.insert("email", member.email.clone());
    words.insert("member", id(&member.account().await));
    let codes = member
        .browser
        .post("/api/v1/account/recovery-codes", &Value::Null);
    let codes = codes.await.expect(201).json();
    words.insert("code", codes["codes"][0].as_str().unwrap().to_owned());
    let second = t.member(owner, "otto@acme.example", "owner").await;
    words.insert("owner2", id(&second.account().await));
    let users = owner.get("/api/v1/users").await.items();
    let nia = users.iter().find(|user| user["email"] == newcomer.email);
    words.insert("newcomer", id(nia.unwrap()));
    words.insert("newcomer_email", newcomer.email);

    for (name, email, role) in [
        ("invitation", "ivy@acme.example", "agent"),
        ("owner_invitation", "olga@acme.example", "owner"),
        ("link", "lee@acme.example", "developer"),
    ] {
        let invited = json!({"email": email, "role": role});
        let made = owner
            .post("/api/v1/invitations", &invited)
            .await
            .expect(201);
        words.insert(name, id(&made.json()));
    }
    t.run_until_quiet().await;
    words.insert("invited", words["link"].clone());
    words.insert("link", t.person("lee@acme.example").invitation_link());
}

/// The buyer of a licence that nobody was named for yet.
async fn buyer(t: &TestApp, callers: &mut Vec<Caller>, words: &mut Words) -> String {
    let fresh = t.buyer("fresh");
    fresh.is_confirmed();
    fresh.registers().await;
    t.run_until_quiet().await;
    let licence = fresh.ids().await.1;
    words.insert("fresh_tenant", fresh.ids().await.0.to_string());
    words.insert("fresh_licence", licence.to_string());
    words.insert("token", fresh.token.clone());
    let bought = fresh.browser.cookie(registration_cookie::NAME).unwrap();
    callers.push(Caller {
        registration: Some(bought.clone()),
        ..Caller::named("buyer", &format!("buyer:{licence}"))
    });
    bought
}

/// Who signs in or has a bearer.
async fn everybody(t: &TestApp, acme: &Buyer<'_>, callers: &mut Vec<Caller>, words: &mut Words) {
    let owner = &acme.browser;
    let other = t.tenant("other").await;
    words.insert("other_tenant", other.ids().await.0.to_string());
    let signed_in = async |email: &str| {
        let person = t.person(email);
        person.signs_in().await;
        person
    };
    let person = signed_in(&other.email()).await;
    callers.push(Caller::signed_in("other", person).await);
    let person = signed_in(&acme.email()).await;
    callers.push(Caller::signed_in("owner", person).await);
    for (name, role) in [
        ("admin", "admin"),
        ("dev", "developer"),
        ("agent", "agent"),
        ("auditor", "auditor"),
    ] {
        let email = format!("{name}@acme.example");
        let person = t.member(owner, &email, role).await;
        callers.push(Caller::signed_in(name, person).await);
    }
    let operator = t.signed_in_operator("op@vendor.example").await;
    callers.push(Caller::signed_in("op", operator).await);
    callers.push(Caller {
        bearer: Some(OPERATOR_TOKEN.to_owned()),
        ..Caller::named("bearer", "operator")
    });
    for scope in SCOPES {
        let key = acme.api_key("live", &[scope]).await;
        // Its use is noted now, and not in the middle of what is watched.
        key.client.get("/api/v1/tenant").await;
        callers.push(Caller {
            bearer: Some(key.secret),
            ..Caller::named(scope, &format!("apiKey:{}", key.id))
        });
    }
}
