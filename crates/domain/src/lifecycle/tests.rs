//! The fold under every order and repetition, and the envelope reader on what AWS was seen to send.

use proptest::prelude::*;

use super::*;

const ARN: &str =
    "arn:aws:license-manager::294406891311:license:l-0123456789abcdef0123456789abcdef";

fn at(minute: i64) -> Timestamp {
    chrono::DateTime::from_timestamp(1_790_000_000 + minute * 60, 0).unwrap()
}

fn key() -> LicenseKey {
    ARN.parse::<LicenseArn>().unwrap().key()
}

fn of_license(kind: LifecycleKind, minute: i64) -> LifecycleEvent {
    LifecycleEvent {
        kind,
        time: at(minute),
        agreement_id: Some("agmt-1".into()),
        license: Some(key()),
    }
}

fn of_agreement(kind: LifecycleKind, minute: i64) -> LifecycleEvent {
    LifecycleEvent {
        kind,
        time: at(minute),
        agreement_id: Some("agmt-1".into()),
        license: None,
    }
}

#[test]
fn what_each_set_of_events_means() {
    use AgreementEnd::{Cancelled, Renewed, Replaced};
    use LifecycleKind::{AgreementCreated, AgreementEnded, LicenseDeprovisioned, LicenseUpdated};
    let created = of_agreement(AgreementCreated, 0);
    let updated = of_license(LicenseUpdated, 1);
    let ended = of_agreement(AgreementEnded(Cancelled), 5);
    let gone = of_license(LicenseDeprovisioned, 6);
    let renewed = of_agreement(AgreementEnded(Renewed), 5);
    let replaced = of_agreement(AgreementEnded(Replaced), 5);
    let other = LifecycleEvent {
        agreement_id: Some("agmt-2".into()),
        ..of_agreement(AgreementEnded(Cancelled), 2)
    };
    for (events, standing) in [
        (vec![], Standing::Unconfirmed),
        (vec![&created], Standing::Unconfirmed),
        (vec![&created, &updated], Standing::Active { since: at(1) }),
        (
            vec![&ended, &updated, &created],
            Standing::Ended {
                since: Some(at(1)),
                at: at(5),
            },
        ),
        (
            vec![&gone],
            Standing::Ended {
                since: None,
                at: at(6),
            },
        ),
        (
            vec![&gone, &ended, &updated],
            Standing::Ended {
                since: Some(at(1)),
                at: at(5),
            },
        ),
        (
            vec![&updated, &renewed, &replaced, &other],
            Standing::Active { since: at(1) },
        ),
    ] {
        assert_eq!(
            fold(&key(), Some("agmt-1"), None, events.iter().copied()),
            standing,
            "{events:?}"
        );
    }
}

#[test]
fn the_end_of_the_agreement_that_renewed_the_licence_ends_it() {
    use AgreementEnd::{Cancelled, Renewed};
    use LifecycleKind::{AgreementEnded, LicenseUpdated};
    let events = [
        of_license(LicenseUpdated, 1),
        of_agreement(AgreementEnded(Renewed), 5),
        LifecycleEvent {
            agreement_id: Some("agmt-2".into()),
            ..of_license(LicenseUpdated, 6)
        },
        LifecycleEvent {
            agreement_id: Some("agmt-2".into()),
            ..of_agreement(AgreementEnded(Cancelled), 9)
        },
    ];
    let standing = fold(&key(), Some("agmt-1"), None, &events);
    assert_eq!(
        standing,
        Standing::Ended {
            since: Some(at(1)),
            at: at(9)
        }
    );
}

#[test]
fn an_entitlement_confirms_a_contract_without_its_event() {
    assert_eq!(
        fold(&key(), None, Some(at(3)), &[]),
        Standing::Active { since: at(3) }
    );
}

fn any_event() -> impl Strategy<Value = LifecycleEvent> {
    use AgreementEnd::{Cancelled, Expired, Renewed, Replaced, Terminated};
    let kind = prop_oneof![
        Just(LifecycleKind::AgreementCreated),
        Just(LifecycleKind::LicenseUpdated),
        Just(LifecycleKind::LicenseDeprovisioned),
        prop::sample::select(vec![Cancelled, Expired, Terminated, Renewed, Replaced])
            .prop_map(LifecycleKind::AgreementEnded),
    ];
    (kind, 0_i64..100, any::<bool>(), any::<bool>()).prop_map(|(kind, minute, ours, licensed)| {
        LifecycleEvent {
            kind,
            time: at(minute),
            agreement_id: Some(if ours { "agmt-1" } else { "agmt-2" }.into()),
            license: licensed.then(key),
        }
    })
}

proptest! {
    #[test]
    fn order_and_repetition_never_matter(
        events in prop::collection::vec(any_event(), 0..8),
        shuffle in prop::collection::vec(any::<prop::sample::Index>(), 0..24),
    ) {
        let reference = fold(&key(), Some("agmt-1"), None, &events);
        let mut delivered: Vec<&LifecycleEvent> = events.iter().rev().collect();
        if !events.is_empty() {
            delivered.extend(shuffle.iter().map(|index| index.get(&events)));
        }
        prop_assert_eq!(fold(&key(), Some("agmt-1"), None, delivered), reference);
    }

    #[test]
    fn an_end_is_final(events in prop::collection::vec(any_event(), 0..8), more in any_event()) {
        let before = fold(&key(), Some("agmt-1"), None, &events);
        if let Standing::Ended { .. } = before {
            let after = fold(&key(), Some("agmt-1"), None, events.iter().chain([&more]));
            prop_assert!(after.ended_at().is_some());
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in ".{0,200}") {
        let _ = read_envelope(&text);
    }
}

#[test]
fn envelopes_are_read_whatever_the_role_and_the_extras() {
    let body = format!(
        r#"{{"version":"0","id":"e-1","detail-type":"License Updated - Manufacturer","source":"aws.agreement-marketplace",
        "account":"111122223333","time":"2026-08-20T10:01:01Z","region":"us-east-1","resources":[],
        "detail":{{"requestId":"r-1","catalog":"AWSMarketplace","agreement":{{"id":"agmt-1"}},"acceptor":{{"accountId":"294406891311"}},
        "license":{{"arn":"{ARN}"}},"product":{{"id":"prod-1","code":"code-1"}},"somethingNew":{{"a":1}}}}}}"#
    );
    let read = read_envelope(&body).unwrap();
    assert_eq!(read.kind, Some(LifecycleKind::LicenseUpdated));
    assert_eq!(read.detail_type, "License Updated");
    assert_eq!(read.agreement_id.as_deref(), Some("agmt-1"));
    assert_eq!(read.product_code.as_deref(), Some("code-1"));
    assert_eq!(read.license.unwrap().key(), key());
}

#[test]
fn an_unknown_type_is_kept_and_a_foreign_source_is_told_apart() {
    let unknown = r#"{"id":"e","detail-type":"Spend Threshold Reached - Proposer","source":"aws.agreement-marketplace","time":"2026-08-20T10:01:01Z","detail":{"x":[1]}}"#;
    assert_eq!(read_envelope(unknown).unwrap().kind, None);
    let foreign = r#"{"id":"e","detail-type":"x","source":"aws.s3","time":"2026-08-20T10:01:01Z","detail":{}}"#;
    assert_eq!(
        read_envelope(foreign),
        Err(Unreadable::ForeignSource("aws.s3".into()))
    );
    assert!(matches!(
        read_envelope("[]"),
        Err(Unreadable::NotAnEnvelope(_))
    ));
}
