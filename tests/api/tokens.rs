//! Registration tokens: every answer of ResolveCustomer has a code and a status of its own, and none of the refused leaves a row.

use domain::{ErrorKind, marketplace::ResolvedCustomer};
use runtime::problem::status_of;
use testkit::{Buyer, Happening, TestApp, marketplace::Fault};

/// Tries, and answers status and code; nothing may be left behind.
async fn refusal(t: &TestApp, buyer: &Buyer<'_>) -> (u16, &'static str) {
    let error = buyer.resolves().await.unwrap_err();
    for table in ["tenants", "licences", "registrations", "audit_log"] {
        assert_eq!(t.count(table, "true").await, 0, "{table}");
    }
    (status_of(error.kind()).0.as_u16(), error.code())
}

fn answers_instead(t: &TestApp, buyer: &Buyer<'_>, change: impl Fn(&mut ResolvedCustomer)) {
    let mut customer = buyer.resolved();
    change(&mut customer);
    t.marketplace.issues(&buyer.token, customer);
}

/// a token AWS does not know is refused without a row.
#[tokio::test]
async fn a_token_that_aws_does_not_know_is_invalid() {
    let t = TestApp::start().await;
    let mut acme = t.buyer("acme");
    acme.token = "something.else.altogether".to_owned();
    assert_eq!(refusal(&t, &acme).await, (400, "token_invalid"));
    assert_eq!(t.marketplace.calls().resolve, 1);
}

/// truncated and malformed tokens do not even reach AWS.
#[tokio::test]
async fn what_cannot_be_a_token_is_not_sent_to_aws() {
    let t = TestApp::start().await;
    let mut acme = t.buyer("acme");
    for token in [
        "",
        "a b",
        "tab\there",
        "line\nbreak",
        "ü",
        &"x".repeat(4097),
    ] {
        acme.token = token.to_owned();
        assert_eq!(
            refusal(&t, &acme).await,
            (400, "token_invalid"),
            "{token:?}"
        );
    }
    assert_eq!(t.marketplace.calls().resolve, 0);
}

/// R-19, N7: four hours, and the sentence says that the subscription itself is fine.
#[tokio::test]
async fn a_token_older_than_four_hours_is_expired() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    t.clock.advance(chrono::Duration::hours(4));
    let error = acme.resolves().await.unwrap_err();
    assert!(error.message().contains("you need no new one"), "{error}");
    assert_eq!(refusal(&t, &acme).await, (400, "token_expired"));
}

#[tokio::test]
async fn a_busy_aws_asks_for_another_try_and_the_same_token_then_works() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    t.marketplace.resolving_fails([Fault::Throttle]);
    assert_eq!(refusal(&t, &acme).await, (503, "marketplace_busy"));
    acme.registers().await;
}

#[tokio::test]
async fn a_set_up_of_ours_that_aws_refuses_is_not_the_buyers_fault() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    t.marketplace.resolving_fails([Fault::Misconfigured]);
    let error = acme.resolves().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Internal, "marketplace_misconfigured")
    );
    assert!(error.private().contains("DisabledApi"));
    assert!(!format!("{error}{error:?}").contains("DisabledApi"));
}

/// a foreign product's token makes no row.
#[tokio::test]
async fn a_token_of_another_product_is_refused() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    answers_instead(&t, &acme, |customer| {
        customer.product_code = "another".to_owned();
    });
    assert_eq!(refusal(&t, &acme).await, (400, "foreign_product"));
}

#[tokio::test]
async fn an_answer_without_licence_or_account_is_refused() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    answers_instead(&t, &acme, |customer| customer.license = None);
    assert_eq!(refusal(&t, &acme).await, (400, "licence_missing"));
    answers_instead(&t, &acme, |customer| customer.account = None);
    assert_eq!(refusal(&t, &acme).await, (400, "licence_missing"));
}

/// A dead licence must not come to life because its buyer is late.
#[tokio::test]
async fn a_licence_that_ended_before_its_buyer_came_is_gone_and_leaves_no_row() {
    for end in [
        Happening::Deprovisioned,
        Happening::Ended("CANCELLED"),
        Happening::Ended("EXPIRED"),
    ] {
        let t = TestApp::start().await;
        let acme = t.buyer("acme");
        acme.is_confirmed();
        acme.hears(end);
        t.run_until_quiet().await;
        assert_eq!(refusal(&t, &acme).await, (410, "licence_ended"), "{end:?}");
    }
}

#[tokio::test]
async fn an_agreement_that_was_renewed_or_replaced_does_not_stand_in_the_way() {
    for end in [Happening::Ended("RENEWED"), Happening::Ended("REPLACED")] {
        let t = TestApp::start().await;
        let acme = t.buyer("acme");
        acme.is_confirmed();
        acme.hears(end);
        t.run_until_quiet().await;
        acme.registers().await;
    }
}
