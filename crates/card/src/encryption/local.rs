//! A wrapping key in a file of this machine: for development and small installations.

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    Ids,
    key_encryption::{Context, DataKey, KeyEncryption, KeyEncryptionError, PURPOSE},
};
use runtime::config::{Faults, read_secret_file};
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::{open, seal, text};

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
    STANDARD.encode_string(key.expose(), &mut text);
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
        seal(&self.key, key.expose(), &text(PURPOSE, context), &*self.ids)
    }

    async fn unwrap(
        &self,
        wrapped: &[u8],
        context: Context,
    ) -> Result<DataKey, KeyEncryptionError> {
        let opened = open(&self.key, wrapped, &text(PURPOSE, context))?;
        DataKey::from_bytes(&opened).ok_or(KeyEncryptionError::Refused)
    }
}
