//! `GET /api/v1/metering-records`: pages, cursors, filters, CSV.

use serde_json::Value;
use testkit::{Client, TestApp};

const PATH: &str = "/api/v1/metering-records";

async fn pages(client: &Client, query: &str) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    for _ in 0..100 {
        let answer = client
            .get(&format!("{PATH}?{query}{cursor}"))
            .await
            .expect(200);
        found.extend(answer.items());
        match answer.json()["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
    panic!("the pages have no end");
}

#[tokio::test]
async fn pages_show_every_record_once_newest_hour_first() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    for _ in 0..5 {
        t.an_hour_passes().await;
    }
    let whole = till.client.get(PATH).await.expect(200).items();
    assert_eq!(whole.len(), 10);
    for limit in [1, 3, 10, 11] {
        assert_eq!(
            pages(&till.client, &format!("limit={limit}")).await,
            whole,
            "{limit}"
        );
    }
    assert!(whole.is_sorted_by(|a, b| a["hour"].as_str() >= b["hour"].as_str()));
    assert!(
        whole
            .iter()
            .all(|record| record["state"] == "accepted" && record["quantity"] == 0)
    );
    assert!(
        whole[0]["meteringRecordId"]
            .as_str()
            .unwrap()
            .starts_with("aws-")
    );
}

/// Security 56: a page has at most 200 items, and a cursor that is not ours is refused.
#[tokio::test]
async fn limits_are_capped_and_tampered_cursors_refused() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    t.clock.advance(chrono::Duration::hours(120));
    t.run_until_quiet().await;
    for (limit, items) in [("1000000", 200), ("200", 200), ("0", 1), ("7", 7)] {
        let answer = till
            .client
            .get(&format!("{PATH}?limit={limit}"))
            .await
            .expect(200);
        assert_eq!(answer.items().len(), items, "{limit}");
    }
    for limit in ["-1", "x", "1.5", "99999999999999999999999"] {
        let answer = till.client.get(&format!("{PATH}?limit={limit}")).await;
        let _ = answer.expect_problem(400, "malformed_query");
    }
    let next = till.client.get(&format!("{PATH}?limit=1")).await.json()["next"].clone();
    let next = next.as_str().unwrap();
    for cursor in [
        "x",
        "1.2",
        &next[1..next.len() - 1],
        &next.replace("met_", "use_"),
        "%00",
        "'%20OR%201=1",
    ] {
        let answer = till.client.get(&format!("{PATH}?cursor={cursor}")).await;
        let _ = answer.expect_problem(400, "bad_cursor");
    }
}

#[tokio::test]
async fn filters_narrow_and_unknown_words_are_refused() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    t.an_hour_passes().await;
    t.an_hour_passes().await;
    till.sends(&acme.usage("one", 2)).await;
    let (_, licence) = acme.ids().await;
    for (query, items) in [
        ("state=open".to_owned(), 1),
        ("state=accepted".to_owned(), 4),
        ("dimension=captures".to_owned(), 2),
        (format!("licence={licence}"), 5),
        ("from=2026-11-22T11:00:00Z".to_owned(), 3),
        ("until=2026-11-22T11:00:00Z".to_owned(), 2),
        (
            "from=2026-11-22T11:00:00Z&until=2026-11-22T12:00:00Z&dimension=payments".to_owned(),
            1,
        ),
    ] {
        assert_eq!(pages(&till.client, &query).await.len(), items, "{query}");
    }
    for query in [
        "state=nice",
        "dimension=Payments",
        "licence=lic_1",
        "licence=ten_1",
    ] {
        let answer = till.client.get(&format!("{PATH}?{query}")).await;
        let _ = answer.expect_problem(400, "bad_filter");
    }
    let request = till
        .client
        .request(reqwest::Method::GET, PATH)
        .header("accept", "text/csv");
    let csv = till.client.send(request).await.expect(200).text();
    assert_eq!(csv.lines().count(), 6, "{csv}");
}
