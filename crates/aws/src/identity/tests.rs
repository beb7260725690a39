//! What the port's calls put on the wire and make of Cognito's answers, through the real SDK client.

use serde_json::{Value, json};

use super::*;
use crate::test_server::{Answer, Received, TestServer};

pub(super) const POOL: &str = "eu-west-1_Example00";
const SUB: &str = "0c5f5b0e-8b1e-4a53-9d6b-0c2f8c1a7e11";
const USER: &str = "usr_01920000000070008000000000000001";
const OTHER: &str = "usr_01920000000070008000000000000002";
const ADDRESS: &str = "ann@harbour.example";

pub(super) fn cognito(server: &TestServer) -> CognitoIdentity {
    CognitoIdentity::new(&server.config(), POOL)
}

fn sub() -> Username {
    Username(SUB.to_owned())
}

async fn create(server: &TestServer) -> Result<Account, IdentityError> {
    let (user, email) = (USER.parse().unwrap(), ADDRESS.parse().unwrap());
    cognito(server).create(user, &email).await
}

fn fresh() -> Account {
    Account {
        username: sub(),
        enabled: true,
        confirmed: false,
    }
}

fn done() -> Answer {
    Answer::json(200, &json!({}))
}

fn made() -> Answer {
    let user = json!({"Username": SUB, "Enabled": true, "UserStatus": "FORCE_CHANGE_PASSWORD"});
    Answer::json(200, &json!({ "User": user }))
}

/// `AdminGetUser`'s answer.
fn found(status: &str, marker: &str, factors: &[&str]) -> Answer {
    Answer::json(
        200,
        &json!({
            "Username": SUB,
            "Enabled": true,
            "UserStatus": status,
            "UserAttributes": [
                {"Name": "email", "Value": ADDRESS},
                {"Name": MARKER, "Value": marker},
            ],
            "UserMFASettingList": factors,
        }),
    )
}

pub(super) fn refusal(code: &str) -> Answer {
    Answer::error(400, code, "")
}

pub(super) fn operations(server: &TestServer) -> Vec<String> {
    let operation = |request: &Received| {
        let target = request.header("x-amz-target").unwrap();
        let (service, operation) = target.split_once('.').unwrap();
        assert_eq!(service, "AWSCognitoIdentityProviderService");
        assert_eq!(request.json()["UserPoolId"], POOL);
        operation.to_owned()
    };
    server.received().iter().map(operation).collect()
}

pub(super) fn kind<T>(outcome: &Result<T, IdentityError>) -> &'static str {
    match outcome {
        Ok(_) => "ok",
        Err(IdentityError::Busy(_)) => "busy",
        Err(IdentityError::Lost(_)) => "lost",
        Err(IdentityError::Misconfigured(_)) => "misconfigured",
        Err(IdentityError::Foreign) => "foreign",
        Err(IdentityError::Unknown) => "unknown",
        Err(IdentityError::AlreadySignedIn) => "signed in",
        Err(IdentityError::BadAddress(_)) => "bad address",
    }
}

#[tokio::test]
async fn an_account_is_made_with_our_marker_and_mailed_to() {
    let server = TestServer::answering(vec![made()]);
    assert_eq!(create(&server).await.unwrap(), fresh());
    assert_eq!(operations(&server), ["AdminCreateUser"]);
    let request = server.received().remove(0);
    let expected = json!({
        "UserPoolId": POOL,
        "Username": ADDRESS,
        "UserAttributes": [
            {"Name": "email", "Value": ADDRESS},
            {"Name": "email_verified", "Value": "true"},
            {"Name": "custom:user_id", "Value": USER},
        ],
        "DesiredDeliveryMediums": ["EMAIL"],
    });
    assert_eq!(request.json(), expected);
    assert!(request.is_signed());
    assert_eq!(request.scope()[1..3], ["eu-west-1", "cognito-idp"]);
}

#[tokio::test]
async fn an_account_with_our_marker_is_adopted_and_not_mailed_to() {
    for there in ["UsernameExistsException", "CodeDeliveryFailureException"] {
        let server = TestServer::answering(vec![
            refusal(there),
            found("FORCE_CHANGE_PASSWORD", USER, &[]),
        ]);
        assert_eq!(create(&server).await.unwrap(), fresh());
        assert_eq!(operations(&server), ["AdminCreateUser", "AdminGetUser"]);
        assert_eq!(
            server.received()[1].json(),
            json!({"UserPoolId": POOL, "Username": ADDRESS})
        );
    }
}

