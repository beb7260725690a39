//! All the wrapping keys that rows may name: one wraps, those before it only unwrap, so that rows can be moved from one to another
//! while the service runs.

use std::sync::Arc;

use domain::{
    Ids,
    id::KeyId,
    key_encryption::{Context, DataKey, Holder, KeyEncryption, KeyEncryptionError},
};

/// The wrapping keys of this process; cheap to clone.
#[derive(Clone)]
pub struct Keyring {
    current: Arc<dyn KeyEncryption>,
    previous: Vec<Arc<dyn KeyEncryption>>,
}

impl Keyring {
    /// One that wraps, and those that only unwrap.
    pub fn new(current: Arc<dyn KeyEncryption>, previous: Vec<Arc<dyn KeyEncryption>>) -> Self {
        Self { current, previous }
    }

    /// The one that wraps.
    pub fn current(&self) -> &dyn KeyEncryption {
        &*self.current
    }

    /// The one of that name, which a row gives.
    ///
    /// # Errors
    /// Misconfigured if this process does not have it: the row is as good as it was, and another configuration opens it.
    pub fn named(&self, id: &str) -> Result<&dyn KeyEncryption, KeyEncryptionError> {
        self.all().find(|key| key.id() == id).ok_or_else(|| {
            KeyEncryptionError::Misconfigured(format!(
                "a key is wrapped by {id}, which is neither the wrapping key nor in keys.previous: add it there"
            ))
        })
    }

    /// The names of all of them, the one that wraps first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.all().map(KeyEncryption::id)
    }

    fn all(&self) -> impl Iterator<Item = &dyn KeyEncryption> {
        let previous = self.previous.iter().map(|key| &**key);
        std::iter::once(&*self.current).chain(previous)
    }
}

/// Wraps and unwraps a key that is nobody's: whether the wrapping key can be used is better known before the first tenant asks.
///
/// # Errors
/// What keeps it from being used.
pub async fn probe(
    encryption: &dyn KeyEncryption,
    ids: &dyn Ids,
) -> Result<(), KeyEncryptionError> {
    let key = DataKey::make(ids);
    let context = Context {
        key: KeyId::make(ids),
        holder: Holder::Probe,
    };
    let wrapped = encryption.wrap(&key, context).await?;
    let again = encryption.unwrap(&wrapped, context).await?;
    if again.expose() == key.expose() {
        Ok(())
    } else {
        Err(KeyEncryptionError::Misconfigured(
            "what was wrapped came back as something else: look for what stands between us and the key service".to_owned(),
        ))
    }
}
