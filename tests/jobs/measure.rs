//! What is measured for the alerts is what the rows say. One test, because a process has one set of gauges.

use chrono::Duration;
use control::measure::{measure, verify_audit};
use testkit::{TestApp, marketplace::Fault};

/// The value of a gauge, as Prometheus would read it.
fn gauge(name: &str) -> f64 {
    let text = runtime::telemetry::metrics().render();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    assert!(line.is_some(), "{name} is not among\n{text}");
    line.unwrap().trim().parse().unwrap()
}

async fn measured(t: &TestApp, expected: &[(&str, f64)]) {
    measure(&t.cx("measure")).await.unwrap();
    for (name, value) in expected {
        let found = gauge(name);
        assert!(
            (found - value).abs() < 0.5,
            "{name} is {found} and not {value}"
        );
    }
}

#[tokio::test]
async fn what_waits_is_measured_with_its_age_and_what_is_over_no_longer() {
    // Before the first value is set, so that none is lost.
    runtime::telemetry::metrics();
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    till.sends(&acme.usage("five", 5)).await;
    let stranger = t.buyer("stranger");
    stranger.is_confirmed();
    t.run_until_quiet().await;
    t.clock.advance(Duration::seconds(90));
    measured(
        &t,
        &[
            ("inbox_waiting_messages{state=\"new\"}", 0.0),
            ("inbox_oldest_waiting_seconds{state=\"new\"}", 0.0),
            ("inbox_waiting_messages{state=\"unmatched\"}", 2.0),
            ("inbox_oldest_waiting_seconds{state=\"unmatched\"}", 90.0),
            ("registrations_waiting", 0.0),
            ("mails_waiting", 0.0),
            ("mails_oldest_waiting_seconds", 0.0),
            ("metering_oldest_unsent_seconds", (7 * 60 + 90).into()),
            ("metering_unbilled_records{state=\"conflict\"}", 0.0),
            ("lease_held{lease=\"sealing\"}", 0.0),
        ],
    )
    .await;

    // AWS is away for three hours: the hour of the usage grows old, and is gone once it is sent.
    t.marketplace.metering_is_down(Some(Fault::Throttle));
    t.clock.advance(Duration::hours(3));
    t.run_until_quiet().await;
    let lease = control::lease::take(t.app(), "sealing").await.unwrap();
    assert!(lease.is_some());
    measured(
        &t,
        &[
            (
                "metering_oldest_unsent_seconds",
                (3 * 3600 + 7 * 60 + 90).into(),
            ),
            ("lease_held{lease=\"sealing\"}", 1.0),
            ("lease_held{lease=\"sending\"}", 0.0),
        ],
    )
    .await;
    t.marketplace.metering_is_down(None);
    t.run_until_sent().await;
    measure(&t.cx("measure")).await.unwrap();
    let oldest = gauge("metering_oldest_unsent_seconds");
    assert!(oldest < 3600.0, "at most the running hour: {oldest}");

    // A job that never ended, among others that are on their way.
    for (item, quarantined) in [("evt_1", "'2026-01-01 00:00:00+00:00'"), ("evt_2", "NULL")] {
        t.break_database(&format!(
            "INSERT INTO jobs (work, item, attempts, begun_at, quarantined_at) \
             VALUES ('event', '{item}', 5, '2026-01-01 00:00:00+00:00', {quarantined})"
        ))
        .await;
    }
    measured(
        &t,
        &[
            ("jobs_quarantined{work=\"event\"}", 1.0),
            ("jobs_quarantined{work=\"mail\"}", 0.0),
        ],
    )
    .await;

    // A lost hour, and a line of the trail that somebody changed.
    t.break_database("UPDATE metering_records SET state = 'conflict' WHERE quantity = 5")
        .await;
    measured(
        &t,
        &[("metering_unbilled_records{state=\"conflict\"}", 1.0)],
    )
    .await;
    verify_audit(&t.cx("audit")).await.unwrap();
    measured(&t, &[("audit_broken_chains", 0.0)]).await;
    t.expect_error_log("a chain of the audit trail is broken");
    let (tenant, _) = acme.ids().await;
    let sql = format!("UPDATE audit_heads SET hash = 'another' WHERE tenant_id = '{tenant}'");
    t.break_database(&sql).await;
    verify_audit(&t.cx("audit")).await.unwrap();
    measured(&t, &[("audit_broken_chains", 1.0)]).await;
}
