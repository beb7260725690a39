//! The operator's lists: ten thousand rows of each are a page like any other, sorted, narrowed and searched by the database, and files of
//! what was asked for.

use std::collections::BTreeSet;

use testkit::TestApp;

use super::{link, page};

/// Ten thousand tenants with a licence, a registration, an event and a job each.
async fn fill(t: &TestApp, tenant: &str) {
    let n = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)";
    let id = |prefix: &str| format!("'{prefix}_01920000000070008000' || (100000000000 + i)");
    let (ten, lic, reg) = (id("ten"), id("lic"), id("reg"));
    let (evt, mai) = (id("evt"), id("mai"));
    t.break_database(&format!(
        "INSERT INTO tenants (id, name, state, created_at)
         {n} SELECT {ten}, CASE WHEN i % 2 = 0 THEN 'harbour ' ELSE 'HARBOUR ' END || (100000 + i),
             CASE WHEN i % 4 = 0 THEN 'ended' ELSE 'active' END, created_at
         FROM tenants, n WHERE id = '{tenant}';
         INSERT INTO licences (id, tenant_id, license_key, license_arn, product_code, account, agreement_id, pricing, standing, since,
             created_at, free_trial)
         {n} SELECT {lic}, {ten}, 'l-' || (100000 + i), license_arn || i, product_code, CAST(100000000000 + i AS VARCHAR(12)),
             'agmt-' || (100000 + i), pricing, standing, since, created_at, free_trial
         FROM licences, n WHERE tenant_id = '{tenant}';
         INSERT INTO registrations (id, tenant_id, licence_id, created_at, looks, look_at, forms)
         {n} SELECT {reg}, {ten}, {lic}, created_at, looks, look_at, forms
         FROM registrations, n WHERE tenant_id = '{tenant}';
         INSERT INTO registration_steps (tenant_id, registration_id, step, state, message, failures, checked_at)
         {n} SELECT {ten}, {reg}, step, 'done', message, failures, checked_at
         FROM registration_steps, n WHERE tenant_id = '{tenant}' AND step = 'tenant';
         INSERT INTO registration_steps (tenant_id, registration_id, step, state, message, failures, checked_at)
         {n} SELECT {ten}, {reg}, step, CASE WHEN i % 100 = 0 THEN 'failed' WHEN i % 50 = 1 THEN 'waiting' ELSE 'done' END, message,
             failures, checked_at
         FROM registration_steps, n WHERE tenant_id = '{tenant}' AND step = 'licence';
         INSERT INTO registration_steps (tenant_id, registration_id, step, state, message, failures, checked_at)
         {n} SELECT {ten}, {reg}, step, CASE WHEN i % 100 = 0 THEN 'waiting' ELSE 'done' END, message, failures, checked_at
         FROM registration_steps, n WHERE tenant_id = '{tenant}' AND step = 'keyPair';
         INSERT INTO inbox (id, source, message_id, body, received_at, state, detail_type, agreement_id, license_key)
         {n} SELECT {evt}, 'eventbridge', 'm-' || i, 'body', created_at,
             CASE WHEN i % 40 = 0 THEN 'unmatched' ELSE 'applied' END, 'License Updated',
             CASE WHEN i % 40 = 0 THEN 'agmt-lost-' ELSE 'agmt-' END || (100000 + i), NULL
         FROM tenants, n WHERE id = '{tenant}';
         INSERT INTO jobs (work, item, attempts, begun_at, quarantined_at)
         {n} SELECT 'mail', {mai}, CASE WHEN i % 100 = 0 THEN 5 WHEN i % 10 = 0 THEN 3 ELSE 1 END, created_at,
             CASE WHEN i % 100 = 0 THEN created_at END
         FROM tenants, n WHERE id = '{tenant}'"
    ))
    .await;
}

/// The text of the first cell of every row, markup and all.
fn rows(text: &str) -> Vec<&str> {
    let cells = text.split("<th scope=\"row\"").skip(1);
    let rows = cells.map(|rest| rest.split("</tr>").next().unwrap_or_default());
    rows.collect()
}

