//! What each port promises, as assertions that run against the fake here and against the real adapter in the walk.
//! A bench is what makes the surroundings do something: the fake's own switches, or the stand-in's control routes.

mod identity;
mod key_encryption;
mod mailer;

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::Duration;
use domain::{
    Mode,
    card_plane::{CardPlane, KeyRequest},
    event_queue::EventQueue,
    hour::Hour,
    id::TenantId,
    licence::{AwsAccountId, LicenseArn},
    marketplace::{Marketplace, MeterError, RecordAnswer, RecordStatus, ResolveError, UsageRecord},
    usage::Dimension,
};
use secrecy::SecretString;

pub use identity::{
    IdentityBench, SignInBench, authenticator_contract, first_password_contract, identity_contract,
};
pub use key_encryption::{
    KeyBench, disabled_key_contract, key_encryption_contract, other_key_contract,
};
pub use mailer::{MailBench, mailer_contract};

/// What makes a queue's surroundings do something.
#[async_trait]
pub trait QueueBench: Sync {
    /// Puts a message in.
    async fn put(&self, body: &str);
    /// Waits until deliveries that were not deleted come again.
    async fn visibility_passes(&self);
}

/// At least once, at most ten a time, until it is deleted; deleting twice does no harm.
pub async fn event_queue_contract(queue: &dyn EventQueue, bench: &dyn QueueBench) {
    for number in 0..12 {
        bench.put(&format!("body {number}")).await;
    }
    let mut bodies = BTreeSet::new();
    let mut deliveries = Vec::new();
    for _ in 0..100 {
        let given = queue.receive().await.expect("the queue answers");
        assert!(given.len() <= 10, "{} messages at once", given.len());
        bodies.extend(given.iter().map(|message| message.body.clone()));
        deliveries.extend(given);
        if bodies.len() == 12 {
            break;
        }
    }
    assert_eq!(bodies.len(), 12, "every message is delivered");
    let (kept, deleted): (Vec<_>, Vec<_>) =
        deliveries.into_iter().partition(|m| m.body == "body 3");
    for chunk in deleted.chunks(10) {
        queue.delete(chunk).await.expect("deletes");
    }
    bench.visibility_passes().await;
    let again = queue.receive().await.expect("the queue answers");
    assert!(!again.is_empty(), "what was not deleted comes again");
    assert!(again.iter().all(|message| message.body == "body 3"));
    let same_id = again
        .iter()
        .all(|message| message.message_id == kept[0].message_id);
    assert!(same_id, "a redelivery keeps its message id");
    queue.delete(&again).await.expect("deletes");
    queue
        .delete(&again)
        .await
        .expect("deleting again does no harm");
    bench.visibility_passes().await;
    assert_eq!(queue.receive().await.expect("the queue answers"), []);
}

/// A purchase that a bench made.
#[derive(Debug, Clone)]
pub struct Bought {
    /// The registration token.
    pub token: SecretString,
    /// The licence.
    pub license: LicenseArn,
    /// The account.
    pub account: AwsAccountId,
    /// The listing.
    pub product_code: String,
}

/// What makes AWS Marketplace do something.
#[async_trait]
pub trait MarketplaceBench: Sync {
    /// Somebody buys, pay as you go, one hour ago or earlier.
    async fn buys(&self) -> Bought;
    /// Somebody buys a contract for `seats`, 10.
    async fn buys_contract(&self) -> Bought;
    /// The hour of business time.
    async fn hour(&self) -> Hour;
    /// Business time passes.
    async fn passes(&self, time: Duration);
    /// The next metering answer is lost after its effect.
    async fn loses_the_next_metering_answer(&self);
    /// The next metering call is throttled.
    async fn throttles_the_next_metering_call(&self);
}

/// A token resolves to the same customer until its lifetime is over.
pub async fn resolve_contract(aws: &dyn Marketplace, bench: &dyn MarketplaceBench) {
    let bought = bench.buys().await;
    let first = aws.resolve_customer(&bought.token).await.expect("resolves");
    assert_eq!(first.product_code, bought.product_code);
    assert_eq!(first.account.as_ref(), Some(&bought.account));
    assert_eq!(first.license.as_ref(), Some(&bought.license));
    let second = aws
        .resolve_customer(&bought.token)
        .await
        .expect("resolves again");
    assert_eq!(first, second, "the same token, the same answer");
    let wrong = SecretString::from("no-token-of-anybody");
    let refusal = aws.resolve_customer(&wrong).await;
    assert!(
        matches!(refusal, Err(ResolveError::InvalidToken)),
        "{refusal:?}"
    );
    bench.passes(Duration::hours(4)).await;
    let late = aws.resolve_customer(&bought.token).await;
    assert!(matches!(late, Err(ResolveError::ExpiredToken)), "{late:?}");
}

