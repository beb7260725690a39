//! Long lists: sorted, narrowed and paged by the database; several rows at once, or none of them; and files that no spreadsheet runs.

use serde_json::json;
use testkit::TestApp;

use super::{link, page, sent_to};

/// What a spreadsheet would run.
const FORMULA: &str = "=cmd|' /C calc'!A0, \"open\"";

/// Makes a key under its name; answers its id.
async fn key(browser: &testkit::Client, name: &str) -> String {
    let body = json!({"name": name, "mode": "test", "scopes": ["usage:read"]});
    let made = browser.post("/api/v1/api-keys", &body).await.expect(201);
    made.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn several_keys_are_revoked_at_once_after_a_question_each_with_its_line() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let browser = &acme.browser;
    let (one, two, kept) = (
        key(browser, "one").await,
        key(browser, "two").await,
        key(browser, "kept").await,
    );
    let asked = format!("/api-keys/revoke?key={one}&key={two}&key={one}");
    let text = page(browser.get(&asked).await, 200, "Revoke 2 keys?");
    assert!(text.contains(&format!("value=\"{one}\"")) && !text.contains(&kept));
    assert_eq!(t.count("api_keys", "revoked_at is not null").await, 0);
    let end = t.trail_end().await;
    let fields = [("key", one.as_str()), ("key", two.as_str())];
    let to = sent_to(browser.post_form("/api-keys/revoke", &fields).await);
    page(browser.get(&to).await, 200, "and 1 more are revoked");
    assert_eq!(t.count("api_keys", "revoked_at is not null").await, 2);
    let lines = t.trail_since(&end, "action, target").await;
    let mut revoked = vec![
        vec!["apiKey.revoke".to_owned(), one.clone()],
        vec!["apiKey.revoke".to_owned(), two],
    ];
    revoked.sort();
    assert_eq!(lines, revoked);
    // Nothing is left to ask about.
    let asked = format!("/api-keys/revoke?key={one}");
    let to = sent_to(browser.get(&asked).await);
    page(browser.get(&to).await, 200, "nothing was revoked");
    let to = sent_to(browser.get("/api-keys/revoke").await);
    page(browser.get(&to).await, 200, "nothing was revoked");
}

/// The value of a hidden field.
fn hidden(text: &str, name: &str) -> String {
    let fields = text.split("<input ").skip(1);
    let mut fields = fields.map(|field| field.split('>').next().unwrap());
    let field = fields
        .find(|field| field.contains(&format!("name=\"{name}\"")))
        .unwrap();
    let value = field.split_once("value=\"").unwrap().1;
    value.split('"').next().unwrap().to_owned()
}

/// Loading the answer again sends the form again: it shows the same, and nothing is made twice or replaced.
#[tokio::test]
async fn what_is_shown_once_is_made_once_however_often_its_page_is_loaded() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let browser = &acme.browser;
    let secret = |text: &str| {
        let at = text.find("ppk_test_").unwrap();
        text[at..].split(['<', '"']).next().unwrap().to_owned()
    };
    let form = page(browser.get("/api-keys").await, 200, "Make test key");
    let once = hidden(&form, "once");
    let fields = [
        ("name", "till"),
        ("mode", "test"),
        ("scopes", "usage:write"),
        ("once", once.as_str()),
    ];
    let first = browser.post_form("/api-keys", &fields).await;
    let first = page(first, 201, "only time it is shown");
    let again = browser.post_form("/api-keys", &fields).await;
    assert_eq!(
        secret(&page(again, 201, "only time it is shown")),
        secret(&first)
    );
    assert_eq!(t.count("api_keys", "name = 'till'").await, 1);
    // Another showing of the form makes another key; and what was wrong can be corrected.
    let form = page(browser.get("/api-keys").await, 200, "till");
    let other = hidden(&form, "once");
    assert_ne!(other, once);
    let wrong = [("name", ""), ("mode", "test"), ("once", other.as_str())];
    let corrected = page(browser.post_form("/api-keys", &wrong).await, 422, "once");
    let fields = [
        ("name", "till"),
        ("mode", "test"),
        ("scopes", "usage:write"),
        ("once", &hidden(&corrected, "once")),
    ];
    let second = page(
        browser.post_form("/api-keys", &fields).await,
        201,
        "only time it is shown",
    );
    assert_ne!(secret(&second), secret(&first));
    // To somebody else the name says nothing.
    let dev = t.member(browser, "dev@acme.example", "developer").await;
    let fields = [
        ("name", "till"),
        ("mode", "test"),
        ("scopes", "usage:write"),
        ("once", once.as_str()),
    ];
    let theirs = page(
        dev.browser.post_form("/api-keys", &fields).await,
        201,
        "only time it is shown",
    );
    assert_ne!(secret(&theirs), secret(&first));
    assert_eq!(t.count("api_keys", "name = 'till'").await, 3);
    // Recovery codes end those before them: twice the same form ends none that was just written down.
    let path = "/account/recovery-codes";
    let form = page(browser.get(path).await, 200, "Make ten codes");
    let fields = [("once", hidden(&form, "once"))];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let codes = |text: &str| {
        text.split_once("<pre")
            .unwrap()
            .1
            .split("</pre>")
            .next()
            .unwrap()
            .to_owned()
    };
    let first = page(
        browser.post_form(path, &fields).await,
        201,
        "Keep your recovery codes",
    );
    let again = page(
        browser.post_form(path, &fields).await,
        201,
        "Keep your recovery codes",
    );
    assert_eq!(codes(&again), codes(&first));
}