/// Every row of every page from that one on, each once; answers how many.
async fn walk(browser: &testkit::Client, path: &str) -> usize {
    let (mut seen, mut count, mut at) = (BTreeSet::new(), 0, path.to_owned());
    let more = if path.contains('?') { "&amp;" } else { "?" };
    let start = format!("{}{more}after=", path.replace('&', "&amp;"));
    loop {
        let text = page(browser.get(&at).await, 200, "Export");
        for row in rows(&text) {
            count += 1;
            seen.insert(row.to_owned());
        }
        if !text.contains(&format!("href=\"{start}")) {
            break;
        }
        at = link(&text, &start);
    }
    assert_eq!(seen.len(), count, "{path}: a row stands on two pages");
    count
}

#[tokio::test]
async fn ten_thousand_of_each_are_a_page_like_any_other() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let tenant = acme.ids().await.0.to_string();
    fill(&t, &tenant).await;
    let operator = t.signed_in_operator("op@vendor.example").await;
    let browser = &operator.browser;
    // Deep in each, narrowed and in the other order: as many as there are, each once.
    for (path, many) in [
        ("/operator/tenants?state=ended&sort=name", 2499),
        ("/operator/tenants?q=harbour+1001&sort=oldest", 100),
        ("/operator/registrations?state=failed&sort=oldest", 99),
        ("/operator/registrations?state=waiting", 200),
        ("/operator/events?state=unmatched", 249),
        ("/operator/jobs?state=quarantined&sort=newest", 99),
        ("/operator/jobs?state=suspect", 900),
    ] {
        assert_eq!(walk(browser, path).await, many, "{path}");
    }
    // By name whatever its case; a heading leads to each order.
    let text = page(
        browser.get("/operator/tenants?sort=name").await,
        200,
        "By name",
    );
    let found = rows(&text);
    assert!(found[1].contains("HARBOUR 100001") && found[2].contains("harbour 100002"));
    assert!(text.contains("aria-sort=\"ascending\""));
    // The file of a page has the whole list, and says so.
    let next = link(&text, "/operator/tenants?sort=name&amp;after=");
    let text = page(browser.get(&next).await, 200, "First page");
    assert!(text.contains("Export all") && !text.contains("Export what matches"));
    // The quarantined come first.
    let text = page(browser.get("/operator/jobs").await, 200, "Next page");
    let found = rows(&text);
    assert_eq!(found.len(), 50);
    assert!(found.iter().all(|row| row.contains("quarantined")));
}

#[tokio::test]
async fn a_row_is_found_by_what_names_it_and_leads_to_what_belongs_to_it() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let tenant = acme.ids().await.0.to_string();
    fill(&t, &tenant).await;
    let operator = t.signed_in_operator("op@vendor.example").await;
    let browser = &operator.browser;
    let wanted = "01920000000070008000100000000777";
    let ids = ["ten", "lic", "reg", "evt"].map(|prefix| format!("{prefix}_{wanted}"));
    let [ten, lic, reg, evt] = &ids;
    let arn = "arn:aws:license-manager::100000000777:license:l-100777";
    for (path, words) in [
        (
            "tenants",
            vec![
                ten,
                lic,
                "agmt-100777",
                "l-100777",
                arn,
                "HARBOUR 100777",
                "…00000777",
            ],
        ),
        (
            "registrations",
            vec![
                ten,
                lic,
                reg,
                "agmt-100777",
                arn,
                "harbour 100777",
                "100000000777",
            ],
        ),
        ("events", vec![ten, lic, evt, "agmt-100777", "m-777", arn]),
    ] {
        for word in words {
            let word: String = form_urlencoded::byte_serialize(word.as_bytes()).collect();
            let text = page(
                browser.get(&format!("/operator/{path}?q={word}")).await,
                200,
                wanted,
            );
            assert_eq!(rows(&text).len(), 1, "{path} {word}");
        }
        // What stands for anything in SQL stands for itself; what nobody has is not there.
        for word in ["%25", "_arbour", "%5C", "%27+or+1%3D1+--", "ten_", "777%25"] {
            let text = browser.get(&format!("/operator/{path}?q={word}")).await;
            page(text, 200, "Nothing is like that");
        }
    }
    let text = page(
        browser
            .get(&format!("/operator/registrations?q={reg}"))
            .await,
        200,
        "",
    );
    let text = page(
        browser.get(&link(&text, "/operator/tenants?q=")).await,
        200,
        ten,
    );
    assert_eq!(rows(&text).len(), 1);
    for to in ["/operator/registrations?q=", "/operator/events?q="] {
        let text = page(browser.get(&link(&text, to)).await, 200, wanted);
        assert_eq!(rows(&text).len(), 1, "{to}");
    }
    let job = format!("/operator/jobs?q=mai_{wanted}");
    assert_eq!(
        rows(&page(browser.get(&job).await, 200, "running")).len(),
        1
    );
}

