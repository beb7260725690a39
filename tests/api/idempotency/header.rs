//! The header itself: what is no key, and where the document names it.

use reqwest::Method;
use testkit::{Client, TestApp};

use super::{CODES, INVITATIONS, KEYS, creating, everything};

/// Security 57: a header that is no key is told so before anything is made; who it is comes first.
#[tokio::test]
async fn a_header_that_is_no_key_is_refused() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let before = everything(&t).await;
    let long = "k".repeat(256);
    let bad: [&[&[u8]]; 7] = [
        &[b""],
        &[b"   "],
        &[long.as_bytes()],
        &[b"a\tb"],
        &["schl\u{fc}ssel".as_bytes()],
        &[b"\xff"],
        &[b"one", b"two"],
    ];
    for (path, body) in creating() {
        for values in bad {
            let dressed = |client: &Client| {
                let request = client.request(Method::POST, path).json(&body);
                values.iter().fold(request, |request, value| {
                    request.header("idempotency-key", *value)
                })
            };
            let answer = acme.browser.send(dressed(&acme.browser)).await;
            let _ = answer.expect_problem(400, "bad_idempotency_key");
            let nobody = t.anonymous();
            let answer = nobody.send(dressed(&nobody)).await;
            let _ = answer.expect_problem(401, "unauthenticated");
        }
    }
    assert_eq!(everything(&t).await, before);
    assert_eq!(t.count("idempotency_keys", "true").await, 0);
}

/// Security 57: the document tells of the header wherever something is made, and nowhere else.
#[tokio::test]
async fn the_document_names_the_header_on_every_creating_post() {
    let t = TestApp::start().await;
    let document = t.anonymous().get("/openapi.json").await.expect(200).json();
    let mut told = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let header = parameters
                .filter(|one| one["in"] == "header" && one["name"] == "Idempotency-Key")
                .inspect(|one| assert_eq!(one["required"], false, "{path}"))
                .count();
            let creates = method == "post" && !operation["responses"]["201"].is_null();
            assert_eq!(header, usize::from(creates), "{method} {path}");
            if creates {
                told.push(path.clone());
            }
        }
    }
    assert_eq!(told, [CODES, KEYS, INVITATIONS]);
}
