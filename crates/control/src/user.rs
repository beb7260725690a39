//! People of a tenant: who they are, what they may be, and how they get in. Each change is told to the owners by mail.

mod change_role;
mod reconcile;
mod remove;
mod resend_password;
mod reset_authenticator;

pub use change_role::change_role;
pub use reconcile::reconcile_all;
pub use remove::remove;
pub(crate) use resend_password::note_refused_help;
pub use resend_password::{ask_for_password, resend_password};
pub use reset_authenticator::reset_authenticator;

use domain::{
    Error,
    id::{TenantId, UserId},
    membership::Member,
    policy::Action,
    role::Role,
};

use crate::Cx;

/// How many people a tenant has.
#[derive(Debug, Clone)]
pub struct HeadCount {
    /// Members.
    pub members: u64,
    /// Invitations that can still be accepted.
    pub invited: u64,
    /// Members who are owners.
    pub owners: u64,
    /// Invitations that would make one.
    pub owners_invited: u64,
}

pub use db::membership::{Query, Sort};

/// One page of the tenant's members.
pub async fn page(
    cx: &Cx,
    tenant: TenantId,
    query: &Query,
    limit: u64,
) -> Result<Vec<Member>, Error> {
    let tx = cx.read(Action::ReadUsers, tenant).await?;
    if query.text.as_ref().is_some_and(|text| text.contains('\0')) {
        // Nobody's name has it, and PostgreSQL cannot be asked.
        return Ok(Vec::new());
    }
    db::membership::page(&tx, query, limit).await
}

/// Those of these people who are members of the tenant, in no order.
pub async fn those(cx: &Cx, tenant: TenantId, users: &[UserId]) -> Result<Vec<Member>, Error> {
    let tx = cx.read(Action::ReadUsers, tenant).await?;
    db::membership::those(&tx, users).await
}

/// How many people the tenant has: counted, not read.
pub async fn count(cx: &Cx, tenant: TenantId) -> Result<HeadCount, Error> {
    let tx = cx.read(Action::ReadUsers, tenant).await?;
    let (now, owner) = (cx.real_now(), Some(Role::Owner));
    Ok(HeadCount {
        members: db::membership::count(&tx, None).await?,
        invited: db::invitation::count_open(&tx, now, None).await?,
        owners: db::membership::count(&tx, owner).await?,
        owners_invited: db::invitation::count_open(&tx, now, owner).await?,
    })
}

/// Whether the tenant can do without this member: to be known before anybody is asked whether to go.
///
/// # Errors
/// `last_owner` if nobody else could get in.
pub async fn keeps_an_owner(cx: &Cx, tenant: TenantId, leaving: UserId) -> Result<(), Error> {
    let tx = cx.read(Action::ReadUsers, tenant).await?;
    let owners = db::membership::owners(&tx, tenant).await?;
    domain::membership::keeps_an_owner(&owners, leaving)
}
