//! Who belongs to a tenant: the last owner stays, owners are owners' affair, and the owners hear of every such act.

use futures_util::future::join;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Answer, Client, Person, TestApp};

async fn change(browser: &Client, id: &str, role: &str) -> Answer {
    let request = browser.request(Method::PATCH, &format!("/api/v1/users/{id}"));
    browser.send(request.json(&json!({"role": role}))).await
}

async fn remove(browser: &Client, id: &str) -> Answer {
    browser.delete(&format!("/api/v1/users/{id}")).await
}

async fn id_of(browser: &Client) -> String {
    let account = browser.get("/api/v1/account").await.expect(200).json();
    account["id"].as_str().unwrap().to_owned()
}

async fn owners(t: &TestApp) -> i64 {
    t.count("memberships", "role = 'owner'").await
}

/// The last owner who can get in can neither go nor become less; an owner who never signed in does not count.
#[tokio::test]
async fn the_last_owner_stays() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ann = id_of(&acme.browser).await;
    let _admin = t.member(&acme.browser, "ada@acme.example", "admin").await;
    let otto = t.person("otto@acme.example");
    otto.is_invited_by(&acme.browser, "owner").await;
    let stays = async || {
        let _ = remove(&acme.browser, &ann)
            .await
            .expect_problem(409, "last_owner");
        for role in ["admin", "developer", "agent", "auditor"] {
            let answer = change(&acme.browser, &ann, role).await;
            let _ = answer.expect_problem(409, "last_owner");
        }
        let page = acme
            .browser
            .post_form(&format!("/people/{ann}/remove"), &[])
            .await;
        assert!(page.expect(409).text().contains("last owner"));
    };
    stays().await;
    otto.accepts("Otto Owner").await;
    t.run_until_quiet().await;
    stays().await;
    otto.signs_in().await;
    let _ = change(&acme.browser, &ann, "admin").await.expect(204);
    assert_eq!(owners(&t).await, 1);
    let otto_id = id_of(&otto.browser).await;
    let _ = remove(&otto.browser, &otto_id)
        .await
        .expect_problem(409, "last_owner");
    let _ = remove(&otto.browser, &ann).await.expect(204);
}

/// What is done to one member, or told to the owners, reads no list of all: more ids than a statement can have would end it.
#[tokio::test]
async fn one_of_seventy_thousand_is_changed_like_one_of_two() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ann = id_of(&acme.browser).await;
    let ada = t.member(&acme.browser, "ada@acme.example", "agent").await;
    let ada = id_of(&ada.browser).await;
    let n = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70000)";
    t.break_database(&format!(
        "INSERT INTO users (id, email, email_key, name, known, operator, resend, reset_authenticator, sign_out, due, looks, look_at, created_at)
         {n} SELECT 'usr_01920000000070008000' || (100000000000 + i), 'p' || i || '@acme.example', 'p' || i || '@acme.example', 'Pat',
             known, operator, resend, reset_authenticator, sign_out, due, looks, look_at, created_at
         FROM users, n WHERE id = '{ann}';
         INSERT INTO memberships (tenant_id, user_id, role, created_at)
         {n} SELECT tenant_id, 'usr_01920000000070008000' || (100000000000 + i), 'agent', created_at
         FROM memberships, n WHERE user_id = '{ann}'"
    ))
    .await;
    let browser = &acme.browser;
    let _ = change(browser, &ada, "admin").await.expect(204);
    let reset = format!("/people/{ada}/reset-authenticator");
    let _ = browser.post_form(&reset, &[]).await.expect(303);
    for email in ["P7@acme.example", "new@acme.example"] {
        let body = json!({"email": email, "role": "agent"});
        let answer = browser.post("/api/v1/invitations", &body).await;
        if email.starts_with('P') {
            let _ = answer.expect_problem(409, "already_member");
        } else {
            let _ = answer.expect(201);
        }
    }
    let _ = remove(browser, &ada).await.expect(204);
    assert_eq!(t.count("memberships", "true").await, 70_001);
}

