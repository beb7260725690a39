//! From a bearer text to an actor. The secret is looked up by its hash, so nothing is compared in the open.

use std::sync::Arc;

use chrono::{Duration, DurationRound};
use domain::{Error, ErrorKind, Timestamp, api_key, policy::Actor};
use secrecy::{ExposeSecret, SecretString};

use super::sha256;
use crate::App;

/// Who an API key's text stands for.
///
/// # Errors
/// The same answer for what is no key, an unknown key and a revoked one.
pub async fn authenticate(app: &Arc<App>, secret: &SecretString) -> Result<Actor, Error> {
    let refused = || {
        Error::new(
            ErrorKind::Unauthenticated,
            "invalid_api_key",
            "The API key is not valid. It may be mistyped or revoked; the console lists the ones that are in force.",
        )
    };
    if !api_key::is_well_formed(secret.expose_secret()) {
        return Err(refused());
    }
    let tx = app.db.system_read().await?;
    let key = db::api_key::find_by_hash(&tx, &sha256(secret.expose_secret()))
        .await?
        .ok_or_else(refused)?;
    drop(tx);
    // To the minute: a busy key would otherwise cost a write per request.
    let minute = app
        .real
        .now()
        .duration_trunc(Duration::minutes(1))
        .map_err(Error::internal)?;
    if key.last_used_at.is_none_or(|at| at < minute) {
        note_use(app, &key, minute).await;
    }
    Ok(Actor::ApiKey {
        id: key.id,
        tenant: key.tenant,
        mode: key.mode,
        scopes: key.scopes,
    })
}

/// Best effort: who is calling must not depend on whether somebody else is writing. The next request tries again.
async fn note_use(app: &App, key: &api_key::ApiKey, minute: Timestamp) {
    let noted = async {
        let Some(tx) = app.db.try_tenant_write(key.tenant).await? else {
            return Ok(());
        };
        db::api_key::touch(&tx, key.id, minute).await?;
        tx.commit().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(
            error.code = error.code(),
            error.cause = error.private(),
            "the last use of an API key could not be noted"
        );
    }
}
