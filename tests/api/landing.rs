//! `POST /marketplace/register` as browsers and AWS use it: forms of both kinds, pages for people, and each refusal's own page.

use testkit::{Answer, TestApp, marketplace::Fault};

const PATH: &str = "/marketplace/register";

fn page(answer: Answer, status: u16, words: &str) -> Answer {
    let answer = answer.expect(status);
    assert!(answer.header("content-type").starts_with("text/html"));
    let text = answer.text().replace("<!>", "");
    assert!(text.contains(words), "{words:?} is not in {text}");
    assert_eq!(answer.header("set-cookie"), "");
    answer
}

#[tokio::test]
async fn each_refusal_has_its_page_and_status() {
    let t = TestApp::start().await;
    let mut acme = t.buyer("acme");
    t.marketplace
        .resolving_fails([Fault::Throttle, Fault::Misconfigured]);
    t.expect_error_log("the request failed by a defect");
    page(acme.arrives().await, 503, "Nothing is lost");
    page(acme.arrives().await, 500, "Something is wrong on our side");
    let good = acme.token.clone();
    acme.token = "unknown.to.aws".to_owned();
    page(acme.arrives().await, 400, "Set up your account");
    acme.token = good;
    t.clock.advance(chrono::Duration::hours(4));
    let answer = page(acme.arrives().await, 400, "you need no new one");
    assert!(!answer.text().contains(&acme.token));
    assert_eq!(t.count("tenants", "true").await, 0);
}

/// Facts, registration: several fields are undocumented hints, and other suites post multipart.
#[tokio::test]
async fn both_kinds_of_form_are_read_and_unknown_fields_ignored() {
    let t = TestApp::start().await;
    let (acme, other) = (t.buyer("acme"), t.buyer("other"));
    let fields = [
        ("x-amzn-marketplace-offer-type", "free-trial"),
        ("x-amzn-marketplace-token", &acme.token),
        ("x-amzn-marketplace-agreement-id", "agmt-of-somebody-else"),
    ];
    let _ = acme.browser.post_form(PATH, &fields).await.expect(303);
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"hint\"\r\n\r\n1\r\n--b\r\nContent-Disposition: form-data; \
         name=\"x-amzn-marketplace-token\"\r\n\r\n{}\r\n--b--\r\n",
        other.token
    );
    let kind = "multipart/form-data; boundary=b";
    let _ = other.browser.post_raw(PATH, kind, body).await.expect(303);
    assert_eq!(
        t.count("licences", "agreement_id IN ('agmt-acme', 'agmt-other')")
            .await,
        2
    );
    // The hint that a trial came is kept, and changes nothing but what the page of the subscription says.
    assert_eq!(
        t.count("licences", "free_trial AND agreement_id = 'agmt-acme'")
            .await,
        1
    );
    assert_eq!(t.count("licences", "free_trial").await, 1);
}

#[tokio::test]
async fn what_is_no_token_form_is_refused_before_aws_is_asked() {
    let t = TestApp::start().await;
    let nobody = t.anonymous();
    let form = "application/x-www-form-urlencoded";
    for (kind, body, status) in [
        (form, String::new(), 400),
        (form, "token=x".to_owned(), 400),
        (form, "x-amzn-marketplace-token=".to_owned(), 400),
        (
            form,
            format!("x-amzn-marketplace-token={}", "a".repeat(17 * 1024)),
            413,
        ),
        ("application/json", "{}".to_owned(), 415),
        ("multipart/form-data", "--b".to_owned(), 400),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nnonsense".to_owned(),
            400,
        ),
    ] {
        let answer = nobody.post_raw(PATH, kind, body.clone()).await;
        assert_eq!(
            answer.status,
            status,
            "{kind}: {}",
            body.chars().take(60).collect::<String>()
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    assert_eq!(t.marketplace.calls().resolve, 0);
}

/// Reviewers and bookmarks arrive by GET.
#[tokio::test]
async fn a_look_at_the_address_is_answered_for_people() {
    let t = TestApp::start().await;
    page(t.anonymous().get(PATH).await, 200, "AWS Marketplace");
    let answer = t.anonymous().get("/welcome").await;
    assert!(
        answer.status == 401 || answer.status == 303,
        "{}",
        answer.status
    );
}

/// Security 43, 45: the landing is the one address that another site may post to.
#[tokio::test]
async fn only_the_landing_takes_posts_from_other_sites() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    for path in ["/welcome", "/api-keys", "/api/v1/api-keys"] {
        let request = acme.browser.request(reqwest::Method::POST, path);
        let request = request
            .header("sec-fetch-site", "cross-site")
            .form(&[("email", "eve@evil.example")]);
        assert_eq!(acme.browser.send(request).await.status, 403, "{path}");
    }
    assert_eq!(t.count("registrations", "email IS NOT NULL").await, 0);
}

/// Facts, pitfall 22: the form's address makes an administrator of this licence's tenant alone.
#[tokio::test]
async fn the_form_belongs_to_the_cookies_licence() {
    let t = TestApp::start().await;
    let (acme, other) = (t.buyer("acme"), t.buyer("other"));
    acme.registers().await;
    other.registers().await;
    acme.completes("ann@acme.example").await;
    let (tenant, _) = acme.ids().await;
    let rows = t
        .rows("SELECT tenant_id FROM registrations WHERE email IS NOT NULL")
        .await;
    assert_eq!(rows, [[tenant.to_string()]]);
    let wrong = acme
        .browser
        .post_form("/welcome", &[("email", "nobody"), ("name", "")])
        .await;
    let wrong = wrong.expect(422);
    assert!(
        wrong.text().contains("nobody"),
        "what was typed stays in the form"
    );
}
