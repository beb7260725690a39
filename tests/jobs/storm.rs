//! R-05, I5: a storm of life-cycle events, each delivered up to twenty times, all shuffled, some deletes lost. Every licence ends where the
//! set of its events says, whether its buyer came before the storm, in the middle of it or after it; and each event has its effect once.
//! `cargo xtask simulate --storm N` sets how many deliveries.

use std::{collections::BTreeMap, time::Instant};

use chrono::Duration;
use control::{inbox, registration};
use domain::{Timestamp, marketplace::ResolvedCustomer};
use secrecy::SecretString;
use testkit::{
    Happening, Options, TestApp,
    app::PRODUCT,
    count::count,
    events::{Subject, envelope},
    marketplace::Purchase,
    random::Random,
};

/// Deliveries a second that are asked for on two cores.
const LIMIT: u128 = 500;
/// How many are in the queue at once.
const AT_ONCE: usize = 200;

/// A purchase and the set of what AWS says about it.
struct Licence {
    subject: Subject,
    said: Vec<(Happening, Timestamp)>,
    /// In which third of the storm its buyer comes; never, in the last.
    comes: u64,
}

impl Licence {
    fn key(&self) -> String {
        self.subject
            .license_arn
            .rsplit(':')
            .next()
            .unwrap()
            .to_owned()
    }

    /// Where the set puts it, written anew: in force since the first word of it, over since the first word of that.
    fn stands(&self) -> (String, Option<Timestamp>, Option<Timestamp>) {
        let first = |wanted: fn(Happening) -> bool| {
            let of = |(what, at): &(Happening, Timestamp)| wanted(*what).then_some(*at);
            self.said.iter().filter_map(of).min()
        };
        let since = first(|what| what == Happening::Updated);
        let over = first(|what| {
            matches!(
                what,
                Happening::Deprovisioned | Happening::Ended("CANCELLED" | "EXPIRED")
            )
        });
        let word = match (since, over) {
            (_, Some(_)) => "ended",
            (Some(_), None) => "active",
            (None, None) => "unconfirmed",
        };
        (word.to_owned(), since, over)
    }
}

const HAPPENINGS: [Happening; 6] = [
    Happening::Created,
    Happening::Updated,
    Happening::Ended("CANCELLED"),
    Happening::Ended("EXPIRED"),
    Happening::Ended("RENEWED"),
    Happening::Deprovisioned,
];

fn licence(t: &TestApp, random: &mut Random, number: usize) -> Licence {
    let begin = t.clock.now();
    let subject = Subject {
        agreement_id: format!("agmt-{number}"),
        license_arn: format!("arn:aws:license-manager::111122223333:license:l-{number:032x}"),
        account: format!("{:012}", 100_000_000_000 + number),
        product_code: PRODUCT.to_owned(),
    };
    let arn: domain::licence::LicenseArn = subject.license_arn.parse().unwrap();
    let resolved = ResolvedCustomer {
        product_code: PRODUCT.to_owned(),
        account: Some(subject.account.parse().unwrap()),
        license: Some(arn.clone()),
        agreement_id: Some(subject.agreement_id.clone()),
    };
    t.marketplace.sells(Purchase {
        license: arn,
        account: subject.account.clone(),
        product_code: PRODUCT.to_owned(),
        since: begin,
        ended_at: None,
        entitlements: Vec::new(),
    });
    t.marketplace
        .issues(&format!("token.of.{number}"), resolved);
    let mut order = HAPPENINGS;
    random.shuffle(&mut order);
    let count = 1 + usize::try_from(random.below(4)).unwrap();
    let said = order[..count].iter().map(|what| {
        let at = begin + Duration::seconds(i64::try_from(random.below(3_600)).unwrap());
        (*what, at)
    });
    Licence {
        subject,
        said: said.collect(),
        comes: random.below(4),
    }
}

/// The buyers of one part of the storm come; whether their licence is over already decides whether they are let in.
async fn buyers_come(t: &TestApp, licences: &[Licence], when: u64) {
    for (number, licence) in licences.iter().enumerate() {
        if licence.comes == when {
            let token = SecretString::from(format!("token.of.{number}"));
            let came = registration::register(&t.cx("marketplace-landing"), &token, false).await;
            let over = came
                .as_ref()
                .is_err_and(|error| error.code() == "licence_ended");
            assert!(came.is_ok() || over, "{:?}", came.err());
        }
    }
    // What was said before a buyer came is folded in by the registration, at most so many at a time.
    for _ in 0..=licences.len() / 500 {
        registration::reconcile_all(&t.cx("registration"))
            .await
            .unwrap();
    }
}

