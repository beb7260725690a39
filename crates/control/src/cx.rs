//! The one door: who acts, in which request, and the only way to a tenant's rows.
//! `read` checks permission and opens a read-only look; `write` does the same for a change and writes its audit row with it.

use std::sync::Arc;

use db::{SystemTx, TenantTx, audit};
use domain::{
    Error, Timestamp,
    id::{AuditId, TenantId},
    policy::{self, Action, Actor},
};

use crate::App;

/// The context of one request, or of one step of background work.
#[derive(Clone)]
pub struct Cx {
    app: Arc<App>,
    actor: Actor,
    request_id: Arc<str>,
}

impl Cx {
    /// The context of a request.
    pub fn new(app: Arc<App>, actor: Actor, request_id: &str) -> Self {
        Self {
            app,
            actor,
            request_id: request_id.into(),
        }
    }

    /// The context of our own background work.
    pub fn system(app: Arc<App>, name: &'static str) -> Self {
        Self {
            app,
            actor: Actor::System(name),
            request_id: name.into(),
        }
    }

    /// The same request, done by ourselves: for what the caller's credential stands for, but may not do by itself.
    #[must_use]
    pub fn as_system(&self, name: &'static str) -> Self {
        Self {
            app: Arc::clone(&self.app),
            actor: Actor::System(name),
            request_id: Arc::clone(&self.request_id),
        }
    }

    /// The surroundings.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The request's id, as answers and logs carry it.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// Business time.
    pub fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    /// The tenant that the actor belongs to.
    ///
    /// # Errors
    /// Unauthenticated for nobody; not found for actors without a tenant of their own.
    pub fn own_tenant(&self) -> Result<TenantId, Error> {
        match (&self.actor, self.actor.tenant()) {
            (_, Some(tenant)) => Ok(tenant),
            (Actor::Anonymous, None) => policy::permit_system(&self.actor, Action::ReadTenant)
                .and(Err(Error::not_found("tenant"))),
            _ => Err(Error::not_found("tenant")),
        }
    }

    /// A read-only look at a tenant's rows.
    pub async fn read(&self, action: Action, tenant: TenantId) -> Result<TenantTx, Error> {
        policy::permit(&self.actor, action, tenant)?;
        self.app.db.tenant_read(tenant).await
    }

    /// A change of a tenant's rows. The audit row is part of it; recording and metering usage have the ledger as their trail.
    pub async fn write(
        &self,
        action: Action,
        tenant: TenantId,
        target: Option<&str>,
    ) -> Result<TenantTx, Error> {
        policy::permit(&self.actor, action, tenant)?;
        let tx = self.app.db.tenant_write(tenant).await?;
        if !matches!(action, Action::RecordUsage | Action::MeterUsage) {
            let entry = audit::Entry {
                id: AuditId::make(&*self.app.ids),
                at: self.now(),
                actor: &self.actor.audit_name(),
                action: action.as_str(),
                target,
                request_id: &self.request_id,
            };
            audit::insert(&tx, entry).await?;
        }
        Ok(tx)
    }

    /// A view over all tenants, for the operator.
    pub async fn read_all(&self, action: Action) -> Result<SystemTx, Error> {
        policy::permit_system(&self.actor, action)?;
        self.app.db.system_read().await
    }
}
