//! A second licence: brought into a tenant that is there already, by its owner's choice, and by nothing else.

use chrono::Duration;
use testkit::{Answer, Buyer, TestApp, login::Passing};

/// The buyer of a licence arrives in a browser where somebody else is signed in.
async fn arrives_where_signed_in<'t>(
    t: &'t TestApp,
    name: &str,
    person: &testkit::Person<'_>,
) -> Buyer<'t> {
    let bought = t.buyer(name);
    bought.is_confirmed();
    let request = person
        .browser
        .request(reqwest::Method::POST, "/marketplace/register");
    let request = request
        .header("origin", "https://aws.amazon.com")
        .header("sec-fetch-site", "cross-site")
        .form(&[("x-amzn-marketplace-token", &bought.token)]);
    let arrived = person.browser.send(request).await.expect(303);
    assert_eq!(arrived.header("location"), "/welcome");
    t.run_until_quiet().await;
    bought
}

async fn attaches(person: &testkit::Person<'_>, to: &Buyer<'_>) -> Answer {
    let tenant = to.ids().await.0.to_string();
    person
        .browser
        .post_form("/welcome/attach", &[("tenant", &tenant)])
        .await
}

/// Security 45: arriving from another site attaches nothing, and neither does looking; it takes the owner's own click on our page.
#[tokio::test]
async fn arriving_attaches_nothing() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ann = t.person(&acme.email());
    ann.signs_in().await;
    let bought = arrives_where_signed_in(&t, "second", &ann).await;
    assert_ne!(bought.ids().await.0, acme.ids().await.0);
    let page = ann.browser.get("/welcome").await.expect(200);
    let text = page.text();
    assert!(
        text.contains("action=\"/welcome/attach\"")
            && text.contains(&acme.ids().await.0.to_string())
    );
    assert_ne!(bought.ids().await.0, acme.ids().await.0);
    let tenant = acme.ids().await.0.to_string();
    let request = ann
        .browser
        .request(reqwest::Method::POST, "/welcome/attach");
    let request = request
        .header("sec-fetch-site", "cross-site")
        .form(&[("tenant", &tenant)]);
    let _ = ann.browser.send(request).await.expect(403);
    assert_ne!(bought.ids().await.0, acme.ids().await.0);
    assert_eq!(t.count("audit_log", "action = 'licence.attach'").await, 0);
    // And they may keep the two apart.
    let separate = ann.browser.get("/welcome?separate=1").await.expect(200);
    assert!(separate.text().contains("name=\"email\""));
}

/// By choice: the licence, its usage and its records are the tenant's; the tenant that was made for it is closed.
#[tokio::test]
async fn an_owner_brings_a_second_licence_in() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ann = t.person(&acme.email());
    ann.signs_in().await;
    let bought = arrives_where_signed_in(&t, "second", &ann).await;
    let (own, before) = (acme.ids().await.0, bought.ids().await.0);
    let done = attaches(&ann, &acme).await.expect(303);
    assert_eq!(done.header("location"), "/");
    // Pressed twice: everything is where it should be.
    let lines = t.count("audit_log", "action = 'licence.attach'").await;
    let done = attaches(&ann, &acme).await.expect(303);
    assert_eq!(done.header("location"), "/");
    assert_eq!(bought.ids().await.0, own);
    let again = t.count("audit_log", "action = 'licence.attach'").await;
    assert_eq!(again, lines, "nothing was changed");
    // What is not set up yet is shown there.
    let to = ann.browser.get("/").await.expect(303);
    assert_eq!(to.header("location"), "/setup");
    let page = ann.browser.get("/setup").await.expect(200);
    assert!(page.text().contains("part of this account now"));
    // Said once, and by no address.
    for address in ["/setup", "/setup?attached=1"] {
        let page = ann.browser.get(address).await.expect(200);
        assert!(!page.text().contains("part of this account now"));
    }
    assert_eq!(bought.ids().await.0, own);
    let (closed, left) = (
        format!("id = '{before}' AND state = 'ended'"),
        format!("tenant_id = '{before}'"),
    );
    assert_eq!(t.count("tenants", &closed).await, 1);
    assert_eq!(
        t.count("licences", &left).await + t.count("registrations", &left).await,
        0
    );
    t.run_until_quiet().await;
    let agreements = ann
        .browser
        .get("/api/v1/agreements")
        .await
        .expect(200)
        .items();
    assert_eq!(agreements.len(), 2);
    let mails = t.mailer.mails_to(&ann.email);
    assert_eq!(mails.last().unwrap().subject, "A subscription was added");

    let till = acme.till().await;
    let sent = till.sends(&bought.usage("one", 3)).await;
    assert_eq!(sent["status"], "accepted", "{sent}");
    t.an_hour_passes().await;
    t.run_until_sent().await;
    assert!(
        bought
            .records()
            .await
            .iter()
            .any(|record| record.2 == 3 && record.3 == "accepted"),
        "{:?}",
        bought.records().await
    );
    ann.signs_in().await;
    let welcome = ann.browser.get("/welcome").await;
    assert!([200, 401].contains(&welcome.status));
}

