//! Which events a life emits, in which order, and what each switch makes of it.

use super::*;
use crate::sim::tests::sim;

fn emitted(sim: &Sim) -> Vec<String> {
    let short = |body: &str| {
        let event: Value = serde_json::from_str(body).unwrap();
        let name = event["detail-type"].as_str().unwrap().to_owned();
        match event["detail"]["agreement"]["status"]
            .as_str()
            .filter(|_| name.contains("Ended"))
        {
            Some(status) => format!("{name} {status}"),
            None => name,
        }
    };
    sim.read(|w| {
        w.queues["payphone-events"]
            .messages
            .values()
            .map(|m| short(&m.body))
            .collect()
    })
}

const CREATED: &str = "Purchase Agreement Created - Proposer";
const UPDATED: &str = "License Updated - Manufacturer";
const RENEWED: &str = "Purchase Agreement Ended - Proposer RENEWED";
const DEPROVISIONED: &str = "License Deprovisioned - Manufacturer";

#[tokio::test]
async fn a_renewal_follows_its_switches() {
    for (switches, expected) in [
        (vec![], vec![CREATED, UPDATED, RENEWED, CREATED, UPDATED]),
        (
            vec![("renewOrder", "createdFirst")],
            vec![CREATED, UPDATED, CREATED, RENEWED, UPDATED],
        ),
        (
            vec![("licenceOnRenew", "new")],
            vec![CREATED, UPDATED, RENEWED, CREATED, UPDATED, DEPROVISIONED],
        ),
        (
            vec![("licenseUpdatedForPayg", "withheld")],
            vec![CREATED, RENEWED, CREATED],
        ),
    ] {
        let (sim, _dir) = sim("2026-10-10T10:00:00Z");
        let (first, second) = sim
            .change(|c| {
                for (name, value) in &switches {
                    c.put(Entry::Switch((*name).into(), Some((*value).into())));
                }
                let first = purchase(&sim, c, Purchase::default()).unwrap();
                let second = succeed(
                    &sim,
                    c,
                    first["agreementId"].as_str().unwrap(),
                    "RENEW",
                    Purchase::default(),
                )
                .unwrap();
                (first, second)
            })
            .await;
        assert_eq!(emitted(&sim), expected, "{switches:?}");
        assert_eq!(second["previousAgreementId"], first["agreementId"]);
        assert_eq!(
            second["licenseArn"] == first["licenseArn"],
            switches != [("licenceOnRenew", "new")]
        );
    }
}

#[tokio::test]
async fn events_come_in_the_captured_order_and_proportion() {
    let (sim, _dir) = sim("2026-10-10T10:00:00Z");
    let tick = |seconds: i64| {
        sim.clock.advance(seconds * 1000);
        sim.change_soon(|c| events::deliver_due(&sim, c));
        emitted(&sim).len()
    };
    let request = Purchase {
        event_delay_seconds: Some(61.0),
        withhold: Some(vec!["agreementEnded".into()]),
        ..Purchase::default()
    };
    let bought = sim.change(|c| purchase(&sim, c, request)).await.unwrap();
    assert_eq!((tick(60), tick(1)), (1, 2), "License Updated after 61 s");
    sim.change(|c| {
        end(
            &sim,
            c,
            bought["agreementId"].as_str().unwrap(),
            End::default(),
        )
    })
    .await
    .unwrap();
    assert_eq!(
        (tick(30), tick(1)),
        (2, 3),
        "License Deprovisioned after 31 s, Ended withheld"
    );
    assert_eq!(emitted(&sim)[2], DEPROVISIONED);
    let twice = sim
        .change(|c| {
            end(
                &sim,
                c,
                bought["agreementId"].as_str().unwrap(),
                End::default(),
            )
        })
        .await;
    assert_eq!(twice.unwrap_err().0, 409);
}

#[tokio::test]
async fn mistakes_are_refused_and_change_nothing() {
    let (sim, _dir) = sim("2026-10-10T10:00:00Z");
    for (request, part) in [
        (json!({"accountId": "12"}), "12 digits"),
        (json!({"freeTrialDays": 5}), "from 7 to 90"),
        (
            json!({"withhold": ["licenceUpdated"]}),
            "withhold takes agreementCreated",
        ),
        (json!({"eventDelaySeconds": -1}), "from 0"),
        (
            json!({"pricing": "contract", "entitlements": [{"dimension": "rooms", "value": 1}]}),
            "contract dimensions seats",
        ),
        (
            json!({"entitlements": [{"dimension": "seats", "value": 1}]}),
            "has no entitlements",
        ),
    ] {
        let refused = sim
            .change(|c| purchase(&sim, c, serde_json::from_value(request.clone()).unwrap()))
            .await
            .unwrap_err();
        assert!(refused.1.contains(part), "{request}: {}", refused.1);
    }
    assert_eq!(
        sim.read(|w| (
            w.agreements.len(),
            w.licenses.len(),
            w.scheduled.len(),
            w.next_seq
        )),
        (0, 0, 0, 0)
    );
}
