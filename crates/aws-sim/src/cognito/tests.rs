//! The rules of the API, below the wire.

use serde_json::{Value, json};

use super::run;
use crate::{
    error::AwsError,
    sim::{Sim, tests::sim},
    wire::{Call, Protocol},
    world::Entry,
};

async fn ask(sim: &Sim, operation: &str, mut body: Value) -> Result<Value, AwsError> {
    if body.get("UserPoolId").is_none() && !super::is_open(operation) {
        body["UserPoolId"] = json!("us-east-1_PayphoneD");
    }
    let call = Call {
        service: "cognito-idp",
        operation: operation.into(),
        protocol: Protocol::Json11,
        body,
        bytes: 0,
        region: "us-east-1".into(),
        base_url: String::new(),
    };
    run(sim, &call).await
}

async fn made(sim: &Sim, email: &str) -> String {
    let out = ask(sim, "AdminCreateUser", json!({ "Username": email })).await;
    out.unwrap()["User"]["Username"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table, one case after another")]
async fn constraints_of_the_model_are_checked_with_its_sentences() {
    let (sim, _dir) = sim("2026-10-10T10:00:00Z");
    made(&sim, "ann@example.com").await;
    for (operation, body, code, part) in [
        (
            "AdminGetUser",
            json!({}),
            "InvalidParameterException",
            "Value null at 'username' failed to satisfy constraint: Member must not be null",
        ),
        (
            "AdminGetUser",
            json!({"Username": "x".repeat(129)}),
            "InvalidParameterException",
            "less than or equal to 128",
        ),
        (
            "AdminGetUser",
            json!({"Username": 1}),
            "SerializationException",
            "not a string",
        ),
        (
            "AdminGetUser",
            json!({"Username": "bob@example.com"}),
            "UserNotFoundException",
            "User does not exist.",
        ),
        (
            "AdminGetUser",
            json!({"UserPoolId": "us-east-1_Other", "Username": "x"}),
            "ResourceNotFoundException",
            "User pool us-east-1_Other does not exist.",
        ),
        (
            "AdminCreateUser",
            json!({"Username": "ann"}),
            "InvalidParameterException",
            "Username should be an email.",
        ),
        (
            "AdminCreateUser",
            json!({"Username": "ANN@example.com"}),
            "UsernameExistsException",
            "already exists",
        ),
        (
            "AdminCreateUser",
            json!({"Username": "b@c", "MessageAction": "LATER"}),
            "InvalidParameterException",
            "[RESEND, SUPPRESS]",
        ),
        (
            "AdminCreateUser",
            json!({"Username": "b@c", "UserAttributes": [{"Name": "sub", "Value": "1"}]}),
            "InvalidParameterException",
            "non-mutable",
        ),
        (
            "AdminCreateUser",
            json!({"Username": "b@c", "UserAttributes": [{"Name": "custom:x", "Value": "1"}]}),
            "InvalidParameterException",
            "could not be determined",
        ),
        (
            "AdminCreateUser",
            json!({"Username": "b@c", "UserAttributes": [{"Name": "email", "Value": "d@e"}]}),
            "InvalidParameterException",
            "do not match",
        ),
        (
            "AdminSetUserPassword",
            json!({"Username": "ann@example.com", "Password": "short"}),
            "InvalidPasswordException",
            "not long enough",
        ),
        (
            "AdminResetUserPassword",
            json!({"Username": "ann@example.com"}),
            "NotAuthorizedException",
            "current state",
        ),
        (
            "AdminAddUserToGroup",
            json!({"Username": "ann@example.com", "GroupName": "x"}),
            "ResourceNotFoundException",
            "Group not found.",
        ),
        (
            "ListUsers",
            json!({"Limit": 61}),
            "InvalidParameterException",
            "less than or equal to 60",
        ),
        (
            "ListUsers",
            json!({"Filter": "email"}),
            "InvalidParameterException",
            "parsing filter",
        ),
        (
            "ListUsers",
            json!({"Filter": "custom:user_id = \"x\""}),
            "InvalidParameterException",
            "not searchable",
        ),
        (
            "ListUsers",
            json!({"PaginationToken": "%"}),
            "InvalidParameterException",
            "pagination token",
        ),
        (
            "RevokeToken",
            json!({"Token": "x", "ClientId": "payphoneconsole"}),
            "UnauthorizedException",
            "Unauthorized",
        ),
        (
            "GetTokensFromRefreshToken",
            json!({"RefreshToken": "x", "ClientId": "other"}),
            "ResourceNotFoundException",
            "client other",
        ),
        (
            "AdminInitiateAuth",
            json!({}),
            "UnknownOperationException",
            "AdminInitiateAuth",
        ),
    ] {
        let error = ask(&sim, operation, body.clone()).await.unwrap_err();
        assert_eq!(error.code, code, "{operation} {body}");
        assert!(
            error.message.contains(part),
            "{operation} {body}: {}",
            error.message
        );
    }
    assert_eq!(sim.read(|w| w.pool.users.len()), 1);
    assert!(
        sim.read(|w| w.mailbox.is_empty()),
        "the default medium is SMS"
    );
}

#[tokio::test]
async fn pages_of_users_are_whole_and_disjoint() {
    let (sim, _dir) = sim("2026-10-10T10:00:00Z");
    let mut all = Vec::new();
    for n in 0..7 {
        all.push(made(&sim, &format!("user{n}@example.com")).await);
    }
    made(&sim, "other@example.com").await;
    all.sort();
    let mut seen = Vec::new();
    let mut token = Value::Null;
    loop {
        let body = json!({"Limit": 3, "Filter": "email ^= \"USER\"", "PaginationToken": token, "AttributesToGet": ["email"]});
        let page = ask(&sim, "ListUsers", body).await.unwrap();
        for user in page["Users"].as_array().unwrap() {
            seen.push(user["Username"].as_str().unwrap().to_owned());
            assert_eq!(user["Attributes"].as_array().unwrap().len(), 1);
        }
        token = page["PaginationToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(seen, all);
    let status = json!({"Filter": "cognito:user_status = \"CONFIRMED\""});
    let page = ask(&sim, "ListUsers", status).await.unwrap();
    assert_eq!(page["Users"], json!([]));
}

#[tokio::test]
async fn a_new_address_is_unverified_until_it_is_said_to_be() {
    let (sim, _dir) = sim("2026-10-10T10:00:00Z");
    let verified = json!({"Name": "email_verified", "Value": "true"});
    let body = json!({"Username": "ann@example.com", "UserAttributes": [verified, {"Name": "name", "Value": "Ann"}]});
    let user = ask(&sim, "AdminCreateUser", body).await.unwrap()["User"]["Username"].clone();
    let email = json!({"Name": "email", "Value": "ann@elsewhere.example"});
    for (attributes, expected) in [
        (json!([{"Name": "name", "Value": ""}]), "true"),
        (json!([email]), "false"),
        (
            json!([{"Name": "email", "Value": "ann@example.com"}, verified]),
            "true",
        ),
    ] {
        let body = json!({"Username": user, "UserAttributes": attributes});
        ask(&sim, "AdminUpdateUserAttributes", body).await.unwrap();
        let kept = sim.read(|w| w.pool.users.values().next().unwrap().attributes.clone());
        assert_eq!(kept["email_verified"], expected, "{attributes}");
        assert!(!kept.contains_key("name"));
    }
}

#[tokio::test]
async fn switches_turn_what_aws_leaves_open() {
    let (sim, _dir) = sim("2026-10-10T10:00:00Z");
    let user = json!({"Username": made(&sim, "ann@example.com").await});
    ask(&sim, "AdminDeleteSoftwareToken", user.clone())
        .await
        .unwrap();
    ask(&sim, "AdminListUserSessions", user.clone())
        .await
        .unwrap();
    for (name, value) in [
        ("cognitoNoSoftwareToken", "ResourceNotFoundException"),
        ("cognitoSessionOperations", "OperationNotEnabledException"),
    ] {
        sim.change(|c| c.put(Entry::Switch(name.into(), Some(value.into()))))
            .await;
    }
    for (operation, code) in [
        ("AdminDeleteSoftwareToken", "ResourceNotFoundException"),
        ("AdminListUserSessions", "OperationNotEnabledException"),
    ] {
        assert_eq!(
            ask(&sim, operation, user.clone()).await.unwrap_err().code,
            code
        );
    }
}
