//! `/welcome`: the first owner is named, corrected, mailed, and nothing is attached to anybody who only arrives.

use chrono::Duration;
use testkit::TestApp;

use super::{link, page, parameter, sent_to};

const NAMED: &str = "Check your mail";

#[tokio::test]
async fn the_first_owner_is_named_corrected_and_let_in() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    page(acme.browser.get("/welcome").await, 401, "AWS Marketplace");
    acme.registers().await;
    let text = page(acme.browser.get("/welcome").await, 200, "Two fields");
    assert!(text.contains("name=\"email\""), "{text}");
    acme.completes("anm@acme.example").await;
    let text = page(acme.browser.get("/welcome").await, 200, NAMED);
    assert!(text.contains("anm@acme.example"));
    // While it looks again by itself, nobody can be typing into it.
    assert!(text.contains("http-equiv=\"refresh\""));
    let correct = link(&text, "/welcome?correct");
    let text = page(acme.browser.get(&correct).await, 200, "Wrong address");
    assert!(text.contains("name=\"name\"") && !text.contains("http-equiv=\"refresh\""));
    acme.completes(&acme.email()).await;
    let text = page(acme.browser.get("/welcome").await, 200, NAMED);
    assert!(!text.contains("anm@acme.example") && text.contains("ann@acme.example"));
    acme.is_confirmed();
    t.run_until_quiet().await;
    let text = page(acme.browser.get("/welcome").await, 200, "5 of 5 done");
    assert!(!text.contains("http-equiv=\"refresh\""));
    acme.signs_in().await;
    let other = t.anonymous();
    let cookie = acme.browser.cookie("registration").unwrap();
    other.set_cookie("registration", &cookie);
    let text = page(other.get("/welcome").await, 200, "is set up");
    assert!(
        !text.contains("ann@acme.example"),
        "nobody else is told who"
    );
    let fields = [("email", "eve@evil.example"), ("name", "Eve")];
    page(
        other.post_form("/welcome", &fields).await,
        409,
        "set up already",
    );
}

/// A buyer may type anybody's address, and learns nothing about it.
#[tokio::test]
async fn the_page_reads_the_same_whoever_is_named() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let buyer = t.buyer("evil");
    buyer.registers().await;
    let mut pages = Vec::new();
    let known = acme.email();
    for email in [&*known, "eve@evil.example"] {
        buyer.completes(email).await;
        let text = page(buyer.browser.get("/welcome").await, 200, NAMED);
        assert!(text.contains("a link to accept"), "{text}");
        pages.push(text.replace(email, "them"));
    }
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test]
async fn what_is_typed_wrong_stays_in_the_form() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    let fields = [("email", "<script>\""), ("name", "")];
    let answer = acme.browser.post_form("/welcome", &fields).await;
    let text = page(answer, 422, "Some fields need another look");
    assert!(text.contains("&lt;script&gt;&quot;") && !text.contains("<script"));
}

/// Security 45: arriving changes nothing for who is signed in; a page names the AWS account and asks.
#[tokio::test]
async fn a_second_subscription_is_brought_in_by_choice_alone() {
    let t = TestApp::start().await;
    let (acme, second) = (t.tenant("acme").await, t.buyer("second"));
    let request = acme
        .browser
        .request(reqwest::Method::POST, "/marketplace/register")
        .form(&[("x-amzn-marketplace-token", &second.token)]);
    assert_eq!(sent_to(acme.browser.send(request).await), "/welcome");
    let (tenant, _) = acme.ids().await;
    let account = &second.subject.account;
    let ending = format!("AWS account ending {}", &account[account.len() - 4..]);
    let text = page(acme.browser.get("/welcome").await, 200, &ending);
    assert!(text.contains("Bring this subscription into"), "{text}");
    assert_ne!(second.ids().await.0, tenant, "nothing is attached yet");
    page(
        acme.browser.get("/welcome?separate=1").await,
        200,
        "Two fields",
    );
    // Long after signing in, it is asked who that is.
    let fields = [("tenant", &*tenant.to_string())];
    t.clock.advance(Duration::minutes(6));
    let answer = acme.browser.post_form("/welcome/attach", &fields).await;
    let text = page(answer, 401, "Sign in again");
    let again = link(&text, "/login?again=1");
    assert_eq!(parameter(&again, "next"), "/welcome");
    acme.signs_in().await;
    let other = t.tenant("other").await.ids().await.0.to_string();
    let answer = acme
        .browser
        .post_form("/welcome/attach", &[("tenant", &other)])
        .await;
    page(answer, 404, "nothing here");
    let answer = acme.browser.post_form("/welcome/attach", &fields).await;
    assert_eq!(sent_to(answer), "/");
    assert_eq!(second.ids().await.0, tenant);
    let to = sent_to(acme.browser.get("/").await);
    assert_eq!(to, "/setup");
    let text = page(acme.browser.get(&to).await, 200, "part of this account now");
    // Both subscriptions, and the owner that there is.
    assert_eq!(text.matches("<dt>Subscription</dt>").count(), 2, "{text}");
    assert!(text.contains(&ending));
    let owner = "<dt>Owner</dt><dd><div>ann@acme.example</div>";
    assert!(text.contains(owner), "{text}");
    page(acme.browser.get("/welcome").await, 200, "is set up");
    second.is_confirmed();
    t.run_until_quiet().await;
}
