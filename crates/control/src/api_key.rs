//! API keys: operations.

mod authenticate;
mod create;

pub use authenticate::authenticate;
pub use create::{Created, NewApiKey, create};
pub use db::api_key::{KeyCount, Query};

use domain::{
    Error, Mode,
    api_key::ApiKey,
    error::FieldError,
    id::{ApiKeyId, TenantId},
    policy::Action,
};
use sha2::{Digest, Sha256};

use crate::{Cx, anew::anew, cx::About};

/// How many keys of a mode the tenant has that are in force, and how they are used: counted, not read.
pub async fn count(cx: &Cx, tenant: TenantId, mode: Mode) -> Result<KeyCount, Error> {
    let tx = cx.read(Action::ReadApiKeys, tenant).await?;
    db::api_key::count(&tx, mode).await
}

/// One page of the tenant's keys; never a secret.
pub async fn page(
    cx: &Cx,
    tenant: TenantId,
    query: &Query,
    limit: u64,
) -> Result<Vec<ApiKey>, Error> {
    let tx = cx.read(Action::ReadApiKeys, tenant).await?;
    db::api_key::page(&tx, query, limit).await
}

/// These of the tenant's keys.
///
/// # Errors
/// Not found if one of them is not the tenant's.
pub async fn those(cx: &Cx, tenant: TenantId, ids: &[ApiKeyId]) -> Result<Vec<ApiKey>, Error> {
    let tx = cx.read(Action::ReadApiKeys, tenant).await?;
    let mut keys = Vec::new();
    for id in ids {
        keys.push(db::api_key::get(&tx, *id).await?);
    }
    Ok(keys)
}

/// Revokes a key, at once and for good; revoking it again answers the same.
pub async fn revoke(cx: &Cx, tenant: TenantId, id: ApiKeyId) -> Result<ApiKey, Error> {
    anew(|| async {
        let tx = cx
            .write(Action::RevokeApiKey, tenant, About::target(id))
            .await?;
        let key = db::api_key::revoke(&tx, id, cx.now()).await?;
        tx.commit().await?;
        Ok(key)
    })
    .await
}

/// The most keys that are revoked at once.
pub const MOST_AT_ONCE: usize = 50;

/// Revokes several keys, all of them or none, each with a line of its own in the trail.
///
/// # Errors
/// Invalid if none or more than [`MOST_AT_ONCE`] are named; not found if one of them is not the tenant's.
pub async fn revoke_all(cx: &Cx, tenant: TenantId, ids: &[ApiKeyId]) -> Result<Vec<ApiKey>, Error> {
    let mut ids = ids.to_vec();
    // Always in the same order: two who revoke the same ones crosswise would wait for each other.
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || ids.len() > MOST_AT_ONCE {
        let words = format!("Choose between one and {MOST_AT_ONCE} keys.");
        return Err(Error::invalid_fields(vec![FieldError {
            pointer: "/key".into(),
            detail: words.into(),
        }]));
    }
    let lines: Vec<About> = ids.iter().map(About::target).collect();
    anew(|| async {
        let tx = cx.write_each(Action::RevokeApiKey, tenant, &lines).await?;
        let mut keys = Vec::new();
        for id in &ids {
            keys.push(db::api_key::revoke(&tx, *id, cx.now()).await?);
        }
        tx.commit().await?;
        Ok(keys)
    })
    .await
}

fn sha256(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}
