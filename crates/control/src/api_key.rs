//! API keys: operations.

mod authenticate;
mod create;

pub use authenticate::authenticate;
pub use create::{Created, NewApiKey, create};

use domain::{
    Error,
    api_key::ApiKey,
    id::{ApiKeyId, TenantId},
    policy::Action,
};
use sha2::{Digest, Sha256};

use crate::{Cx, anew::anew, cx::About};

/// The tenant's keys, newest first, revoked ones included; never a secret.
pub async fn list(cx: &Cx, tenant: TenantId) -> Result<Vec<ApiKey>, Error> {
    let tx = cx.read(Action::ReadApiKeys, tenant).await?;
    db::api_key::list(&tx).await
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

fn sha256(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}