/// Two owners who remove each other at the same moment, or step down at once, leave one.
#[tokio::test]
async fn two_owners_at_once_leave_one() {
    let t = TestApp::start().await;
    for (name, act) in [
        ("acme", "remove"),
        ("beta", "each other down"),
        ("gamma", "themselves down"),
    ] {
        let buyer = t.tenant(name).await;
        let otto = t
            .member(&buyer.browser, &format!("otto@{name}.example"), "owner")
            .await;
        let (one, other) = (id_of(&buyer.browser).await, id_of(&otto.browser).await);
        let (a, b) = match act {
            "remove" => join(remove(&buyer.browser, &other), remove(&otto.browser, &one)).await,
            "each other down" => {
                let down = (
                    change(&buyer.browser, &other, "agent"),
                    change(&otto.browser, &one, "agent"),
                );
                join(down.0, down.1).await
            }
            _ => {
                let down = (
                    change(&buyer.browser, &one, "agent"),
                    change(&otto.browser, &other, "agent"),
                );
                join(down.0, down.1).await
            }
        };
        let tenant = buyer.ids().await.0;
        let left = format!("tenant_id = '{tenant}' AND role = 'owner'");
        assert_eq!(
            t.count("memberships", &left).await,
            1,
            "{act}: {} {}",
            a.status,
            b.status
        );
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses[0], 204, "{act}: {statuses:?}");
        assert!(
            [403, 404, 409].contains(&statuses[1]),
            "{act}: {statuses:?}"
        );
    }
}

/// Owners are made, changed, removed and helped by owners alone.
#[tokio::test]
async fn nobody_but_an_owner_touches_owners() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ada = t.member(&acme.browser, "ada@acme.example", "admin").await;
    let ben = t
        .member(&acme.browser, "ben@acme.example", "developer")
        .await;
    let (ann, own, ben) = (
        id_of(&acme.browser).await,
        id_of(&ada.browser).await,
        id_of(&ben.browser).await,
    );
    let refused = |answer: Answer| drop(answer.expect_problem(403, "owners_only"));
    for role in ["owner", "admin", "agent"] {
        refused(change(&ada.browser, &ann, role).await);
    }
    for id in [&own, &ben] {
        refused(change(&ada.browser, id, "owner").await);
    }
    refused(remove(&ada.browser, &ann).await);
    let reset = format!("/api/v1/users/{ann}/authenticator-reset");
    refused(ada.browser.post(&reset, &Value::Null).await);
    let body = json!({"email": "eve@acme.example", "role": "owner"});
    refused(ada.browser.post("/api/v1/invitations", &body).await);
    let made = acme
        .browser
        .post("/api/v1/invitations", &body)
        .await
        .expect(201)
        .json();
    let path = format!("/api/v1/invitations/{}", made["id"].as_str().unwrap());
    refused(ada.browser.delete(&path).await);
    refused(
        ada.browser
            .post(&format!("{path}/resend"), &Value::Null)
            .await,
    );
    let page = ada
        .browser
        .post_form(&format!("/people/{ben}/role"), &[("role", "owner")])
        .await;
    let _ = page.expect(403);
    assert_eq!(owners(&t).await, 1);
    // What is left to admins they may do.
    let _ = change(&ada.browser, &ben, "agent").await.expect(204);
    let _ = remove(&ada.browser, &ben).await.expect(204);
}

