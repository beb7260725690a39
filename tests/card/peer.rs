//! Who may ask the internal listener: the control plane with a token for this very request, and nobody else.

use std::sync::Arc;

use domain::Mode;
use runtime::peer::{PeerKey, PeerSigner};
use serde_json::{Value, json};

use crate::card::{Card, Place};

const PATH: &str = "/internal/v1/keys";

#[tokio::test(flavor = "multi_thread")]
async fn wrong_tokens_are_refused_and_change_nothing() {
    let place = Place::new();
    let card = Card::start(&place).await;
    let tenant = card.tenant();
    let body = json!({"tenantId": tenant, "mode": "live"}).to_string();
    let bytes = body.as_bytes();

    let stranger = PeerSigner {
        key: Arc::new(PeerKey::load_or_create(&place.folder.path().join("other.pem")).unwrap()),
        ..card.signer.clone()
    };
    let astray = PeerSigner {
        aud: "payphone",
        ..card.signer.clone()
    };
    let reversed = PeerSigner {
        iss: "payphone-card",
        ..card.signer.clone()
    };
    let good = |method, path, body: &[u8]| card.signer.sign(method, path, body, None).unwrap();
    for (name, token) in [
        ("nothing", None),
        ("no token at all", Some("nonsense".to_owned())),
        (
            "another key",
            Some(stranger.sign("POST", PATH, bytes, None).unwrap()),
        ),
        (
            "another audience",
            Some(astray.sign("POST", PATH, bytes, None).unwrap()),
        ),
        (
            "another issuer",
            Some(reversed.sign("POST", PATH, bytes, None).unwrap()),
        ),
        ("another method", Some(good("GET", PATH, bytes))),
        (
            "another path",
            Some(good("POST", "/internal/v1/other", bytes)),
        ),
        ("another body", Some(good("POST", PATH, b"{}"))),
    ] {
        let mut request = Card::stranger()
            .post(format!("{}{PATH}", card.internal))
            .header("content-type", "application/json")
            .body(body.clone());
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 401, "{name}");
        assert_eq!(answer.headers()["www-authenticate"], "Bearer", "{name}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["code"], "unauthenticated", "{name}");
        assert!(problem["requestId"].as_str().unwrap().starts_with("req_"));
    }

    let path = format!("{PATH}?tenantId={tenant}");
    let list: Value = card.client().get_json(&path, None).await.unwrap();
    assert_eq!(list["items"], json!([]));
    card.ensure(tenant, Mode::Live).await.unwrap();
    card.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_request_that_makes_no_sense_is_a_problem_with_a_pointer() {
    let place = Place::new();
    let card = Card::start(&place).await;
    let tenant = card.tenant();
    for (body, status, pointer) in [
        (
            json!({"tenantId": tenant, "mode": "4111111111111111"}),
            422,
            "/mode",
        ),
        (
            json!({"tenantId": "4111111111111111", "mode": "live"}),
            422,
            "/tenantId",
        ),
        (
            json!({"tenantId": tenant, "mode": "live", "more": 1}),
            422,
            "/more",
        ),
    ] {
        let bytes = body.to_string();
        let token = card
            .signer
            .sign("POST", PATH, bytes.as_bytes(), None)
            .unwrap();
        let answer = Card::stranger()
            .post(format!("{}{PATH}", card.internal))
            .header("content-type", "application/json")
            .bearer_auth(token)
            .body(bytes)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), status);
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["errors"][0]["pointer"], pointer);
        assert!(!problem.to_string().contains("4111"), "{problem}");
    }
    card.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_listener_knows_nothing_internal_and_dresses_every_answer() {
    let place = Place::new();
    let card = Card::start(&place).await;
    let body = json!({"tenantId": card.tenant(), "mode": "live"}).to_string();
    let token = card
        .signer
        .sign("POST", PATH, body.as_bytes(), None)
        .unwrap();
    let answer = Card::stranger()
        .post(format!("{}{PATH}", card.public))
        .bearer_auth(token)
        .header("x-request-id", "support-17")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 404);
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-request-id", "support-17"),
    ] {
        assert_eq!(answer.headers()[name], value);
    }
    let wrong = Card::stranger().delete(format!("{}/openapi.json", card.public));
    let wrong = wrong.send().await.unwrap();
    assert_eq!(wrong.status(), 405);
    assert_eq!(wrong.headers()["allow"], "GET,HEAD");
    let problem: Value = wrong.json().await.unwrap();
    assert_eq!(
        (problem["status"].as_u64(), problem["code"].as_str()),
        (Some(405), Some("method_not_allowed"))
    );
    card.stop().await;
}