async fn takes_in(t: &TestApp) {
    while inbox::receive(&t.cx("inbox")).await.unwrap() > 0 {}
    inbox::apply_all(&t.cx("inbox")).await.unwrap();
}

///
#[tokio::test]
async fn a_storm_leaves_every_licence_where_its_events_say() {
    let deliveries = count("PAYPHONE_SIMULATE_STORM", 5_000_usize);
    let seed = count("PAYPHONE_SIMULATE_FROM", 0_u64);
    let mut random = Random::seeded(seed);
    let t = Options {
        seed,
        ..Options::default()
    }
    .start()
    .await;
    let mut licences = Vec::new();
    let mut storm = Vec::new();
    let mut events = 0;
    while storm.len() < deliveries {
        let licence = licence(&t, &mut random, licences.len());
        for (index, (what, at)) in licence.said.iter().enumerate() {
            let id = format!("{}-{index}", licence.subject.agreement_id);
            let body = envelope(*what, &licence.subject, &id, *at).to_string();
            let copies = 1 + usize::try_from(random.below(20)).unwrap();
            storm.extend(std::iter::repeat_n(body, copies));
            events += 1;
        }
        licences.push(licence);
    }
    let all = storm.len();
    random.shuffle(&mut storm);
    buyers_come(&t, &licences, 0).await;
    let mut took = std::time::Duration::ZERO;
    let parts = storm.chunks(all.div_ceil(3));
    for (part, bodies) in (1..).zip(parts) {
        for chunk in bodies.chunks(AT_ONCE) {
            for body in chunk {
                t.queue.put(body.clone());
            }
            t.queue
                .deletes_fail(usize::try_from(random.below(2)).unwrap());
            let begun = Instant::now();
            takes_in(&t).await;
            took += begun.elapsed();
            // What was not deleted comes again.
            t.clock.advance_real(Duration::seconds(31));
        }
        if part < 3 {
            buyers_come(&t, &licences, part).await;
        }
    }
    takes_in(&t).await;
    assert_eq!(t.queue.left(), 0);
    let rate = all as u128 * 1_000 / took.as_millis().max(1);
    println!(
        "storm (seed {seed}): {all} deliveries of {events} events about {} licences, {rate}/s (limit {LIMIT}/s)",
        licences.len()
    );
    judge(&t, &licences, events).await;
    // Without optimisation, and beside other suites, the figure says little about the product.
    assert!(
        cfg!(debug_assertions) || rate >= LIMIT,
        "{rate} deliveries a second"
    );
}

async fn judge(t: &TestApp, licences: &[Licence], events: i64) {
    let moment = |text: &str| {
        (text != "null").then(|| text.replacen(' ', "T", 1).parse::<Timestamp>().unwrap())
    };
    let rows = t
        .rows("SELECT license_key, standing, since, ended_at FROM licences")
        .await;
    let kept: BTreeMap<String, (String, Option<Timestamp>, Option<Timestamp>)> = rows
        .into_iter()
        .map(|row| {
            (
                row[0].clone(),
                (row[1].clone(), moment(&row[2]), moment(&row[3])),
            )
        })
        .collect();
    for licence in licences {
        let stands = licence.stands();
        match kept.get(&licence.key()) {
            Some(kept) => assert_eq!(*kept, stands, "{:?}", licence.said),
            // Whoever came too late was told so.
            None => assert!(
                licence.comes == 3 || stands.0 == "ended",
                "{:?}",
                licence.said
            ),
        }
    }
    let (tenants, licences) = (
        t.count("tenants", "true").await,
        t.count("licences", "true").await,
    );
    assert_eq!(
        (tenants, licences),
        (licences, i64::try_from(kept.len()).unwrap())
    );
    assert_eq!(
        t.count("inbox", "true").await,
        events,
        "each event is kept once"
    );
    assert_eq!(
        t.count("inbox", "state NOT IN ('applied', 'unmatched')")
            .await,
        0
    );
}
