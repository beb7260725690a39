//! What the buyer is told when AWS Marketplace refuses, by the real SDK against aws-sim: each refusal has a page of its own.

use reqwest::blocking::Response;
use serde_json::{Value, json};
use walk::{Buyer, World, soon};

fn told(response: Response, status: u16, words: &str) {
    let (found, kind) = (
        response.status().as_u16(),
        response.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned(),
    );
    assert!(
        response.headers().get("set-cookie").is_none(),
        "a refusal leaves no cookie"
    );
    let text = response.text().unwrap();
    assert_eq!(found, status, "{text}");
    assert!(kind.starts_with("text/html"), "{kind}");
    assert!(text.contains(words), "{words:?} in {text}");
    assert!(
        text.contains("support@payphone.example"),
        "a way to reach somebody"
    );
}

#[test]
fn every_refusal_of_resolve_customer_has_its_own_page() {
    let world = World::start(2048);
    let post = |buyer: &Buyer| buyer.post_token().expect("an answer");

    let mut nobody = Buyer::subscribe(&world, &json!({}));
    nobody.token = "not-a-token".into();
    told(post(&nobody), 400, "did not come from AWS Marketplace");
    nobody.token = String::new();
    told(post(&nobody), 400, "Set up your account");

    let late = Buyer::subscribe(&world, &json!({}));
    world.advance(4 * 3600 + 60);
    let response = post(&late);
    assert_eq!(response.status(), 400);
    let text = response.text().unwrap();
    assert!(
        text.contains("four hours") && text.contains("you need no new one"),
        "{text}"
    );

    let stranger = Buyer::subscribe(&world, &json!({ "productCode": "somebody-else" }));
    told(post(&stranger), 400, "another product");

    let bare = Buyer::subscribe(&world, &json!({}));
    world.switch("resolveLicenseArn", &json!("absent"));
    told(post(&bare), 400, "which licence this is");
    world.switch("resolveLicenseArn", &Value::Null);

    world.switch("disabledApi", &json!("ResolveCustomer"));
    told(post(&bare), 500, "on our side");
    world.switch("disabledApi", &Value::Null);

    world.tell_sim(
        "faults",
        &json!({ "operation": "ResolveCustomer", "kind": "throttle" }),
    );
    let busy = post(&bare);
    assert!(busy.headers().get("retry-after").is_some());
    told(busy, 503, "Nothing is lost");
    world.http.delete(world.sim_url("faults")).send().unwrap();

    assert_eq!(
        world.operator("registrations"),
        Vec::<Value>::new(),
        "no refusal leaves a row"
    );
    let mut bare = bare;
    bare.register();
}

/// A licence that ended before its buyer came stays dead.
#[test]
fn a_licence_that_ended_before_registration_stays_dead() {
    let world = World::start(2048);
    let gone = Buyer::subscribe(&world, &json!({}));
    world.tell_sim(
        &format!("agreements/{}/end", gone.agreement_id),
        &json!({ "status": "CANCELLED" }),
    );
    soon("the end is in the inbox", || {
        let ends = |event: &Value| {
            event["detailType"] == "License Deprovisioned" && event["state"] == "unmatched"
        };
        world.operator("events").iter().any(ends).then_some(())
    });
    told(gone.post_token().expect("an answer"), 410, "has ended");
    assert_eq!(world.operator("registrations"), Vec::<Value>::new());
}
