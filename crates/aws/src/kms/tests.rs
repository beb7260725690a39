//! What goes over the wire, what each error means, and what must never be printed.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    Ids, Mode,
    id::{KeyId, TenantId},
    key_encryption::Holder,
};
use serde_json::json;
use tracing::Level;
use uuid::Uuid;

use super::*;
use crate::{
    call::tests::Lines,
    test_server::{Answer, TestServer},
};

const ARN: &str = "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// Counts up, so that the bytes can be looked for.
struct Counting;

impl Ids for Counting {
    fn uuid(&self) -> Uuid {
        Uuid::from_u128(7)
    }

    fn fill(&self, bytes: &mut [u8]) {
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = 0xA0 ^ u8::try_from(at).unwrap();
        }
    }
}

fn context() -> Context {
    Context {
        key: KeyId::from_uuid(Uuid::from_u128(9)),
        holder: Holder::Tenant(TenantId::from_uuid(Uuid::from_u128(1)), Mode::Live),
    }
}

fn kms(server: &TestServer) -> KmsKeyEncryption {
    KmsKeyEncryption::new(&server.config(), ARN.parse().unwrap())
}

#[tokio::test]
async fn both_calls_name_the_key_and_the_context_in_the_keys_own_region() {
    let key = DataKey::make(&Counting);
    let plain = STANDARD.encode(key.expose());
    let server = TestServer::answering(vec![
        Answer::json(
            200,
            &json!({"CiphertextBlob": STANDARD.encode("wrapped"), "KeyId": ARN}),
        ),
        Answer::json(200, &json!({"Plaintext": plain, "KeyId": ARN})),
    ]);
    let kms = kms(&server);
    let wrapped = kms.wrap(&key, context()).await.unwrap();
    assert_eq!(wrapped, b"wrapped");
    let again = kms.unwrap(&wrapped, context()).await.unwrap();
    assert!(again.expose() == key.expose());

    let received = server.received();
    let expected = json!({
        "purpose": "payphone-card/data-key",
        "key": context().key.to_string(),
        "holder": format!("{}/live", TenantId::from_uuid(Uuid::from_u128(1))),
    });
    for (request, target) in received
        .iter()
        .zip(["TrentService.Encrypt", "TrentService.Decrypt"])
    {
        assert_eq!(request.header("x-amz-target"), Some(target));
        assert_eq!(request.scope()[1..3], ["eu-west-3", "kms"]);
        assert!(request.is_signed());
        let body = request.json();
        assert_eq!(body["KeyId"], ARN);
        assert_eq!(body["EncryptionContext"], expected);
    }
    assert_eq!(received[0].json()["Plaintext"], plain);
    assert_eq!(
        received[1].json()["CiphertextBlob"],
        STANDARD.encode("wrapped")
    );
}

/// Refused says something of the row, and a pool key is thrown away for it: nothing but KMS's word about the ciphertext may be it.
#[tokio::test]
async fn errors_tell_the_row_from_time_and_from_people() {
    for (status, code, expected) in [
        (400, "InvalidCiphertextException", "refused"),
        (400, "IncorrectKeyException", "refused"),
        (400, "ThrottlingException", "away"),
        (400, "LimitExceededException", "away"),
        (500, "KMSInternalException", "away"),
        (500, "KeyUnavailableException", "away"),
        (503, "DependencyTimeoutException", "away"),
        (
            400,
            "AccessDeniedException",
            "allow it kms:Encrypt and kms:Decrypt",
        ),
        (400, "NotFoundException", "there is no such KMS key"),
        (400, "DisabledException", "enable it"),
        (400, "KMSInvalidStateException", "cancel that now"),
        (400, "InvalidKeyUsageException", "KeySpec SYMMETRIC_DEFAULT"),
        (
            400,
            "UnrecognizedClientException",
            "UnrecognizedClientException (HTTP 400",
        ),
    ] {
        let server = TestServer::answering(vec![Answer::error(status, code, "about 111122223333")]);
        let error = kms(&server).unwrap(b"x", context()).await.err().unwrap();
        let text = error.to_string();
        match error {
            KeyEncryptionError::Refused => assert_eq!(expected, "refused", "{code}"),
            KeyEncryptionError::Away(_) => assert_eq!(expected, "away", "{code}"),
            KeyEncryptionError::Misconfigured(_) => {
                assert!(text.contains(expected), "{code}: {text}");
            }
        }
        assert!(!text.contains("111122223333"), "{text}");
        // Three attempts at what time mends, one at what it does not.
        let attempts = if expected == "away" { 3 } else { 1 };
        assert_eq!(server.received().len(), attempts, "{code}");
    }
}

/// AWS never answers so; what stands in its place may, and the row would then name a key that does not open it.
#[tokio::test]
async fn an_answer_by_another_key_is_refused() {
    let other = ARN.replace("1234abcd", "4321abcd");
    for by in [json!(other), json!(null)] {
        let plain = STANDARD.encode([7; 32]);
        let answer = json!({"Plaintext": plain, "KeyId": by});
        let server = TestServer::answering(vec![Answer::json(200, &answer)]);
        let error = kms(&server).unwrap(b"x", context()).await.err().unwrap();
        assert!(matches!(error, KeyEncryptionError::Refused), "{error}");
    }
}

#[tokio::test]
async fn an_answer_that_is_no_data_key_is_refused() {
    for plain in ["", "too short", &"x".repeat(33)] {
        let server = TestServer::answering(vec![Answer::json(
            200,
            &json!({"Plaintext": STANDARD.encode(plain), "KeyId": ARN}),
        )]);
        let error = kms(&server).unwrap(b"x", context()).await.err().unwrap();
        assert!(matches!(error, KeyEncryptionError::Refused), "{error}");
    }
}

/// Not even the SDK's own events, down to *trace*: what it would print of a key is marked as sensitive in AWS's model.
#[tokio::test]
async fn data_keys_are_not_printed() {
    let key = DataKey::make(&Counting);
    let plain = STANDARD.encode(key.expose());
    let wrapped = Answer::json(
        200,
        &json!({"CiphertextBlob": STANDARD.encode("wrapped"), "KeyId": ARN}),
    );
    let refused = Answer::error(400, "InvalidCiphertextException", "");
    let server = TestServer::answering(vec![
        wrapped.clone(),
        refused.clone(),
        wrapped,
        Answer::json(200, &json!({"Plaintext": plain, "KeyId": ARN})),
        refused,
    ]);
    let kms = kms(&server);
    // Once beforehand, so that no test beside this one is the first at the places that log.
    kms.wrap(&key, context()).await.unwrap();
    kms.unwrap(b"wrapped", context()).await.err().unwrap();
    let log = Lines::up_to(Level::TRACE);
    let guard = tracing::subscriber::set_default(log.clone());
    let wrapped = kms.wrap(&key, context()).await.unwrap();
    kms.unwrap(&wrapped, context()).await.unwrap();
    kms.unwrap(&wrapped, context()).await.err().unwrap();
    drop(guard);
    assert_eq!(log.ours().len(), 3, "{:#?}", log.ours());
    let text = log.text();
    let listed: Vec<_> = key.expose()[4..12]
        .iter()
        .map(ToString::to_string)
        .collect();
    for secret in [
        &plain[..16],
        &plain[16..32],
        &hex::encode(&key.expose()[..8]),
        &listed.join(", "),
    ] {
        let line = text.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{secret}: {line:?}");
    }
    for line in log.ours() {
        assert!(!line.contains("111122223333"), "{line}");
    }
}
