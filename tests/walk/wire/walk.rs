//! The walk: from *Subscribe* to a metered hour, and every AWS request on the way judged against AWS's own models.

use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use walk::{Book, Buyer, World, soon, world::answer};

#[test]
fn from_subscribe_to_a_metered_hour() {
    let world = World::start(4096);
    let mut ann = Buyer::subscribe(&world, &json!({}));
    ann.register();

    let welcome = ann.page("/welcome");
    let last4 = &ann.account_id[ann.account_id.len() - 4..];
    assert!(
        welcome.contains(last4),
        "the welcome page names the AWS account"
    );
    assert!(!welcome.contains(&ann.token));
    the_buyers_cookie_opens_nothing_but_the_registration(&ann);
    ann.name_owner();
    assert!(ann.page("/welcome").contains(&ann.owner.email));
    soon("every step is done", || ann.is_set_up().then_some(()));
    the_buyers_cookie_opens_nothing_but_the_registration(&ann);
    ann.sign_in();
    assert!(ann.page("/setup").contains("confirmed"));
    assert_eq!(ann.json("/api/v1/account")["email"], *ann.owner.email);

    keys_are_there(&ann);
    let hour = uses_and_sees(&world, &ann);
    books_hold_exactly_one_record(&world, &ann, &hour);
    every_kind_of_request_was_made(&world);
    nothing_secret_is_in_any_log(&world, &ann);
}

/// Whoever subscribed need not be whoever signs in: the cookie shows how far the set-up is, and that is all.
fn the_buyers_cookie_opens_nothing_but_the_registration(ann: &Buyer) {
    assert_eq!(ann.get("/api/v1/setup").unwrap().status(), 200);
    for path in [
        "/api/v1/tenant",
        "/api/v1/keys",
        "/api/v1/usage",
        "/api/v1/users",
        "/api/v1/account",
        "/api/v1/api-keys",
        "/api/v1/agreements",
        "/api/v1/metering-records",
        "/api/v1/audit-log",
    ] {
        let status = ann.get(path).unwrap().status().as_u16();
        assert!(matches!(status, 401 | 403), "{path}: {status}");
    }
    let made = ann.post_api_key("test", &["usage:write"]).unwrap();
    assert_eq!(made.status(), 403);
    for path in ["/keys", "/people", "/api-keys", "/usage", "/account"] {
        let response = ann.get(path).unwrap();
        assert_eq!(response.status(), 303, "{path}");
        let to = response.headers()["location"].to_str().unwrap();
        assert_eq!(to, format!("/login?next={}", path.replace('/', "%2F")));
    }
    let home = ann.get("/").unwrap();
    assert_eq!(home.headers()["location"], "/welcome");
}

fn keys_are_there(ann: &Buyer) {
    let keys = ann.json("/api/v1/keys");
    let key = &keys["items"][0];
    assert_eq!(
        (
            key["mode"].as_str(),
            key["bits"].as_u64(),
            key["state"].as_str()
        ),
        (Some("test"), Some(4096), Some("active"))
    );
    assert_eq!(keys["items"].as_array().unwrap().len(), 1);
    let id = key["id"].as_str().unwrap();
    let pem = ann.page(&format!("/api/v1/keys/{id}/public-key.pem"));
    assert!(
        pem.starts_with("-----BEGIN PUBLIC KEY-----") && pem.len() <= 1024,
        "{} characters",
        pem.len()
    );
    let certificate = ann.page(&format!("/api/v1/keys/{id}/certificate.pem"));
    assert!(certificate.starts_with("-----BEGIN CERTIFICATE-----"));
    assert!(ann.page("/keys").contains(id));
}

