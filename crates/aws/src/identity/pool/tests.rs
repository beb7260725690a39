//! What a pool's answers become, through the real SDK client.

use serde_json::{Value, json};

use super::super::tests::{POOL, cognito, kind, operations, refusal};
use crate::test_server::{Answer, TestServer};

fn pool(change: &Value) -> Answer {
    let mut pool = json!({
        "Id": POOL,
        "UsernameAttributes": ["email"],
        "UsernameConfiguration": {"CaseSensitive": false},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true},
        "SchemaAttributes": [
            {"Name": "sub", "AttributeDataType": "String", "Mutable": false},
            {"Name": "custom:user_id", "AttributeDataType": "String", "Mutable": false},
        ],
    });
    for (name, value) in change.as_object().unwrap() {
        pool[name] = value.clone();
    }
    Answer::json(200, &json!({ "UserPool": pool }))
}

fn factors(mfa: &str, authenticator: bool) -> Answer {
    let token = json!({ "Enabled": authenticator });
    Answer::json(
        200,
        &json!({"MfaConfiguration": mfa, "SoftwareTokenMfaConfiguration": token}),
    )
}

#[tokio::test]
async fn a_pool_that_is_set_up_well_needs_no_change() {
    let server = TestServer::answering(vec![pool(&json!({})), factors("ON", true)]);
    let changes = cognito(&server).check_pool().await.unwrap();
    assert_eq!(changes, Vec::<String>::new());
    assert_eq!(
        operations(&server),
        ["DescribeUserPool", "GetUserPoolMfaConfig"]
    );
}

#[tokio::test]
async fn a_pool_says_what_to_change() {
    for (change, mfa, authenticator, expected) in [
        (json!({}), "OPTIONAL", true, "Require MFA"),
        (json!({}), "ON", false, "Allow authenticator apps"),
        (
            json!({"SchemaAttributes": []}),
            "ON",
            true,
            "Add the text attribute user_id",
        ),
        (
            json!({"SchemaAttributes": [{"Name": "custom:user_id", "Mutable": true}]}),
            "ON",
            true,
            "user_id is not mutable",
        ),
        (
            json!({"UsernameAttributes": ["email", "phone_number"]}),
            "ON",
            true,
            "sign in by e-mail address alone",
        ),
        (
            json!({"UsernameAttributes": []}),
            "ON",
            true,
            "sign in by e-mail address alone",
        ),
        (
            json!({"UsernameConfiguration": null}),
            "ON",
            true,
            "does not distinguish capitals",
        ),
        (
            json!({"AdminCreateUserConfig": {}}),
            "ON",
            true,
            "Switch off self sign-up",
        ),
    ] {
        let server = TestServer::answering(vec![pool(&change), factors(mfa, authenticator)]);
        let changes = cognito(&server).check_pool().await.unwrap();
        assert_eq!(changes.len(), 1, "{changes:?}");
        assert!(changes[0].contains(expected), "{changes:?}");
    }
    let server = TestServer::answering(vec![refusal("ResourceNotFoundException")]);
    assert_eq!(kind(&cognito(&server).check_pool().await), "misconfigured");
}
