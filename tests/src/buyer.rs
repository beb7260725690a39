//! A buyer, and what buyers do: subscribe, arrive from AWS Marketplace, fill in the form, make API keys, send usage, cancel.

use chrono::Duration;
use control::registration;
use domain::{
    Error, Timestamp,
    id::{LicenceId, TenantId},
    licence::LicenseArn,
    marketplace::{Entitlement, ResolvedCustomer},
    time::rfc3339,
};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::{
    Answer, ApiKey, Client, Happening, TestApp,
    app::PRODUCT,
    database::hour_text,
    events::{Subject, envelope},
    marketplace::Purchase,
};

/// Somebody who bought in AWS Marketplace.
#[derive(Debug)]
pub struct Buyer<'t> {
    t: &'t TestApp,
    /// What the test calls it.
    pub name: String,
    /// Its agreement and licence.
    pub subject: Subject,
    /// The licence's ARN.
    pub license: LicenseArn,
    /// The registration token that AWS posts.
    pub token: String,
    /// Its browser.
    pub browser: Client,
}

impl TestApp {
    /// Somebody subscribes, pay as you go. AWS's events have not come yet.
    pub fn buyer(&self, name: &str) -> Buyer<'_> {
        self.buyer_entitled_to(name, Vec::new())
    }

    /// Somebody buys a contract.
    pub fn contract_buyer(&self, name: &str) -> Buyer<'_> {
        let seats = Entitlement {
            dimension: "seats".to_owned(),
            value: "10".to_owned(),
            expires_at: Some(self.clock.now() + Duration::days(365)),
        };
        self.buyer_entitled_to(name, vec![seats])
    }

    fn buyer_entitled_to(&self, name: &str, entitlements: Vec<Entitlement>) -> Buyer<'_> {
        let buyer = Buyer::new(self, name);
        self.marketplace.sells(Purchase {
            license: buyer.license.clone(),
            account: buyer.subject.account.clone(),
            product_code: PRODUCT.to_owned(),
            since: self.clock.now(),
            ended_at: None,
            entitlements,
        });
        self.marketplace.issues(&buyer.token, buyer.resolved());
        self.logs.keep_secret(&buyer.token);
        buyer
    }

    /// A tenant that is ready: subscribed, registered, its form filled in, every step done.
    pub async fn tenant(&self, name: &str) -> Buyer<'_> {
        let buyer = self.buyer(name);
        buyer.is_confirmed();
        buyer.registers().await;
        buyer.completes(&buyer.email()).await;
        self.run_until_quiet().await;
        buyer.signs_in().await;
        buyer
    }
}

impl<'t> Buyer<'t> {
    fn new(t: &'t TestApp, name: &str) -> Self {
        // Twelve digits and 32 hex digits that the name decides.
        let number = name.bytes().fold(7_u64, |sum, byte| {
            sum.wrapping_mul(131).wrapping_add(u64::from(byte))
        });
        let account = format!("{:012}", number % 1_000_000_000_000);
        let arn = format!("arn:aws:license-manager::111122223333:license:l-{number:032x}");
        Self {
            t,
            name: name.to_owned(),
            subject: Subject {
                agreement_id: format!("agmt-{name}"),
                license_arn: arn.clone(),
                account,
                product_code: PRODUCT.to_owned(),
            },
            license: arn.parse().expect("a licence ARN"),
            token: format!("token.of.{name}.{number:x}"),
            browser: t.anonymous(),
        }
    }

    /// The licence's key, as tables and AWS's books have it.
    pub fn key(&self) -> String {
        self.license.key().as_str().to_owned()
    }

    /// What ResolveCustomer answers for this buyer.
    pub fn resolved(&self) -> ResolvedCustomer {
        ResolvedCustomer {
            product_code: PRODUCT.to_owned(),
            account: Some(self.subject.account.parse().expect("an account")),
            license: Some(self.license.clone()),
            agreement_id: Some(self.subject.agreement_id.clone()),
        }
    }

    /// AWS's event about this buyer, as it would arrive.
    pub fn event(&self, what: Happening, at: Timestamp) -> String {
        let id = format!("{}-{what:?}", self.name);
        envelope(what, &self.subject, &id, at).to_string()
    }

    /// The event arrives in the queue, with the present time.
    pub fn hears(&self, what: Happening) {
        self.t.queue.put(self.event(what, self.t.clock.now()));
    }

    /// AWS says that the subscription is in force.
    pub fn is_confirmed(&self) {
        self.hears(Happening::Created);
        self.hears(Happening::Updated);
    }

    /// The buyer cancels: AWS ends the agreement and says so.
    pub fn cancels(&self) {
        self.t.marketplace.ends(&self.license);
        self.hears(Happening::Ended("CANCELLED"));
    }

