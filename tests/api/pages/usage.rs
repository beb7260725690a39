//! `/usage`: its chart, its bill, its table; what its address may ask for, and that it stays small however long the ledger is.

use control::config::PricesConfig;
use testkit::{Buyer, Options, TestApp};

use super::page;

#[tokio::test]
async fn an_address_that_asks_for_what_is_not_there_is_answered_with_a_page() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    acme.browser.looks_at_live();
    acme.till().await.sends(&acme.usage("one", 2)).await;
    for query in [
        "range=1y",
        "range=today",
        "range=%3Cscript%3E",
        "sort=random",
        "state=nice",
        "dimension=Payments",
        "cursor=x",
        "cursor=1.%00",
        "cursor=99999999999999999999.met_0192aaaabbbb7ccc8dddeeeeffff0001",
    ] {
        let answer = acme.browser.get(&format!("/usage?{query}")).await;
        let text = page(answer, 400, "Open Usage again");
        assert!(!text.contains("<script>"), "{query}");
    }
    for query in ["range=48h", "range=7d&sort=oldest", "state=open&dimension="] {
        let answer = acme.browser.get(&format!("/usage?{query}")).await;
        page(answer, 200, "Show as a table");
    }
}

#[tokio::test]
async fn the_chart_has_every_unit_once_by_where_it_stands() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    acme.browser.looks_at_live();
    let till = acme.till().await;
    let trial = acme.api_key("test", &["usage:write"]).await;
    till.sends(&acme.usage("one", 1200)).await;
    other.till().await.sends(&other.usage("one", 7000)).await;
    t.an_hour_passes().await;
    till.sends(&acme.usage("two", 30)).await;
    trial.sends(&acme.usage("three", 4)).await;
    acme.signs_in().await;
    for (query, bars, says) in [
        ("range=48h", 48, "1,200 accepted, 0 on its way, 30 open"),
        ("range=7d", 28, "1,200 accepted, 0 on its way, 30 open"),
        ("range=30d", 30, "1,200 accepted, 0 on its way, 30 open"),
        (
            "range=48h&dimension=test_payments",
            48,
            "0 accepted, 0 on its way, 4 open",
        ),
        (
            "range=30d&dimension=payments",
            30,
            "1,200 accepted, 0 on its way, 30 open",
        ),
    ] {
        let answer = acme.browser.get(&format!("/usage?{query}")).await;
        let text = page(answer, 200, says);
        assert_eq!(text.matches("data-point").count(), bars, "{query}");
        let figure = text.split_once("<figure").unwrap().1;
        let table = figure.split_once("<tbody>").unwrap().1;
        let table = table.split_once("</tbody>").unwrap().0;
        assert_eq!(table.matches("<tr>").count(), bars, "{query}");
        // The table behind it has the same.
        let together = says.split(", ").map(|part| {
            let number = part.split(' ').next().unwrap().replace(',', "");
            number.parse::<i64>().unwrap()
        });
        assert_eq!(sum_of(table), together.sum::<i64>(), "{query}");
    }
    let answer = acme
        .browser
        .get("/usage?range=30d&dimension=captures")
        .await;
    page(answer, 200, "Nothing was used");
}

/// What the last cells of the rows come to.
fn sum_of(table: &str) -> i64 {
    let last = table.split("</tr>").filter_map(|row| {
        let cell = row.rsplit_once("<td class=\"num\">")?.1;
        let digits = cell.split('<').next()?.replace(',', "");
        digits.trim().parse::<i64>().ok()
    });
    last.sum()
}

