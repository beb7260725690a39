//! moto is the second opinion on Cognito, and on KMS (`kms.rs`): written by others, sharing nothing with aws-sim or with us.
//! What it does not have, or has wrong, is listed here and looked at, so that the list cannot rot.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
    time::Duration,
};

use async_trait::async_trait;
use aws::CognitoIdentity;
use domain::identity::{Identity, IdentityError};
use serde_json::{Value, json};
use testkit::contract::{self, IdentityBench};

use crate::{contracts::block_on, identity::administer};

/// Every operation that the adapter calls.
const OURS: [&str; 10] = [
    "AdminCreateUser",
    "AdminDeleteSoftwareToken",
    "AdminDeleteUser",
    "AdminDisableUser",
    "AdminEnableUser",
    "AdminGetUser",
    "AdminSetUserMFAPreference",
    "AdminUserGlobalSignOut",
    "DescribeUserPool",
    "GetUserPoolMfaConfig",
];

/// moto in a process of its own, which ends with this value.
pub(crate) struct Moto {
    process: Child,
    pub(crate) url: String,
    pool: String,
    operations: Vec<String>,
    pub(crate) kms_operations: Vec<String>,
    http: reqwest::Client,
}

impl Moto {
    pub(crate) fn start() -> Self {
        let mut process = xtask::oracle::moto_peer()
            .expect("the oracle's Python")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("moto starts");
        let mut line = String::new();
        let out = process.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let mut ready: Value = serde_json::from_str(&line).expect("one line of JSON");
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(30))
            .build();
        Self {
            process,
            url: ready["url"].as_str().expect("an address").to_owned(),
            pool: ready["userPool"].as_str().expect("an id").to_owned(),
            operations: serde_json::from_value(ready["operations"].take()).expect("names"),
            kms_operations: serde_json::from_value(ready["kmsOperations"].take()).expect("names"),
            http: http.expect("an HTTP client"),
        }
    }

    async fn admin(&self, operation: &str, body: Value) -> Value {
        let (status, answer) = administer(&self.http, &self.url, &self.pool, operation, body).await;
        assert!(status.is_success(), "{operation}: {status} {answer}");
        answer
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        // It may have ended already, with its input.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[async_trait]
impl IdentityBench for Moto {
    async fn makes_a_foreign_account(&self, email: &str) {
        let body = json!({ "Username": email, "MessageAction": "SUPPRESS" });
        self.admin("AdminCreateUser", body).await;
    }

    /// No mail leaves moto, so an administrator stands in for the person.
    async fn chooses_a_password(&self, email: &str) {
        let body = json!({ "Username": email, "Password": "Correct-horse-1", "Permanent": true });
        self.admin("AdminSetUserPassword", body).await;
    }
}

#[test]
fn the_cognito_adapter_keeps_the_ports_contract_against_moto() {
    let moto = Moto::start();
    let missing: Vec<&str> = OURS
        .into_iter()
        .filter(|name| !moto.operations.iter().any(|has| has == name))
        .collect();
    assert_eq!(missing, ["AdminDeleteSoftwareToken"]);
    block_on(async {
        let config = aws::load_at(&moto.url).await;
        let identity = CognitoIdentity::new(&config, &moto.pool);
        assert_eq!(identity.check_pool().await.unwrap(), [""; 0]);
        contract::identity_contract(&identity, &moto).await;

        // `first_password_contract` is left out, because moto mails nothing and a resend makes it a second account;
        // `authenticator_contract`, because an operation is missing.
        let email = "frank@contract.example";
        let user = "usr_00000000000070008000000000000001".parse().unwrap();
        let account = identity
            .create(user, &email.parse().unwrap())
            .await
            .unwrap();
        identity.resend(&account.username).await.unwrap();
        let filter = format!("email = \"{email}\"");
        let users = moto.admin("ListUsers", json!({ "Filter": filter })).await;
        assert_eq!(users["Users"].as_array().unwrap().len(), 2, "{users}");
        let reset = identity.reset_authenticator(&account.username).await;
        assert!(
            matches!(reset, Err(IdentityError::Busy(_) | IdentityError::Lost(_))),
            "{reset:?}"
        );
    });
}
