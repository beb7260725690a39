//! A buyer, as they come from AWS Marketplace: subscribe, set up the account, name the first owner, sign in as them, make an API key,
//! send usage. Until they sign in, all they have is the cookie of the registration.

use reqwest::{
    blocking::{Client, Response},
    header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE},
};
use serde_json::{Value, json};

use crate::{
    Person, World, soon,
    world::{answer, client},
};

/// Somebody who subscribed.
#[derive(Clone)]
pub struct Buyer {
    /// The licence's ARN, by aws-sim.
    pub license_arn: String,
    /// The agreement's id.
    pub agreement_id: String,
    /// The AWS account.
    pub account_id: String,
    /// The registration token.
    pub token: String,
    /// The first owner, who the buyer is themselves.
    pub owner: Person,
    control: String,
    cookie: Option<String>,
    http: Client,
}

impl Buyer {
    /// Subscribes; `more` adds to the agreement's request.
    pub fn subscribe(world: &World, more: &Value) -> Self {
        let mut body =
            json!({ "productCode": world.ready.product_code, "pricing": "subscription" });
        if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
            body.extend(more.clone());
        }
        Self::of(world, &world.tell_sim("agreements", &body))
    }

    /// The buyer behind an agreement that aws-sim answered.
    pub fn of(world: &World, agreement: &Value) -> Self {
        let text = |member: &str| {
            agreement[member]
                .as_str()
                .unwrap_or_else(|| panic!("{member} in {agreement}"))
                .to_owned()
        };
        let agreement_id = text("agreementId");
        Self {
            license_arn: text("licenseArn"),
            // One person may own many tenants; here each has an owner of its own, unless a test says otherwise.
            owner: Person::new(world, format!("ann-{agreement_id}@harbour.example")),
            agreement_id,
            account_id: text("accountId"),
            token: text("registrationToken"),
            control: world.ready.addresses.control.clone(),
            cookie: None,
            http: client(),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.control)
    }

    /// Posts the token as AWS Marketplace makes a browser do it, and says what came back.
    pub fn post_token(&self) -> reqwest::Result<Response> {
        self.http
            .post(self.url("/marketplace/register"))
            .header("sec-fetch-site", "cross-site")
            .form(&[("x-amzn-marketplace-token", self.token.as_str())])
            .send()
    }

    /// Sets up the account: 303 to the welcome page, and the cookie that names the licence without the token.
    pub fn register(&mut self) {
        let response = self.post_token().expect("the control plane answers");
        assert_eq!(
            response.status(),
            303,
            "{}",
            response.text().unwrap_or_default()
        );
        self.take_cookie(&response);
    }

    fn take_cookie(&mut self, response: &Response) {
        assert_eq!(
            response.headers().get(LOCATION).expect("a location"),
            "/welcome"
        );
        let cookie = response
            .headers()
            .get(SET_COOKIE)
            .expect("a cookie")
            .to_str()
            .expect("text")
            .to_owned();
        assert!(cookie.starts_with("registration="), "{cookie}");
        assert!(
            !cookie.contains(&self.token),
            "the token must not be in the cookie"
        );
        self.cookie = cookie.split(';').next().map(str::to_owned);
    }

    /// Sets up the account whatever fails meanwhile, as a person would by pressing the button again.
    pub fn register_in_spite_of_faults(&mut self) {
        let response = soon("the registration is taken", || {
            let response = self.post_token().ok()?;
            assert!(
                response.status() == 303 || response.status().is_server_error(),
                "a good token was answered {}",
                response.status()
            );
            (response.status() == 303).then_some(response)
        });
        self.take_cookie(&response);
    }

    /// Every cookie that the browser has by now.
    fn cookies(&self) -> String {
        format!(
            "{}; {}",
            self.cookie.as_deref().unwrap_or_default(),
            self.owner.cookie()
        )
    }

    /// A page or a REST route, with the browser's cookies.
    pub fn get(&self, path: &str) -> reqwest::Result<Response> {
        let request = self.http.get(self.url(path));
        request.header(COOKIE, self.cookies()).send()
    }

    /// JSON of a REST route that must answer.
    pub fn json(&self, path: &str) -> Value {
        answer(self.get(path).expect("the control plane answers"))
    }

    /// The text of a page that must answer.
    pub fn page(&self, path: &str) -> String {
        let response = self.get(path).expect("the control plane answers");
        let (status, text) = (response.status(), response.text().unwrap_or_default());
        assert_eq!(status, 200, "{path}: {text}");
        text
    }

    /// Fills in the welcome form with the owner's address.
    pub fn post_welcome(&self, name: &str) -> reqwest::Result<Response> {
        let email = self.owner.email.as_str();
        self.http
            .post(self.url("/welcome"))
            .header("sec-fetch-site", "same-origin")
            .header(COOKIE, self.cookies())
            .form(&[("email", email), ("name", name)])
            .send()
    }

    /// Names the first owner: 303 back to the welcome page, which says to look into the mail.
    pub fn name_owner(&self) {
        let posted = self
            .post_welcome("Ann Harbour")
            .expect("the control plane answers");
        let (status, location) = (posted.status(), posted.headers().get(LOCATION).cloned());
        assert_eq!(status, 303, "{}", posted.text().unwrap_or_default());
        assert_eq!(location.expect("a location"), "/welcome");
    }

    /// Signs in as the first owner.
    pub fn sign_in(&mut self) {
        self.owner.sign_in();
    }

    /// Subscribes and goes all the way: set up, named, signed in.
    pub fn settled(world: &World, more: &Value) -> Self {
        let mut buyer = Self::subscribe(world, more);
        buyer.register();
        buyer.name_owner();
        soon("the tenant is set up", || buyer.is_set_up().then_some(()));
        buyer.sign_in();
        buyer
    }

    /// Makes an API key and answers its secret.
    pub fn post_api_key(&self, mode: &str, scopes: &[&str]) -> reqwest::Result<Response> {
        self.http
            .post(self.url("/api/v1/api-keys"))
            .header("sec-fetch-site", "same-origin")
            .header(COOKIE, self.cookies())
            .json(&json!({ "name": "walk", "mode": mode, "scopes": scopes }))
            .send()
    }

    /// Makes an API key that must succeed.
    pub fn api_key(&self, mode: &str, scopes: &[&str]) -> String {
        let created = answer(
            self.post_api_key(mode, scopes)
                .expect("the control plane answers"),
        );
        created["secret"].as_str().expect("a secret").to_owned()
    }

    /// Sends usage events under an API key or the operator's token.
    pub fn post_usage(&self, bearer: &str, events: &Value) -> reqwest::Result<Response> {
        let content_type = if events.is_array() {
            "application/cloudevents-batch+json"
        } else {
            "application/cloudevents+json"
        };
        self.http
            .post(self.url("/api/v1/usage-events"))
            .bearer_auth(bearer)
            .header(CONTENT_TYPE, content_type)
            .body(events.to_string())
            .send()
    }

    /// A usage event of this buyer's licence.
    pub fn event(&self, id: &str, time: &str, quantity: u32) -> Value {
        json!({
            "specversion": "1.0", "source": "urn:walk", "id": id, "type": "payphone.payment.approved",
            "subject": self.license_arn, "time": time, "data": { "quantity": quantity }
        })
    }

    /// Whether the account is ready to use.
    pub fn is_set_up(&self) -> bool {
        let Ok(response) = self.get("/api/v1/setup") else {
            return false;
        };
        if !response.status().is_success() {
            return false;
        }
        let setup: Value =
            serde_json::from_str(&response.text().unwrap_or_default()).unwrap_or_default();
        setup["items"].as_array().is_some_and(|items| {
            let mut ready = items.iter().filter(|item| item["name"] == "activation");
            ready.any(|item| item["state"] == "done")
        })
    }
}
