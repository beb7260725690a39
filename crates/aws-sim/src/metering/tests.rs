//! The rules of `BatchMeterUsage`, table by table.

use serde_json::{Value, json};

use super::*;
use crate::{
    agreements::{End, Purchase, end, purchase},
    sim::tests::sim,
    wire::Protocol,
};

const NOW: &str = "2026-10-10T10:30:00Z";
const HOUR: i64 = 1_791_626_400; // 2026-10-10T10:00:00Z

struct Shop {
    sim: Sim,
    license: String,
    account: String,
    agreement: String,
    _dir: tempfile::TempDir,
}

async fn shop(purchase_json: Value, switches: &[(&str, &str)]) -> Shop {
    let (sim, dir) = sim(NOW);
    let request: Purchase = serde_json::from_value(purchase_json).unwrap();
    let bought = sim
        .change(|c| {
            for (name, value) in switches {
                c.put(Entry::Switch(
                    (*name).to_owned(),
                    switches::check(name, &json!(value)).unwrap(),
                ));
            }
            purchase(&sim, c, request)
        })
        .await
        .unwrap();
    let text = |name: &str| bought[name].as_str().unwrap().to_owned();
    Shop {
        license: text("licenseArn"),
        account: text("accountId"),
        agreement: text("agreementId"),
        sim,
        _dir: dir,
    }
}

impl Shop {
    fn record(&self, ts: i64, quantity: i64) -> Value {
        json!({"Timestamp": ts, "Dimension": "payments", "Quantity": quantity, "LicenseArn": self.license, "CustomerAWSAccountId": self.account})
    }

    async fn send(&self, body: Value) -> Result<Value, AwsError> {
        self.send_in("us-east-1", body).await
    }

    async fn send_in(&self, region: &str, body: Value) -> Result<Value, AwsError> {
        let call = Call {
            service: "meteringmarketplace",
            operation: "BatchMeterUsage".into(),
            protocol: Protocol::Json11,
            bytes: body.to_string().len(),
            body,
            region: region.into(),
            base_url: String::new(),
        };
        batch_meter_usage(&self.sim, &call, None).await
    }

    async fn status(&self, ts: i64, quantity: i64) -> String {
        match self
            .send(json!({"UsageRecords": [self.record(ts, quantity)]}))
            .await
        {
            Ok(answer) => answer["Results"][0]["Status"].as_str().unwrap().to_owned(),
            Err(error) => error.code.to_owned(),
        }
    }
}

