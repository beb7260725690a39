//! R-13 towards AWS: the line is cut, silent or as slow as 2 KB/s. Who asks is answered in time, what was on its way is billed once, and
//! nothing has to be started anew.

use std::time::{Duration, Instant};

use reqwest::blocking::Response;
use serde_json::{Value, json};
use testkit::count::count;
use testkit::proxy::{At, Line};
use walk::{Book, Buyer, World, soon};
use xtask::stand::Proc;

/// What a request may take.
const BOUND: Duration = Duration::from_secs(5);
/// 2 KB/s.
const SLOW: Line = Line::Drip(2 * 1024);
/// A request that sends metering, by the SDK's `x-amz-target`.
const SENDING: &[u8] = b"AWSMPMeteringService.BatchMeterUsage";

/// Two of each kind, or what the long form asks for: `PAYPHONE_LINES=34`.
fn how_many() -> usize {
    count("PAYPHONE_LINES", 2)
}

/// Posts the token, and answers within the bound; and how much of the bound it took.
fn posts_in_time(buyer: &Buyer) -> (Response, f64) {
    let began = Instant::now();
    let response = buyer.post_token().expect("an answer");
    let share = began.elapsed().as_secs_f64() / BOUND.as_secs_f64();
    assert!(share < 1.0, "{share:.2} of the bound");
    (response, share)
}

fn says_to_come_again(response: Response) {
    assert_eq!(response.status(), 503);
    assert!(response.headers().get("retry-after").is_some());
    assert!(response.headers().get("set-cookie").is_none());
    let kind = response.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("text/html"), "{kind}");
    let text = response.text().unwrap();
    assert!(text.contains("Nothing is lost"), "{text}");
}

#[test]
fn a_registration_ends_in_time_whatever_the_line_to_aws_does() {
    let world = World::over_lines(2048);
    let line = &world.lines().aws;
    let pid = world.stand.pid(Proc::Control);
    let mut slowest = 0.0_f64;
    for _ in 0..how_many() {
        for (how, passes) in [(Line::Cut, false), (Line::Silent, false), (SLOW, true)] {
            // What went before has left connections open, as a day's work does.
            Buyer::subscribe(&world, &json!({})).register();
            let mut buyer = Buyer::subscribe(&world, &json!({}));
            line.turn(how);
            let (response, share) = posts_in_time(&buyer);
            line.turn(Line::Open);
            slowest = slowest.max(share);
            if passes {
                assert_eq!(response.status(), 303, "{how:?}");
            } else {
                says_to_come_again(response);
            }
            // The very next one passes.
            buyer.register();
        }
    }
    let registered = world.operator("registrations").len();
    assert_eq!(registered, how_many() * 6, "one each");
    assert_eq!(world.stand.pid(Proc::Control), pid, "never started anew");
    println!(
        "{} lines to AWS cut, silent or slow under a registration: {slowest:.2} of the bound at worst",
        how_many() * 3
    );
}

/// How often sending came to nothing so far.
fn failures(world: &World) -> usize {
    let log = std::fs::read_to_string(world.stand.log(Proc::Control)).unwrap();
    log.matches("BatchMeterUsage failed").count()
}

#[test]
fn a_unit_is_billed_once_whatever_the_line_to_aws_does() {
    let world = World::over_lines(2048);
    let line = &world.lines().aws;
    let pid = world.stand.pid(Proc::Control);
    let ann = Buyer::settled(&world, &json!({}));
    let key = ann.api_key("live", &["usage:write"]);
    let mut sent = 0;
    for round in 0..how_many() {
        for (name, at, how) in [
            ("cut before", At::Before, Line::Cut),
            ("cut after", At::After, Line::Cut),
            ("silent before", At::Before, Line::Silent),
            ("silent after", At::After, Line::Silent),
            ("slow", At::Before, SLOW),
        ] {
            let now = world.sim("clock")["now"].as_str().unwrap().to_owned();
            let event = ann.event(&format!("{name} {round}"), &now, 7);
            let answer = ann.post_usage(&key, &event).unwrap();
            let answer: Value = answer.json().unwrap();
            assert_eq!(answer["items"][0]["status"], "accepted", "{answer}");
            sent += 7;
            let before = failures(&world);
            if how == SLOW {
                line.turn(how);
            } else {
                line.catch(SENDING, at, how);
            }
            world.advance(2 * 3600);
            if how != SLOW {
                soon("the sending is caught", || line.caught().then_some(()));
                // What is cut or silent is so until it has been noticed.
                soon("the sending has failed", || {
                    (failures(&world) > before).then_some(())
                });
                line.turn(Line::Open);
            }
            soon("AWS's books hold every unit", || {
                let total = Book::read(&world).total(&ann.license_arn, "payments");
                assert!(total <= sent, "{total} of {sent}");
                (total == sent).then_some(())
            });
            line.turn(Line::Open);
        }
    }
    let book = Book::read(&world);
    assert_eq!(book.refused, Vec::<Value>::new());
    assert_eq!(book.total(&ann.license_arn, "payments"), sent);
    assert_eq!(world.stand.pid(Proc::Control), pid, "never started anew");
}