#[tokio::test]
async fn the_bill_is_expected_at_the_listed_price_if_there_is_one() {
    let unknown = TestApp::start().await;
    let acme = unknown.tenant("acme").await;
    sells(&unknown, &acme).await;
    for path in ["/usage", "/subscription"] {
        let text = page(acme.browser.get(path).await, 200, "price of your offer");
        assert!(
            !text.contains(">$") && !text.contains("List price"),
            "{path}"
        );
    }
    drop(acme);

    let listed = Options {
        prices: PricesConfig {
            payments: "0.12".to_owned(),
            captures: "0.05".to_owned(),
        },
        ..Options::default()
    };
    let t = listed.start().await;
    let acme = t.tenant("acme").await;
    sells(&t, &acme).await;
    // 25 accepted; three more still open, and on no bill yet.
    acme.till().await.sends(&acme.usage("three", 3)).await;
    let text = page(acme.browser.get("/usage").await, 200, "$3.00");
    assert!(text.contains("A private offer has prices of its own"));
    let text = page(acme.browser.get("/subscription").await, 200, "$3.00");
    assert!(text.contains("25 payments at $0.12"), "{text}");
    let text = page(acme.browser.get("/").await, 200, "$3.00");
    assert!(!text.contains("free trial"));
    // AWS tells that there is a free trial, and not when it ends: the sum is never without that word.
    t.break_database("UPDATE licences SET free_trial = true")
        .await;
    for path in ["/", "/usage", "/subscription"] {
        let text = page(acme.browser.get(path).await, 200, "$3.00");
        assert!(text.contains("free trial"), "{path}");
    }
}

async fn sells(t: &TestApp, acme: &Buyer<'_>) {
    acme.browser.looks_at_live();
    acme.till().await.sends(&acme.usage("one", 25)).await;
    t.an_hour_passes().await;
    acme.signs_in().await;
}

/// Ten thousand hours before the present one, each of 3 units; as many as the page would have after years.
async fn ten_thousand_hours(t: &TestApp, acme: &Buyer<'_>) {
    acme.browser.looks_at_live();
    acme.till().await.sends(&acme.usage("one", 3)).await;
    t.an_hour_passes().await;
    t.break_database(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10000) \
         INSERT INTO metering_records (id, tenant_id, licence_id, dimension, hour, quantity, state, metering_record_id, \
             attempts, note, retry_at, changed_at, sealed_at) \
         SELECT 'met_0192aaaabbbb7ccc8ddd' || CAST(100000000000 + n AS text), tenant_id, licence_id, dimension, hour - n, \
             quantity, state, metering_record_id, attempts, note, retry_at, changed_at, sealed_at \
         FROM metering_records, numbers WHERE quantity = 3",
    )
    .await;
    acme.signs_in().await;
}

#[tokio::test]
async fn after_ten_thousand_hours_the_page_is_as_small_and_the_file_is_whole() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    ten_thousand_hours(&t, &acme).await;
    assert_eq!(t.count("metering_records", "quantity = 3").await, 10_001);
    for (query, bars) in [
        ("", 30),
        ("?range=48h&sort=oldest", 48),
        ("?range=7d&state=accepted&dimension=payments", 28),
    ] {
        let text = page(
            acme.browser.get(&format!("/usage{query}")).await,
            200,
            "Hours",
        );
        assert_eq!(text.matches("href=\"/usage/met_").count(), 50, "{query}");
        assert_eq!(text.matches("data-point").count(), bars, "{query}");
        assert!(text.len() < 150_000, "{query}: {} bytes", text.len());
    }
    // The whole week and the whole month are in the sums, and nothing older.
    let text = page(
        acme.browser.get("/usage").await,
        200,
        "Accepted by AWS, 7 days",
    );
    assert!(text.contains("<dd>504<small>"));
    page(acme.browser.get("/").await, 200, "Overview");
    let csv = acme
        .browser
        .get("/api/v1/metering-records?format=csv&dimension=payments&sort=oldest")
        .await
        .expect(200)
        .text();
    let mut hours: Vec<&str> = csv
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').find(|cell| cell.ends_with(":00:00Z")))
        .collect();
    assert_eq!(hours.len(), 10_001, "and the one they were made from");
    assert!(hours.is_sorted());
    hours.dedup();
    assert_eq!(hours.len(), 10_001, "no hour comes twice");
}
