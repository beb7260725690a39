//! `GET /api/v1/usage`: hours, meters, late units and what AWS knows; JSON and CSV.

use chrono::Duration;
use testkit::TestApp;

#[tokio::test]
async fn usage_is_shown_by_hour_with_its_late_units_and_awss_record() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    till.sends(&acme.usage("one", 2)).await;
    till.sends(&acme.usage("two", 3)).await;
    t.an_hour_passes().await;
    let late = acme.usage_at("late", 4, t.clock.now() - Duration::minutes(30));
    assert_eq!(till.sends(&late).await["status"], "accepted");
    let usage = till.client.get("/api/v1/usage").await.expect(200).json();
    insta::assert_json_snapshot!(usage, {".items[].licenceId" => "lic_…"}, @r#"
    {
      "items": [
        {
          "dimension": "payments",
          "events": 1,
          "hour": "2026-11-22T11:00:00Z",
          "late": 4,
          "licenceId": "lic_…",
          "meter": "payphone.payment.approved",
          "meteringRecordId": null,
          "quantity": 4,
          "state": "open"
        },
        {
          "dimension": "payments",
          "events": 2,
          "hour": "2026-11-22T10:00:00Z",
          "late": 0,
          "licenceId": "lic_…",
          "meter": "payphone.payment.approved",
          "meteringRecordId": "aws-1",
          "quantity": 5,
          "state": "accepted"
        }
      ],
      "next": null
    }
    "#);
}

#[tokio::test]
async fn usage_comes_as_csv_for_those_who_ask() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    till.sends(&acme.usage("one", 2)).await;
    let request = till.client.request(reqwest::Method::GET, "/api/v1/usage");
    let answer = till
        .client
        .send(request.header("accept", "text/csv"))
        .await
        .expect(200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"usage.csv\""
    );
    let text = answer.text();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(
        lines[0],
        "dimension,events,hour,late,licenceId,meter,meteringRecordId,quantity,state"
    );
    assert!(
        lines[1].starts_with("payments,1,2026-11-22T10:00:00Z,0,lic_"),
        "{text}"
    );
    assert_eq!((lines.len(), lines[2]), (3, ""));
}

#[tokio::test]
async fn a_span_is_narrowed_and_a_wrong_one_is_refused() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    till.sends(&acme.usage("one", 2)).await;
    for (query, items) in [
        ("from=2026-11-22T10:30:00Z", 1),
        ("from=2026-11-22T11:00:00Z&until=2026-11-22T12:00:00Z", 0),
        ("until=2026-11-22T10:00:00Z", 0),
        ("until=2026-11-22T11:00:00Z", 1),
    ] {
        let answer = till
            .client
            .get(&format!("/api/v1/usage?{query}"))
            .await
            .expect(200);
        assert_eq!(answer.items().len(), items, "{query}");
    }
    for (query, code) in [
        (
            "from=2026-11-23T00:00:00Z&until=2026-11-22T00:00:00Z",
            "bad_span",
        ),
        ("from=2026-01-01T00:00:00Z", "bad_span"),
        ("from=yesterday", "malformed_query"),
        ("form=2026-11-22T00:00:00Z", "malformed_query"),
    ] {
        let answer = till.client.get(&format!("/api/v1/usage?{query}")).await;
        let _ = answer.expect_problem(400, code);
    }
}
