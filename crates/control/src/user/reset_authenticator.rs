//! Help for who lost their authenticator, by another member: Cognito forgets it, and the next sign-in sets up a new one.
//! The password is still asked for, so whoever does this gets into nobody's account. A person has one authenticator for all their
//! tenants, so every tenant they have entered sees who did it, in its trail and by mail; and for somebody who is in others as well it
//! takes an owner.

use domain::{
    Error,
    audit::{Chain, Outcome},
    id::{TenantId, UserId},
    membership::{Membership, may_change},
    policy::Action,
    role::Role,
    user::Errands,
};

use crate::{Cx, anew::anew, cx::About, mail};

/// Lets a member set up a new authenticator, and ends every browser they have open.
///
/// # Errors
/// `owners_only` if an owner's is reset by somebody else, or that of a person who belongs to other tenants too.
pub async fn reset_authenticator(cx: &Cx, tenant: TenantId, user: UserId) -> Result<(), Error> {
    anew(|| async {
    let about = About::target(user);
    cx.permit(Action::ResetAuthenticator, tenant).await?;
    // The door is for one tenant, and this may concern several.
    let tx = cx.system_write().await?;
    let tenants = db::membership::of_user(&tx, user).await?;
    // Those that the person entered hear of it. Their chains first and all at once, as everybody takes them: then roles stay as they are.
    let hear =
        |membership: &Membership| membership.tenant == tenant || membership.first_used_at.is_some();
    let chains: Vec<Chain> = tenants
        .iter()
        .filter(|(membership, _)| hear(membership))
        .map(|(membership, _)| Chain::Tenant(membership.tenant))
        .collect();
    let action = Action::ResetAuthenticator;
    cx.audit(&tx, action, Outcome::Done, &chains, about.clone())
        .await?;
    let tx = cx.still(tx, action, &about).await?;
    let member = db::membership::get(&tx, tenant, user).await?;
    let touched = if tenants.len() > 1 {
        Role::Owner
    } else {
        member.membership.role
    };
    if let Err(error) = may_change(cx.role()?, Some(touched), Some(touched)) {
        drop(tx);
        return Err(cx.refused(Action::ResetAuthenticator, about, error).await);
    }
    let by = mail::who(cx, &tx, tenant).await?;
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
    for (membership, of) in tenants {
        let here = membership.tenant == tenant;
        if !hear(&membership) {
            continue;
        }
        let owners = db::membership::owners(&tx, membership.tenant).await?;
        let text = mail::notice(&what, &of.name, by.as_deref());
        let person = here.then_some(&member.user);
        for to in mail::recipients(&owners, person) {
            mail::post(cx, &tx, to, "An authenticator was reset", &text).await?;
        }
    }
    tx.commit().await?;
    cx.app().nudge.users.notify_one();
    cx.app().nudge.mails.notify_one();
    Ok(())
    })
    .await
}
