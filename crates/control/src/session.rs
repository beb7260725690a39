//! Sessions: signing in, being recognised, choosing a tenant, ending. Everything is read from our own tables in every request, so that
//! a role taken away or a browser signed out counts from the next one.

mod authenticate;
pub mod check;
mod sign_in;

pub use authenticate::{Recognised, authenticate, recognise};
pub use sign_in::{SignIn, SignedIn, sign_in};

use domain::{
    Error,
    audit::{Chain, Outcome},
    id::{SessionId, TenantId},
    membership::Membership,
    policy::Action,
    session::Session,
    tenant::Tenant,
    user::{Errands, User},
};

use crate::{Cx, anew::anew, cx::About};

/// What a person sees of themselves.
#[derive(Debug, Clone)]
pub struct Account {
    /// Who they are.
    pub user: User,
    /// Where they belong.
    pub tenants: Vec<(Membership, Tenant)>,
    /// Their browsers that are signed in, this one among them.
    pub sessions: Vec<Session>,
    /// Which of them this is.
    pub current: SessionId,
    /// How many recovery codes are left.
    pub recovery_codes: u64,
}

/// The person's own account.
pub async fn account(cx: &Cx) -> Result<Account, Error> {
    let (tx, person) = cx.read_own(Action::ReadAccount).await?;
    let now = cx.real_now();
    let mut sessions = db::session::open(&tx, person.user).await?;
    sessions.retain(|session| session.is_live(now));
    Ok(Account {
        user: db::user::get(&tx, person.user).await?,
        tenants: db::membership::of_user(&tx, person.user).await?,
        sessions,
        current: person.session,
        recovery_codes: db::recovery_code::count(&tx, person.user).await?,
    })
}

/// Looks at another of one's own tenants.
///
/// # Errors
/// Not found for a tenant that is not one's own.
pub async fn select_tenant(cx: &Cx, tenant: TenantId) -> Result<(), Error> {
    anew(|| async {
        let action = Action::SelectTenant;
        let about = About::target(tenant);
        let person = cx.permit_own(action, about.clone()).await?;
        let tx = cx.system_write().await?;
        // Only the tenant that is looked at is concerned.
        let chains = [Chain::Tenant(tenant)];
        cx.audit(&tx, action, Outcome::Done, &chains, about.clone())
            .await?;
        let tx = cx.still(tx, action, &about).await?;
        let member = db::membership::role(&tx, tenant, person.user).await?;
        if member.is_none() {
            return Err(Error::not_found("tenant"));
        }
        db::session::set_tenant(&tx, person.session, Some(tenant)).await?;
        db::membership::used(&tx, tenant, person.user, cx.real_now()).await?;
        tx.commit().await
    })
    .await
}

/// Ends one of one's own sessions; answers its sealed refresh token, to be revoked.
///
/// # Errors
/// Not found for a session that is not one's own.
pub async fn end(cx: &Cx, id: SessionId) -> Result<Option<String>, Error> {
    anew(|| async {
        let (tx, person) = cx.write_own(Action::EndSession, About::target(id)).await?;
        let own = db::session::open(&tx, person.user).await?;
        if !own.iter().any(|session| session.id == id) {
            return Err(Error::not_found("session"));
        }
        let token = db::session::end(&tx, id, cx.real_now()).await?;
        tx.commit().await?;
        Ok(token)
    })
    .await
}

/// Ends every session of one's own, this one among them, here and at the identity provider.
pub async fn end_everywhere(cx: &Cx) -> Result<u64, Error> {
    anew(|| async {
        let (tx, person) = cx
            .write_own(Action::EndSession, About::default().detail("everywhere"))
            .await?;
        let errands = Errands {
            sign_out: true,
            ..Errands::default()
        };
        // The person's row before their sessions, as everybody takes them.
        db::user::add_errands(&tx, person.user, errands, cx.real_now()).await?;
        let ended = db::session::end_all(&tx, person.user, None, cx.real_now()).await?;
        tx.commit().await?;
        cx.app().nudge.users.notify_one();
        Ok(ended)
    })
    .await
}
