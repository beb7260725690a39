//! Whose a key is, and that an earlier answer is given only to whoever may do the thing now.

use chrono::Duration;
use reqwest::Method;
use serde_json::json;
use testkit::{Client, Person, TestApp};

use super::{
    CODES, INVITATIONS, KEYS, api_key, creating, everything, invitation, made, post, repeats,
};

async fn id_of(person: &Person<'_>) -> String {
    person.account().await["id"].as_str().unwrap().to_owned()
}

async fn becomes(owner: &Client, person: &str, role: &str) {
    let request = owner.request(Method::PATCH, &format!("/api/v1/users/{person}"));
    let answer = owner.send(request.json(&json!({"role": role}))).await;
    let _ = answer.expect(204);
}

/// Security 57, 26: the same key of another tenant, of another person, in capitals, or for what is one's own is another key.
#[tokio::test]
async fn the_same_key_of_somebody_else_is_another_key() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let ben = t
        .member(&acme.browser, "ben@acme.example", "developer")
        .await;
    let mut first = Vec::new();
    for (client, key) in [
        (&acme.browser, "key"),
        (&other.browser, "key"),
        (&ben.browser, "key"),
        (&acme.browser, "KEY"),
        (&acme.browser, "\"key\""),
    ] {
        let answer = made(&t, post(client, KEYS, key, &api_key()).await);
        first.push((client, key, answer));
    }
    for client in [&acme.browser, &ben.browser] {
        made(&t, post(client, CODES, "key", &json!(null)).await);
    }
    for (client, key, first) in &first {
        repeats(&post(client, KEYS, key, &api_key()).await, first);
    }
    assert_eq!(t.count("api_keys", "true").await, 5);
}

/// Security 57, 21: whoever was demoted or removed since, or signed in too long ago, gets the refusal and not the answer.
#[tokio::test]
async fn permission_comes_before_an_earlier_answer() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let otto = t.member(&acme.browser, "otto@acme.example", "owner").await;
    let id = id_of(&otto).await;
    let mut first = Vec::new();
    for (path, mut body) in creating() {
        if path == INVITATIONS {
            body = invitation("owner");
        }
        let answer = made(&t, post(&otto.browser, path, path, &body).await);
        first.push((path, body, answer));
    }
    let made = everything(&t).await[..3].to_vec();

    t.clock.advance(Duration::minutes(5));
    for (path, body, _) in &first {
        let answer = post(&otto.browser, path, path, body).await;
        let _ = answer.expect_problem(401, "reauth_required");
    }
    acme.signs_in().await;
    otto.signs_in().await;
    for (path, body, first) in &first {
        repeats(&post(&otto.browser, path, path, body).await, first);
    }

    // An admin invites, but no owners; an agent makes nothing but their own codes.
    becomes(&acme.browser, &id, "admin").await;
    for (path, body, first) in &first {
        let answer = post(&otto.browser, path, path, body).await;
        if *path == INVITATIONS {
            let _ = answer.expect_problem(403, "owners_only");
        } else {
            repeats(&answer, first);
        }
    }
    becomes(&acme.browser, &id, "agent").await;
    for (path, body, first) in &first {
        let answer = post(&otto.browser, path, path, body).await;
        if *path == CODES {
            repeats(&answer, first);
        } else {
            let _ = answer.expect_problem(403, "forbidden");
        }
    }

    let removed = acme.browser.delete(&format!("/api/v1/users/{id}")).await;
    let _ = removed.expect(204);
    for (path, body, first) in &first {
        let answer = post(&otto.browser, path, path, body).await;
        if *path == CODES {
            // A person without a tenant is still a person.
            repeats(&answer, first);
        } else {
            let _ = answer.expect_problem(404, "not_found");
        }
    }
    assert_eq!(everything(&t).await[..3], made);
}

/// An API key makes nothing, with an idempotency key or without: it is refused once, and nothing is remembered of it.
#[tokio::test]
async fn who_may_not_make_anything_claims_nothing() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    for (path, body) in creating() {
        let answer = post(&till.client, path, "k", &body).await;
        let _ = answer.expect_problem(403, "forbidden");
    }
    assert_eq!(t.count("idempotency_keys", "true").await, 0);
    assert_eq!(t.count("audit_log", "outcome = 'refused'").await, 3);
}

/// The answer is what was made, not what has become of it: a key that was revoked since is told of and opens nothing.
#[tokio::test]
async fn an_answer_is_repeated_after_what_it_made_is_gone() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let first = made(&t, post(&acme.browser, KEYS, "k", &api_key()).await);
    let (id, secret) = (first.json()["id"].clone(), first.json()["secret"].clone());
    let path = format!("{KEYS}/{}", id.as_str().unwrap());
    let _ = acme.browser.delete(&path).await.expect(200);
    repeats(&post(&acme.browser, KEYS, "k", &api_key()).await, &first);
    let revoked = t.anonymous().with_bearer(secret.as_str().unwrap());
    let answer = revoked.get("/api/v1/usage").await;
    let _ = answer.expect_problem(401, "invalid_api_key");
    assert_eq!(t.count("api_keys", "revoked_at IS NULL").await, 0);
}
