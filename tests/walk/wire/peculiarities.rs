//! What only a live listing could answer is played both ways by aws-sim; the books must come out right under either answer.

use serde_json::{Value, json};
use walk::{Book, Buyer, World, soon, world::answer};

fn now(world: &World) -> String {
    world.sim("clock")["now"].as_str().unwrap().to_owned()
}

/// Sends live usage as the operator; an hour the product's clock has not heard of yet is asked for again.
fn uses(world: &World, buyer: &Buyer, id: &str, quantity: u32) {
    let event = buyer.event(id, &now(world), quantity);
    soon("the event is taken", || {
        let result = answer(
            buyer
                .post_usage(&world.ready.operator_token, &event)
                .unwrap(),
        )["items"][0]
            .clone();
        if result["reason"] == "time_in_future" {
            return None;
        }
        assert_eq!(result["status"], "accepted", "{result}");
        Some(())
    });
}

fn books_hold(world: &World, buyer: &Buyer, units: i64) {
    soon("the books hold the units", || {
        (Book::read(world).total(&buyer.license_arn, "payments") == units).then_some(())
    });
    soon("our ledger has nothing left to do", || {
        let records = buyer.json("/api/v1/metering-records?limit=200");
        records["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|item| !matches!(item["state"].as_str(), Some("sealed" | "sending")))
            .then_some(())
    });
    let records = buyer.json("/api/v1/metering-records?limit=200");
    for record in records["items"].as_array().unwrap() {
        assert!(
            matches!(record["state"].as_str(), Some("accepted" | "open")),
            "{record}"
        );
    }
}

/// and points 1, 2, 3, 7 and 11 of the open points.
#[test]
fn the_books_come_out_right_under_every_answer_and_fault() {
    let world = World::start(2048);
    for (name, value) in [
        ("emptyCustomerIdentifier", "reject"),
        ("identicalResend", "DuplicateRecord"),
        ("dedupeBy", "timestamp"),
        ("formExtraFields", "absent"),
        ("productCodeWithLicense", "accept"),
        ("resolveAgreementId", "absent"),
        ("entitlementsEmptyPage", "on"),
        ("entitlementsWhenEmpty", "absent"),
        ("licenseArnSpelling", "printed"),
        ("windowHours", "6"),
        ("spendThresholdEvents", "nested"),
    ] {
        let value = value
            .parse::<i64>()
            .map_or(json!(value), |number| json!(number));
        world.switch(name, &value);
        let buyer = Buyer::settled(&world, &json!({}));
        uses(&world, &buyer, "first", 4);
        for kind in ["lostAnswer", "throttle", "serverError", "partialBatch"] {
            world.tell_sim(
                "faults",
                &json!({ "operation": "BatchMeterUsage", "kind": kind, "count": 1 }),
            );
        }
        world.advance(3600 + 360);
        books_hold(&world, &buyer, 4);
        uses(&world, &buyer, "second", 5);
        world.advance(3600 + 360);
        books_hold(&world, &buyer, 9);
        world.http.delete(world.sim_url("faults")).send().unwrap();
        world.switch(name, &Value::Null);
    }
}

/// Events that come twice, late and in any order.
#[test]
fn events_in_disorder_set_up_and_end_as_if_they_came_in_order() {
    let world = World::start(2048);
    for kind in ["duplicate", "reorder", "delay"] {
        world.tell_sim("faults", &json!({ "operation": "*", "kind": kind, "probability": 0.5, "seed": 7, "delaySeconds": 5 }));
    }
    let mut buyers: Vec<Buyer> = (0..4)
        .map(|_| {
            let mut buyer = Buyer::subscribe(&world, &json!({}));
            buyer.register();
            buyer.name_owner();
            buyer
        })
        .collect();
    world.advance(60);
    for buyer in &mut buyers {
        soon("the tenant is set up", || buyer.is_set_up().then_some(()));
        buyer.sign_in();
        world.tell_sim(
            &format!("agreements/{}/end", buyer.agreement_id),
            &json!({ "status": "CANCELLED" }),
        );
    }
    world.advance(120);
    for buyer in &buyers {
        soon("the tenant has ended", || {
            (buyer.json("/api/v1/tenant")["state"] == "ended").then_some(())
        });
    }
}

/// The running hour of a licence that ends is sent at once, not at its end.
#[test]
fn a_cancelled_licence_is_flushed_at_once() {
    let world = World::start(2048);
    let buyer = Buyer::settled(&world, &json!({}));
    uses(&world, &buyer, "last", 7);
    world.tell_sim(
        &format!("agreements/{}/end", buyer.agreement_id),
        &json!({ "status": "CANCELLED" }),
    );
    books_hold(&world, &buyer, 7);
    assert_eq!(buyer.json("/api/v1/tenant")["state"], "ended");
    let late = buyer.event("too-late", &now(&world), 1);
    let refused = answer(
        buyer
            .post_usage(&world.ready.operator_token, &late)
            .unwrap(),
    );
    assert_eq!(refused["items"][0]["reason"], "licence_ended", "{refused}");
}

/// A contract is confirmed by its entitlements though its event never comes, and its usage is counted, not sent.
#[test]
fn a_contract_is_confirmed_by_its_entitlements() {
    let world = World::start(2048);
    let more = json!({ "pricing": "contract", "withhold": ["licenseUpdated"] });
    let mut buyer = Buyer::subscribe(&world, &more);
    buyer.register();
    buyer.name_owner();
    world.advance(30);
    soon("the tenant is set up", || buyer.is_set_up().then_some(()));
    buyer.sign_in();
    assert_eq!(
        buyer.json("/api/v1/agreements")["items"][0]["pricing"],
        "contract"
    );
}

/// A buyer account may hold several live licences; each is its own tenant until it is attached to another by choice.
#[test]
fn two_licences_of_one_account_are_metered_apart() {
    let world = World::start(2048);
    let first = Buyer::settled(&world, &json!({}));
    let second = Buyer::settled(&world, &json!({ "accountId": first.account_id }));
    assert_ne!(
        first.json("/api/v1/tenant")["id"],
        second.json("/api/v1/tenant")["id"]
    );
    uses(&world, &first, "same-id", 2);
    uses(&world, &second, "same-id", 3);
    world.advance(3600 + 360);
    books_hold(&world, &first, 2);
    books_hold(&world, &second, 3);
}