#[tokio::test]
async fn with_one_key_that_is_somebody_elses_nothing_is_done() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let own = key(&acme.browser, "own").await;
    let theirs = key(&other.browser, "theirs").await;
    let end = t.trail_end().await;
    for strange in [theirs.as_str(), "apk_nonsense", "' or 1=1"] {
        let fields = [("key", own.as_str()), ("key", strange)];
        let answer = acme.browser.post_form("/api-keys/revoke", &fields).await;
        page(answer, 404, "nothing here");
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let asked = format!("/api-keys/revoke?{query}");
        page(acme.browser.get(&asked).await, 404, "nothing here");
    }
    assert_eq!(t.count("api_keys", "revoked_at is not null").await, 0);
    let lines = t.trail_since(&end, "action").await;
    assert_eq!(lines, Vec::<Vec<String>>::new());
    // More than a page has, and none.
    let many: Vec<String> = (0..51).map(|n| format!("apk_{n:032x}")).collect();
    let fields: Vec<_> = many.iter().map(|id| ("key", id.as_str())).collect();
    let answer = acme.browser.post_form("/api-keys/revoke", &fields).await;
    assert_eq!(answer.status, 422);
    let answer = acme.browser.post_form("/api-keys/revoke", &[]).await;
    assert_eq!(answer.status, 422);
    let auditor = t.member(&acme.browser, "aud@acme.example", "auditor").await;
    let answer = auditor
        .browser
        .post_form("/api-keys/revoke", &[("key", &own)])
        .await;
    page(answer, 403, "Your role");
    assert_eq!(t.count("api_keys", "revoked_at is not null").await, 0);
}

