//! AWS KMS: symmetric keys, and data encrypted under them with an encryption context. AWS JSON 1.1, `TrentService`.
//!
//! Real AES-256-GCM: the context is authenticated with the ciphertext and the key's id lies inside it, as AWS describes
//! (<https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html>). Sources of the errors: the API reference and botocore's
//! model of `kms`. Not here: aliases, grants, key policies, asymmetric keys. Invariant: a key serves its own region alone.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    error::AwsError,
    ids::Ids,
    sim::{Change, SELLER_ACCOUNT, Sim},
    switches,
    wire::Call,
    world::{Entry, KmsKey, World},
};

/// First byte of every ciphertext.
const FORM: u8 = 1;
/// Length of a key id.
const ID: usize = 36;
const DAY_MS: i64 = 86_400_000;

/// A key of fresh bytes, from the operating system whatever the seed, so that runs repeat the identifiers they always drew.
///
/// One is there from the start, so that a configuration can name it.
pub fn first_key(now_ms: i64, id: &str) -> KmsKey {
    KmsKey {
        id: id.to_owned(),
        region: "us-east-1".to_owned(),
        material: hex::encode(Ids::from_system().bytes::<32>()),
        enabled: true,
        deletion_ms: None,
        created_ms: now_ms,
        description: "payphone".to_owned(),
    }
}

impl KmsKey {
    /// Its ARN.
    pub fn arn(&self) -> String {
        let Self { region, id, .. } = self;
        format!("arn:aws:kms:{region}:{SELLER_ACCOUNT}:key/{id}")
    }

    /// `Enabled`, `Disabled` or `PendingDeletion`.
    pub fn state(&self) -> &'static str {
        match (self.deletion_ms, self.enabled) {
            (Some(_), _) => "PendingDeletion",
            (None, true) => "Enabled",
            (None, false) => "Disabled",
        }
    }

    /// What every operation says of it, and the control route too.
    pub fn metadata(&self) -> Value {
        let mut value = json!({
            "AWSAccountId": SELLER_ACCOUNT,
            "Arn": self.arn(),
            "CreationDate": seconds(self.created_ms),
            "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "Description": self.description,
            "Enabled": self.state() == "Enabled",
            "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
            "KeyId": self.id,
            "KeyManager": "CUSTOMER",
            "KeySpec": "SYMMETRIC_DEFAULT",
            "KeyState": self.state(),
            "KeyUsage": "ENCRYPT_DECRYPT",
            "MultiRegion": false,
            "Origin": "AWS_KMS",
        });
        if let Some(ms) = self.deletion_ms {
            value["DeletionDate"] = seconds(ms);
        }
        value
    }

    fn usable(&self) -> Result<(), AwsError> {
        let arn = self.arn();
        match self.state() {
            "Enabled" => Ok(()),
            "Disabled" => Err(refused("DisabledException", format!("{arn} is disabled."))),
            _ => Err(invalid_state(&arn)),
        }
    }

    fn cipher(&self) -> Result<LessSafeKey, AwsError> {
        let broken = || AwsError::server("KMSInternalException", "The key cannot be read.");
        let bytes = hex::decode(&self.material).map_err(|_| broken())?;
        let key = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| broken())?;
        Ok(LessSafeKey::new(key))
    }
}

/// Epoch seconds with milliseconds, as AWS JSON writes times.
#[expect(
    clippy::cast_precision_loss,
    reason = "times of this world are far below 2^53 ms"
)]
fn seconds(ms: i64) -> Value {
    json!(ms as f64 / 1000.0)
}

fn refused(code: &'static str, message: String) -> AwsError {
    AwsError::client(code, message)
}

fn invalid_state(arn: &str) -> AwsError {
    let message = format!("{arn} is pending deletion.");
    refused("KMSInvalidStateException", message)
}

fn invalid_ciphertext() -> AwsError {
    refused("InvalidCiphertextException", String::new())
}