/// Every act on somebody's access is told to every owner, by whom it was done; whom it concerns, where it is theirs to know.
#[tokio::test]
async fn the_owners_hear_of_every_act() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let otto = t.member(&acme.browser, "otto@acme.example", "owner").await;
    let ada = t.member(&acme.browser, "ada@acme.example", "admin").await;
    t.run_until_quiet().await;
    let told = async |before: usize| {
        t.run_until_quiet().await;
        let mails = t.mailer.sent().split_off(before);
        let told = mails
            .iter()
            .map(|mail| format!("{} → {}", mail.subject, mail.to.as_str()));
        (told.collect::<Vec<_>>(), mails)
    };
    let both = |subject: &str| {
        let owners = ["ann@acme.example", "otto@acme.example"];
        owners.map(|owner| format!("{subject} → {owner}")).to_vec()
    };
    let before = t.mailer.sent().len();
    let ben = t.member(&ada.browser, "ben@acme.example", "agent").await;
    let mut expected = vec!["Ben Builder invites you to Payphone → ben@acme.example".to_owned()];
    expected.extend(both("Somebody accepted an invitation"));
    assert_eq!(told(before).await.0, expected);
    let id = id_of(&ben.browser).await;

    let before = t.mailer.sent().len();
    let _ = change(&ada.browser, &id, "developer").await.expect(204);
    let (subjects, mails) = told(before).await;
    assert_eq!(subjects, both("A role was changed"));
    for mail in &mails {
        for words in [
            "Ben Builder (ben@acme.example) is now developer instead of agent.",
            "It was done by Ben Builder (ada@acme.example).",
            "If you did not expect this",
        ] {
            assert!(mail.text.contains(words), "{}", mail.text);
        }
    }

    let before = t.mailer.sent().len();
    let reset = format!("/api/v1/users/{id}/authenticator-reset");
    let _ = ada.browser.post(&reset, &Value::Null).await.expect(202);
    let mut expected = both("An authenticator was reset");
    expected.push("An authenticator was reset → ben@acme.example".to_owned());
    assert_eq!(told(before).await.0, expected);

    let before = t.mailer.sent().len();
    let _ = change(&ada.browser, &id, "developer").await.expect(204);
    let _ = ada
        .browser
        .delete("/api/v1/users/usr_0192aaaabbbb7ccc8dddeeeeffff0001")
        .await
        .expect(404);
    assert_eq!(
        told(before).await.0,
        Vec::<String>::new(),
        "what changes nothing is not told"
    );

    let before = t.mailer.sent().len();
    let _ = remove(&otto.browser, &id).await.expect(204);
    assert_eq!(told(before).await.0, both("Somebody was removed"));
}

/// Mails go on when the mail service does: nothing that was decided waits for it, and nothing is lost.
#[tokio::test]
async fn mails_wait_for_the_mail_service() {
    use testkit::mailer::MailerFault;
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    let id = id_of(&ben.browser).await;
    t.mailer.is_down(Some(MailerFault::Busy));
    let before = t.mailer.sent().len();
    let _ = change(&acme.browser, &id, "developer").await.expect(204);
    let calls = t.mailer.calls();
    for _ in 0..120 {
        t.run_until_quiet().await;
        t.clock.advance_real(chrono::Duration::seconds(30));
    }
    assert!(
        (2..=14).contains(&(t.mailer.calls() - calls)),
        "an hour of ever longer pauses"
    );
    t.mailer.is_down(None);
    t.clock.advance_real(chrono::Duration::hours(2));
    t.run_until_quiet().await;
    assert_eq!(t.mailer.sent().len(), before + 1);
}

/// Security 35: a body with more than belongs in it is refused whole; a form's unknown fields change nothing.
#[tokio::test]
async fn nothing_is_changed_by_the_way() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let ben = t
        .member(&acme.browser, "ben@acme.example", "developer")
        .await;
    let id = id_of(&ben.browser).await;
    let (own, theirs) = (
        acme.ids().await.0.to_string(),
        other.ids().await.0.to_string(),
    );
    let invite = json!({"email": "new@acme.example", "role": "agent"});
    let key = json!({"name": "n", "mode": "test", "scopes": ["capture"]});
    let dump = async || {
        let users = t.rows("SELECT * FROM users ORDER BY id").await;
        let members = t
            .rows("SELECT * FROM memberships ORDER BY tenant_id, user_id")
            .await;
        let sizes = t
            .rows("SELECT (SELECT count(*) FROM invitations), (SELECT count(*) FROM api_keys)")
            .await;
        (users, members, sizes)
    };
    let before = dump().await;
    for (method, path, body) in [
        (
            Method::PATCH,
            format!("/api/v1/users/{id}"),
            json!({"role": "agent"}),
        ),
        (Method::POST, "/api/v1/invitations".into(), invite),
        (Method::POST, "/api/v1/api-keys".into(), key),
        (
            Method::PUT,
            "/api/v1/account/tenant".into(),
            json!({"tenantId": own}),
        ),
    ] {
        for (field, value) in [
            ("tenant_id", json!(theirs)),
            ("id", json!("usr_0192aaaabbbb7ccc8dddeeeeffff0001")),
            ("userId", json!(id)),
            ("operator", json!(true)),
            ("expiresAt", json!("2030-01-01T00:00:00Z")),
            ("state", json!("accepted")),
        ] {
            let mut more = body.clone();
            more[field] = value;
            let request = acme.browser.request(method.clone(), &path).json(&more);
            let answer = acme.browser.send(request).await;
            assert!(
                [400, 422].contains(&answer.status),
                "{path} {field}: {}",
                answer.status
            );
            answer.check_problem();
        }
    }
    assert_eq!(dump().await, before);
    let fields = [
        ("role", "auditor"),
        ("tenant", &*theirs),
        ("id", "x"),
        ("operator", "1"),
        ("email", "eve@evil.example"),
    ];
    let _ = acme
        .browser
        .post_form(&format!("/people/{id}/role"), &fields)
        .await
        .expect(303);
    let after = dump().await;
    assert_eq!(after.0, before.0);
    assert_eq!(
        t.count(
            "memberships",
            &format!("tenant_id = '{own}' AND role = 'auditor'")
        )
        .await,
        1
    );
}

