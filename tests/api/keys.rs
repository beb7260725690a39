//! `/api/v1/keys`: public halves, in full and as downloads.

use testkit::{TestApp, card_plane};

#[tokio::test]
async fn a_new_tenant_has_one_test_key_pair_and_its_public_half_can_be_fetched() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let keys = acme.browser.get("/api/v1/keys").await.expect(200);
    insta::assert_json_snapshot!(keys.json(), {".items[].id" => "key_…", ".items[].fingerprint" => "…"}, @r#"
    {
      "items": [
        {
          "bits": 4096,
          "connectKeyId": null,
          "fingerprint": "…",
          "id": "key_…",
          "lastUsedAt": null,
          "mode": "test",
          "notAfter": "2028-11-21T10:07:00Z",
          "notBefore": "2026-11-22T10:07:00Z",
          "state": "active"
        }
      ],
      "next": null
    }
    "#);
    let id = keys.items()[0]["id"].as_str().unwrap().to_owned();
    let one = acme
        .browser
        .get(&format!("/api/v1/keys/{id}"))
        .await
        .expect(200);
    assert_eq!(one.json(), keys.items()[0]);
    for (name, text) in [
        ("public-key.pem", card_plane::PUBLIC_KEY),
        ("certificate.pem", card_plane::CERTIFICATE),
    ] {
        let answer = acme
            .browser
            .get(&format!("/api/v1/keys/{id}/{name}"))
            .await
            .expect(200);
        assert_eq!(answer.text(), text);
        assert_eq!(answer.header("content-type"), "application/x-pem-file");
        let disposition = format!("attachment; filename=\"{id}-{name}\"");
        assert_eq!(answer.header("content-disposition"), disposition);
    }
}
