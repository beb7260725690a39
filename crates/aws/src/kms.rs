//! [`KmsKeyEncryption`]: data keys wrapped by a symmetric key that AWS KMS never gives out.
//! The context is KMS's encryption context: authenticated with the ciphertext, not part of it, and written to `CloudTrail` in clear.
//! Invariant: no data key reaches a log line or an error; what the SDK needs of it in a request or an answer is freed, not wiped, which is
//! why the card plane's memory can be neither dumped nor traced.

use std::time::Duration;

use async_trait::async_trait;
use aws_config::{Region, SdkConfig};
use aws_sdk_kms::{Client, config::Builder, primitives::Blob};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;
use domain::{
    key_encryption::{Context, DataKey, KeyEncryption, KeyEncryptionError, PURPOSE},
    kms_key_arn::KmsKeyArn,
};
use zeroize::Zeroizing;

use crate::{
    call::{Call, tail},
    client::{attempts, timeouts},
    failure::{Cure, Failure, SdkError},
};

/// The longest single attempt. KMS answers within some ten milliseconds.
const ATTEMPT: Duration = Duration::from_secs(2);
/// The longest call: shorter than anybody waits who asked for a key.
const OPERATION: Duration = Duration::from_secs(5);

/// One KMS key.
#[derive(Debug, Clone)]
pub struct KmsKeyEncryption {
    client: Client,
    arn: KmsKeyArn,
}

impl KmsKeyEncryption {
    /// Builds the client for the key's own region; nothing is called yet.
    pub fn new(config: &SdkConfig, arn: KmsKeyArn) -> Self {
        let config = Builder::from(config)
            .region(Region::new(arn.region().to_owned()))
            .timeout_config(timeouts(ATTEMPT, OPERATION))
            .retry_config(attempts(3))
            .build();
        Self {
            client: Client::from_conf(config),
            arn,
        }
    }

    fn about(&self, context: Context) -> String {
        let key = context.key;
        format!("{key} under {}", tail(self.arn.as_str()))
    }
}

/// The encryption context; a policy may demand its members by name (`kms:EncryptionContext:purpose`).
fn members(context: Context) -> [(&'static str, String); 3] {
    [
        ("purpose", PURPOSE.to_owned()),
        ("key", context.key.to_string()),
        ("holder", context.holder.to_string()),
    ]
}

#[async_trait]
impl KeyEncryption for KmsKeyEncryption {
    fn id(&self) -> &str {
        self.arn.as_str()
    }

    async fn wrap(&self, key: &DataKey, context: Context) -> Result<Vec<u8>, KeyEncryptionError> {
        let call = Call::start("Encrypt");
        let mut request = self.client.encrypt().key_id(self.arn.as_str());
        for (name, value) in members(context) {
            request = request.encryption_context(name, value);
        }
        let sent = request.plaintext(Blob::new(&key.expose()[..])).send().await;
        let output = sent.map_err(|error| refusal(&call, &error))?;
        call.answered("success", output.request_id(), &self.about(context));
        let wrapped = output.ciphertext_blob.map(Blob::into_inner);
        wrapped.ok_or_else(|| KeyEncryptionError::Away("Encrypt answered nothing".to_owned()))
    }

    /// Names the key, and asks the answer which one it was, so that the one that is named in the ciphertext counts for nothing.
    async fn unwrap(
        &self,
        wrapped: &[u8],
        context: Context,
    ) -> Result<DataKey, KeyEncryptionError> {
        let call = Call::start("Decrypt");
        let mut request = self.client.decrypt().key_id(self.arn.as_str());
        for (name, value) in members(context) {
            request = request.encryption_context(name, value);
        }
        let sent = request.ciphertext_blob(Blob::new(wrapped)).send().await;
        let output = sent.map_err(|error| refusal(&call, &error))?;
        call.answered("success", output.request_id(), &self.about(context));
        let by = output.key_id;
        let plain = output.plaintext.map(Blob::into_inner).map(Zeroizing::new);
        if by.as_deref() != Some(self.arn.as_str()) {
            return Err(KeyEncryptionError::Refused);
        }
        let key = plain.and_then(|plain| DataKey::from_bytes(&plain));
        key.ok_or(KeyEncryptionError::Refused)
    }
}

/// A ciphertext that does not belong here, time, or a person.
/// Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html#API_Decrypt_Errors>; 5xx and throttling are told by
/// [`Failure`] (`KMSInternalException`, `KeyUnavailableException`, `DependencyTimeoutException`).
fn refusal<E>(call: &Call, error: &SdkError<E>) -> KeyEncryptionError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let failure = Failure::of(error);
    let text = failure.to_string();
    match (failure.code(), failure.cure()) {
        (Some("InvalidCiphertextException" | "IncorrectKeyException"), _) => {
            call.failed("refused", &failure);
            KeyEncryptionError::Refused
        }
        (
            Some("KeyUnavailableException" | "DependencyTimeoutException" | "KMSInternalException"),
            _,
        )
        | (_, Cure::Time) => {
            call.failed("away", &failure);
            KeyEncryptionError::Away(text)
        }
        (code, Cure::Person) => {
            call.failed("misconfigured", &failure);
            let mend = code.and_then(mend);
            KeyEncryptionError::Misconfigured(
                mend.map_or_else(|| text.clone(), |mend| format!("{mend}: {text}")),
            )
        }
    }
}

/// What the operator does about an error of theirs.
fn mend(code: &str) -> Option<&'static str> {
    Some(match code {
        "AccessDeniedException" => {
            "our role may not use the KMS key; allow it kms:Encrypt and kms:Decrypt as in deploy/aws/card-plane-kms-policy.json, and see that the key's own policy lets it"
        }
        "NotFoundException" => {
            "there is no such KMS key in that account and region; put the right keys.kms_key_arn back"
        }
        "DisabledException" => "the KMS key is disabled; enable it",
        "KMSInvalidStateException" => {
            "the KMS key cannot be used in its state; if its deletion is scheduled, cancel that now and enable the key, for nothing it wrapped can be opened once it is gone"
        }
        "InvalidKeyUsageException" => {
            "the KMS key is not one for symmetric encryption; make one with KeySpec SYMMETRIC_DEFAULT and KeyUsage ENCRYPT_DECRYPT"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
