//! The adapters of the identity provider and the mailer against aws-sim: its Cognito, its sign-in pages, its SES, its mailbox.

use async_trait::async_trait;
use aws::{CognitoIdentity, SesMailer};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use testkit::contract::{self, IdentityBench, MailBench, SignInBench};
use walk::World;
use xtask::stand::{CLIENT_ID, MAIL_FROM, Proc, USER_POOL};

use crate::contracts::{SimBench, block_on};

/// What people choose in these tests.
const OWN_PASSWORD: &str = "correct horse battery staple 1";

/// A script of somebody who administers a pool: Cognito's API over plain HTTP, sharing nothing with the adapter.
pub(crate) async fn administer(
    http: &reqwest::Client,
    base: &str,
    pool: &str,
    operation: &str,
    mut body: Value,
) -> (StatusCode, Value) {
    body["UserPoolId"] = json!(pool);
    let response = http
        .post(base)
        .header("content-type", "application/x-amz-json-1.1")
        .header(
            "x-amz-target",
            format!("AWSCognitoIdentityProviderService.{operation}"),
        )
        .header("x-amz-date", "20261122T000000Z")
        .header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=bench/20261122/us-east-1/cognito-idp/aws4_request, SignedHeaders=host;x-amz-date, Signature=0000000000000000000000000000000000000000000000000000000000000000",
        )
        .body(body.to_string())
        .send()
        .await
        .expect("an answer");
    let status = response.status();
    let text = response.text().await.expect("text");
    (status, serde_json::from_str(&text).unwrap_or_default())
}

impl SimBench {
    async fn admin(&self, operation: &str, body: Value) -> Value {
        let (status, answer) = administer(&self.http, &self.base, USER_POOL, operation, body).await;
        assert!(status.is_success(), "{operation}: {status} {answer}");
        answer
    }

    async fn list(&self, path: &str) -> Vec<Value> {
        let url = format!("{}/_sim/v1/{path}", self.base);
        let answer = self.http.get(url).send().await.expect("aws-sim answers");
        let mut answer: Value = answer.json().await.expect("JSON");
        serde_json::from_value(answer["items"].take()).expect("a list")
    }

    async fn mailbox(&self, email: &str) -> Vec<Value> {
        let mut mails = self.list("mailbox").await;
        mails.retain(|mail| {
            let to = mail["to"].as_str().expect("an address");
            to.eq_ignore_ascii_case(email)
        });
        mails
    }

    async fn fault(&self, operation: &str, kind: &str) {
        let fault = json!({ "operation": operation, "kind": kind, "count": 1 });
        self.tell("faults", fault).await;
    }

    async fn form(&self, path: &str, form: &[(&str, &str)]) -> Response {
        let url = format!("{}{path}", self.base);
        let sent = self.http.post(url).form(form).send().await;
        sent.expect("aws-sim answers")
    }

    /// The first step of managed login, reached by the client's request for a code.
    async fn sign_in(&self, email: &str, password: &str) -> Response {
        let client = self.admin("DescribeUserPoolClient", json!({ "ClientId": CLIENT_ID }));
        let client = client.await;
        let callback = &client["UserPoolClient"]["CallbackURLs"][0];
        let query = [
            ("client_id", CLIENT_ID),
            ("response_type", "code"),
            ("redirect_uri", callback.as_str().expect("a URL")),
            ("scope", "openid"),
            ("code_challenge", &"c".repeat(43)),
            ("code_challenge_method", "S256"),
        ];
        let url = reqwest::Url::parse_with_params(&format!("{}/login", self.base), query);
        let sent = self
            .http
            .post(url.expect("an address"))
            .form(&[("username", email), ("password", password)])
            .send()
            .await;
        sent.expect("aws-sim answers")
    }

    async fn password_of(&self, email: &str) -> String {
        let mailed = self.first_passwords(email).await;
        mailed.last().expect("an invitation").clone()
    }
}

