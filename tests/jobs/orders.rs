//! Every order, repetition and timing of a purchase's events ends where the fold says (P3, I5).

use chrono::Duration;
use domain::{
    Timestamp,
    lifecycle::{LifecycleEvent, fold, read_envelope},
    time::rfc3339,
};
use testkit::{Buyer, Happening, TestApp};

const HAPPENINGS: [Happening; 4] = [
    Happening::Created,
    Happening::Updated,
    Happening::Ended("CANCELLED"),
    Happening::Deprovisioned,
];

fn permutations<T: Copy>(items: &[T]) -> Vec<Vec<T>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let mut rest = items.to_vec();
        rest.remove(index);
        for mut tail in permutations(&rest) {
            tail.insert(0, *item);
            all.push(tail);
        }
    }
    all
}

/// Each happening has its own moment, whenever it is delivered.
fn body(buyer: &Buyer<'_>, what: Happening, begin: Timestamp) -> String {
    let seconds = match what {
        Happening::Created => 0,
        Happening::Updated => 61,
        Happening::Ended(_) => 95,
        Happening::Deprovisioned => 126,
    };
    buyer.event(what, begin + Duration::seconds(seconds))
}

/// Where the fold puts the licence, as the table has it.
fn folded(buyer: &Buyer<'_>, bodies: &[String]) -> Vec<String> {
    let events: Vec<LifecycleEvent> = bodies
        .iter()
        .map(|body| {
            let envelope = read_envelope(body).unwrap();
            LifecycleEvent {
                kind: envelope.kind.unwrap(),
                time: envelope.time,
                agreement_id: envelope.agreement_id,
                license: envelope.license.map(|arn| arn.key()),
            }
        })
        .collect();
    let agreement = Some(&*buyer.subject.agreement_id);
    let standing = fold(&buyer.license.key(), agreement, None, &events);
    let moment = |at: Option<Timestamp>| at.map_or("null".to_owned(), rfc3339);
    vec![
        standing.as_str().to_owned(),
        moment(standing.since()),
        moment(standing.ended_at()),
    ]
}

async fn standing(buyer: &Buyer<'_>) -> Vec<String> {
    let stored = buyer.standing().await;
    let moment = |text: &String| match text.as_str() {
        "null" => "null".to_owned(),
        text => rfc3339(text.replacen(' ', "T", 1).parse().unwrap()),
    };
    vec![stored[0].clone(), moment(&stored[1]), moment(&stored[2])]
}

/// R-05 in small, I5: registered first; every order; every message twice; after every single delivery.
#[tokio::test]
async fn every_order_of_events_is_the_folds_state_after_each_of_them() {
    let t = TestApp::start().await;
    let begin = t.clock.now();
    t.queue.delivers_twice();
    for (number, order) in permutations(&HAPPENINGS).into_iter().enumerate() {
        let buyer = t.buyer(&format!("buyer{number}"));
        buyer.registers().await;
        let mut delivered = Vec::new();
        for what in order.iter().copied() {
            let body = body(&buyer, what, begin);
            t.queue.put(body.clone());
            delivered.push(body);
            t.run_until_quiet().await;
            assert_eq!(
                standing(&buyer).await,
                folded(&buyer, &delivered),
                "{order:?} after {what:?}"
            );
        }
    }
}

/// I5: any part of the events before the buyer comes, the rest afterwards.
#[tokio::test]
async fn events_before_the_buyer_count_as_much_as_those_after() {
    let t = TestApp::start().await;
    let begin = t.clock.now();
    let mut number = 0;
    for order in permutations(&HAPPENINGS) {
        for split in 1..=4 {
            number += 1;
            let buyer = t.buyer(&format!("buyer{number}"));
            let bodies: Vec<String> = order
                .iter()
                .map(|what| body(&buyer, *what, begin))
                .collect();
            let (before, after) = bodies.split_at(split);
            for body in before {
                t.queue.put(body.clone());
            }
            t.run_until_quiet().await;
            let over = folded(&buyer, before)[0] == "ended";
            let came = buyer.arrives().await;
            if over {
                assert_eq!(came.status, 410, "{order:?} split at {split}");
                continue;
            }
            assert_eq!(came.status, 303, "{order:?} split at {split}");
            for body in after {
                t.queue.put(body.clone());
            }
            t.run_until_quiet().await;
            assert_eq!(
                standing(&buyer).await,
                folded(&buyer, &bodies),
                "{order:?} split at {split}"
            );
            // What came before its buyer waits for nobody any more.
            let waits = format!(
                "state <> 'applied' AND (license_key = '{}' OR agreement_id = '{}')",
                buyer.license.key().as_str(),
                buyer.subject.agreement_id
            );
            assert_eq!(t.count("inbox", &waits).await, 0, "{order:?} at {split}");
        }
    }
}

