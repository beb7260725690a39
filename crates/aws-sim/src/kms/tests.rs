//! Which ciphertext opens where, and what each state of a key answers.

use super::*;
use crate::{
    sim::tests::{reopen, sim},
    wire::Protocol,
};

fn call(operation: &str, region: &str, body: Value) -> Call {
    Call {
        service: "kms",
        operation: operation.into(),
        protocol: Protocol::Json11,
        body,
        bytes: 0,
        region: region.into(),
        base_url: String::new(),
    }
}

async fn ask(sim: &Sim, operation: &str, body: Value) -> Result<Value, String> {
    let answer = run(sim, &call(operation, "us-east-1", body)).await;
    answer.map_err(|error| error.code.to_owned())
}

async fn key(sim: &Sim) -> String {
    let made = ask(sim, "CreateKey", json!({})).await.unwrap();
    made["KeyMetadata"]["Arn"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_ciphertext_opens_under_its_own_key_and_context_alone_and_after_a_restart() {
    let now = "2026-10-10T10:00:00Z";
    let (sim, dir) = sim(now);
    let (own, other) = (key(&sim).await, key(&sim).await);
    let context = json!({"holder": "pool", "key": "key_1"});
    let plain = STANDARD.encode("data key");
    let sealed = ask(
        &sim,
        "Encrypt",
        json!({"KeyId": own, "Plaintext": plain, "EncryptionContext": context}),
    );
    let blob = sealed.await.unwrap()["CiphertextBlob"].clone();
    drop(sim);
    let sim = reopen(dir.path(), 1_791_626_400_000);
    let open = |blob: &Value, key: Option<&str>, context: Value| {
        let mut body = json!({"CiphertextBlob": blob, "EncryptionContext": context});
        if let Some(key) = key {
            body["KeyId"] = json!(key);
        }
        body
    };
    for good in [
        open(&blob, Some(&own), context.clone()),
        open(&blob, None, json!({"key": "key_1", "holder": "pool"})),
    ] {
        let answer = ask(&sim, "Decrypt", good).await.unwrap();
        assert_eq!(
            (&answer["Plaintext"], &answer["KeyId"]),
            (&json!(plain), &json!(own))
        );
    }
    let bytes = STANDARD.decode(blob.as_str().unwrap()).unwrap();
    let cut = json!(STANDARD.encode(&bytes[..20]));
    let mut changed = bytes.clone();
    *changed.last_mut().unwrap() ^= 1;
    let changed = json!(STANDARD.encode(changed));
    for (body, code) in [
        (
            open(&blob, Some(&other), context.clone()),
            "IncorrectKeyException",
        ),
        (
            open(&blob, Some(&own), json!({"holder": "pool"})),
            "InvalidCiphertextException",
        ),
        (
            open(&blob, Some(&own), json!({"holder": "poolkey_1", "key": ""})),
            "InvalidCiphertextException",
        ),
        (open(&blob, None, Value::Null), "InvalidCiphertextException"),
        (
            open(&cut, Some(&own), context.clone()),
            "InvalidCiphertextException",
        ),
        (
            open(&changed, Some(&own), context.clone()),
            "InvalidCiphertextException",
        ),
        (
            open(&json!("%"), Some(&own), context.clone()),
            "SerializationException",
        ),
        (
            open(&json!(""), Some(&own), context.clone()),
            "ValidationException",
        ),
        (
            open(&blob, Some("alias/none"), context.clone()),
            "NotFoundException",
        ),
    ] {
        let error = ask(&sim, "Decrypt", body.clone()).await.unwrap_err();
        assert_eq!(error, code, "{body}");
    }
    let elsewhere = call("Decrypt", "eu-west-1", open(&blob, Some(&own), context));
    let error = run(&sim, &elsewhere).await.unwrap_err();
    assert_eq!(error.code, "NotFoundException");
}

#[tokio::test]
async fn a_key_serves_while_it_is_enabled() {
    let (sim, _dir) = sim("2026-10-10T10:00:00Z");
    let own = key(&sim).await;
    let name = json!({ "KeyId": own });
    let seal = json!({"KeyId": own, "Plaintext": STANDARD.encode("x")});
    assert!(ask(&sim, "Encrypt", seal.clone()).await.is_ok());
    ask(&sim, "DisableKey", name.clone()).await.unwrap();
    let refused = ask(&sim, "Encrypt", seal.clone()).await;
    assert_eq!(refused.unwrap_err(), "DisabledException");
    ask(&sim, "EnableKey", name.clone()).await.unwrap();
    let soon = json!({"KeyId": own, "PendingWindowInDays": 7});
    ask(&sim, "ScheduleKeyDeletion", soon.clone())
        .await
        .unwrap();
    let described = ask(&sim, "DescribeKey", name.clone()).await.unwrap();
    assert_eq!(described["KeyMetadata"]["KeyState"], "PendingDeletion");
    for operation in ["Encrypt", "EnableKey", "ScheduleKeyDeletion"] {
        let refused = ask(&sim, operation, seal.clone()).await;
        assert_eq!(refused.unwrap_err(), "KMSInvalidStateException");
    }
    ask(&sim, "CancelKeyDeletion", name.clone()).await.unwrap();
    let described = ask(&sim, "DescribeKey", name.clone()).await.unwrap();
    assert_eq!(described["KeyMetadata"]["KeyState"], "Disabled");
    ask(&sim, "ScheduleKeyDeletion", soon).await.unwrap();
    sim.clock.advance(7 * DAY_MS);
    let gone = ask(&sim, "DescribeKey", name).await;
    assert_eq!(gone.unwrap_err(), "NotFoundException");
}

#[tokio::test]
async fn who_may_not_is_told_so() {
    let (sim, _dir) = sim("2026-10-10T10:00:00Z");
    let own = key(&sim).await;
    let denied = Entry::Switch("kmsAccess".into(), Some("denied".into()));
    sim.change(|c| c.put(denied)).await;
    let refused = ask(&sim, "DescribeKey", json!({ "KeyId": own })).await;
    assert_eq!(refused.unwrap_err(), "AccessDeniedException");
}