/// Runs one operation.
pub async fn run(sim: &Sim, call: &Call) -> Result<Value, AwsError> {
    if sim.read(|w| switches::is(w, "kmsAccess", "denied")) {
        let message = format!(
            "User: arn:aws:iam::{SELLER_ACCOUNT}:user/seller is not authorized to perform: kms:{} on this resource because no identity-based policy allows it",
            call.operation
        );
        return Err(refused("AccessDeniedException", message));
    }
    match call.operation.as_str() {
        "CreateKey" => sim.change(|c| create(sim, c, call)).await,
        "DescribeKey" => sim.read(|w| Ok(json!({"KeyMetadata": named(sim, w, call)?.metadata()}))),
        "Encrypt" => sim.read(|w| encrypt(sim, w, call)),
        "Decrypt" => sim.read(|w| decrypt(sim, w, call)),
        "EnableKey" | "DisableKey" => {
            let enabled = call.operation == "EnableKey";
            sim.change(|c| switch(sim, c, call, enabled)).await
        }
        "ScheduleKeyDeletion" => sim.change(|c| schedule_deletion(sim, c, call)).await,
        "CancelKeyDeletion" => sim.change(|c| cancel_deletion(sim, c, call)).await,
        other => Err(refused(
            "UnknownOperationException",
            format!("This stand-in's KMS has no operation {other}."),
        )),
    }
}

fn text<'a>(call: &'a Call, member: &str) -> Option<&'a str> {
    call.body.get(member).and_then(Value::as_str)
}

/// The key that a request names, by id or ARN, in the region that was asked.
fn named(sim: &Sim, world: &World, call: &Call) -> Result<KmsKey, AwsError> {
    let name = text(call, "KeyId").ok_or_else(|| {
        AwsError::validation(
            "1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null",
        )
    })?;
    let id = name.rsplit_once(":key/").map_or(name, |(_, id)| id);
    let now = sim.clock.business_ms();
    let found = world.kms_keys.get(id).filter(|key| {
        let alive = key.deletion_ms.is_none_or(|ms| now < ms);
        let right = name == id || name == key.arn();
        alive && right && key.region == call.region
    });
    found.cloned().ok_or_else(|| {
        let message = format!(
            "Key 'arn:aws:kms:{}:{SELLER_ACCOUNT}:key/{id}' does not exist",
            call.region
        );
        refused("NotFoundException", message)
    })
}

fn bytes(call: &Call, member: &str, most: usize) -> Result<Vec<u8>, AwsError> {
    let decoded = text(call, member).map(|text| STANDARD.decode(text));
    match decoded {
        Some(Ok(bytes)) if (1..=most).contains(&bytes.len()) => Ok(bytes),
        Some(Err(why)) => Err(refused("SerializationException", why.to_string())),
        _ => Err(AwsError::validation(format!(
            "1 validation error detected: Value at '{member}' failed to satisfy constraint: Member must have length between 1 and {most}"
        ))),
    }
}

/// The context in one order, each part with its length, so that no two contexts are the same bytes.
fn context(call: &Call) -> Result<Vec<u8>, AwsError> {
    let Some(given) = call.body.get("EncryptionContext").filter(|v| !v.is_null()) else {
        return Ok(Vec::new());
    };
    let wrong = || {
        refused(
            "SerializationException",
            "EncryptionContext is a map of texts.".into(),
        )
    };
    let mut pairs = Vec::new();
    for (name, value) in given.as_object().ok_or_else(wrong)? {
        pairs.push([name.as_str(), value.as_str().ok_or_else(wrong)?]);
    }
    pairs.sort_unstable();
    let parts = pairs.iter().flatten();
    Ok(parts
        .flat_map(|part| {
            let length = u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes();
            length.into_iter().chain(part.bytes())
        })
        .collect())
}

fn symmetric(call: &Call) -> Result<(), AwsError> {
    match text(call, "EncryptionAlgorithm") {
        None | Some("SYMMETRIC_DEFAULT") => Ok(()),
        Some(other) => Err(refused(
            "InvalidKeyUsageException",
            format!("The key does not support {other}."),
        )),
    }
}

fn encrypt(sim: &Sim, world: &World, call: &Call) -> Result<Value, AwsError> {
    let plain = bytes(call, "Plaintext", 4096)?;
    symmetric(call)?;
    let key = named(sim, world, call)?;
    key.usable()?;
    let nonce: [u8; NONCE_LEN] = sim.ids.bytes();
    let mut sealed = plain;
    key.cipher()?
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(context(call)?),
            &mut sealed,
        )
        .map_err(|_| AwsError::server("KMSInternalException", "The data cannot be encrypted."))?;
    let blob = [&[FORM], key.id.as_bytes(), &nonce[..], &sealed].concat();
    Ok(json!({
        "CiphertextBlob": STANDARD.encode(blob),
        "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
        "KeyId": key.arn(),
    }))
}