/// Sends usage in both modes and looks at it; answers the hour, as aws-sim writes it.
fn uses_and_sees(world: &World, ann: &Buyer) -> String {
    let now = world.sim("clock")["now"].as_str().unwrap().to_owned();
    let key = ann.api_key("test", &["usage:write", "usage:read"]);
    let event = ann.event("one", &now, 3);
    let statuses = |answer: Value| -> Vec<String> {
        answer["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["status"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        statuses(answer(ann.post_usage(&key, &event).unwrap())),
        ["accepted"]
    );
    assert_eq!(
        statuses(answer(ann.post_usage(&key, &event).unwrap())),
        ["duplicate"]
    );
    // The operator's usage is live.
    let batch = json!([
        ann.event("two", &now, 5),
        ann.event("three", &now, 6),
        ann.event("two", &now, 5)
    ]);
    let live = answer(ann.post_usage(&world.ready.operator_token, &batch).unwrap());
    assert_eq!(statuses(live), ["accepted", "accepted", "duplicate"]);

    let usage = ann.json("/api/v1/usage");
    let total: i64 = usage["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["quantity"].as_i64().unwrap())
        .sum();
    assert_eq!(total, 14, "{usage}");
    assert!(ann.page("/usage").contains("Payments"));
    let csv = world
        .http
        .get(world.url("/api/v1/usage"))
        .bearer_auth(&key)
        .header("accept", "text/csv")
        .send()
        .unwrap();
    assert!(
        csv.headers()[CONTENT_TYPE]
            .to_str()
            .unwrap()
            .starts_with("text/csv")
    );
    format!("{}:00:00Z", &now[..13])
}

fn books_hold_exactly_one_record(world: &World, ann: &Buyer, hour: &str) {
    world.advance(3600 + 360);
    soon("AWS's books hold the hour", || {
        let book = Book::read(world);
        (book.total(&ann.license_arn, "payments") == 11
            && book.total(&ann.license_arn, "test_payments") == 3)
            .then_some(())
    });
    let records = soon("our ledger says accepted", || {
        let records = ann.json("/api/v1/metering-records");
        let items = records["items"].as_array().unwrap().clone();
        let of_hour: Vec<Value> = items
            .into_iter()
            .filter(|item| item["hour"] == hour)
            .collect();
        (of_hour.len() == 3 && of_hour.iter().all(|item| item["state"] == "accepted"))
            .then_some(of_hour)
    });
    let book = Book::read(world);
    assert_eq!(book.refused, Vec::<Value>::new());
    assert_eq!(
        book.hours(&ann.license_arn, "payments"),
        [(hour.to_owned(), 11)]
    );
    assert_eq!(
        book.hours(&ann.license_arn, "test_payments"),
        [(hour.to_owned(), 3)]
    );
    assert_eq!(
        book.hours(&ann.license_arn, "captures"),
        [(hour.to_owned(), 0)],
        "an idle dimension is sent as zero"
    );
    let ours: Vec<&str> = records
        .iter()
        .filter_map(|record| record["meteringRecordId"].as_str())
        .collect();
    for item in world.sim("metering-records")["items"].as_array().unwrap() {
        assert!(
            ours.contains(&item["meteringRecordId"].as_str().unwrap()),
            "{item} is not in our ledger"
        );
    }
    assert!(ann.page("/usage").contains("Accepted"));

    let control = xtask::stand::Proc::Control;
    let config = world.stand.config(control).into_os_string();
    let mut args = vec!["--config".into(), config];
    args.extend(
        [
            "meter",
            "explain",
            "--license",
            &ann.license_arn,
            "--hour",
            hour,
        ]
        .map(Into::into),
    );
    let explained = world.stand.tool(control, &args).unwrap();
    let text = String::from_utf8_lossy(&explained.stdout).into_owned();
    assert!(
        text.contains("payments: 11 units, accepted") && text.contains("in 2 events"),
        "{text}"
    );
}

/// The wire check itself stands at the end of every world.
fn every_kind_of_request_was_made(world: &World) {
    let requests = world.aws_requests();
    for operation in [
        "ResolveCustomer",
        "BatchMeterUsage",
        "GetEntitlements",
        "ReceiveMessage",
        "DeleteMessageBatch",
        "AdminCreateUser",
    ] {
        assert!(requests.contains(operation), "{operation} was made");
    }
}

fn nothing_secret_is_in_any_log(world: &World, ann: &Buyer) {
    for proc in [xtask::stand::Proc::Control, xtask::stand::Proc::Card] {
        let log = std::fs::read_to_string(world.stand.log(proc)).unwrap();
        assert!(
            log.contains("request.id") || log.contains("message"),
            "the log has lines"
        );
        for secret in [
            &ann.token,
            "ppk_test_",
            &ann.owner.email,
            walk::person::PASSWORD,
            ann.owner.cookie(),
            &ann.account_id,
            &world.ready.operator_token,
            "PRIVATE KEY",
        ] {
            assert!(
                !log.contains(secret),
                "{secret:.12}… is in the log of {}",
                proc.binary()
            );
        }
    }
}
