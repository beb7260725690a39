//! Help for who lost their authenticator, by another member: Cognito forgets it, and the next sign-in sets up a new one.
//! The password is still asked for, so whoever does this gets into nobody's account.

use domain::{
    Error,
    id::{TenantId, UserId},
    membership::may_change,
    policy::Action,
    user::Errands,
};

use super::member;
use crate::{Cx, cx::About, mail};

/// Lets a member set up a new authenticator, and ends every browser they have open.
///
/// # Errors
/// `owners_only` if an owner's is reset by somebody else.
pub async fn reset_authenticator(cx: &Cx, tenant: TenantId, user: UserId) -> Result<(), Error> {
    let about = About::target(user);
    let tx = cx
        .write(Action::ResetAuthenticator, tenant, about.clone())
        .await?;
    let (member, _) = member(&tx, user).await?;
    let role = member.membership.role;
    if let Err(error) = may_change(cx.role()?, Some(role), Some(role)) {
        drop(tx);
        return Err(cx.refused(Action::ResetAuthenticator, about, error).await);
    }
    let errands = Errands {
        reset_authenticator: true,
        sign_out: true,
        resend: false,
    };
    db::user::add_errands(&tx, user, errands, cx.real_now()).await?;
    db::session::end_all(&tx, user, None, cx.real_now()).await?;
    let what = format!(
        "The authenticator of {} ({}) was reset. At the next sign-in, after the password, a new one is set up.",
        member.user.name,
        member.user.email.as_str()
    );
    mail::to_owners_and(
        cx,
        &tx,
        Some(&member.user),
        "An authenticator was reset",
        &what,
    )
    .await?;
    tx.commit().await?;
    cx.app().nudge.users.notify_one();
    cx.app().nudge.mails.notify_one();
    Ok(())
}
