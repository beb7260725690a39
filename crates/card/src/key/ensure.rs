//! The tenant's active key of a mode, given from the pool if there is none yet.
//! Safe to repeat, to race and to kill: one transaction assigns, and an index allows one active key per tenant and mode.
//! Invariant: of many askers for the same tenant and mode, all get the same key.

use domain::{
    Error, ErrorKind, Mode,
    id::{AuditId, KeyId, TenantId},
    key_encryption::{Context, Holder},
};
use tracing::{error, info};

use super::{certificate, envelope, pool::LOOK, rsa::RsaKey};
use crate::{
    app::App,
    store::{
        audit::{self, Action, Entry},
        key::{self, Assignment, PoolKey, TenantKey},
    },
};

/// Who asks, for the audit trail.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The acting user, if the control plane named one.
    pub acting: Option<String>,
    /// The request.
    pub request_id: Option<String>,
}

/// Gets or creates the key.
///
/// # Errors
/// `key_pool_empty` (503) if making one takes longer than the asker should wait: the same call will do later.
pub async fn ensure(
    app: &App,
    tenant: TenantId,
    mode: Mode,
    origin: &Origin,
) -> Result<TenantKey, Error> {
    if let Some(key) = active(app, tenant, mode).await? {
        return Ok(key);
    }
    let giving = from_pool(app, tenant, mode, origin);
    match tokio::time::timeout(app.keys.wait, giving).await {
        Ok(result) => result,
        Err(_) => Err(Error::new(
            ErrorKind::Unavailable,
            "key_pool_empty",
            "No key is ready yet, one is being made. Ask again in a few seconds.",
        )),
    }
}

async fn from_pool(
    app: &App,
    tenant: TenantId,
    mode: Mode,
    origin: &Origin,
) -> Result<TenantKey, Error> {
    // Subscribed before the first look, so that no key of this process goes unnoticed. Another replica's is found by looking again.
    let mut news = app.pool.made.subscribe();
    loop {
        news.borrow_and_update();
        let turn = app.pool.assigning.lock().await;
        if let Some(key) = active(app, tenant, mode).await? {
            return Ok(key);
        }
        let candidate = key::oldest_of_pool(&app.store.system_read().await?, app.keys.bits).await?;
        if let Some(candidate) = candidate {
            // Lost to another process, given, or damaged and out of the pool: the next look tells.
            give(app, tenant, mode, candidate, origin).await?;
            continue;
        }
        drop(turn);
        app.pool.wanted.notify_one();
        tokio::select! {
            heard = news.changed() => heard.map_err(Error::internal)?,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Wraps the key for the tenant and makes it theirs. Everything slow happens before the transaction.
async fn give(
    app: &App,
    tenant: TenantId,
    mode: Mode,
    from: PoolKey,
    origin: &Origin,
) -> Result<(), Error> {
    let id = from.id;
    let context = |holder| Context { key: id, holder };
    let private = match open(app, &from).await {
        Ok(private) => private,
        // The key service is away, which says nothing about the row.
        Err(cause) if cause.kind() == ErrorKind::Unavailable => return Err(cause),
        Err(cause) => return discard(app, id, &cause, origin).await,
    };
    let holder = Holder::Tenant(tenant, mode);
    let wrapped = envelope::wrap(&app.keyring, &*app.ids, &private, context(holder)).await?;
    let (not_before, not_after) = certificate::validity(app.clock.now(), app.keys.certificate_days);
    let signing = tokio::task::spawn_blocking(move || {
        certificate::self_signed(&private, id, not_before, not_after)
    });
    let assignment = Assignment {
        mode,
        certificate_pem: signing.await.map_err(Error::internal)??,
        not_before,
        not_after,
        wrapped,
        at: app.real.now(),
    };
    let actor = origin.acting.as_ref();
    let entry = Entry {
        id: AuditId::make(&*app.ids),
        at: assignment.at,
        actor: actor.map_or_else(
            || "controlPlane".into(),
            |user| format!("controlPlane:{user}"),
        ),
        action: Action::KeyAssigned,
        key: id,
        request_id: origin.request_id.clone(),
    };
    let tx = app.store.system_write().await?;
    if key::assign(&tx, id, tenant, &assignment).await? {
        audit::add_for(&tx, tenant, &entry).await?;
        tx.commit().await?;
        info!(tenant.id = %tenant, key.id = %id, key.mode = %mode, "gave a key to a tenant");
        app.pool.wanted.notify_one();
    }
    Ok(())
}

/// The pool key's private half, which belongs to its public one.
async fn open(app: &App, from: &PoolKey) -> Result<RsaKey, Error> {
    let context = Context {
        key: from.id,
        holder: Holder::Pool,
    };
    let private = envelope::unwrap(&app.keyring, &from.wrapped, context).await?;
    if private.public_key_pem()? == from.public_key_pem {
        Ok(private)
    } else {
        Err(Error::internal(
            "a pool row's halves do not belong together",
        ))
    }
}

/// Takes a damaged key out of the pool: as its oldest, it would otherwise be tried first for ever, and no tenant would get any.
async fn discard(app: &App, id: KeyId, cause: &Error, origin: &Origin) -> Result<(), Error> {
    let entry = Entry {
        id: AuditId::make(&*app.ids),
        at: app.real.now(),
        actor: "system:keyPool".to_owned(),
        action: Action::KeyDamaged,
        key: id,
        request_id: origin.request_id.clone(),
    };
    let tx = app.store.system_write().await?;
    if key::mark_damaged(&tx, id).await? {
        audit::add_system(&tx, &entry).await?;
        tx.commit().await?;
        error!(
            key.id = %id,
            error.cause = cause.private(),
            "a key of the pool is damaged and was taken out of it; look for who changed the database or its disk"
        );
        app.pool.wanted.notify_one();
    }
    Ok(())
}

async fn active(app: &App, tenant: TenantId, mode: Mode) -> Result<Option<TenantKey>, Error> {
    key::active(&app.store.tenant_read(tenant).await?, mode).await
}

#[cfg(test)]
pub(super) mod tests;
