//! Two tabs and two tenants: a form acts in the tenant that it was shown for, or not at all.

use testkit::{Client, TestApp};

use super::{page, sent_to};

/// Where the first form of the page goes whose address begins like this.
fn action(text: &str, path: &str) -> String {
    let start = format!("action=\"{path}");
    let rest = text.split_once(&start).unwrap().1;
    format!("{path}{}", rest.split('"').next().unwrap())
}

async fn looks_at(browser: &Client, tenant: &str) {
    let fields = [("tenant", tenant)];
    assert_eq!(
        sent_to(browser.post_form("/account/tenant", &fields).await),
        "/"
    );
}

#[tokio::test]
async fn a_form_of_another_tab_changes_nothing_in_the_tenant_that_is_open_now() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let _ = t.member(&other.browser, &acme.email(), "owner").await;
    let (here, there) = (
        acme.ids().await.0.to_string(),
        other.ids().await.0.to_string(),
    );
    let browser = &acme.browser;
    let people = browser.get("/people").await.text();
    let invite = action(&people, "/people/invitations");
    assert_eq!(invite, format!("/people/invitations?tenant={here}"));
    let keys = browser.get("/api-keys").await.text();
    let make = action(&keys, "/api-keys");
    assert_eq!(make, format!("/api-keys?tenant={here}"));

    // Meanwhile, in another tab.
    looks_at(browser, &there).await;
    let (email, role) = (("email", "ben@acme.example"), ("role", "developer"));
    let key = [
        ("name", "Till"),
        ("mode", "test"),
        ("scopes", "usage:write"),
    ];
    for answer in [
        browser.post_form(&invite, &[email, role]).await,
        browser.post_form(&make, &key).await,
        browser
            .post_form("/people/invitations?tenant=nonsense", &[email, role])
            .await,
    ] {
        let text = page(answer, 409, "Nothing was changed");
        assert!(text.contains("href=\"/people\"") || text.contains("href=\"/api-keys\""));
    }
    assert_eq!(t.count("invitations", "accepted_at IS NULL").await, 0);
    assert_eq!(t.count("api_keys", "true").await, 0);

    // Back to the one that was meant, and to the page whose form it was.
    let text = browser.post_form(&invite, &[email, role]).await.text();
    assert!(text.contains(&format!("value=\"{here}\"")), "{text}");
    let fields = [("tenant", &*here), ("next", "/people")];
    let to = sent_to(browser.post_form("/account/tenant", &fields).await);
    assert_eq!(to, "/people");
    let to = sent_to(browser.post_form(&invite, &[email, role]).await);
    assert_eq!(to, "/people");
    let open = format!("tenant_id = '{here}' AND accepted_at IS NULL");
    assert_eq!(t.count("invitations", &open).await, 1);
    let evil = [("tenant", &*there), ("next", "//evil.example")];
    let to = sent_to(browser.post_form("/account/tenant", &evil).await);
    assert_eq!(to, "/");
}

/// The name of a tenant that one does not belong to is nobody's business.
#[tokio::test]
async fn a_tenant_of_others_is_not_named() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let theirs = other.ids().await.0.to_string();
    let path = format!("/people/invitations?tenant={theirs}");
    let fields = [("email", "ben@acme.example"), ("role", "developer")];
    let answer = acme.browser.post_form(&path, &fields).await;
    let text = page(answer, 409, "Nothing was changed");
    assert!(!text.contains("Switch back to") && !text.contains(&theirs));
}

/// Every form about a tenant carries it.
#[tokio::test]
async fn no_form_forgets_its_tenant() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "admin").await;
    let fields = [("email", "eve@acme.example"), ("role", "agent")];
    let _ = acme.browser.post_form("/people/invitations", &fields).await;
    acme.browser.looks_at_live();
    let _ = acme.till().await;
    let id = ben.account().await["id"].as_str().unwrap().to_owned();
    let keys = acme.browser.get("/api-keys").await.text();
    let key = super::link(&keys, "/api-keys/apk_");
    let id_of_key = key.split('/').nth(2).unwrap();
    let several = format!("/api-keys/revoke?key={id_of_key}");
    let mut seen = 0;
    for path in [
        "/people",
        "/api-keys",
        &key,
        &several,
        &format!("/people/{id}"),
        &format!("/people/{id}/remove"),
        &format!("/people/{id}/reset-authenticator"),
    ] {
        let text = acme.browser.get(path).await.expect(200).text();
        let actions = text.split("method=\"post\" action=\"").skip(1);
        for action in actions.filter_map(|rest| rest.split('"').next()) {
            // These are about the person and the browser.
            if !["/logout", "/theme", "/mode"].contains(&action) {
                assert!(action.contains("?tenant=ten_"), "{path}: {action}");
                seen += 1;
            }
        }
    }
    assert_eq!(
        seen, 9,
        "resend, revoke, invite; make, revoke, revoke several; role, remove, reset"
    );
}