/// Only who owns the tenant, freshly signed in with a second factor, and only into a tenant of their own.
#[tokio::test]
async fn only_an_owner_brings_a_licence_in() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let ada = t.member(&acme.browser, "ada@acme.example", "admin").await;
    let bought = arrives_where_signed_in(&t, "second", &ada).await;
    let start = bought.ids().await.0;
    let page = ada.browser.get("/welcome").await.expect(200);
    assert!(
        !page.text().contains("/welcome/attach"),
        "nothing to choose for who owns nothing"
    );
    let _ = attaches(&ada, &acme).await.expect(403);
    let _ = attaches(&ada, &other).await.expect(404);

    let ann = t.person(&acme.email());
    ann.signs_in().await;
    let theirs = arrives_where_signed_in(&t, "third", &ann).await;
    let _ = attaches(&ann, &other).await.expect(404);
    t.clock.advance_real(Duration::minutes(5));
    let asked = attaches(&ann, &acme).await.expect(401);
    assert!(asked.text().contains("/login?again=1"), "{}", asked.text());
    let federated = Passing {
        federated: true,
        ..t.passing(&ann.email)
    };
    let _ = ann.signs_in_as(federated).await.expect(303);
    let _ = attaches(&ann, &acme).await.expect(403);
    assert_eq!(bought.ids().await.0, start);
    assert_ne!(theirs.ids().await.0, acme.ids().await.0);
    ann.signs_in().await;
    let _ = attaches(&ann, &acme).await.expect(303);
}

/// A subscription that somebody was named for, or has entered, stays what it is.
#[tokio::test]
async fn a_licence_with_an_owner_of_its_own_stays() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ann = t.person(&acme.email());
    ann.signs_in().await;
    let bought = arrives_where_signed_in(&t, "second", &ann).await;
    let start = bought.ids().await.0;
    let named = [("email", "zoe@second.example"), ("name", "Zoe Second")];
    let _ = ann.browser.post_form("/welcome", &named).await.expect(303);
    let _ = attaches(&ann, &acme).await.expect(409);
    t.run_until_quiet().await;
    assert_eq!(bought.ids().await.0, start);
    assert_eq!(t.count("audit_log", "action = 'licence.attach'").await, 0);
}

/// Named for a second licence with the address they have: they are invited, and come in only by their own click.
#[tokio::test]
async fn the_same_address_for_two_licences_is_one_person() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let bought = t.buyer("second");
    bought.is_confirmed();
    bought.registers().await;
    let named = [("email", "ANN@acme.example"), ("name", "Ann Again")];
    let named = bought.browser.post_form("/welcome", &named).await;
    let _ = named.expect(303);
    t.run_until_quiet().await;
    let ann = t.person(&acme.email());
    ann.signs_in().await;
    let tenants = async || ann.account().await["tenants"].as_array().unwrap().len();
    assert_eq!(
        tenants().await,
        1,
        "a stranger's form makes nobody a member"
    );
    assert_eq!(bought.step("administrator").await.0, "waiting");
    ann.accepts("Ann Again").await;
    t.run_until_quiet().await;
    assert!(bought.is_ready().await);
    assert_eq!(tenants().await, 2);
    assert_eq!(t.identity.accounts(), 1);
    assert_eq!(t.identity.invitations(&acme.email()).len(), 1);
}

/// A licence that AWS confirms and ends after it was brought in is the tenant's own: the tenant ends with its last licence.
#[tokio::test]
async fn a_licence_lives_on_where_it_was_brought() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ann = t.person(&acme.email());
    ann.signs_in().await;
    let bought = t.buyer("second");
    let token = [("x-amzn-marketplace-token", &*bought.token)];
    let _ = ann
        .browser
        .post_form("/marketplace/register", &token)
        .await
        .expect(303);
    let _ = attaches(&ann, &acme).await.expect(303);
    assert_eq!(bought.standing().await[0], "unconfirmed");
    bought.is_confirmed();
    t.run_until_quiet().await;
    assert_eq!(bought.standing().await[0], "active");
    assert!(bought.is_ready().await);
    let state = async || {
        t.rows("SELECT state FROM tenants ORDER BY state")
            .await
            .concat()
    };
    assert_eq!(state().await, ["active", "ended"]);
    acme.cancels();
    t.run_until_quiet().await;
    assert_eq!(
        state().await,
        ["active", "ended"],
        "one licence is in force"
    );
    bought.cancels();
    t.run_until_quiet().await;
    assert_eq!(state().await, ["ended", "ended"]);
}
