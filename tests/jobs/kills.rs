//! Kill and resume (R-01, R-02 in process): work is dropped at each of its await points, and a fresh app goes on from the same file.

use testkit::{TestApp, card_plane::CardPlaneFault, kill, marketplace::Fault};

/// Far more await points than any round has.
const MANY: usize = 2_000;
/// How often a round must come through alive before there is nothing left to kill: where exactly it waits differs from run to run.
const ENOUGH: usize = 3;

/// R-01, I3, I4: provisioning, cut at every await point.
#[tokio::test]
async fn a_registration_survives_a_kill_at_every_await_point() {
    let mut survivals = 0;
    for point in 1..MANY {
        let mut t = TestApp::start().await;
        let finished = {
            let acme = t.buyer("acme");
            acme.is_confirmed();
            acme.registers().await;
            acme.completes("ann@acme.example").await;
            kill::at_point(point, Box::pin(t.run_once()))
                .await
                .is_some()
        };
        t.restart().await;
        t.clock.advance_real(chrono::Duration::seconds(31));
        t.run_until_quiet().await;
        for table in ["tenants", "licences", "registrations", "public_keys"] {
            assert_eq!(
                t.count(table, "true").await,
                1,
                "{table} after a kill at {point}"
            );
        }
        assert_eq!(
            t.count("tenants", "state = 'active'").await,
            1,
            "after a kill at {point}"
        );
        assert_eq!(t.card_plane.keys_made(), 1);
        survivals += usize::from(finished);
        if survivals == ENOUGH {
            return;
        }
    }
    panic!("provisioning has no end");
}

/// the post itself, cut at every await point; the buyer presses the button again.
#[tokio::test]
async fn a_post_of_the_token_survives_a_kill_at_every_await_point() {
    let mut survivals = 0;
    for point in 1..MANY {
        let mut t = TestApp::start().await;
        let finished = {
            let acme = t.buyer("acme");
            kill::at_point(point, acme.resolves()).await.is_some()
        };
        t.restart().await;
        let rows = t.count("tenants", "true").await;
        assert_eq!(
            t.count("registrations", "true").await,
            rows,
            "nothing is half made"
        );
        assert_eq!(t.count("registration_steps", "true").await, 5 * rows);
        t.buyer("acme").registers().await;
        assert_eq!(
            t.count("tenants", "true").await,
            1,
            "after a kill at {point}"
        );
        survivals += usize::from(finished);
        if survivals == ENOUGH {
            return;
        }
    }
    panic!("registering has no end");
}

/// P5: the card plane's call itself is where we die, before or after its effect.
#[tokio::test]
async fn dying_while_the_card_plane_works_makes_no_second_key() {
    for fault in [CardPlaneFault::Hangs, CardPlaneFault::LostAnswer] {
        let mut t = TestApp::start().await;
        {
            let acme = t.buyer("acme");
            acme.is_confirmed();
            acme.registers().await;
            acme.completes("ann@acme.example").await;
            t.card_plane.fails([fault]);
            assert_eq!(
                kill::when_stuck(Box::pin(t.run_once())).await.is_some(),
                fault != CardPlaneFault::Hangs
            );
        }
        t.restart().await;
        t.clock.advance_real(chrono::Duration::seconds(2));
        t.run_until_quiet().await;
        assert_eq!(
            (
                t.card_plane.keys_made(),
                t.count("public_keys", "true").await
            ),
            (1, 1)
        );
        assert_eq!(t.count("tenants", "state = 'active'").await, 1);
    }
}

/// R-02, I1, I2, I3: sealing and sending, cut at every await point; the identical record is repeated and nothing is billed twice.
#[tokio::test]
async fn metering_survives_a_kill_at_every_await_point() {
    let mut survivals = 0;
    for point in 1..MANY {
        let mut t = TestApp::start().await;
        let (key, finished) = {
            let acme = t.tenant("acme").await;
            let till = acme.till().await;
            till.sends(&acme.usage("one", 7)).await;
            t.marketplace
                .ledger(|ledger| ledger.repetition_is_duplicate = point % 2 == 0);
            t.clock.advance(chrono::Duration::hours(1));
            let finished = kill::at_point(point, Box::pin(t.run_once()))
                .await
                .is_some();
            (acme.key(), finished)
        };
        t.restart().await;
        t.run_until_sent().await;
        let held = t.marketplace.ledger(|ledger| ledger.of(&key));
        assert_eq!(held.len(), 2, "after a kill at {point}: {held:?}");
        assert_eq!(
            t.marketplace
                .ledger(|ledger| ledger.units(&key, "payments")),
            7
        );
        assert_eq!(
            t.count("metering_records", "state = 'accepted'").await,
            2,
            "after a kill at {point}"
        );
        survivals += usize::from(finished);
        if survivals == ENOUGH {
            return;
        }
    }
    panic!("metering has no end");
}

/// AWS took the records, and we die before we hear of it.
#[tokio::test]
async fn dying_after_aws_took_the_records_bills_nothing_twice() {
    for repetition_is_duplicate in [false, true] {
        let mut t = TestApp::start().await;
        let key = {
            let acme = t.tenant("acme").await;
            let till = acme.till().await;
            till.sends(&acme.usage("one", 7)).await;
            t.marketplace
                .ledger(|ledger| ledger.repetition_is_duplicate = repetition_is_duplicate);
            t.marketplace.metering_fails([Fault::HangsAfterwards]);
            t.clock.advance(chrono::Duration::hours(1));
            assert!(kill::when_stuck(Box::pin(t.run_once())).await.is_none());
            acme.key()
        };
        assert_eq!(t.count("metering_records", "state = 'sending'").await, 2);
        t.restart().await;
        t.run_until_sent().await;
        let held = t.marketplace.ledger(|ledger| ledger.of(&key));
        let ours = t
            .rows("SELECT metering_record_id FROM metering_records ORDER BY dimension")
            .await;
        let theirs: Vec<Vec<String>> = held.into_iter().map(|(_, held)| vec![held.id]).collect();
        assert_eq!(ours, theirs, "the same ids");
        assert_eq!(t.count("metering_records", "state = 'accepted'").await, 2);
    }
}