/// The page's hidden field that carries the sign-in on.
async fn session(page: Response) -> String {
    assert!(page.status().is_success(), "{}", page.status());
    let page = page.text().await.expect("a page");
    between(&page, "name=\"session\" value=\"", "\"").to_owned()
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let found = text
        .split_once(start)
        .and_then(|(_, rest)| rest.split_once(end));
    found.expect("the page has what a browser would find").0
}

#[async_trait]
impl IdentityBench for SimBench {
    async fn makes_a_foreign_account(&self, email: &str) {
        let body = json!({ "Username": email, "MessageAction": "SUPPRESS" });
        self.admin("AdminCreateUser", body).await;
    }

    async fn chooses_a_password(&self, email: &str) {
        let temporary = self.password_of(email).await;
        let session = session(self.sign_in(email, &temporary).await).await;
        let chosen = [
            ("session", &*session),
            ("password", OWN_PASSWORD),
            ("confirm_password", OWN_PASSWORD),
        ];
        let page = self.form("/login/new-password", &chosen).await;
        assert!(page.status().is_success(), "{}", page.status());
    }
}

#[async_trait]
impl SignInBench for SimBench {
    async fn first_passwords(&self, email: &str) -> Vec<String> {
        let mails = self.mailbox(email).await;
        let passwords = mails
            .iter()
            .filter_map(|mail| mail["temporaryPassword"].as_str());
        passwords.map(str::to_owned).collect()
    }

    async fn lets_in(&self, email: &str, password: &str) -> bool {
        self.sign_in(email, password).await.status().is_success()
    }

    async fn sets_up_an_authenticator(&self, email: &str) {
        let session = session(self.sign_in(email, OWN_PASSWORD).await).await;
        let url = format!("{}/authenticator", self.base);
        let codes = self.http.get(url).send().await.expect("aws-sim answers");
        let codes = codes.text().await.expect("a page");
        let row = between(&codes, &format!("<td>{email}</td>"), "</tr>");
        let code = between(row, "<code class=\"otp\">", "</code>");
        let answer = [("session", &*session), ("code", code)];
        let page = self.form("/login/authenticator-setup", &answer).await;
        assert!(page.status().is_redirection(), "{}", page.status());
    }

    async fn has_an_authenticator(&self, email: &str) -> bool {
        let users = self.list("users").await;
        let user = users.iter().find(|user| user["email"] == email);
        user.expect("a user")["mfa"] == "registered"
    }

    async fn loses_the_next_answer_to_a_creation(&self) {
        self.fault("AdminCreateUser", "lostAnswer").await;
    }
}

#[async_trait]
impl MailBench for SimBench {
    async fn mails_to(&self, email: &str) -> Vec<(String, String)> {
        let mails = self.mailbox(email).await;
        let text = |mail: &Value, member: &str| mail[member].as_str().expect("a text").to_owned();
        let read = mails
            .iter()
            .map(|mail| (text(mail, "subject"), text(mail, "body")));
        read.collect()
    }

    async fn loses_the_next_answer(&self) {
        self.fault("SendEmail", "lostAnswer").await;
    }

    async fn throttles_the_next_call(&self) {
        self.fault("SendEmail", "throttle").await;
    }
}

#[test]
fn cognito_and_ses_keep_the_ports_contracts() {
    let world = World::start(2048);
    // What the control plane would ask of the same pool is none of this test's business.
    world
        .stand
        .stop(Proc::Control)
        .expect("the control plane stops");
    let bench = SimBench::new(&world);
    block_on(async {
        let config = aws::load_at(&bench.base).await;
        let identity = CognitoIdentity::new(&config, USER_POOL);
        assert_eq!(identity.check_pool().await.unwrap(), [""; 0]);
        contract::identity_contract(&identity, &bench).await;
        contract::first_password_contract(&identity, &bench).await;
        contract::authenticator_contract(&identity, &bench).await;

        let mailer = SesMailer::new(&config, &format!("Payphone <{MAIL_FROM}>"));
        contract::mailer_contract(&mailer, &bench).await;
    });
}
