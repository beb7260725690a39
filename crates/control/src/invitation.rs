//! Invitations: into a tenant, by mail, for three days.

mod accept;
mod create;

pub(crate) use accept::find_or_add;
pub use accept::{Accepted, Offer, accept, look};
pub(crate) use create::post;
pub use create::{create, may_create, resend};

use domain::{
    Error,
    id::{InvitationId, TenantId},
    invitation::{Invitation, State, over},
    membership::may_change,
    policy::Action,
};

pub use db::invitation::Query;

use crate::{Cx, anew::anew, cx::About};

/// One page of who is invited to the tenant and has not answered yet, newest first.
pub async fn pending(
    cx: &Cx,
    tenant: TenantId,
    query: &Query,
    limit: u64,
) -> Result<Vec<Invitation>, Error> {
    let tx = cx.read(Action::ReadUsers, tenant).await?;
    if query.text.as_ref().is_some_and(|text| text.contains('\0')) {
        // Nobody's address has it, and PostgreSQL cannot be asked.
        return Ok(Vec::new());
    }
    db::invitation::pending(&tx, query, limit).await
}

/// Those of these invitations that nobody has answered yet.
pub async fn pending_of_those(
    cx: &Cx,
    tenant: TenantId,
    ids: &[InvitationId],
) -> Result<Vec<Invitation>, Error> {
    let tx = cx.read(Action::ReadUsers, tenant).await?;
    db::invitation::pending_of_those(&tx, ids).await
}

/// Takes an invitation back; its link stops working with the commit.
///
/// # Errors
/// `invitation_over` (410) if it was accepted already; `owners_only` if it would make an owner and somebody else takes it back.
pub async fn revoke(cx: &Cx, tenant: TenantId, id: InvitationId) -> Result<(), Error> {
    anew(|| async {
        let about = About::target(id);
        let tx = cx
            .write(Action::RevokeInvitation, tenant, about.clone())
            .await?;
        let invitation = db::invitation::get(&tx, id).await?;
        if let Err(error) = may_change(cx.role()?, None, Some(invitation.role)) {
            drop(tx);
            return Err(cx.refused(Action::RevokeInvitation, about, error).await);
        }
        match invitation.state(cx.real_now()) {
            // Again: the answer is the same.
            State::Revoked => return Ok(()),
            State::Accepted => {
                return Err(over(
                    "This invitation was accepted already. Remove the person instead.",
                ));
            }
            State::Open | State::Expired => {}
        }
        db::invitation::revoke(&tx, id, cx.real_now()).await?;
        tx.commit().await
    })
    .await
}
