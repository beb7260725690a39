//! The end of a membership: the tenant is closed to the person with the same commit, in every browser they have open.
//! Who belongs to no tenant any more loses the account as well: the reconciler closes it and ends its sessions.

use domain::{
    Error,
    id::{TenantId, UserId},
    membership::{keeps_an_owner, may_change},
    policy::Action,
};

use crate::{Cx, anew::anew, cx::About, mail};

/// Takes a member out of the tenant.
///
/// # Errors
/// `owners_only` if an owner is removed by somebody else; `last_owner` if nobody else could get in.
pub async fn remove(cx: &Cx, tenant: TenantId, user: UserId) -> Result<(), Error> {
    anew(|| async {
    let about = About::target(user);
    let tx = cx.write(Action::RemoveUser, tenant, about.clone()).await?;
    let member = db::membership::get(&tx, tenant, user).await?;
    if let Err(error) = may_change(cx.role()?, Some(member.membership.role), None) {
        drop(tx);
        return Err(cx.refused(Action::RemoveUser, about, error).await);
    }
    keeps_an_owner(&db::membership::owners(&tx, tenant).await?, user)?;
    db::invitation::revoke_of(&tx, user, cx.real_now()).await?;
    let what = format!(
        "{} ({}) was removed and can no longer come in. Invitations they sent that were still open were taken back.",
        member.user.name,
        member.user.email.as_str()
    );
    mail::to_owners(cx, &tx, "Somebody was removed", &what).await?;
    db::membership::delete(&tx, user).await?;
    db::user::look_again(&tx, user, cx.real_now()).await?;
    tx.commit().await?;
    cx.app().nudge.users.notify_one();
    cx.app().nudge.mails.notify_one();
    Ok(())
    })
    .await
}