/// One call is one attempt, and the next one asks for nothing that the first one did not.
#[tokio::test]
async fn a_lost_answer_mails_no_second_password() {
    let server = TestServer::answering(vec![
        Answer::Lost,
        refusal("UsernameExistsException"),
        found("FORCE_CHANGE_PASSWORD", USER, &[]),
    ]);
    assert_eq!(kind(&create(&server).await), "lost");
    assert_eq!(server.received().len(), 1);
    assert_eq!(create(&server).await.unwrap(), fresh());
    let requests = server.received();
    assert_eq!(requests.len(), 3);
    assert_eq!(requests[0].body, requests[1].body);
    assert!(
        requests
            .iter()
            .all(|request| request.json()["MessageAction"] == Value::Null)
    );
}

#[tokio::test]
async fn an_account_without_our_marker_is_left_alone() {
    let unmarked = Answer::json(
        200,
        &json!({"Username": SUB, "Enabled": true, "UserStatus": "CONFIRMED"}),
    );
    for theirs in [found("FORCE_CHANGE_PASSWORD", OTHER, &[]), unmarked] {
        let server = TestServer::answering(vec![refusal("UsernameExistsException"), theirs]);
        assert_eq!(kind(&create(&server).await), "foreign");
        assert_eq!(server.received().len(), 2);
    }
    let server = TestServer::answering(vec![
        refusal("UsernameExistsException"),
        refusal("UserNotFoundException"),
    ]);
    assert_eq!(kind(&create(&server).await), "busy");
}

#[tokio::test]
async fn every_error_of_creation_has_its_meaning() {
    let invalid = "InvalidParameterException";
    for (code, message, meaning) in [
        (invalid, "Invalid email address format.", "bad address"),
        (invalid, "Username should be an email.", "bad address"),
        (
            invalid,
            "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must have length less than or equal to 128",
            "bad address",
        ),
        (
            invalid,
            "Attributes did not conform to the schema: Type for attribute {custom:user_id} could not be determined",
            "misconfigured",
        ),
        (
            invalid,
            "Email address is not verified. The following identities failed the check: ann@harbour.example",
            "misconfigured",
        ),
        ("ResourceNotFoundException", "", "misconfigured"),
        ("NotAuthorizedException", "", "misconfigured"),
        ("AccessDeniedException", "", "misconfigured"),
        ("UnexpectedLambdaException", "", "misconfigured"),
        ("TooManyRequestsException", "", "busy"),
    ] {
        let server = TestServer::answering(vec![Answer::error(400, code, message)]);
        let outcome = create(&server).await;
        assert_eq!(kind(&outcome), meaning, "{code} {message}");
        let text = format!("{:?}", outcome.unwrap_err());
        assert!(text.contains(code) && !text.contains("harbour"), "{text}");
    }
}

#[tokio::test]
async fn an_account_says_how_far_its_user_came() {
    for (status, confirmed) in [
        ("FORCE_CHANGE_PASSWORD", false),
        ("UNCONFIRMED", false),
        ("SOMETHING_NEW", false),
        ("CONFIRMED", true),
        ("RESET_REQUIRED", true),
    ] {
        let server = TestServer::answering(vec![found(status, USER, &[])]);
        let account = cognito(&server).get(&sub()).await.unwrap();
        assert_eq!(account.confirmed, confirmed, "{status}");
    }
    let server = TestServer::answering(vec![refusal("UserNotFoundException")]);
    assert_eq!(kind(&cognito(&server).get(&sub()).await), "unknown");
    let nameless = json!({"Username": "", "Enabled": true});
    let server = TestServer::answering(vec![Answer::json(200, &nameless)]);
    assert_eq!(kind(&cognito(&server).get(&sub()).await), "misconfigured");
}

#[tokio::test]
async fn a_password_is_mailed_again_by_address() {
    let waiting = found("FORCE_CHANGE_PASSWORD", USER, &[]);
    let server = TestServer::answering(vec![waiting, made()]);
    cognito(&server).resend(&sub()).await.unwrap();
    assert_eq!(operations(&server), ["AdminGetUser", "AdminCreateUser"]);
    assert_eq!(
        server.received()[1].json(),
        json!({
            "UserPoolId": POOL,
            "Username": ADDRESS,
            "MessageAction": "RESEND",
            "DesiredDeliveryMediums": ["EMAIL"],
        })
    );
}

