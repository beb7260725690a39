//! Many buyers at once, and many posts of each.

use std::{collections::BTreeSet, thread};

use serde_json::{Value, json};
use walk::{Buyer, World, soon};

const TOKENS: usize = 40;
const POSTS: usize = 50;

/// forty tokens, fifty concurrent posts each, give exactly forty tenants, forty key pairs and forty first owners.
#[test]
fn forty_tokens_posted_fifty_times_at_once_make_forty_tenants() {
    let world = World::start(2048);
    let mut buyers: Vec<Buyer> = (0..TOKENS)
        .map(|_| Buyer::subscribe(&world, &json!({})))
        .collect();
    // Four hundred at once: more than that, one machine that plays browsers, AWS and us answers some of them too late.
    for buyers in buyers.chunks(8) {
        thread::scope(|scope| {
            for buyer in buyers {
                for _ in 0..POSTS {
                    scope.spawn(|| {
                        let status = buyer.post_token().expect("an answer").status();
                        assert_eq!(status, 303);
                    });
                }
            }
        });
    }
    for buyer in &mut buyers {
        buyer.register();
    }
    thread::scope(|scope| {
        for buyer in &buyers {
            for _ in 0..3 {
                scope.spawn(|| buyer.name_owner());
            }
        }
    });
    for buyer in &buyers {
        soon("the tenant is set up", || buyer.is_set_up().then_some(()));
    }
    let registrations = world.operator("registrations");
    assert_eq!(registrations.len(), TOKENS);
    let tenants: BTreeSet<&str> = registrations
        .iter()
        .filter_map(|item| item["tenantId"].as_str())
        .collect();
    assert_eq!(tenants.len(), TOKENS);
    every_owner_is_one_user_with_one_mail(&world, &buyers);
    for buyer in &mut buyers {
        buyer.sign_in();
    }
    let mut keys = BTreeSet::new();
    for buyer in &buyers {
        let own = buyer.json("/api/v1/keys");
        let own = own["items"].as_array().expect("a list");
        assert_eq!(own.len(), 1, "one key pair each");
        keys.insert(
            own[0]["fingerprint"]
                .as_str()
                .expect("a fingerprint")
                .to_owned(),
        );
    }
    assert_eq!(keys.len(), TOKENS, "no two tenants share a key pair");
}

/// Each named three times at once.
fn every_owner_is_one_user_with_one_mail(world: &World, buyers: &[Buyer]) {
    let (users, mails) = (world.sim("users"), world.sim("mailbox"));
    for Buyer { owner, .. } in buyers {
        let count = |list: &Value, member: &str| {
            let items = list["items"].as_array().expect("a list");
            let of_owner = |item: &&Value| item[member] == *owner.email;
            items.iter().filter(of_owner).count()
        };
        assert_eq!(count(&users, "email"), 1, "users of {}", owner.email);
        assert_eq!(count(&mails, "to"), 1, "mails to {}", owner.email);
    }
    let all = users["items"].as_array().expect("a list").len();
    assert_eq!(all, buyers.len() + 1, "and the operator");
}
