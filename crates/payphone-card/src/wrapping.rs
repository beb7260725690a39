//! The wrapping keys of the configuration, opened: files of this machine, and keys in AWS KMS.

use std::sync::Arc;

use aws::{KmsKeyEncryption, SdkConfig};
use card::{
    config::{KeysConfig, WrappingKey},
    encryption::{Keyring, LocalKeyEncryption},
};
use domain::{Ids, key_encryption::KeyEncryption};
use runtime::config::Faults;

/// The one that wraps, and those that only unwrap. Nothing is asked of KMS yet.
pub(crate) async fn keyring(config: &KeysConfig, ids: &Arc<dyn Ids>) -> Result<Keyring, Faults> {
    let (current, previous) = (config.wrapping_key()?, config.previous()?);
    let in_kms = |key: &WrappingKey| matches!(key, WrappingKey::Kms(_));
    let sdk = if std::iter::once(&current).chain(&previous).any(in_kms) {
        Some(aws::load().await)
    } else {
        None
    };
    let open = |key| open(key, sdk.as_ref(), ids);
    let previous: Result<Vec<_>, _> = previous.into_iter().map(open).collect();
    Ok(Keyring::new(open(current)?, previous?))
}

fn open(
    key: WrappingKey,
    sdk: Option<&SdkConfig>,
    ids: &Arc<dyn Ids>,
) -> Result<Arc<dyn KeyEncryption>, Faults> {
    match (key, sdk) {
        (WrappingKey::Kms(arn), Some(sdk)) => Ok(Arc::new(KmsKeyEncryption::new(sdk, arn))),
        (WrappingKey::Kms(arn), None) => Err(format!("{arn}: AWS is not set up").into()),
        (WrappingKey::File(file), _) => Ok(Arc::new(LocalKeyEncryption::load(&file, ids.clone())?)),
    }
}