#[tokio::test]
async fn an_hour_is_booked_once() {
    for (switches, second, other_minute) in [
        (vec![], "Success", "DuplicateRecord"),
        (
            vec![("identicalResend", "DuplicateRecord")],
            "DuplicateRecord",
            "DuplicateRecord",
        ),
        (vec![("dedupeBy", "timestamp")], "Success", "Success"),
    ] {
        let shop = shop(json!({}), &switches).await;
        let first = shop
            .send(json!({"UsageRecords": [shop.record(HOUR, 5)]}))
            .await
            .unwrap();
        let again = shop
            .send(json!({"UsageRecords": [shop.record(HOUR, 5)]}))
            .await
            .unwrap();
        assert_eq!(first["Results"][0]["Status"], "Success");
        assert_eq!(again["Results"][0]["Status"], second, "{switches:?}");
        assert_eq!(
            first["Results"][0]["MeteringRecordId"],
            again["Results"][0]["MeteringRecordId"]
        );
        let decimal = json!({"UsageRecords": [{"Timestamp": HOUR, "Dimension": "payments", "QuantityAsDecimal": "5.00", "LicenseArn": shop.license, "CustomerAWSAccountId": shop.account}]});
        assert_eq!(
            shop.send(decimal).await.unwrap()["Results"][0]["Status"],
            second,
            "compared by value"
        );
        let differs = shop
            .send(json!({"UsageRecords": [shop.record(HOUR, 6)]}))
            .await
            .unwrap();
        assert_eq!(differs["Results"][0]["Status"], "DuplicateRecord");
        assert!(differs["Results"][0].get("MeteringRecordId").is_none());
        assert_eq!(
            shop.status(HOUR + 60, 7).await,
            other_minute,
            "{switches:?}"
        );
        let elsewhere = shop
            .send_in("eu-west-1", json!({"UsageRecords": [shop.record(HOUR, 6)]}))
            .await
            .unwrap();
        assert_eq!(
            elsewhere["Results"][0]["Status"], "Success",
            "every region keeps its own books"
        );
        let (attempts, honoured) = shop.sim.read(|w| {
            let rows: Vec<_> = w
                .metering
                .values()
                .filter(|r| {
                    r.region == "us-east-1"
                        && r.metering_record_id.is_some()
                        && r.timestamp_ms == HOUR * 1000
                })
                .collect();
            (rows[0].attempts, rows.len())
        });
        assert_eq!((attempts, honoured), (3, 1));
    }
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one table, one line a mistake")]
async fn one_bad_record_fails_the_batch_and_books_nothing() {
    let shop = shop(json!({}), &[]).await;
    let good = shop.record(HOUR, 1);
    let with = |name: &str, value: Value| {
        let mut record = shop.record(HOUR, 1);
        record[name] = value;
        record
    };
    let without = |name: &str| {
        let mut record = shop.record(HOUR, 1);
        record.as_object_mut().unwrap().remove(name);
        record
    };
    let allocated = |quantity: &str, share: Value| with(quantity, json!([share]));
    for (bad, code) in [
        (
            with("Timestamp", json!(HOUR + 3600)),
            "TimestampOutOfBoundsException",
        ),
        (
            with("Timestamp", json!(HOUR - 86_400)),
            "TimestampOutOfBoundsException",
        ),
        (
            with("Timestamp", json!(HOUR - 3600)),
            "TimestampOutOfBoundsException",
        ),
        (
            with("Timestamp", json!("2026-10-10T10:00:00Z")),
            "SerializationException",
        ),
        (without("Timestamp"), "ValidationException"),
        (
            with("Dimension", json!("Payments")),
            "InvalidUsageDimensionException",
        ),
        (
            with("Dimension", json!("seats")),
            "InvalidUsageDimensionException",
        ),
        (with("Dimension", json!("")), "ValidationException"),
        (with("Quantity", json!(-1)), "ValidationException"),
        (
            with("Quantity", json!(2_147_483_648_u64)),
            "ValidationException",
        ),
        (with("Quantity", json!(1.5)), "SerializationException"),
        (with("QuantityAsDecimal", json!("1")), "ValidationException"),
        (
            with("CustomerIdentifier", json!("c-1")),
            "InvalidCustomerIdentifierException",
        ),
        (
            with("CustomerAWSAccountId", json!("999999999999")),
            "InvalidLicenseException",
        ),
        (
            without("CustomerAWSAccountId"),
            "InvalidCustomerIdentifierException",
        ),
        (without("LicenseArn"), "InvalidLicenseException"),
        (with("LicenseArn", json!("l-1")), "InvalidLicenseException"),
        (
            allocated("UsageAllocations", json!({"AllocatedUsageQuantity": 2})),
            "InvalidUsageAllocationsException",
        ),
        (
            allocated(
                "UsageAllocations",
                json!({"AllocatedUsageQuantityAsDecimal": "1"}),
            ),
            "InvalidUsageAllocationsException",
        ),
        (
            allocated(
                "UsageAllocations",
                json!({"AllocatedUsageQuantity": 1, "Tags": [{"Key": "a", "Value": "#"}]}),
            ),
            "InvalidTagException",
        ),
        (
            allocated(
                "UsageAllocations",
                json!({"AllocatedUsageQuantity": 1, "Tags": []}),
            ),
            "InvalidTagException",
        ),
        (with("UsageAllocations", json!([])), "ValidationException"),
    ] {
        let got = shop.send(json!({"UsageRecords": [good, bad]})).await;
        assert_eq!(got.map_err(|e| e.code), Err(code), "{bad}");
    }
    let many: Vec<_> = (0..26).map(|_| good.clone()).collect();
    assert_eq!(
        shop.send(json!({"UsageRecords": many}))
            .await
            .unwrap_err()
            .code,
        "ValidationException"
    );
    assert_eq!(
        shop.send(json!({"UsageRecords": [good], "ProductCode": "payphone-demo"}))
            .await
            .unwrap_err()
            .code,
        "InvalidProductCodeException"
    );
    assert_eq!(shop.sim.read(|w| w.metering.len()), 0);
    let tagged = json!([{"AllocatedUsageQuantity": 1, "Tags": [{"Key": "team", "Value": "a b"}]}]);
    assert_eq!(
        shop.send(json!({"UsageRecords": [with("UsageAllocations", tagged)]}))
            .await
            .unwrap()["Results"][0]["Status"],
        "Success"
    );
}

#[tokio::test]
async fn switches_turn_the_open_points() {
    let empty = |shop: &Shop| {
        let mut record = shop.record(HOUR, 1);
        record["CustomerIdentifier"] = json!("");
        json!({"UsageRecords": [record]})
    };
    let rejecting = shop(
        json!({}),
        &[
            ("emptyCustomerIdentifier", "reject"),
            ("firstHour", "refused"),
            ("startBoundError", "InvalidLicenseException"),
        ],
    )
    .await;
    assert_eq!(
        rejecting.send(empty(&rejecting)).await.unwrap_err().code,
        "InvalidCustomerIdentifierException"
    );
    assert_eq!(rejecting.status(HOUR, 1).await, "InvalidLicenseException");
    let accepting = shop(
        json!({}),
        &[
            ("productCodeWithLicense", "accept"),
            ("futureTimestamps", "accept"),
        ],
    )
    .await;
    assert_eq!(
        accepting.send(empty(&accepting)).await.unwrap()["Results"][0]["Status"],
        "Success"
    );
    assert_eq!(accepting.status(HOUR + 7200, 1).await, "Success");
    let twice =
        json!({"UsageRecords": [accepting.record(HOUR, 1)], "ProductCode": "payphone-demo"});
    accepting.send(twice).await.unwrap();
    assert!(
        accepting
            .sim
            .read(|w| w.metering.values().any(|r| r.billed_twice))
    );
}

#[tokio::test]
async fn a_licence_is_honoured_from_activation_to_the_end_of_its_final_window() {
    for (opens, closes_after_s) in [
        ("licenseDeprovisioned", 3600 + 310),
        ("agreementEnded", 3600),
    ] {
        let shop = shop(
            json!({"eventDelaySeconds": 610}),
            &[("finalWindowOpensOn", opens)],
        )
        .await;
        assert_eq!(
            shop.status(HOUR, 1).await,
            "CustomerNotSubscribed",
            "not active yet"
        );
        shop.sim.clock.advance(610_000);
        assert_eq!(shop.status(HOUR, 1).await, "Success");
        shop.sim
            .change(|c| end(&shop.sim, c, &shop.agreement, End::default()))
            .await
            .unwrap();
        shop.sim.clock.advance(closes_after_s * 1000 - 1);
        assert_eq!(
            shop.status(HOUR, 1).await,
            "Success",
            "{opens}: last moment of the window"
        );
        assert_eq!(
            shop.status(HOUR + 3600, 1).await,
            "InvalidLicenseException",
            "{opens}: usage after the end"
        );
        shop.sim.clock.advance(1);
        assert_eq!(
            shop.status(HOUR, 1).await,
            "CustomerNotSubscribed",
            "{opens}: closed"
        );
    }
}

#[tokio::test]
async fn pricing_decides_what_may_be_metered() {
    for (pricing, expected) in [
        ("subscription", "Success"),
        ("contract", "InvalidUsageDimensionException"),
        ("contractWithConsumption", "Success"),
    ] {
        assert_eq!(
            shop(json!({"pricing": pricing}), &[])
                .await
                .status(HOUR, 1)
                .await,
            expected,
            "{pricing}"
        );
    }
}

#[tokio::test]
async fn books_survive_a_restart() {
    let shop = shop(json!({}), &[]).await;
    assert_eq!(shop.status(HOUR, 5).await, "Success");
    let Shop {
        sim,
        license,
        account,
        agreement,
        _dir: dir,
    } = shop;
    sim.clock.advance(90_000);
    sim.change(|c| c.put(Entry::Offset(90_000))).await;
    let now = sim.clock.real_ms();
    drop(sim);
    let again = Shop {
        sim: crate::sim::tests::reopen(dir.path(), now),
        license,
        account,
        agreement,
        _dir: dir,
    };
    assert_eq!(again.sim.clock.business_ms(), now + 90_000);
    assert_eq!(again.status(HOUR, 6).await, "DuplicateRecord");
    assert_eq!(again.status(HOUR, 5).await, "Success");
    assert_eq!(again.sim.read(|w| w.scheduled.len()), 0);
    assert_eq!(
        again
            .sim
            .read(|w| w.queues["payphone-events"].messages.len()),
        2
    );
}