#[tokio::test]
async fn ten_thousand_keys_are_a_page_like_any_other() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let browser = &acme.browser;
    let first = key(browser, "Alpha").await;
    t.break_database(&format!(
        "INSERT INTO api_keys (id, tenant_id, name, mode, scopes, prefix, sha256, created_at, revoked_at)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
         SELECT 'apk_01920000000070008000' || (100000000000 + i), tenant_id, 'till ' || (100000 + i),
             CASE WHEN i % 2 = 0 THEN 'test' ELSE 'live' END, scopes, prefix, 'x' || i, created_at,
             CASE WHEN i % 4 < 2 THEN created_at END
         FROM api_keys, n WHERE id = '{first}'"
    ))
    .await;
    let rows = |text: &str| text.matches("<th scope=\"row\"").count();
    let text = page(browser.get("/api-keys").await, 200, "Next page");
    assert_eq!(rows(&text), 50);
    // By name, from the first to the next page, and back.
    let text = page(browser.get("/api-keys?sort=name").await, 200, "Alpha");
    let next = link(&text, "/api-keys?sort=name&amp;after=");
    let text = page(browser.get(&next).await, 200, "First page");
    // The file of a page has the whole list, and says so.
    assert!(text.contains("Export all") && !text.contains("Export what matches"));
    // Every other one is a test key, and test keys are what is looked at.
    assert!(text.contains("till 100100") && text.contains("till 100198"));
    assert!(!text.contains("till 100098") && !text.contains("till 100200"));
    assert!(!text.contains("till 100101"));
    // Deep in it, narrowed: as many as there are, each once.
    browser.looks_at_live();
    let path = "/api-keys?state=revoked&sort=oldest";
    let text = page(browser.get(path).await, 200, "Export what matches");
    let (mut seen, mut at) = (0, path.to_owned());
    loop {
        let text = page(browser.get(&at).await, 200, "Your live keys");
        assert!(!text.contains("label=\"Revoke till"));
        seen += rows(&text);
        let start = format!("{}&amp;after=", path.replace('&', "&amp;"));
        if !text.contains(&format!("href=\"{start}")) {
            break;
        }
        at = link(&text, &start);
    }
    // The file has the same, and so has a program.
    let file = link(&text, "/api/v1/api-keys?mode=live&amp;state=revoked");
    let file = browser.get(&file).await.expect(200).text();
    assert_eq!(file.lines().count(), seen + 1);
    assert!(file.lines().nth(1).unwrap().contains("till 100001"));
    let answer = browser
        .get("/api/v1/api-keys?mode=live&state=revoked&limit=200")
        .await;
    assert_eq!(answer.expect(200).items().len(), 200);
    let answer = browser.get("/api/v1/api-keys?state=lost").await;
    let _ = answer.expect_problem(400, "bad_filter");
    let condition = "revoked_at is not null and mode = 'live'";
    assert_eq!(
        i64::try_from(seen).unwrap(),
        t.count("api_keys", condition).await
    );
    let gone = format!("/api-keys?sort=name&after=apk_{:032x}", 1);
    page(browser.get(&gone).await, 400, "could not read");
    page(
        browser.get("/api-keys?sort=size").await,
        400,
        "could not read",
    );
}

