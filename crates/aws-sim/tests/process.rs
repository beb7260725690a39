//! The whole server on a real socket: routes, refusals, dropped answers, storefront forms, and what a restart keeps.
//!
//! Not the proof against real SDKs, which is made with the SDKs themselves elsewhere. Requests are written by hand, so that every
//! byte that matters is visible here.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::{path::Path, sync::Arc};

use aws_sim::{
    clock::Clock,
    cognito::{ClientSecret, PoolSettings},
    server,
    sim::{Settings, Sim},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

#[path = "process/refusals.rs"]
mod refusals;
#[path = "process/sign_in.rs"]
mod sign_in;
#[path = "process/visitor.rs"]
mod visitor;

/// The app client's secret.
const SECRET: &str = "throwaway0secret0of0tests";

struct Running {
    address: String,
    stop: oneshot::Sender<()>,
    done: JoinHandle<()>,
}

async fn start(dir: &Path) -> Running {
    start_at(dir, Clock::system()).await
}

#[expect(
    clippy::disallowed_methods,
    reason = "the server under test runs beside the test and is joined at its end"
)]
async fn start_at(dir: &Path, clock: Clock) -> Running {
    let settings = Settings {
        state: dir.join("state"),
        fulfilment_url: "http://127.0.0.1:8080/marketplace/register".into(),
        product_code: "payphone-demo".into(),
        queue: "payphone-events".into(),
        dimensions: vec!["payments".into()],
        contract_dimensions: vec!["seats".into()],
        seed: Some(1),
        host: "127.0.0.1".into(),
        pool: PoolSettings {
            client_secret: Some(ClientSecret(SECRET.into())),
            operator: Some("vera@example.com".into()),
            ..PoolSettings::default()
        },
        mail_from: vec!["no-reply@payphone.example".into()],
        kms_key: "0d5c7b1e-2f64-4a38-9c0b-7e1a5f3d8b26".into(),
    };
    let sim = Arc::new(Sim::open(settings, clock).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (stop, stopped) = oneshot::channel();
    let done = tokio::spawn(async move {
        let stopped = async { drop(stopped.await) };
        server::serve(sim, listener, stopped).await.unwrap();
    });
    Running {
        address,
        stop,
        done,
    }
}

impl Running {
    /// One request on a connection of its own; an empty answer means that the connection was dropped.
    async fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}",
            self.address,
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // A dropped connection may show as a reset.
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8(answer).unwrap()
    }

    async fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self
            .send(method, &format!("/_sim/v1{path}"), "", &body.to_string())
            .await;
        serde_json::from_str(body_of(&answer)).unwrap_or(Value::Null)
    }

    async fn aws(&self, target: &str, service: &str, body: &Value) -> String {
        let signature = "0".repeat(64);
        let headers = format!(
            "x-amz-target: {target}\r\ncontent-type: application/x-amz-json-1.1\r\nx-amz-date: 20261010T100000Z\r\n\
             authorization: AWS4-HMAC-SHA256 Credential=AKID/20261010/us-east-1/{service}/aws4_request, SignedHeaders=host;x-amz-date, Signature={signature}\r\n"
        );
        self.send("POST", "/", &headers, &body.to_string()).await
    }

    async fn end(self) {
        self.stop.send(()).unwrap();
        self.done.await.unwrap();
    }
}

