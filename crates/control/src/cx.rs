//! The one door: who acts, in which request, and the only way to a tenant's rows.
//! `read` checks permission and opens a read-only look; `write` does the same for a change and writes its audit line with it.
//! What is refused for want of permission leaves a line of its own.

use std::{net::IpAddr, sync::Arc};

use db::{SystemTx, TenantTx, Tx, audit};
use domain::{
    Error, ErrorKind, Timestamp,
    audit::{Chain, Entry, Outcome},
    id::{AuditId, TenantId, UserId},
    membership::Membership,
    policy::{self, Action, Actor, Person},
    role::Role,
};

use crate::{
    App,
    lease::{self, LASTS, Lease, Proof},
};

/// The context of one request, or of one step of background work.
#[derive(Clone)]
pub struct Cx {
    app: Arc<App>,
    actor: Actor,
    request_id: Arc<str>,
    address: Option<IpAddr>,
    lease: Option<Lease>,
}

/// What a change is about, for its audit line.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// The thing, by its id.
    pub target: Option<String>,
    /// What changes, in a few words; never a secret or an address.
    pub detail: Option<String>,
}

impl About {
    /// A thing.
    pub fn target(id: impl std::fmt::Display) -> Self {
        Self {
            target: Some(id.to_string()),
            detail: None,
        }
    }

    /// With what changes.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

impl Cx {
    /// The context of a request.
    pub fn new(app: Arc<App>, actor: Actor, request_id: &str) -> Self {
        Self {
            app,
            actor,
            request_id: request_id.into(),
            address: None,
            lease: None,
        }
    }

    /// The context of our own background work.
    pub fn system(app: Arc<App>, name: &'static str) -> Self {
        Self::new(app, Actor::System(name), name)
    }

    /// The same, with the network address that the request came from.
    #[must_use]
    pub fn from_address(mut self, address: Option<IpAddr>) -> Self {
        self.address = address;
        self
    }

    /// The same work, whose every change proves that it is still this process's turn.
    #[must_use]
    pub fn with_lease(&self, lease: Lease) -> Self {
        Self {
            lease: Some(lease),
            ..self.clone()
        }
    }

    /// The same request, by another actor: for what the caller's credential stands for, but may not do by itself.
    #[must_use]
    pub fn acting_as(&self, actor: Actor) -> Self {
        Self {
            actor,
            ..self.clone()
        }
    }