#[tokio::test]
async fn ten_thousand_members_are_a_page_like_any_other() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let browser = &acme.browser;
    let owner = browser.get("/api/v1/users").await.expect(200).items()[0]["id"].clone();
    let owner = owner.as_str().unwrap();
    t.break_database(&format!(
        "INSERT INTO users (id, email, email_key, name, known, operator, resend, reset_authenticator, sign_out, due, looks, look_at, created_at)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
         SELECT 'usr_01920000000070008000' || (100000000000 + i), 'p' || i || '@acme.example', 'p' || i || '@acme.example',
             CASE WHEN i % 2 = 0 THEN 'agent ' ELSE 'AGENT ' END || (100000 + i), known, operator, resend, reset_authenticator,
             sign_out, due, looks, look_at, created_at
         FROM users, n WHERE id = '{owner}';
         INSERT INTO memberships (tenant_id, user_id, role, created_at)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
         SELECT tenant_id, 'usr_01920000000070008000' || (100000000000 + i),
             CASE WHEN i % 100 = 0 THEN 'auditor' ELSE 'agent' END, created_at
         FROM memberships, n WHERE user_id = '{owner}'"
    ))
    .await;
    let rows = |text: &str| text.matches("class=\"strong\"").count();
    // The mightiest first, then by name whatever its case.
    let text = page(browser.get("/people").await, 200, "(you)");
    assert_eq!(rows(&text), 50);
    assert!(text.contains("AGENT 100001") && text.contains("agent 100002"));
    let next = link(&text, "/people?after=");
    let text = page(browser.get(&next).await, 200, "AGENT 100051");
    assert!(!text.contains("agent 100048") && !text.contains("(you)"));
    // Narrowed by role and by words; what stands for anything in SQL stands for itself here.
    for (query, found) in [
        ("q=p77%40", 1),
        ("q=agent+10007", 10),
        ("of=owner", 1),
        ("of=auditor&q=Agent+1001", 1),
        ("q=%25", 0),
        ("q=_gent", 0),
        ("q=%5C", 0),
        ("q=%00", 0),
    ] {
        let text = page(
            browser.get(&format!("/people?{query}")).await,
            200,
            "Members",
        );
        assert_eq!(rows(&text), found, "{query}");
    }
    for sort in ["name", "newest"] {
        let text = page(
            browser.get(&format!("/people?sort={sort}")).await,
            200,
            "Next",
        );
        assert_eq!(rows(&text), 50, "{sort}");
        let next = link(&text, &format!("/people?sort={sort}&amp;after="));
        assert_eq!(rows(&page(browser.get(&next).await, 200, "First page")), 50);
    }
    page(browser.get("/activity").await, 200, "What happened");
    // The first pages count them, and name the owners alone.
    let text = page(browser.get("/").await, 200, "10,000");
    assert!(!text.contains("p77@acme.example"));
    let text = page(browser.get("/setup").await, 200, "Your account is ready");
    assert!(!text.contains("p77@acme.example"));
    page(browser.get("/people?of=king").await, 400, "could not read");
    // The file has what the page is narrowed to, in its order; all of it, however long.
    let text = page(
        browser.get("/people?of=auditor&sort=name").await,
        200,
        "Export what matches",
    );
    let file = link(&text, "/api/v1/users?role=auditor");
    let file = browser.get(&file).await.expect(200).text();
    assert_eq!(file.lines().count(), 100);
    assert!(file.lines().nth(1).unwrap().contains("agent 100100"));
    let file = browser
        .get("/api/v1/users?format=csv")
        .await
        .expect(200)
        .text();
    assert_eq!(file.lines().count(), 10_001);
    let answer = browser
        .get("/api/v1/users?limit=1000&q=Agent+1001")
        .await
        .expect(200);
    assert_eq!(
        (answer.items().len(), answer.json()["next"].as_str()),
        (100, None)
    );
    let answer = browser.get("/api/v1/users").await.expect(200);
    assert_eq!(answer.items().len(), 50);
    assert!(answer.json()["next"].as_str().unwrap().starts_with("usr_"));
}

/// ASVS 1.2.10: a name that a spreadsheet would run is written behind an apostrophe.
#[tokio::test]
async fn files_of_keys_and_people_hold_no_formula() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.person("ben@acme.example");
    ben.is_invited_by(&acme.browser, "admin").await;
    ben.accepts(FORMULA).await;
    t.run_until_quiet().await;
    key(&acme.browser, FORMULA).await;
    let quoted = format!("\"'{}\"", FORMULA.replace('"', "\"\""));
    for (path, name) in [
        ("/api/v1/api-keys?format=csv", "api-keys.csv"),
        ("/api/v1/users?format=csv", "people.csv"),
    ] {
        let file = acme.browser.get(path).await.expect(200);
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
        assert!(file.header("content-disposition").contains(name));
        let text = file.text();
        assert!(text.contains(&quoted), "{text}");
        assert!(!text.contains(",=") && !text.contains(",\"="), "{text}");
    }
    // The pages lead to the files of what they show.
    for (path, file) in [
        ("/api-keys", "/api/v1/api-keys?mode=test&amp;format=csv"),
        ("/people", "/api/v1/users?format=csv"),
    ] {
        page(acme.browser.get(path).await, 200, file);
    }
}