fn body_of(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

fn status_of(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("")
}

#[tokio::test]
async fn people_and_programs_meet_on_one_port() {
    let dir = tempfile::tempdir().unwrap();
    let sim = start(dir.path()).await;
    let root = sim.send("GET", "/", "", "").await;
    assert_eq!(status_of(&root), "303");
    assert!(root.contains("location: /storefront\r\n"));
    let unsigned = sim
        .send(
            "POST",
            "/",
            "x-amz-target: AWSMPMeteringService.ResolveCustomer\r\n",
            "{}",
        )
        .await;
    assert_eq!(status_of(&unsigned), "403");
    assert!(unsigned.contains("MissingAuthenticationTokenException"));
    let wrong_scope = sim
        .aws("AWSMPMeteringService.ResolveCustomer", "sqs", &json!({}))
        .await;
    assert!(wrong_scope.contains("InvalidSignatureException"));
    let unknown = sim
        .aws("AWSMPMeteringService.Dance", "aws-marketplace", &json!({}))
        .await;
    assert!(unknown.contains("x-amzn-errortype: UnknownOperationException"));
    let missing = sim
        .aws(
            "AmazonSQS.GetQueueUrl",
            "sqs",
            &json!({"QueueName": "none"}),
        )
        .await;
    assert!(missing.contains("x-amzn-query-error: AWS.SimpleQueueService.NonExistentQueue;Sender"));
    assert!(missing.contains("com.amazonaws.sqs#QueueDoesNotExist"));
    sim.end().await;
}

#[tokio::test]
async fn a_buyer_gets_from_the_listing_to_a_form_with_a_token() {
    let dir = tempfile::tempdir().unwrap();
    let sim = start(dir.path()).await;
    let form = "content-type: application/x-www-form-urlencoded\r\n";
    let bought = sim
        .send(
            "POST",
            "/storefront/subscriptions",
            form,
            "accountId=new&pricing=subscription&freeTrial=yes",
        )
        .await;
    assert_eq!(status_of(&bought), "303");
    let place = bought
        .lines()
        .find_map(|l| l.strip_prefix("location: "))
        .unwrap()
        .to_owned();
    let page = sim.send("GET", &place, "", "").await;
    assert!(page.contains("form-action 'self' http://127.0.0.1:8080;"));
    assert!(page.contains("name=\"x-amzn-marketplace-offer-type\" value=\"free-trial\""));
    let token = page
        .split("name=\"x-amzn-marketplace-token\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let resolved = sim
        .aws(
            "AWSMPMeteringService.ResolveCustomer",
            "aws-marketplace",
            &json!({"RegistrationToken": token}),
        )
        .await;
    assert_eq!(status_of(&resolved), "200", "{resolved}");
    sim.control("PUT", "/switches", &json!({"formExtraFields": "absent"}))
        .await;
    assert!(
        !sim.send("GET", &place, "", "")
            .await
            .contains("x-amzn-marketplace-agreement-id")
    );
    let cancelled = sim.send("POST", &format!("{place}/cancel"), form, "").await;
    assert_eq!(status_of(&cancelled), "303");
    assert!(sim.send("GET", &place, "", "").await.contains("Cancelled"));
    let clock = sim
        .send(
            "POST",
            "/storefront/clock",
            form,
            "advanceSeconds=3600&back=//elsewhere",
        )
        .await;
    assert!(
        clock.contains("location: /storefront\r\n"),
        "only pages of our own"
    );
    sim.end().await;
}

#[tokio::test]
async fn a_lost_answer_has_its_effect_and_a_restart_keeps_it() {
    let dir = tempfile::tempdir().unwrap();
    let sim = start(dir.path()).await;
    let bought = sim.control("POST", "/agreements", &json!({})).await;
    sim.control(
        "POST",
        "/faults",
        &json!({"operation": "BatchMeterUsage", "kind": "lostAnswer", "count": 1}),
    )
    .await;
    let now = sim
        .control("POST", "/clock", &json!({"advanceSeconds": 7200}))
        .await;
    let at = chrono::DateTime::parse_from_rfc3339(now["now"].as_str().unwrap())
        .unwrap()
        .timestamp();
    let record = json!({"Timestamp": at - at % 3600, "Dimension": "payments", "Quantity": 3, "LicenseArn": bought["licenseArn"], "CustomerAWSAccountId": bought["accountId"]});
    let batch = json!({"UsageRecords": [record]});
    assert_eq!(
        sim.aws(
            "AWSMPMeteringService.BatchMeterUsage",
            "aws-marketplace",
            &batch
        )
        .await,
        ""
    );
    sim.end().await;

    let again = start(dir.path()).await;
    assert!(
        again.control("GET", "/clock", &json!({})).await["offsetSeconds"]
            .as_i64()
            .unwrap()
            >= 7200
    );
    let books = again.control("GET", "/metering-records", &json!({})).await;
    assert_eq!(books["items"][0]["quantity"], 3);
    let resent = again
        .aws(
            "AWSMPMeteringService.BatchMeterUsage",
            "aws-marketplace",
            &batch,
        )
        .await;
    let resent: Value = serde_json::from_str(body_of(&resent)).unwrap();
    assert_eq!(
        resent["Results"][0]["MeteringRecordId"],
        books["items"][0]["meteringRecordId"]
    );
    let log = again
        .send("GET", "/_sim/v1/requests?client=other", "", "")
        .await;
    assert_eq!(
        log.matches("\"operation\":\"BatchMeterUsage\"").count(),
        2,
        "requests of both lives are in the log"
    );
    again.end().await;
}