/// Values that are none: an unknown role, an address that is none, an id that is none.
#[tokio::test]
async fn what_is_no_role_and_no_address_is_said() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ann: Person<'_> = t.person(&acme.email());
    ann.signs_in().await;
    let own = id_of(&ann.browser).await;
    for role in ["Owner", "operator", "root", ""] {
        let answer = change(&ann.browser, &own, role).await;
        assert!(
            [400, 422].contains(&answer.status),
            "{role:?}: {}",
            answer.text()
        );
        answer.check_problem();
        let page = ann
            .browser
            .post_form(&format!("/people/{own}/role"), &[("role", role)])
            .await;
        assert_eq!(page.status, 422, "{role:?}");
    }
    for email in [
        "",
        "x",
        "a@",
        "@b.example",
        "a b@c.example",
        "a@b.example\r\nBcc: eve@evil.example",
    ] {
        let body = json!({"email": email, "role": "agent"});
        let answer = ann.browser.post("/api/v1/invitations", &body).await;
        let _ = answer.expect_problem(422, "bad_email");
    }
    for id in [
        "x",
        "usr_",
        "apk_0192aaaabbbb7ccc8dddeeeeffff0001",
        "usr_0192aaaabbbb7ccc8dddeeeeffff0001",
    ] {
        assert_eq!(remove(&ann.browser, id).await.status, 404, "{id}");
        assert_eq!(
            ann.browser.get(&format!("/people/{id}")).await.status,
            404,
            "{id}"
        );
    }
}

/// Whoever is behind the last one of a page is not lost when that one is removed meanwhile: the next page is refused and not empty.
#[tokio::test]
async fn a_page_behind_somebody_who_is_gone_is_refused() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for name in ["ada", "ben", "cid"] {
        let _ = t
            .member(&acme.browser, &format!("{name}@acme.example"), "agent")
            .await;
    }
    let answer = acme.browser.get("/api/v1/users?limit=2").await.expect(200);
    let last = answer.json()["next"].as_str().unwrap().to_owned();
    let next = format!("/api/v1/users?limit=2&cursor={last}");
    assert_eq!(acme.browser.get(&next).await.expect(200).items().len(), 2);
    let _ = remove(&acme.browser, &last).await.expect(204);
    let answer = acme.browser.get(&next).await;
    let _ = answer.expect_problem(400, "bad_cursor");
}

/// Upper and lower case are the same in every alphabet, whatever the database makes of it.
#[tokio::test]
async fn names_are_found_in_every_alphabet() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ann = id_of(&acme.browser).await;
    t.break_database(&format!(
        "UPDATE users SET name = 'Ümit ÇELİK-Ōta' WHERE id = '{ann}'"
    ))
    .await;
    for (text, found) in [
        ("Ümit", 1),
        ("ümit", 1),
        ("ÜMIT", 1),
        ("Ōta", 1),
        ("ōta", 1),
        ("ōtto", 0),
        ("ÇEL", 1),
        ("Ümit ÇELİK", 1),
    ] {
        let query = reqwest::Url::parse_with_params("http://x/", [("q", text)]).unwrap();
        let path = format!("/api/v1/users?{}", query.query().unwrap());
        let items = acme.browser.get(&path).await.expect(200).items();
        assert_eq!(items.len(), found, "{text}");
    }
}
