//! `GET /api/v1/agreements` and `GET /api/v1/tenant`: the licence's way through its life.

use chrono::Duration;
use testkit::TestApp;

#[tokio::test]
async fn the_tenant_and_its_agreement_move_together() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    acme.completes(&acme.email()).await;
    t.run_until_quiet().await;
    acme.signs_in().await;
    let look = async || {
        let tenant = acme.browser.get("/api/v1/tenant").await.expect(200).json();
        let agreement = acme
            .browser
            .get("/api/v1/agreements")
            .await
            .expect(200)
            .items()
            .remove(0);
        let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
        [
            text(&tenant["state"]),
            text(&agreement["state"]),
            text(&agreement["pricing"]),
            text(&agreement["endedAt"]),
        ]
    };
    assert_eq!(look().await, ["provisioning", "unconfirmed", "-", "-"]);
    acme.is_confirmed();
    t.run_until_quiet().await;
    assert_eq!(look().await, ["active", "active", "subscription", "-"]);
    t.clock.advance(Duration::days(1));
    acme.cancels();
    t.run_until_quiet().await;
    acme.signs_in().await;
    assert_eq!(
        look().await,
        ["ended", "ended", "subscription", "2026-11-23T10:07:00Z"]
    );
}

#[tokio::test]
async fn an_agreement_shows_what_aws_said_verbatim() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let agreement = acme
        .browser
        .get("/api/v1/agreements")
        .await
        .expect(200)
        .items()
        .remove(0);
    assert_eq!(agreement["licenseArn"], acme.license.as_str());
    assert_eq!(agreement["agreementId"], "agmt-acme");
    assert_eq!(agreement["productCode"], "payphone-product");
    assert_eq!(
        agreement["customerAwsAccountId"],
        acme.subject.account.as_str()
    );
    assert_eq!(agreement["since"], "2026-11-22T10:07:00Z");
}