/// The file and the program get what the page shows, all pages of it.
#[tokio::test]
async fn files_and_programs_get_what_is_asked_for() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let tenant = acme.ids().await.0.to_string();
    fill(&t, &tenant).await;
    t.break_database(&format!(
        "UPDATE tenants SET name = '=1+1' WHERE id = '{tenant}'"
    ))
    .await;
    let operator = t.signed_in_operator("op@vendor.example").await;
    for (path, many) in [
        ("/operator/tenants?state=ended", 2499),
        ("/operator/registrations?state=failed", 99),
        ("/operator/events?state=unmatched&sort=oldest", 249),
        ("/operator/jobs?state=suspect", 900),
    ] {
        let text = page(operator.browser.get(path).await, 200, "Export what matches");
        let file = link(&text, &format!("/api/v1{}", path.replace('&', "&amp;")));
        let file = operator.browser.get(&file).await.expect(200);
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
        assert!(file.header("content-disposition").contains(".csv"));
        assert_eq!(file.text().lines().count(), many + 1, "{path}");
        // The same by program, page by page.
        let (mut seen, mut cursor) = (BTreeSet::new(), String::new());
        let api = t.operator();
        loop {
            let answer = api
                .get(&format!("/api/v1{path}&limit=200{cursor}"))
                .await
                .expect(200);
            seen.extend(answer.items().iter().map(ToString::to_string));
            let Some(next) = answer.json()["next"].as_str().map(str::to_owned) else {
                break;
            };
            let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen.len(), many, "{path}");
    }
    let file = t
        .operator()
        .get("/api/v1/operator/tenants?format=csv")
        .await
        .expect(200);
    assert_eq!(file.text().lines().count(), 10_001);
    assert!(file.text().contains(",'=1+1,") && !file.text().contains(",=1+1"));
    for list in ["registrations", "tenants", "events", "jobs"] {
        for wrong in ["state=x", "sort=x", "q=%00", "q=a%0Ab"] {
            let answer = t
                .operator()
                .get(&format!("/api/v1/operator/{list}?{wrong}"))
                .await;
            let _ = answer.expect_problem(400, "bad_filter");
            page(
                operator
                    .browser
                    .get(&format!("/operator/{list}?{wrong}"))
                    .await,
                400,
                "could not read",
            );
        }
        let answer = t
            .operator()
            .get(&format!("/api/v1/operator/{list}?cursor=x"))
            .await;
        let _ = answer.expect_problem(400, "bad_cursor");
    }
}

/// A job that ends between two pages takes nothing of the second with it.
#[tokio::test]
async fn the_page_behind_a_job_that_has_ended_is_still_there() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    fill(&t, &acme.ids().await.0.to_string()).await;
    let operator = t.signed_in_operator("op@vendor.example").await;
    let text = page(
        operator.browser.get("/operator/jobs?state=suspect").await,
        200,
        "",
    );
    let next = link(&text, "/operator/jobs?state=suspect&amp;after=");
    t.break_database(
        "DELETE FROM jobs WHERE attempts = 3 AND item < 'mai_01920000000070008000100000001000'",
    )
    .await;
    let text = page(operator.browser.get(&next).await, 200, "First page");
    assert_eq!(rows(&text).len(), 50);
}
