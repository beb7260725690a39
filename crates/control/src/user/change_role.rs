//! Another role for a member. It takes effect with their next request, because every request reads it.

use domain::{
    Error,
    id::{TenantId, UserId},
    membership::{keeps_an_owner, may_change},
    policy::Action,
    role::Role,
};

use crate::{Cx, anew::anew, cx::About, mail};

/// Gives a member another role. The same role again changes nothing.
///
/// # Errors
/// `owners_only` if an owner is touched or made by somebody else; `last_owner` if nobody else could get in.
pub async fn change_role(cx: &Cx, tenant: TenantId, user: UserId, role: Role) -> Result<(), Error> {
    anew(|| async {
    let about = About::target(user).detail(format!("to {role}"));
    let tx = cx.write(Action::ChangeRole, tenant, about.clone()).await?;
    let member = db::membership::get(&tx, tenant, user).await?;
    let present = member.membership.role;
    if let Err(error) = may_change(cx.role()?, Some(present), Some(role)) {
        drop(tx);
        return Err(cx.refused(Action::ChangeRole, about, error).await);
    }
    if present == role {
        return Ok(());
    }
    if present == Role::Owner {
        keeps_an_owner(&db::membership::owners(&tx, tenant).await?, user)?;
    }
    db::membership::set_role(&tx, user, role).await?;
    // What they could give away before, they may not be able to give away now.
    db::invitation::revoke_of(&tx, user, cx.real_now()).await?;
    let what = format!(
        "{} ({}) is now {} instead of {}. Invitations they sent that were still open were taken back.",
        member.user.name,
        member.user.email.as_str(),
        role.title().to_lowercase(),
        present.title().to_lowercase()
    );
    mail::to_owners(cx, &tx, "A role was changed", &what).await?;
    tx.commit().await?;
    cx.app().nudge.mails.notify_one();
    Ok(())
    })
    .await
}
