//! The real adapters keep the same contracts as the kit's fakes: AWS's SDKs against aws-sim, and the card plane over its internal port.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use aws::{AwsMarketplace, SqsEventQueue};
use domain::{hour::Hour, id::TenantId};
use http_api::card_plane::HttpCardPlane;
use runtime::{
    clock::SystemRealTime,
    peer::{PeerClient, PeerKey, PeerSigner, http_client},
};
use secrecy::SecretString;
use serde_json::{Value, json};
use testkit::contract::{self, Bought, MarketplaceBench, QueueBench};
use walk::World;
use xtask::stand::Proc;

/// aws-sim's control routes and SQS, asked from inside a runtime.
pub(crate) struct SimBench {
    pub(crate) base: String,
    pub(crate) http: reqwest::Client,
}

impl SimBench {
    pub(crate) fn new(world: &World) -> Self {
        let http = http_client().expect("an HTTP client");
        Self {
            base: world.ready.addresses.aws_sim.clone(),
            http,
        }
    }

    pub(crate) async fn tell(&self, path: &str, body: Value) -> Value {
        let url = format!("{}/_sim/v1/{path}", self.base);
        let response = self
            .http
            .post(url)
            .json(&body)
            .send()
            .await
            .expect("aws-sim answers");
        assert!(
            response.status().is_success(),
            "{path}: {}",
            response.status()
        );
        response.json().await.expect("JSON")
    }

    async fn sqs(&self, operation: &str, mut body: Value) -> Value {
        body["QueueUrl"] = json!(queue_url(&self.base));
        let response = self
            .http
            .post(&self.base)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", format!("AmazonSQS.{operation}"))
            .header("x-amz-date", "20261122T000000Z")
            .header(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=bench/20261122/us-east-1/sqs/aws4_request, SignedHeaders=host;x-amz-date, Signature=0000000000000000000000000000000000000000000000000000000000000000",
            )
            .body(body.to_string())
            .send()
            .await
            .expect("aws-sim answers");
        let (status, text) = (response.status(), response.text().await.expect("text"));
        assert!(status.is_success(), "{operation}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    async fn bought(&self, body: Value) -> Bought {
        let made = self.tell("agreements", body).await;
        let text = |member: &str| made[member].as_str().expect("a text").to_owned();
        Bought {
            token: SecretString::from(text("registrationToken")),
            license: text("licenseArn").parse().expect("an ARN"),
            account: text("accountId").parse().expect("an account"),
            product_code: "payphone-demo".to_owned(),
        }
    }
}

fn queue_url(base: &str) -> String {
    format!("{base}/000000000000/payphone-events")
}

#[async_trait]
impl QueueBench for SimBench {
    async fn put(&self, body: &str) {
        self.sqs("SendMessage", json!({ "MessageBody": body }))
            .await;
    }

    async fn visibility_passes(&self) {
        let hidden = "ApproximateNumberOfMessagesNotVisible";
        loop {
            let answer = self
                .sqs("GetQueueAttributes", json!({ "AttributeNames": [hidden] }))
                .await;
            if answer["Attributes"][hidden] == "0" {
                return;
            }
        }
    }
}

#[async_trait]
impl MarketplaceBench for SimBench {
    async fn buys(&self) -> Bought {
        let bought = self.bought(json!({ "pricing": "subscription" })).await;
        // In force for an hour, so that an hour before the present one may be metered.
        self.passes(chrono::Duration::hours(1)).await;
        bought
    }

    async fn buys_contract(&self) -> Bought {
        let entitlements = json!([{ "dimension": "seats", "value": 10 }]);
        self.bought(json!({ "pricing": "contract", "entitlements": entitlements }))
            .await
    }

    async fn hour(&self) -> Hour {
        let url = format!("{}/_sim/v1/clock", self.base);
        let clock: Value = self
            .http
            .get(url)
            .send()
            .await
            .expect("aws-sim answers")
            .json()
            .await
            .expect("JSON");
        Hour::containing(
            clock["now"]
                .as_str()
                .expect("a time")
                .parse()
                .expect("RFC 3339"),
        )
    }

    async fn passes(&self, time: chrono::Duration) {
        self.tell("clock", json!({ "advanceSeconds": time.num_seconds() }))
            .await;
    }

    async fn loses_the_next_metering_answer(&self) {
        self.tell(
            "faults",
            json!({ "operation": "BatchMeterUsage", "kind": "lostAnswer", "count": 1 }),
        )
        .await;
    }

    async fn throttles_the_next_metering_call(&self) {
        self.tell(
            "faults",
            json!({ "operation": "BatchMeterUsage", "kind": "throttle", "count": 1 }),
        )
        .await;
    }
}

pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(future)
}

#[test]
fn the_sdk_adapters_keep_the_ports_contracts() {
    let world = World::start(2048);
    // The queue and the books are this test's alone.
    world
        .stand
        .stop(Proc::Control)
        .expect("the control plane stops");
    let bench = SimBench::new(&world);
    block_on(async {
        let config = aws::load_at(&bench.base).await;
        bench
            .sqs(
                "SetQueueAttributes",
                json!({ "Attributes": { "VisibilityTimeout": "1" } }),
            )
            .await;
        let queue = SqsEventQueue::new(&config, queue_url(&bench.base), Duration::from_secs(1));
        contract::event_queue_contract(&queue, &bench).await;
        let aws = AwsMarketplace::new(&config);
        contract::resolve_contract(&aws, &bench).await;
        contract::entitlements_contract(&aws, &bench).await;
        contract::metering_contract(&aws, &bench).await;
    });
}

#[test]
fn the_card_plane_keeps_its_ports_contract() {
    let world = World::start(2048);
    let key = PeerKey::load_or_create(&world.stand.layout().peer_key(Proc::Control))
        .expect("the control plane's key");
    let signer = PeerSigner {
        key: Arc::new(key),
        iss: "payphone",
        aud: "payphone-card",
        real: Arc::new(SystemRealTime),
    };
    let internal = format!("http://{}", world.stand.places().internal(Proc::Card));
    let tenants = [
        "ten_00000000000070008000000000000001",
        "ten_00000000000070008000000000000002",
    ];
    block_on(async {
        let card_plane = HttpCardPlane(PeerClient::new(
            http_client().expect("an HTTP client"),
            &internal,
            signer,
        ));
        contract::card_plane_contract(
            &card_plane,
            tenants.map(|id| id.parse::<TenantId>().expect("an id")),
        )
        .await;
    });
}
