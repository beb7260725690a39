//! The port for wrapping data keys, and its local implementation: a key file of this machine. AWS KMS comes later, behind the same port.
//! Every wrapping is bound to a context (purpose, key id, holder): what was wrapped for one tenant does not unwrap for another (C-70).
//! Invariant: data keys and the wrapping key are wiped when dropped and have no text form.

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{Ids, id::KeyId, id::TenantId, mode::Mode};
use runtime::config::{Faults, read_secret_file};
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

/// First byte of everything sealed here, so that another form can follow.
const FORM: u8 = 1;

/// Why something did not unwrap.
#[derive(Debug, thiserror::Error)]
pub enum KeyEncryptionError {
    /// Changed, copied from elsewhere, or wrapped by another key: it will never unwrap.
    #[error("the wrapped key does not open in this place")]
    Refused,
    /// The key service did not answer: the same call may do later.
    #[error("the key service is away: {0}")]
    Away(String),
}

/// Who may unwrap what; part of every wrapping without being in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// The key pair.
    pub key: KeyId,
    /// Whose it is.
    pub holder: Holder,
}

/// Whose a key pair is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// Nobody's yet.
    Pool,
    /// A tenant's, for one mode.
    Tenant(TenantId, Mode),
}

impl Context {
    /// The authenticated text; the zero bytes keep the parts apart, since no part can hold one.
    pub(crate) fn text(&self, purpose: &str) -> Vec<u8> {
        let holder = match self.holder {
            Holder::Pool => "pool".to_owned(),
            Holder::Tenant(tenant, mode) => format!("{tenant}/{mode}"),
        };
        format!("payphone-card/{purpose}\0{}\0{holder}", self.key).into_bytes()
    }
}

/// A key that encrypts one private key, used once.
pub struct DataKey(pub(crate) Zeroizing<[u8; 32]>);

impl DataKey {
    /// A fresh one.
    pub fn make(ids: &dyn Ids) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        ids.fill(&mut *bytes);
        Self(bytes)
    }
}

/// Wraps data keys. Both calls are idempotent; neither keeps anything.
#[async_trait]
pub trait KeyEncryption: Send + Sync {
    /// Names the wrapping key in rows and logs; says nothing about its bytes.
    fn id(&self) -> &str;

    /// Wraps a data key for this context alone.
    async fn wrap(&self, key: &DataKey, context: Context) -> Result<Vec<u8>, KeyEncryptionError>;

    /// Unwraps it again; any other context is refused.
    async fn unwrap(&self, wrapped: &[u8], context: Context)
    -> Result<DataKey, KeyEncryptionError>;
}

/// The wrapping key in a file of this machine.
pub struct LocalKeyEncryption {
    key: Zeroizing<[u8; 32]>,
    id: String,
    ids: Arc<dyn Ids>,
}

impl LocalKeyEncryption {
    /// Reads the key file; refuses one that others may read.
    pub fn load(file: &Path, ids: Arc<dyn Ids>) -> Result<Self, Faults> {
        let text = read_secret_file(file)?;
        let mut key = Zeroizing::new([0; 32]);
        let decoded = STANDARD.decode(text.expose_secret()).map(Zeroizing::new);
        let bytes = decoded.ok().filter(|bytes| bytes.len() == key.len());
        let Some(bytes) = bytes else {
            return Err(format!("{} is not a wrapping key", file.display()).into());
        };
        key.copy_from_slice(&bytes);
        Ok(Self {
            id: format!("local:{}", name(&*key)),
            key,
            ids,
        })
    }
}

/// Makes the key file unless there is one; answers whether it was made.
pub fn make_wrapping_key(file: &Path, ids: &dyn Ids) -> Result<bool, Faults> {
    let key = DataKey::make(ids);
    // All the room at once: growing would leave a copy behind.
    let mut text = Zeroizing::new(String::with_capacity(64));
    STANDARD.encode_string(key.0.as_slice(), &mut text);
    text.push('\n');
    runtime::file::create_new(file, text.as_bytes(), 0o600)
        .map_err(|error| format!("cannot write {}: {error}", file.display()).into())
}

/// A name that follows from the key: eight bytes of a keyed hash of nothing secret.
fn name(key: &[u8]) -> String {
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, key);
    let tag = aws_lc_rs::hmac::sign(&key, b"payphone-card/wrapping-key-name");
    hex::encode(tag.as_ref().get(..8).unwrap_or_default())
}

#[async_trait]
impl KeyEncryption for LocalKeyEncryption {
    fn id(&self) -> &str {
        &self.id
    }

    async fn wrap(&self, key: &DataKey, context: Context) -> Result<Vec<u8>, KeyEncryptionError> {
        seal(&self.key, &*key.0, &context.text("data-key"), &*self.ids)
    }

    async fn unwrap(
        &self,
        wrapped: &[u8],
        context: Context,
    ) -> Result<DataKey, KeyEncryptionError> {
        let opened = open(&self.key, wrapped, &context.text("data-key"))?;
        let mut key = Zeroizing::new([0; 32]);
        if opened.len() != key.len() {
            return Err(KeyEncryptionError::Refused);
        }
        key.copy_from_slice(&opened);
        Ok(DataKey(key))
    }
}

/// AES-256-GCM: form, nonce, ciphertext and tag. Nonces are random: no key here seals anywhere near 2^32 times (SP 800-38D, 8.3).
pub(crate) fn seal(
    key: &[u8; 32],
    plain: &[u8],
    context: &[u8],
    ids: &dyn Ids,
) -> Result<Vec<u8>, KeyEncryptionError> {
    let mut nonce = [0; NONCE_LEN];
    ids.fill(&mut nonce);
    let mut buffer = Zeroizing::new(plain.to_vec());
    let tag = cipher(key)?
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(context),
            &mut buffer,
        )
        .map_err(|_| KeyEncryptionError::Refused)?;
    Ok([&[FORM], &nonce[..], &buffer, tag.as_ref()].concat())
}

/// The reverse; a changed byte anywhere, or another context, is refused.
pub(crate) fn open(
    key: &[u8; 32],
    sealed: &[u8],
    context: &[u8],
) -> Result<Zeroizing<Vec<u8>>, KeyEncryptionError> {
    let refused = KeyEncryptionError::Refused;
    let Some((&FORM, rest)) = sealed.split_first() else {
        return Err(refused);
    };
    let Some((nonce, rest)) = rest.split_first_chunk::<NONCE_LEN>() else {
        return Err(refused);
    };
    let mut buffer = Zeroizing::new(rest.to_vec());
    let length = cipher(key)?
        .open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(context),
            &mut buffer,
        )
        .map_err(|_| KeyEncryptionError::Refused)?
        .len();
    buffer.truncate(length);
    Ok(buffer)
}

fn cipher(key: &[u8; 32]) -> Result<LessSafeKey, KeyEncryptionError> {
    UnboundKey::new(&AES_256_GCM, key)
        .map(LessSafeKey::new)
        .map_err(|_| KeyEncryptionError::Refused)
}
