//! What a wrapping key promises.

use async_trait::async_trait;
use domain::{
    Ids, Mode,
    id::{KeyId, TenantId},
    key_encryption::{Context, DataKey, Holder, KeyEncryption, KeyEncryptionError},
};

/// What makes a key service's surroundings do something.
#[async_trait]
pub trait KeyBench: Sync {
    /// Lets the wrapping key be used, or not.
    async fn set_enabled(&self, enabled: bool);
}

fn refused(result: Result<DataKey, KeyEncryptionError>) -> bool {
    matches!(result, Err(KeyEncryptionError::Refused))
}

/// What is wrapped opens in its own context alone, and a changed byte is noticed.
pub async fn key_encryption_contract(own: &dyn KeyEncryption, ids: &dyn Ids) {
    let (tenant, stranger) = (TenantId::make(ids), TenantId::make(ids));
    let context = Context {
        key: KeyId::make(ids),
        holder: Holder::Tenant(tenant, Mode::Live),
    };
    let key = DataKey::make(ids);
    let wrapped = own.wrap(&key, context).await.expect("it wraps");
    let again = own.unwrap(&wrapped, context).await.expect("it unwraps");
    assert!(again.expose() == key.expose());
    assert_ne!(own.wrap(&key, context).await.expect("it wraps"), wrapped);
    assert!(!wrapped.windows(8).any(|part| part == &key.expose()[..8]));

    let elsewhere = Context {
        key: KeyId::make(ids),
        ..context
    };
    let holders = [
        Holder::Pool,
        Holder::Probe,
        Holder::Tenant(tenant, Mode::Test),
        Holder::Tenant(stranger, Mode::Live),
    ];
    let held = holders.map(|holder| Context { holder, ..context });
    for wrong in held.into_iter().chain([elsewhere]) {
        assert!(refused(own.unwrap(&wrapped, wrong).await), "{wrong:?}");
    }
    let mut changed = wrapped.clone();
    if let Some(last) = changed.last_mut() {
        *last ^= 1;
    }
    assert!(refused(own.unwrap(&changed, context).await));
    let half = &wrapped[..wrapped.len() / 2];
    assert!(refused(own.unwrap(half, context).await));
}

/// What one wrapping key wrapped opens under no other.
pub async fn other_key_contract(own: &dyn KeyEncryption, other: &dyn KeyEncryption, ids: &dyn Ids) {
    assert_ne!(own.id(), other.id());
    let context = Context {
        key: KeyId::make(ids),
        holder: Holder::Pool,
    };
    let wrapped = own.wrap(&DataKey::make(ids), context).await;
    let wrapped = wrapped.expect("it wraps");
    assert!(refused(other.unwrap(&wrapped, context).await));
    assert!(own.unwrap(&wrapped, context).await.is_ok());
}

/// A wrapping key that is switched off says nothing about what it wrapped, and goes on where it was.
pub async fn disabled_key_contract(own: &dyn KeyEncryption, bench: &dyn KeyBench, ids: &dyn Ids) {
    let context = Context {
        key: KeyId::make(ids),
        holder: Holder::Pool,
    };
    let key = DataKey::make(ids);
    let wrapped = own.wrap(&key, context).await.expect("it wraps");
    bench.set_enabled(false).await;
    for result in [
        own.unwrap(&wrapped, context).await.map(drop),
        own.wrap(&key, context).await.map(drop),
    ] {
        let Err(KeyEncryptionError::Misconfigured(why)) = result else {
            panic!("a disabled key answered {result:?}");
        };
        assert!(why.contains("enable it"), "{why}");
    }
    bench.set_enabled(true).await;
    let again = own.unwrap(&wrapped, context).await.expect("it unwraps");
    assert!(again.expose() == key.expose());
}
