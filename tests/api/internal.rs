//! The internal port: the card plane reports usage for any tenant, with a token for exactly that request.

use serde_json::json;
use testkit::{Answer, Client, TestApp};

const PATH: &str = "/api/v1/usage-events";
const KIND: &str = "application/cloudevents+json";

async fn post(t: &TestApp, token: &str, body: &str) -> Answer {
    let client = Client::new(&t.server().internal).with_bearer(token);
    client.post_raw(PATH, KIND, body.to_owned()).await
}

#[tokio::test]
async fn the_card_plane_reports_usage_for_any_tenant_as_live() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    for buyer in [&acme, &other] {
        let (tenant, _) = buyer.ids().await;
        let mut event = buyer.usage("pay-1", 1);
        event["subject"] = json!(tenant.to_string());
        let body = event.to_string();
        let token = t
            .server()
            .card_plane
            .sign("POST", PATH, body.as_bytes(), None)
            .unwrap();
        let answer = post(&t, &token, &body).await.expect(200);
        assert_eq!(answer.items()[0]["status"], "accepted");
        // The same token within its minute finds the same event.
        assert_eq!(
            post(&t, &token, &body).await.items()[0]["status"],
            "duplicate"
        );
    }
    assert_eq!(
        t.count(
            "metering_records",
            "dimension = 'payments' AND quantity = 1"
        )
        .await,
        2
    );
}

/// Security 14, 15: another key, another audience, another time, another request.
#[tokio::test]
async fn a_token_that_does_not_fit_is_refused() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let body = acme.usage("pay-1", 1).to_string();
    let own = &t.server().card_plane;
    let sign = |method: &str, path: &str, body: &str| {
        own.sign(method, path, body.as_bytes(), None).unwrap()
    };
    let folder = tempfile::tempdir().unwrap();
    let strange = runtime::peer::PeerKey::load_or_create(&folder.path().join("key")).unwrap();
    let foreign = runtime::peer::PeerSigner {
        key: strange.into(),
        ..own.clone()
    };
    let wrong_audience = runtime::peer::PeerSigner {
        aud: "payphone-card",
        ..own.clone()
    };
    let wrong_issuer = runtime::peer::PeerSigner {
        iss: "payphone",
        ..own.clone()
    };
    for token in [
        sign("POST", PATH, "{}"),
        sign("PUT", PATH, &body),
        sign("POST", "/api/v1/usage-events?x=1", &body),
        foreign.sign("POST", PATH, body.as_bytes(), None).unwrap(),
        wrong_audience
            .sign("POST", PATH, body.as_bytes(), None)
            .unwrap(),
        wrong_issuer
            .sign("POST", PATH, body.as_bytes(), None)
            .unwrap(),
        testkit::server::OPERATOR_TOKEN.to_owned(),
        "x".to_owned(),
    ] {
        let _ = post(&t, &token, &body)
            .await
            .expect_problem(401, "unauthenticated");
    }
    let good = sign("POST", PATH, &body);
    t.clock.advance_real(chrono::Duration::seconds(66));
    let _ = post(&t, &good, &body)
        .await
        .expect_problem(401, "unauthenticated");
    assert_eq!(t.count("usage_events", "true").await, 0);
}

/// The internal port has this one route, and the public one takes no service token.
#[tokio::test]
async fn neither_port_takes_what_belongs_to_the_other() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for path in ["/api/v1/tenant", "/api/v1/operator/events", "/openapi.json"] {
        let operator =
            Client::new(&t.server().internal).with_bearer(testkit::server::OPERATOR_TOKEN);
        let _ = operator
            .get(path)
            .await
            .expect_problem(401, "unauthenticated");
        let token = t.server().card_plane.sign("GET", path, b"", None).unwrap();
        let peer = Client::new(&t.server().internal).with_bearer(&token);
        let _ = peer.get(path).await.expect_problem(404, "not_found");
    }
    let body = acme.usage("pay-1", 1).to_string();
    let token = t
        .server()
        .card_plane
        .sign("POST", PATH, body.as_bytes(), None)
        .unwrap();
    let public = t.anonymous().with_bearer(&token);
    let _ = public
        .post_raw(PATH, KIND, body)
        .await
        .expect_problem(401, "invalid_api_key");
}

/// The operator may correct usage for any tenant, over the public port.
#[tokio::test]
async fn the_operator_reports_usage_for_any_tenant() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let answer = t
        .operator()
        .post_raw(PATH, KIND, acme.usage("fix-1", 2).to_string())
        .await;
    assert_eq!(answer.expect(200).items()[0]["status"], "accepted");
}
