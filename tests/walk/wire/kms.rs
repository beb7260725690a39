//! AWS KMS as wrapping key: the adapter against aws-sim and against moto, and the whole product with the card plane on it.

use std::sync::Arc;

use async_trait::async_trait;
use aws::KmsKeyEncryption;
use domain::{
    Ids,
    id::KeyId,
    key_encryption::{Context, DataKey, Holder, KeyEncryption, KeyEncryptionError},
    kms_key_arn::KmsKeyArn,
};
use reqwest::StatusCode;
use runtime::{clock::SystemRealTime, ids::SystemIds, peer::http_client};
use serde_json::{Value, json};
use testkit::contract::{self, KeyBench};
use walk::{Buyer, World, soon};
use xtask::stand::{KMS_KEY_ARN, Proc};

use crate::{contracts::block_on, moto::Moto};

/// Somebody who administers keys: KMS's API over plain HTTP, sharing nothing with the adapter.
struct Administrator {
    http: reqwest::Client,
    base: String,
    key: String,
}

impl Administrator {
    fn of(base: &str, key: &str) -> Self {
        Self {
            http: http_client().expect("an HTTP client"),
            base: base.to_owned(),
            key: key.to_owned(),
        }
    }

    async fn ask(&self, operation: &str, body: Value) -> Value {
        let response = self
            .http
            .post(&self.base)
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", format!("TrentService.{operation}"))
            .header("x-amz-date", "20261122T000000Z")
            .header(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=bench/20261122/us-east-1/kms/aws4_request, SignedHeaders=host;x-amz-date, Signature=0000000000000000000000000000000000000000000000000000000000000000",
            )
            .body(body.to_string())
            .send()
            .await
            .expect("an answer");
        let (status, text) = (response.status(), response.text().await.expect("text"));
        assert!(status.is_success(), "{operation}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    async fn makes_a_key(&self) -> KmsKeyArn {
        let made = self.ask("CreateKey", json!({})).await;
        let arn = made["KeyMetadata"]["Arn"].as_str().expect("an ARN");
        arn.parse().expect("the ARN of a key")
    }
}

#[async_trait]
impl KeyBench for Administrator {
    async fn set_enabled(&self, enabled: bool) {
        let operation = if enabled { "EnableKey" } else { "DisableKey" };
        // By its id: moto's operations on keys know no ARN.
        let id = self.key.rsplit('/').next();
        self.ask(operation, json!({ "KeyId": id })).await;
    }
}

fn ids() -> Arc<dyn Ids> {
    Arc::new(SystemIds::new(Arc::new(SystemRealTime)))
}

/// Two keys of a KMS, and who administers the first.
async fn keys(base: &str) -> (KmsKeyEncryption, KmsKeyEncryption, Administrator) {
    let nobody = Administrator::of(base, "");
    let (own, other) = (nobody.makes_a_key().await, nobody.makes_a_key().await);
    let config = aws::load_at(base).await;
    let administrator = Administrator::of(base, own.as_str());
    let key = |arn| KmsKeyEncryption::new(&config, arn);
    (key(own), key(other), administrator)
}

/// Security 70: what was wrapped for one holder opens for no other, and a copied or swapped ciphertext for nobody.
#[test]
fn the_kms_adapter_keeps_the_ports_contract_against_aws_sim() {
    let world = World::start(2048);
    block_on(async {
        let (own, other, bench) = keys(&world.ready.addresses.aws_sim).await;
        contract::key_encryption_contract(&own, &*ids()).await;
        contract::other_key_contract(&own, &other, &*ids()).await;
        contract::disabled_key_contract(&own, &bench, &*ids()).await;
    });
}

#[test]
fn the_kms_adapter_keeps_the_ports_contract_against_moto() {
    let moto = Moto::start();
    for operation in ["Encrypt", "Decrypt"] {
        assert!(moto.kms_operations.iter().any(|has| has == operation));
    }
    block_on(async {
        let (own, other, bench) = keys(&moto.url).await;
        contract::key_encryption_contract(&own, &*ids()).await;

        // `other_key_contract` is left out, because moto answers AccessDenied where AWS says IncorrectKeyException: still it opens nothing.
        let context = Context {
            key: KeyId::make(&*ids()),
            holder: Holder::Pool,
        };
        let wrapped = own.wrap(&DataKey::make(&*ids()), context).await.unwrap();
        let by_other = other.unwrap(&wrapped, context).await.err().unwrap();
        let KeyEncryptionError::Misconfigured(why) = by_other else {
            panic!("{by_other}");
        };
        assert!(why.contains("AccessDeniedException"), "{why}");
        // `disabled_key_contract` too: moto keeps the state and serves all the same.
        bench.set_enabled(false).await;
        assert!(own.unwrap(&wrapped, context).await.is_ok());
    });
}

/// Requests of the card plane to KMS so far, by operation.
fn asked(world: &World, operation: &str) -> usize {
    let requests = world.aws_requests();
    let lines = requests.lines().map(|line| {
        let request: Value = serde_json::from_str(line).unwrap();
        (
            request["service"] == "kms",
            request["operation"] == operation,
        )
    });
    lines.filter(|found| *found == (true, true)).count()
}

fn card_log(world: &World) -> String {
    std::fs::read_to_string(world.stand.log(Proc::Card)).unwrap()
}

/// From registration to the key's page; on the way KMS fails, and what waited for it goes on.
#[test]
fn a_tenant_gets_a_key_that_kms_wraps_and_waits_while_kms_is_away() {
    let world = World::on_kms(2048);
    let mut ann = Buyer::subscribe(&world, &json!({}));
    ann.register();
    ann.name_owner();
    soon("the first tenant is set up", || {
        ann.is_set_up().then_some(())
    });
    ann.sign_in();
    let keys = ann.json("/api/v1/keys");
    let id = keys["items"][0]["id"].as_str().unwrap();
    assert!(ann.page("/keys").contains(id));
    assert!(asked(&world, "Encrypt") >= 2 && asked(&world, "Decrypt") >= 1);

    let mut faults = Vec::new();
    for operation in ["Encrypt", "Decrypt"] {
        let fault = json!({"operation": operation, "kind": "serverError"});
        faults.push(world.tell_sim("faults", &fault)["id"].clone());
    }
    let before = asked(&world, "Decrypt");
    let mut bob = Buyer::subscribe(&world, &json!({}));
    bob.register();
    bob.name_owner();
    soon("the card plane tries", || {
        (asked(&world, "Decrypt") > before + 3).then_some(())
    });
    assert!(!bob.is_set_up());
    for id in faults {
        let url = world.sim_url(&format!("faults/{id}"));
        let cleared = world.http.delete(url).send().unwrap();
        assert_eq!(cleared.status(), StatusCode::NO_CONTENT);
    }
    soon("the second one is set up too", || {
        bob.is_set_up().then_some(())
    });
    let log = card_log(&world);
    assert!(!log.contains("is damaged"), "{log}");
    assert!(!log.contains("CiphertextBlob") && !log.contains("Plaintext\":\""));
}

/// The role of the card plane may nothing yet: the process starts, says what to do, and is ready once somebody did it.
#[test]
fn a_missing_permission_is_told_by_readiness_before_the_first_tenant() {
    let world = World::on_kms(2048);
    world.switch("kmsAccess", &json!("denied"));
    world.stand.kill9(Proc::Card).unwrap();
    world.stand.start(Proc::Card).unwrap();
    let url = format!("http://{}/readyz", world.stand.places().admin(Proc::Card));
    soon("readiness names what is missing", || {
        let answer = world.http.get(&url).send().ok()?;
        let refused = answer.status() == StatusCode::SERVICE_UNAVAILABLE;
        let text = answer.text().ok()?;
        (refused && text.contains("kms:Encrypt and kms:Decrypt")).then_some(())
    });
    world.switch("kmsAccess", &Value::Null);
    world
        .stand
        .wait_ready(Proc::Card, std::time::Duration::from_mins(2))
        .unwrap();
}

/// An installation that began with a key file moves to KMS, and needs the file no more.
#[test]
fn an_installation_moves_from_its_key_file_to_kms() {
    let world = World::start(2048);
    let mut ann = Buyer::subscribe(&world, &json!({}));
    ann.register();
    ann.name_owner();
    soon("she is set up", || ann.is_set_up().then_some(()));
    // The filler is at rest: nothing is made between the command and the next start.
    world.stand.kill9(Proc::Card).unwrap();
    world.stand.layout().wrap_by_kms().unwrap();
    let args = [
        "rewrap".into(),
        "--config".into(),
        world.stand.config(Proc::Card).into_os_string(),
    ];
    let said = world.stand.tool(Proc::Card, &args).unwrap();
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.contains("keys moved, none is left"), "{said}");
    assert!(!said.starts_with('0'), "{said}");
    let again = world.stand.tool(Proc::Card, &args).unwrap();
    assert_eq!(
        String::from_utf8_lossy(&again.stdout).trim(),
        "0 keys moved, none is left"
    );

    let config = world.stand.config(Proc::Card);
    let text = std::fs::read_to_string(&config).unwrap();
    let without: Vec<_> = text
        .lines()
        .filter(|line| !line.starts_with("previous"))
        .collect();
    assert!(text.contains(KMS_KEY_ARN) && without.len() < text.lines().count());
    std::fs::write(&config, without.join("\n")).unwrap();
    std::fs::remove_file(world.stand.layout().wrapping_key()).unwrap();
    world.stand.start(Proc::Card).unwrap();
    world
        .stand
        .wait_ready(Proc::Card, std::time::Duration::from_mins(2))
        .unwrap();
    let mut bob = Buyer::subscribe(&world, &json!({}));
    bob.register();
    bob.name_owner();
    soon("who comes afterwards is set up", || {
        bob.is_set_up().then_some(())
    });
    assert!(!card_log(&world).contains("is damaged"));
}