fn decrypt(sim: &Sim, world: &World, call: &Call) -> Result<Value, AwsError> {
    let blob = bytes(call, "CiphertextBlob", 6144)?;
    symmetric(call)?;
    let asked = match text(call, "KeyId") {
        Some(_) => Some(named(sim, world, call)?),
        None => None,
    };
    let (id, rest) = blob
        .strip_prefix(&[FORM])
        .and_then(|rest| rest.split_at_checked(ID))
        .ok_or_else(invalid_ciphertext)?;
    let (nonce, sealed) = rest
        .split_first_chunk::<NONCE_LEN>()
        .ok_or_else(invalid_ciphertext)?;
    let now = sim.clock.business_ms();
    let key = std::str::from_utf8(id)
        .ok()
        .and_then(|id| world.kms_keys.get(id))
        .filter(|key| key.region == call.region && key.deletion_ms.is_none_or(|ms| now < ms))
        .ok_or_else(invalid_ciphertext)?;
    if asked.is_some_and(|asked| asked.id != key.id) {
        let message =
            "The key ID in the request does not identify a CMK that can perform this operation.";
        return Err(refused("IncorrectKeyException", message.to_owned()));
    }
    key.usable()?;
    let mut buffer = sealed.to_vec();
    let plain = key
        .cipher()?
        .open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(context(call)?),
            &mut buffer,
        )
        .map_err(|_| invalid_ciphertext())?;
    Ok(json!({
        "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
        "KeyId": key.arn(),
        "Plaintext": STANDARD.encode(plain),
    }))
}

fn create(sim: &Sim, c: &mut Change<'_>, call: &Call) -> Result<Value, AwsError> {
    for (member, only) in [
        ("KeySpec", "SYMMETRIC_DEFAULT"),
        ("KeyUsage", "ENCRYPT_DECRYPT"),
    ] {
        if text(call, member).is_some_and(|value| value != only) {
            let message = format!("This stand-in makes keys of {member} {only} alone.");
            return Err(refused("UnsupportedOperationException", message));
        }
    }
    let key = KmsKey {
        description: text(call, "Description").unwrap_or_default().to_owned(),
        region: call.region.clone(),
        ..first_key(sim.clock.business_ms(), &sim.ids.uuid())
    };
    let made = json!({"KeyMetadata": key.metadata()});
    c.put(Entry::KmsKey(key));
    Ok(made)
}

fn switch(sim: &Sim, c: &mut Change<'_>, call: &Call, enabled: bool) -> Result<Value, AwsError> {
    let key = named(sim, c, call)?;
    if key.deletion_ms.is_some() {
        return Err(invalid_state(&key.arn()));
    }
    c.put(Entry::KmsKey(KmsKey { enabled, ..key }));
    Ok(json!({}))
}

fn schedule_deletion(sim: &Sim, c: &mut Change<'_>, call: &Call) -> Result<Value, AwsError> {
    let key = named(sim, c, call)?;
    if key.deletion_ms.is_some() {
        return Err(invalid_state(&key.arn()));
    }
    let days = call
        .body
        .get("PendingWindowInDays")
        .map_or(Some(30), Value::as_i64);
    let days = days.filter(|days| (7..=30).contains(days)).ok_or_else(|| {
        AwsError::validation("PendingWindowInDays must be between 7 and 30 days.")
    })?;
    let at = sim.clock.business_ms() + days * DAY_MS;
    let key = KmsKey {
        deletion_ms: Some(at),
        ..key
    };
    let answer = json!({
        "DeletionDate": seconds(at),
        "KeyId": key.arn(),
        "KeyState": key.state(),
        "PendingWindowInDays": days,
    });
    c.put(Entry::KmsKey(key));
    Ok(answer)
}

/// Leaves the key disabled, as AWS does.
fn cancel_deletion(sim: &Sim, c: &mut Change<'_>, call: &Call) -> Result<Value, AwsError> {
    let key = named(sim, c, call)?;
    let arn = key.arn();
    if key.deletion_ms.is_none() {
        let message = format!("{arn} is not pending deletion.");
        return Err(refused("KMSInvalidStateException", message));
    }
    c.put(Entry::KmsKey(KmsKey {
        deletion_ms: None,
        enabled: false,
        ..key
    }));
    Ok(json!({"KeyId": arn}))
}

#[cfg(test)]
mod tests;
