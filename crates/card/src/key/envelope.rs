//! The envelope around a private key: a fresh data key for every wrapping, itself wrapped by the key service; both bound to key and holder.
//! Invariant: wrapping for another holder always takes a fresh data key, so a row copied to another tenant opens for nobody (C-70).

use domain::{
    Error, ErrorKind, Ids,
    key_encryption::{Context, DataKey, KeyEncryptionError},
};

use super::rsa::RsaKey;
use crate::{
    encryption::{Keyring, open, seal, text},
    store::key::Wrapped,
};

/// What private keys are sealed for, as part of their context.
const PURPOSE: &str = "payphone-card/private-key";

/// Wraps a private key for the context, under the wrapping key of now.
pub(super) async fn wrap(
    keyring: &Keyring,
    ids: &dyn Ids,
    key: &RsaKey,
    context: Context,
) -> Result<Wrapped, Error> {
    let data_key = DataKey::make(ids);
    let private = key.pkcs8()?;
    let context_text = text(PURPOSE, context);
    let sealed = seal(data_key.expose(), private.as_ref(), &context_text, ids);
    let encryption = keyring.current();
    Ok(Wrapped {
        private: sealed.map_err(fault)?,
        data_key: encryption.wrap(&data_key, context).await.map_err(fault)?,
        wrapping_key_id: encryption.id().to_owned(),
    })
}

/// Unwraps it again, in the same context only, by the wrapping key that the row names.
pub(super) async fn unwrap(
    keyring: &Keyring,
    wrapped: &Wrapped,
    context: Context,
) -> Result<RsaKey, Error> {
    let encryption = keyring.named(&wrapped.wrapping_key_id).map_err(fault)?;
    let data_key = encryption.unwrap(&wrapped.data_key, context).await;
    let data_key = data_key.map_err(fault)?;
    let context_text = text(PURPOSE, context);
    let private = open(data_key.expose(), &wrapped.private, &context_text).map_err(fault)?;
    RsaKey::from_pkcs8(&private)
}

/// Only what is refused says anything about the row; whatever else is wrong mends by time or by the operator, and the row is kept for then.
pub(super) fn fault(error: KeyEncryptionError) -> Error {
    match error {
        KeyEncryptionError::Refused => Error::internal(error),
        KeyEncryptionError::Away(_) => Error::unavailable(
            "The key service is not answering. Try again in a moment.",
            error,
        ),
        KeyEncryptionError::Misconfigured(_) => Error::new(
            ErrorKind::Unavailable,
            "wrapping_key_unusable",
            "The wrapping key cannot be used at the moment. Whoever runs this service has to look.",
        )
        .because(error),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::{Mode, id::KeyId, id::TenantId, key_encryption::Holder};
    use uuid::Uuid;

    use super::*;
    use crate::encryption::{LocalKeyEncryption, make_wrapping_key};

    fn ids() -> Arc<dyn Ids> {
        let real = Arc::new(runtime::clock::SystemRealTime);
        Arc::new(runtime::ids::SystemIds::new(real))
    }

    fn local(folder: &tempfile::TempDir, name: &str) -> Keyring {
        let file = folder.path().join(name);
        make_wrapping_key(&file, &*ids()).unwrap();
        let key = LocalKeyEncryption::load(&file, ids()).unwrap();
        Keyring::new(Arc::new(key), Vec::new())
    }

    fn tenant(number: u128) -> TenantId {
        TenantId::from_uuid(Uuid::from_u128(number))
    }

    fn context(holder: Holder) -> Context {
        Context {
            key: KeyId::from_uuid(Uuid::from_u128(9)),
            holder,
        }
    }

    #[tokio::test]
    async fn a_row_opens_for_its_own_holder_and_key_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (encryption, ids) = (local(&folder, "a"), ids());
        let key = RsaKey::make(2048).unwrap();
        let own = context(Holder::Tenant(tenant(1), Mode::Test));
        let wrapped = wrap(&encryption, &*ids, &key, own).await.unwrap();
        let again = unwrap(&encryption, &wrapped, own).await.unwrap();
        assert_eq!(again.fingerprint().unwrap(), key.fingerprint().unwrap());

        let other_key = Context {
            key: KeyId::from_uuid(Uuid::from_u128(10)),
            ..own
        };
        for other in [
            context(Holder::Tenant(tenant(2), Mode::Test)),
            context(Holder::Tenant(tenant(1), Mode::Live)),
            context(Holder::Pool),
            other_key,
        ] {
            assert!(
                unwrap(&encryption, &wrapped, other).await.is_err(),
                "{other:?}"
            );
        }
        let elsewhere = local(&folder, "b");
        assert_ne!(elsewhere.current().id(), encryption.current().id());
        // Not damaged, only not for this configuration: it must stay in the pool.
        let error = unwrap(&elsewhere, &wrapped, own).await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        // Nor does it open for a key that takes the other one's name.
        let renamed = Wrapped {
            wrapping_key_id: elsewhere.current().id().to_owned(),
            ..wrapped
        };
        let error = unwrap(&elsewhere, &renamed, own).await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Internal);
    }

    #[tokio::test]
    async fn mixing_halves_of_two_wrappings_opens_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (encryption, ids) = (local(&folder, "a"), ids());
        let key = RsaKey::make(2048).unwrap();
        let (pool, own) = (
            context(Holder::Pool),
            context(Holder::Tenant(tenant(1), Mode::Test)),
        );
        let first = wrap(&encryption, &*ids, &key, pool).await.unwrap();
        let second = wrap(&encryption, &*ids, &key, own).await.unwrap();
        assert!(first.data_key != second.data_key && first.private != second.private);
        let mixed = Wrapped {
            data_key: first.data_key,
            ..second
        };
        for context in [pool, own] {
            assert!(unwrap(&encryption, &mixed, context).await.is_err());
        }
    }

    #[tokio::test]
    async fn every_changed_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let (encryption, ids) = (local(&folder, "a"), ids());
        let key = RsaKey::make(2048).unwrap();
        let own = context(Holder::Tenant(tenant(1), Mode::Live));
        let wrapped = wrap(&encryption, &*ids, &key, own).await.unwrap();
        for at in 0..wrapped.private.len() {
            let mut changed = wrapped.clone();
            changed.private[at] ^= 1;
            assert!(
                unwrap(&encryption, &changed, own).await.is_err(),
                "private {at}"
            );
        }
        for at in 0..wrapped.data_key.len() {
            let mut changed = wrapped.clone();
            changed.data_key[at] ^= 0x80;
            assert!(
                unwrap(&encryption, &changed, own).await.is_err(),
                "data key {at}"
            );
        }
        for length in [0, 1, 12, 13, 28, wrapped.private.len() - 1] {
            let mut cut = wrapped.clone();
            cut.private.truncate(length);
            cut.data_key.truncate(length);
            assert!(
                unwrap(&encryption, &cut, own).await.is_err(),
                "cut to {length}"
            );
        }
    }

    #[test]
    fn the_wrapping_key_is_made_once_and_kept_private() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("wrapping.key");
        assert!(make_wrapping_key(&file, &*ids()).unwrap());
        let before = std::fs::read(&file).unwrap();
        assert!(!make_wrapping_key(&file, &*ids()).unwrap());
        assert_eq!(std::fs::read(&file).unwrap(), before);
        assert!(!runtime::file::is_open_to_others(&file).unwrap());
    }
}