#[tokio::test]
async fn ten_thousand_invitations_are_a_page_like_any_other() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let browser = &acme.browser;
    let ben = t.person("ben@acme.example");
    ben.is_invited_by(browser, "agent").await;
    t.break_database(
        "INSERT INTO invitations (id, tenant_id, email, email_key, role, created_at, expires_at)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
         SELECT 'inv_01920000000070008000' || (100000000000 + i), tenant_id, 'p' || i || '@acme.example', 'p' || i || '@acme.example',
             role, created_at, expires_at
         FROM invitations, n WHERE role = 'agent'",
    )
    .await;
    let text = page(browser.get("/people").await, 200, "ben@acme.example");
    assert!(text.contains("p9999@acme.example") && !text.contains("p9000@acme.example"));
    let next = link(&text, "/people?invited_after=");
    let text = page(browser.get(&next).await, 200, "p9950@acme.example");
    assert!(text.contains("p9901@acme.example") && !text.contains("p9951@acme.example"));
    let answer = browser
        .get("/api/v1/invitations?limit=200")
        .await
        .expect(200);
    assert_eq!(answer.items().len(), 200);
    let cursor = answer.json()["next"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/invitations?limit=1&cursor={cursor}");
    let answer = browser.get(&path).await.expect(200);
    assert_eq!(answer.items()[0]["email"], "p9800@acme.example");
    // Narrowed like the members above them.
    let text = page(
        browser.get("/people?q=P777%40&of=agent").await,
        200,
        "p777@acme.example",
    );
    assert!(!text.contains("p9999@") && !text.contains("ben@acme.example"));
    let text = page(browser.get("/people?of=auditor").await, 200, "Members");
    assert!(!text.contains("p9999@acme.example"));
    // What was done is said about one that is on no page near by.
    let id = "inv_01920000000070008000100000000007";
    let path = format!("/people/invitations/{id}/resend");
    let to = sent_to(browser.post_form(&path, &[]).await);
    page(browser.get(&to).await, 200, "on its way to p7@acme.example");
}

/// The trail from its beginning: the other order, page by page and as a file.
#[tokio::test]
async fn the_trail_is_read_from_either_end() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let browser = &acme.browser;
    for n in 0..30 {
        let id = key(browser, &format!("key {n}")).await;
        let revoked = browser.delete(&format!("/api/v1/api-keys/{id}")).await;
        let _ = revoked.expect(200);
    }
    let text = page(
        browser.get("/activity").await,
        200,
        "aria-sort=\"descending\"",
    );
    let oldest = link(&text, "/activity?sort=oldest");
    let text = page(browser.get(&oldest).await, 200, "aria-sort=\"ascending\"");
    assert!(text.contains("buyer:lic_"));
    let next = link(&text, "/activity?sort=oldest&amp;after=");
    let text = page(browser.get(&next).await, 200, "First page");
    assert!(!text.contains("buyer:lic_") && text.contains("apiKey.create"));
    let file = browser
        .get("/api/v1/audit-log?sort=oldest&format=csv")
        .await;
    let file = file.expect(200).text();
    let names: Vec<&str> = file.lines().next().unwrap().split(',').collect();
    let at = names.iter().rposition(|name| *name == "seq").unwrap();
    // No cell behind it has a comma in it.
    let from_end = names.len() - at;
    let place = |line: &str| line.rsplit(',').nth(from_end - 1)?.parse().ok();
    let places: Vec<i64> = file.lines().skip(1).filter_map(place).collect();
    assert!(places.len() > 60 && places[0] == 1 && places.is_sorted());
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/audit-log?sort=oldest&limit=20{cursor}");
        let answer = browser.get(&path).await.expect(200);
        seen.extend(
            answer
                .items()
                .iter()
                .map(|line| line["seq"].as_i64().unwrap()),
        );
        match answer.json()["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, places);
}

#[tokio::test]
async fn the_operators_lists_are_narrowed_by_state() {
    let t = TestApp::start().await;
    t.tenant("acme").await;
    t.queue.put("no event at all");
    t.run_until_quiet().await;
    let operator = t.signed_in_operator("op@payphone.example").await;
    let browser = &operator.browser;
    let text = page(
        browser.get("/operator/events?state=unreadable").await,
        200,
        "no event at all",
    );
    assert_eq!(text.matches("<th scope=\"row\"").count(), 1);
    let text = page(
        browser.get("/operator/events?state=applied").await,
        200,
        "applied",
    );
    assert!(!text.contains("no event at all"));
    page(
        browser.get("/operator/tenants?state=active").await,
        200,
        "active",
    );
    page(
        browser.get("/operator/tenants?state=ended").await,
        200,
        "Nothing is like that",
    );
    page(
        browser.get("/operator/tenants?state=x").await,
        400,
        "could not read",
    );
}