    /// The same request, done by ourselves.
    #[must_use]
    pub fn as_system(&self, name: &'static str) -> Self {
        self.acting_as(Actor::System(name))
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

    /// The network address the request came from.
    pub fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// Business time.
    pub fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    /// Real time.
    pub fn real_now(&self) -> Timestamp {
        self.app.real.now()
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

    /// What the actor is in its tenant, for rules that look at whom a change is about.
    ///
    /// # Errors
    /// Forbidden for who is no member.
    pub fn role(&self) -> Result<Role, Error> {
        self.actor
            .person()
            .and_then(|person| person.membership)
            .map(|(_, role)| role)
            .ok_or_else(|| {
                Error::new(
                    ErrorKind::Forbidden,
                    "forbidden",
                    "Only a member can do this.",
                )
            })
    }

    /// A read-only look at a tenant's rows.
    pub async fn read(&self, action: Action, tenant: TenantId) -> Result<TenantTx, Error> {
        self.permit(action, tenant).await?;
        self.app.db.tenant_read(tenant).await
    }

    /// A change of a tenant's rows. The audit line is part of it; recording and metering usage have the ledger as their trail.
    pub async fn write(
        &self,
        action: Action,
        tenant: TenantId,
        about: About,
    ) -> Result<TenantTx, Error> {
        self.write_each(action, tenant, &[about]).await
    }

    /// The same for several things at once, which all change or none does; each has an audit line of its own.
    pub async fn write_each(
        &self,
        action: Action,
        tenant: TenantId,
        abouts: &[About],
    ) -> Result<TenantTx, Error> {
        self.permit(action, tenant).await?;
        let tx = self
            .in_turn(self.app.db.tenant_write(tenant).await?)
            .await?;
        if !matches!(action, Action::RecordUsage | Action::MeterUsage) {
            for about in abouts {
                audit::append(&tx, &self.entry(action, Outcome::Done, about.clone())).await?;
            }
        }
        // After the lines, whose chain a removal or a changed role holds until it is made: whoever waited for one sees it here.
        let first = abouts.first().cloned().unwrap_or_default();
        self.still(tx, action, &first).await
    }

    /// A view over all tenants, for the operator.
    pub async fn read_all(&self, action: Action) -> Result<SystemTx, Error> {
        let permitted = policy::permit_system(&self.actor, action);
        self.noted(action, About::default(), permitted).await?;
        self.app.db.system_read().await
    }

    /// A change of what belongs to no tenant, by the operator. The audit line is part of it, in the vendor's chain.
    pub async fn write_all(&self, action: Action, about: About) -> Result<SystemTx, Error> {
        let permitted = policy::permit_system_change(&self.actor, action, self.real_now());
        self.noted(action, about.clone(), permitted).await?;
        let tx = self.system_write().await?;
        let chains = [Chain::Vendor];
        self.audit(&tx, action, Outcome::Done, &chains, about.clone())
            .await?;
        self.still(tx, action, &about).await
    }

    /// A look at what belongs to the person who acts.
    pub async fn read_own(&self, action: Action) -> Result<(SystemTx, Person), Error> {
        let person = self.permit_own(action, About::default()).await?;
        Ok((self.app.db.system_read().await?, person))
    }

    /// A change of what belongs to the person who acts; every tenant they belong to gets the audit line.
    pub async fn write_own(
        &self,
        action: Action,
        about: About,
    ) -> Result<(SystemTx, Person), Error> {
        let person = self.permit_own(action, about.clone()).await?;
        let tx = self.system_write().await?;
        self.audit_user(&tx, action, Outcome::Done, person.user, about.clone())
            .await?;
        let tx = self.still(tx, action, &about).await?;
        Ok((tx, person))
    }

    /// A change of a person's account by ourselves, in the name of an action that we may take for anybody.
    ///
    /// # Errors
    /// Forbidden for anybody but ourselves.
    pub async fn write_user(
        &self,
        action: Action,
        user: UserId,
        about: About,
    ) -> Result<SystemTx, Error> {
        let permitted = policy::permit_account(&self.actor, action);
        self.noted(action, about.clone(), permitted).await?;
        let tx = self.system_write().await?;
        self.audit_user(&tx, action, Outcome::Done, user, about)
            .await?;
        Ok(tx)
    }

    /// A change of what belongs to no tenant, and goes through no door with a name: of the post, of the ledger as AWS answers, of accounts.
    pub(crate) async fn system_write(&self) -> Result<SystemTx, Error> {
        self.in_turn(self.app.db.system_write().await?).await
    }

    /// A note that background work makes at a tenant's rows: no change of the tenant's, so it leaves no line.
    pub(crate) async fn note(&self, tenant: TenantId) -> Result<TenantTx, Error> {
        self.in_turn(self.app.db.tenant_write(tenant).await?).await
    }

    /// Prolongs this work's lease in that transaction, so that something outside may be caused directly after its commit.
    ///
    /// # Errors
    /// `lease_lost` (503) if the work is another process's by now.
    pub(crate) async fn prove(&self, tx: &SystemTx) -> Result<Proof, Error> {
        let Some(lease) = self.lease else {
            return Ok(Proof::NONE);
        };
        // Taken before, so that it ends before the lease does.
        let proof = Proof::of(lease, self.real_now());
        let own = (lease.name, &*self.app.holder, lease.token);
        if db::lease::extend(tx, own, LASTS).await? {
            Ok(proof)
        } else {
            Err(lease::lost(lease))
        }
    }

    /// That background work is still this process's turn; whoever wants to take it over waits until the change is made.
    async fn in_turn<T: Tx>(&self, tx: T) -> Result<T, Error> {
        match self.lease {
            Some(lease)
                if !db::lease::holds(&tx, lease.name, &self.app.holder, lease.token).await? =>
            {
                Err(lease::lost(lease))
            }
            _ => Ok(tx),
        }
    }

    /// That the person who acts is still signed in, and still what they were when the request began: its body may have come half a
    /// minute after its head, and somebody may have been removed in between. Asked in the transaction of every change, which goes on
    /// only if it holds, and after the change's audit line: only then can nobody change a role of that tenant any more.
    ///
    /// # Errors
    /// Unauthenticated if the session was ended; `role_changed` (403) if the role is another one now.
    pub(crate) async fn still<T: Tx>(
        &self,
        tx: T,
        action: Action,
        about: &About,
    ) -> Result<T, Error> {
        let Some(person) = self.actor.person() else {
            return Ok(tx);
        };
        if !db::session::is_open(&tx, person.session).await? {
            return policy::permit_system(&Actor::Anonymous, action).map(|()| tx);
        }
        if let Some((tenant, role)) = person.membership
            && db::membership::role(&tx, tenant, person.user).await? != Some(role)
        {
            // Its line is a change of its own, after this one was given up.
            drop(tx);
            let error = Error::new(
                ErrorKind::Forbidden,
                "role_changed",
                "Your role was changed a moment ago. Look at the page again; nothing was changed.",
            );
            return Err(self.refused(action, about.clone(), error).await);
        }
        Ok(tx)
    }

    /// Adds a line about a person to the chain of every tenant they have entered, or to the vendor's if there is none. A tenant that only
    /// named them learns nothing of what they do elsewhere.
    pub async fn audit_user(
        &self,
        tx: &SystemTx,
        action: Action,
        outcome: Outcome,
        user: UserId,
        about: About,
    ) -> Result<(), Error> {
        let tenants = db::membership::of_user(tx, user).await?;
        let entered = |membership: &&Membership| membership.first_used_at.is_some();
        let all = || tenants.iter().map(|(membership, _)| membership);
        let mut chains: Vec<Chain> = all().filter(entered).map(chain_of).collect();
        // Who is new belongs to whoever named them, unless several did.
        if chains.is_empty() && tenants.len() == 1 {
            chains = all().map(chain_of).collect();
        }
        self.audit(
            tx,
            action,
            outcome,
            if chains.is_empty() {
                &[Chain::Vendor]
            } else {
                &chains
            },
            about,
        )
        .await
    }

    /// Adds a line to chains that are named: for what a tenant's own door cannot do.
    pub async fn audit(
        &self,
        tx: &SystemTx,
        action: Action,
        outcome: Outcome,
        chains: &[Chain],
        about: About,
    ) -> Result<(), Error> {
        // Always in the same order: each line locks the end of its chain, and two who lock the same ones crosswise would wait for ever.
        let mut chains = chains.to_vec();
        chains.sort();
        for chain in chains {
            let entry = self.entry(action, outcome, about.clone());
            audit::append_system(tx, chain, &entry).await?;
        }
        Ok(())
    }

    /// Asks for permission alone: for the few changes that cannot go through one tenant's door, and for pages that lead up to one.
    pub async fn permit(&self, action: Action, tenant: TenantId) -> Result<(), Error> {
        let about = match self.actor.tenant() {
            Some(own) if own == tenant => About::default(),
            _ => About::target(tenant),
        };
        let permitted = policy::permit(&self.actor, action, tenant, self.real_now());
        self.noted(action, about, permitted).await
    }

    /// Asks for permission alone, for a change of what belongs to the person who acts.
    pub async fn permit_own(&self, action: Action, about: About) -> Result<Person, Error> {
        let permitted = policy::permit_own(&self.actor, action, self.real_now()).cloned();
        self.noted(action, about, permitted).await
    }

    /// Leaves a line about something that was refused after the door, by a rule that looks at whom it is about.
    pub async fn refused(&self, action: Action, about: About, error: Error) -> Error {
        if error.kind() == ErrorKind::Forbidden {
            self.note_refusal(action, about, &error).await;
        }
        error
    }

    /// What was decided, with a line left about it if the door stayed shut. Being asked to sign in is no refusal.
    async fn noted<T>(
        &self,
        action: Action,
        about: About,
        permitted: Result<T, Error>,
    ) -> Result<T, Error> {
        if let Err(error) = &permitted
            && matches!(error.kind(), ErrorKind::Forbidden | ErrorKind::NotFound)
        {
            self.note_refusal(action, about, error).await;
        }
        permitted
    }

    /// Into the chain of whom the actor belongs to, or the vendor's: never into that of a tenant which was merely asked about, since
    /// anybody could fill it. Best effort: that it was refused matters more than that it is written down; the log has it either way.
    async fn note_refusal(&self, action: Action, about: About, error: &Error) {
        let chain = self.actor.tenant().map_or(Chain::Vendor, Chain::Tenant);
        tracing::info!(audit.chain = %chain, actor = self.actor.audit_name(), action = action.as_str(), error.code = error.code(), "refused");
        let noted = async {
            let tx = self.system_write().await?;
            let about = About {
                detail: Some(error.code().to_owned()),
                ..about
            };
            self.audit(&tx, action, Outcome::Refused, &[chain], about)
                .await?;
            tx.commit().await
        };
        if let Err(error) = noted.await {
            tracing::warn!(
                error.code = error.code(),
                error.cause = error.private(),
                "a refusal could not be written to the audit trail"
            );
        }
    }

    fn entry(&self, action: Action, outcome: Outcome, about: About) -> Entry {
        Entry {
            id: AuditId::make(&*self.app.ids),
            at: self.now(),
            actor: self.actor.audit_name(),
            action: action.as_str().to_owned(),
            outcome,
            target: about.target,
            detail: about.detail,
            address: self.address.map(|address| address.to_string()),
            request_id: self.request_id.to_string(),
        }
    }
}

fn chain_of(membership: &Membership) -> Chain {
    Chain::Tenant(membership.tenant)
}
