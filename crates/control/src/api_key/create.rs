//! Makes an API key. The secret is in the answer and nowhere else.

use domain::{
    Error, ErrorKind, Mode,
    api_key::{ApiKey, MAX_ACTIVE, MAX_NAME, Scope, make_secret},
    error::FieldError,
    id::{ApiKeyId, TenantId},
    policy::Action,
    tenant::TenantState,
};
use secrecy::{ExposeSecret, SecretString};

use super::sha256;
use crate::{Cx, anew::anew, cx::About};

/// What the key shall be.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// What its owner calls it.
    pub name: String,
    /// Test or live.
    pub mode: Mode,
    /// What it may do.
    pub scopes: Vec<Scope>,
}

/// The key and its secret, this once.
#[derive(Debug)]
pub struct Created {
    /// The key as it is kept.
    pub key: ApiKey,
    /// The whole text to send as `Authorization: Bearer`.
    pub secret: SecretString,
}

/// Makes an API key for the tenant.
pub async fn create(cx: &Cx, tenant: TenantId, new: NewApiKey) -> Result<Created, Error> {
    anew(|| async {
    let (name, scopes) = check(&new)?;
    let ids = &*cx.app().ids;
    let id = ApiKeyId::make(ids);
    let tx = cx
        .write(Action::CreateApiKey, tenant, About::target(id))
        .await?;
    if db::tenant::get(&tx).await?.state == TenantState::Ended {
        return Err(Error::new(
            ErrorKind::Conflict,
            "subscription_ended",
            "The subscription has ended, so no new API key can be made. Subscribe again in AWS Marketplace.",
        ));
    }
    if db::api_key::count_active(&tx).await? >= MAX_ACTIVE as u64 {
        return Err(Error::new(
            ErrorKind::Conflict,
            "too_many_api_keys",
            format!("A tenant may have {MAX_ACTIVE} API keys. Revoke one you no longer need."),
        ));
    }
    let (prefix, secret) = make_secret(new.mode, ids);
    let key = ApiKey {
        id,
        tenant,
        name,
        mode: new.mode,
        scopes,
        prefix,
        created_at: cx.now(),
        last_used_at: None,
        revoked_at: None,
    };
    db::api_key::insert(&tx, &key, &sha256(secret.expose_secret())).await?;
    tx.commit().await?;
    Ok(Created { key, secret })
    })
    .await
}

fn check(new: &NewApiKey) -> Result<(String, Vec<Scope>), Error> {
    let mut faults = Vec::new();
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        faults.push(FieldError {
            pointer: "/name".into(),
            detail: format!(
                "Give it a name of 1 to {MAX_NAME} characters, so that you know it again."
            )
            .into(),
        });
    }
    let mut scopes = new.scopes.clone();
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        faults.push(FieldError {
            pointer: "/scopes".into(),
            detail: "Choose at least one scope.".into(),
        });
    }
    if faults.is_empty() {
        Ok((name.to_owned(), scopes))
    } else {
        Err(Error::invalid_fields(faults))
    }
}