#[tokio::test]
async fn who_has_a_password_of_their_own_is_sent_none() {
    let server = TestServer::answering(vec![found("CONFIRMED", USER, &[])]);
    assert_eq!(kind(&cognito(&server).resend(&sub()).await), "signed in");
    assert_eq!(operations(&server), ["AdminGetUser"]);
    // They chose it between the two calls.
    let server = TestServer::answering(vec![
        found("FORCE_CHANGE_PASSWORD", USER, &[]),
        refusal("UnsupportedUserStateException"),
    ]);
    assert_eq!(kind(&cognito(&server).resend(&sub()).await), "signed in");
}

#[tokio::test]
async fn a_resend_whose_answer_is_lost_is_not_sent_again() {
    let waiting = found("FORCE_CHANGE_PASSWORD", USER, &[]);
    let server = TestServer::answering(vec![waiting, Answer::Lost]);
    assert_eq!(kind(&cognito(&server).resend(&sub()).await), "lost");
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn what_is_done_to_an_account_is_one_call_each() {
    let server = TestServer::answering(vec![done()]);
    cognito(&server).disable(&sub()).await.unwrap();
    cognito(&server).enable(&sub()).await.unwrap();
    cognito(&server).sign_out(&sub()).await.unwrap();
    assert_eq!(
        operations(&server),
        [
            "AdminDisableUser",
            "AdminEnableUser",
            "AdminUserGlobalSignOut"
        ]
    );
    for request in server.received() {
        assert_eq!(request.json(), json!({"UserPoolId": POOL, "Username": SUB}));
    }
}

#[tokio::test]
async fn who_is_not_there_is_unknown_and_as_good_as_deleted() {
    let server = TestServer::answering(vec![refusal("UserNotFoundException")]);
    let cognito = cognito(&server);
    assert_eq!(kind(&cognito.disable(&sub()).await), "unknown");
    assert_eq!(kind(&cognito.enable(&sub()).await), "unknown");
    assert_eq!(kind(&cognito.sign_out(&sub()).await), "unknown");
    assert_eq!(kind(&cognito.resend(&sub()).await), "unknown");
    assert_eq!(kind(&cognito.reset_authenticator(&sub()).await), "unknown");
    assert_eq!(kind(&cognito.delete(&sub()).await), "ok");
    let server = TestServer::answering(vec![refusal("ResourceNotFoundException")]);
    let outcome = CognitoIdentity::new(&server.config(), POOL)
        .delete(&sub())
        .await;
    assert_eq!(kind(&outcome), "misconfigured", "the pool is not there");
}

#[tokio::test]
async fn an_authenticator_is_switched_off_and_deleted() {
    let enrolled = found("CONFIRMED", USER, &[AUTHENTICATOR]);
    let server = TestServer::answering(vec![enrolled, done()]);
    cognito(&server).reset_authenticator(&sub()).await.unwrap();
    assert_eq!(
        operations(&server),
        [
            "AdminGetUser",
            "AdminSetUserMFAPreference",
            "AdminDeleteSoftwareToken"
        ]
    );
    let requests = server.received();
    assert_eq!(
        requests[1].json()["SoftwareTokenMfaSettings"],
        json!({"Enabled": false, "PreferredMfa": false})
    );
    assert_eq!(
        requests[2].json(),
        json!({"UserPoolId": POOL, "Username": SUB})
    );
}

#[tokio::test]
async fn only_who_has_no_authenticator_may_fail_to_lose_it() {
    for code in NOTHING_SET_UP {
        for (factors, meaning, calls) in [
            (&[][..], "ok", 3),
            (&[AUTHENTICATOR][..], "misconfigured", 2),
        ] {
            let server =
                TestServer::answering(vec![found("CONFIRMED", USER, factors), refusal(code)]);
            let outcome = cognito(&server).reset_authenticator(&sub()).await;
            assert_eq!(kind(&outcome), meaning, "{code} {factors:?}");
            assert_eq!(server.received().len(), calls);
        }
    }
}