    /// AWS posts the token through the buyer's browser, from its own site.
    pub async fn arrives(&self) -> Answer {
        let request = self
            .browser
            .request(reqwest::Method::POST, "/marketplace/register");
        let request = request
            .header("origin", "https://aws.amazon.com")
            .header("sec-fetch-site", "cross-site")
            .form(&[("x-amzn-marketplace-token", &self.token)]);
        self.browser.send(request).await
    }

    /// The buyer arrives and is let in.
    pub async fn registers(&self) {
        let answer = self.arrives().await.expect(303);
        assert_eq!(answer.header("location"), "/welcome");
    }

    /// The first owner's address.
    pub fn email(&self) -> String {
        format!("ann@{}.example", self.name)
    }

    /// The first owner signs in, in the buyer's browser.
    pub async fn signs_in(&self) {
        crate::person::sign_in(self.t, &self.browser, &self.email()).await;
    }

    /// The operation behind the page, for tests of its errors.
    pub async fn resolves(&self) -> Result<registration::Registered, Error> {
        let token = SecretString::from(self.token.clone());
        registration::register(&self.t.cx("marketplace-landing"), &token, false).await
    }

    /// The buyer fills in the welcome form.
    pub async fn completes(&self, email: &str) {
        self.t.logs.keep_secret(email);
        let fields = [("email", email), ("name", "Ann Harbour")];
        let answer = self.browser.post_form("/welcome", &fields).await;
        let _ = answer.expect(303);
    }

    /// The tenant and licence ids that this buyer has with us.
    pub async fn ids(&self) -> (TenantId, LicenceId) {
        let sql = format!(
            "SELECT tenant_id, id FROM licences WHERE license_key = '{}'",
            self.key()
        );
        let rows = self.t.rows(&sql).await;
        let [row] = rows.as_slice() else {
            panic!("{} has {} licence rows", self.name, rows.len());
        };
        (
            row[0].parse().expect("a tenant id"),
            row[1].parse().expect("a licence id"),
        )
    }

    /// The licence's standing as it is stored.
    pub async fn standing(&self) -> Vec<String> {
        let columns = "standing, since, ended_at";
        let sql = format!(
            "SELECT {columns} FROM licences WHERE license_key = '{}'",
            self.key()
        );
        self.t.rows(&sql).await.concat()
    }

    /// The state and message of a registration step, as the operator sees them.
    pub async fn step(&self, name: &str) -> (String, String) {
        let (_, licence) = self.ids().await;
        let sql = format!(
            "SELECT s.state, s.message FROM registration_steps s JOIN registrations r ON r.id = s.registration_id \
             WHERE r.licence_id = '{licence}' AND s.step = '{name}'"
        );
        let row = self.t.rows(&sql).await.concat();
        (row[0].clone(), row[1].clone())
    }

    /// Whether every step is done.
    pub async fn is_ready(&self) -> bool {
        self.step("activation").await.0 == "done"
    }

    /// The buyer makes an API key.
    pub async fn api_key(&self, mode: &str, scopes: &[&str]) -> ApiKey {
        let body = json!({"name": "till", "mode": mode, "scopes": scopes});
        let answer = self
            .browser
            .post("/api/v1/api-keys", &body)
            .await
            .expect(201)
            .json();
        let text = |member: &str| answer[member].as_str().expect("a text").to_owned();
        let secret = text("secret");
        self.t.logs.keep_secret(&secret);
        ApiKey {
            id: text("id"),
            prefix: text("prefix"),
            client: self.t.anonymous().with_bearer(&secret),
            secret,
        }
    }

    /// A live key that may send usage.
    pub async fn till(&self) -> ApiKey {
        self.api_key("live", &["usage:write", "usage:read"]).await
    }

    /// A usage event of this buyer, now.
    pub fn usage(&self, id: &str, quantity: u32) -> Value {
        self.usage_at(id, quantity, self.t.clock.now())
    }

    /// A usage event of this buyer at another time.
    pub fn usage_at(&self, id: &str, quantity: u32, at: Timestamp) -> Value {
        json!({
            "specversion": "1.0", "id": id, "source": "urn:shop", "type": "payphone.payment.approved",
            "subject": self.license.as_str(), "time": rfc3339(at), "data": {"quantity": quantity},
        })
    }

    /// The licence's records in the ledger, oldest first: hour, dimension, quantity, state.
    pub async fn records(&self) -> Vec<(String, String, i64, String)> {
        let (_, licence) = self.ids().await;
        let sql = format!(
            "SELECT hour, dimension, quantity, state FROM metering_records \
             WHERE licence_id = '{licence}' ORDER BY hour, dimension"
        );
        let rows = self.t.rows(&sql).await;
        rows.into_iter()
            .map(|row| {
                let quantity = row[2].parse().expect("a number");
                let hour = hour_text(&row[0], "%d %H");
                (hour, row[1].clone(), quantity, row[3].clone())
            })
            .collect()
    }
}