/// Entitlements of a contract, and none for pay as you go.
pub async fn entitlements_contract(aws: &dyn Marketplace, bench: &dyn MarketplaceBench) {
    let payg = bench.buys().await;
    let none = aws
        .get_entitlements(&payg.product_code, &payg.license)
        .await;
    assert_eq!(none.expect("answers"), []);
    let contract = bench.buys_contract().await;
    let some = aws
        .get_entitlements(&contract.product_code, &contract.license)
        .await;
    let some = some.expect("answers");
    assert_eq!(some.len(), 1, "{some:?}");
    assert_eq!((&*some[0].dimension, &*some[0].value), ("seats", "10"));
}

/// One record a licence, dimension and hour; identical ones may be repeated; one bad record refuses the request and records nothing.
pub async fn metering_contract(aws: &dyn Marketplace, bench: &dyn MarketplaceBench) {
    let bought = bench.buys().await;
    let hour = bench.hour().await;
    let record = |dimension, hour, quantity| UsageRecord {
        license: bought.license.clone(),
        account: bought.account.clone(),
        dimension,
        hour,
        quantity,
    };
    let used = record(Dimension::Payments, hour, 5);
    let idle = record(Dimension::Captures, hour, 0);
    let answers = send(aws, &[used.clone(), idle.clone()]).await;
    assert_eq!(
        statuses(&answers),
        ["Success", "Success"],
        "in the order of the records"
    );
    let again = send(aws, std::slice::from_ref(&used)).await;
    assert!(matches!(
        &*statuses(&again)[0],
        "Success" | "DuplicateRecord"
    ));
    let more = record(Dimension::Payments, hour, 6);
    assert_eq!(statuses(&send(aws, &[more]).await), ["DuplicateRecord"]);

    bench.passes(Duration::hours(25)).await;
    let now = bench.hour().await;
    let fresh = record(Dimension::Payments, now.previous(), 1);
    let stale = record(Dimension::Captures, hour, 1);
    let refusal = aws.batch_meter_usage(&[fresh.clone(), stale]).await;
    let code = "TimestampOutOfBoundsException";
    assert!(
        matches!(refusal, Err(MeterError::BadRecord(c)) if c == code),
        "{refusal:?}"
    );
    let other = record(Dimension::Payments, now.previous(), 2);
    let answers = send(aws, &[other]).await;
    assert_eq!(
        statuses(&answers),
        ["Success"],
        "a refused request records nothing"
    );

    let lost = record(Dimension::Captures, now.previous(), 3);
    bench.loses_the_next_metering_answer().await;
    let error = aws.batch_meter_usage(std::slice::from_ref(&lost)).await;
    assert!(matches!(error, Err(MeterError::Busy(_))), "{error:?}");
    let repeated = send(aws, &[lost]).await;
    assert!(matches!(
        &*statuses(&repeated)[0],
        "Success" | "DuplicateRecord"
    ));

    bench.throttles_the_next_metering_call().await;
    let next = record(Dimension::TestPayments, now.previous(), 1);
    let error = aws.batch_meter_usage(std::slice::from_ref(&next)).await;
    assert!(matches!(error, Err(MeterError::Busy(_))), "{error:?}");
    assert_eq!(statuses(&send(aws, &[next]).await), ["Success"]);
}

/// One key pair a tenant and mode, however often and however concurrently it is asked for.
pub async fn card_plane_contract(card_plane: &dyn CardPlane, tenants: [TenantId; 2]) {
    let request = |tenant_id| KeyRequest {
        tenant_id,
        mode: Mode::Test,
    };
    let [first, second] = tenants;
    let (first, second) = (request(first), request(second));
    let (one, two) = tokio::join!(card_plane.ensure_key(&first), card_plane.ensure_key(&first));
    let (one, two) = (one.expect("a key"), two.expect("a key"));
    assert_eq!(one, two, "asked twice at once");
    assert_eq!(card_plane.ensure_key(&first).await.expect("a key"), one);
    let other = card_plane.ensure_key(&second).await.expect("a key");
    assert_ne!(other.id, one.id);
    assert!(
        one.public_key_pem
            .starts_with("-----BEGIN PUBLIC KEY-----\n")
    );
    assert!(one.public_key_pem.len() <= domain::key::CONNECT_MAX_PEM);
    assert!(
        one.certificate_pem
            .starts_with("-----BEGIN CERTIFICATE-----\n")
    );
    assert!(one.not_before < one.not_after);
}

async fn send(aws: &dyn Marketplace, records: &[UsageRecord]) -> Vec<RecordAnswer> {
    let answers = aws.batch_meter_usage(records).await;
    let answers = answers.unwrap_or_else(|error| panic!("refused: {error}"));
    assert_eq!(answers.len(), records.len());
    answers
}

fn statuses(answers: &[RecordAnswer]) -> Vec<String> {
    let word = |answer: &RecordAnswer| match answer {
        RecordAnswer::Judged { status, .. } => match status {
            RecordStatus::Success => "Success".to_owned(),
            RecordStatus::DuplicateRecord => "DuplicateRecord".to_owned(),
            RecordStatus::CustomerNotSubscribed => "CustomerNotSubscribed".to_owned(),
            RecordStatus::Other(other) => other.clone(),
        },
        RecordAnswer::Unprocessed => "unprocessed".to_owned(),
    };
    answers.iter().map(word).collect()
}