/// `Metadata.AgreementId` is recent and optional: the licence's own events name the agreement just as well.
#[tokio::test]
async fn a_purchase_that_ended_is_over_even_if_its_agreement_is_named_by_events_alone() {
    let t = TestApp::start().await;
    let begin = t.clock.now();
    for (number, order) in permutations(&HAPPENINGS[..3]).into_iter().enumerate() {
        for split in 0..=3 {
            let buyer = t.buyer(&format!("buyer{number}-{split}"));
            let mut resolved = buyer.resolved();
            resolved.agreement_id = None;
            t.marketplace.issues(&buyer.token, resolved);
            let bodies: Vec<String> = order
                .iter()
                .map(|what| body(&buyer, *what, begin))
                .collect();
            let (before, after) = bodies.split_at(split);
            for body in before {
                t.queue.put(body.clone());
            }
            t.run_until_quiet().await;
            let came = buyer.arrives().await;
            if came.status == 410 {
                assert_eq!(folded(&buyer, before)[0], "ended");
                continue;
            }
            for body in after {
                t.queue.put(body.clone());
            }
            t.run_until_quiet().await;
            assert_eq!(
                standing(&buyer).await,
                folded(&buyer, &bodies),
                "{order:?} split at {split}"
            );
        }
    }
}

/// R-05 in small: many purchases, every message 2 to 4 times, shuffled, some deletes lost.
#[tokio::test]
async fn a_storm_of_events_leaves_every_licence_where_it_belongs() {
    let t = TestApp::start().await;
    let begin = t.clock.now();
    let mut random = testkit::random::Random::seeded(7);
    let buyers: Vec<_> = (0..25)
        .map(|number| t.buyer(&format!("buyer{number}")))
        .collect();
    let mut storm = Vec::new();
    let mut sets = Vec::new();
    for buyer in &buyers {
        buyer.registers().await;
        let count = 1 + usize::try_from(random.below(4)).unwrap();
        let mut order = HAPPENINGS;
        random.shuffle(&mut order);
        let set: Vec<String> = order[..count]
            .iter()
            .map(|what| body(buyer, *what, begin))
            .collect();
        for body in &set {
            let copies = 1 + usize::try_from(random.below(2)).unwrap();
            storm.extend(std::iter::repeat_n(body.clone(), copies));
        }
        sets.push(set);
    }
    random.shuffle(&mut storm);
    t.queue.delivers_twice();
    t.queue.reorders();
    for (index, body) in storm.into_iter().enumerate() {
        t.queue.put(body);
        if index % 10 == 9 {
            t.queue
                .deletes_fail(usize::try_from(random.below(2)).unwrap());
            t.run_once().await;
            t.clock.advance_real(Duration::seconds(31));
        }
    }
    t.run_until_quiet().await;
    t.clock.advance_real(Duration::seconds(31));
    t.run_until_quiet().await;
    assert_eq!(t.queue.left(), 0);
    for (buyer, set) in buyers.iter().zip(&sets) {
        assert_eq!(standing(buyer).await, folded(buyer, set), "{}", buyer.name);
    }
    let kept: usize = sets.iter().map(Vec::len).sum();
    assert_eq!(
        t.count("inbox", "true").await,
        i64::try_from(kept).unwrap(),
        "each event is kept once"
    );
}

/// The same when the licence's event slipped in while the token was being resolved: whoever folds next learns the agreement.
#[tokio::test]
async fn an_agreement_named_while_the_buyer_arrived_is_learnt_afterwards() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.hears(Happening::Updated);
    t.run_until_quiet().await;
    acme.registers().await;
    // As the row would be, had the event come a moment later than the look for it.
    t.break_database("UPDATE licences SET agreement_id = NULL")
        .await;
    t.run_until_quiet().await;
    acme.hears(Happening::Ended("CANCELLED"));
    t.run_until_quiet().await;
    assert_eq!(acme.standing().await[0], "ended");
}
