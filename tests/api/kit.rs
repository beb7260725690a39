//! The kit's own alarms do ring: an error nobody announced, an announced one that never came, a secret in a line, an unexpected call.

use domain::event_queue::EventQueue;
use testkit::{Options, TestApp, clock::TestClock, event_queue::FakeEventQueue, logs::Logs};

#[tokio::test]
async fn an_error_line_must_be_announced_and_an_announced_one_must_come() {
    let (logs, _guard) = Logs::capture();
    tracing::error!(cause = "a broken pipe", "it broke");
    assert_eq!(logs.faults().len(), 1);
    logs.announce("it broke");
    assert_eq!(logs.faults(), Vec::<String>::new());
    logs.announce("the sky fell");
    assert_eq!(logs.faults().len(), 1);
}

/// Security 68: in messages, in fields, in the fields of spans, whatever the level down to debug.
#[tokio::test]
async fn a_secret_is_found_wherever_it_is_logged() {
    for log in [
        || tracing::info!("the key is hunter2hunter2"),
        || tracing::debug!(key = "hunter2hunter2", "a key"),
        || tracing::warn!(key = ?Some("hunter2hunter2"), "a key"),
        || drop(tracing::info_span!("request", key = %"hunter2hunter2")),
    ] {
        let (logs, _guard) = Logs::capture();
        logs.keep_secret("hunter2hunter2");
        log();
        assert_eq!(logs.faults().len(), 1);
    }
}

/// What is searched for secrets is not empty: requests, their actors and background work are in it.
#[tokio::test]
async fn the_log_of_a_test_holds_what_the_product_logs() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let (tenant, licence) = acme.ids().await;
    for (level, text) in [
        (
            tracing::Level::INFO,
            "answered POST /marketplace/register with 303",
        ),
        (tracing::Level::TRACE, "http.route=/welcome"),
        (tracing::Level::TRACE, &*format!("actor=buyer:{licence}")),
        (tracing::Level::INFO, &*format!("tenant.id={tenant}")),
    ] {
        assert!(t.logs.has(level, text), "{text}: {:#?}", t.logs.lines());
    }
}

#[tokio::test]
async fn a_delete_of_what_was_never_received_is_unexpected() {
    let queue = FakeEventQueue::new(TestClock::at(Options::default().at), 1);
    queue.put("body");
    let mut given = queue.receive().await.unwrap();
    given[0].receipt = "made up".to_owned();
    queue.delete(&given).await.unwrap();
    assert_eq!(queue.unexpected().len(), 1);
    assert_eq!(queue.left(), 1);
}
