//! A new temporary password for who never signed in: it was lost, or its seven days are over.
//! By a member for another, or by anybody who types the address: then the answer is the same whether there is such a person or not.

use chrono::Duration;
use domain::{
    Error, ErrorKind,
    audit::Outcome,
    id::{TenantId, UserId},
    policy::Action,
    registration::Email,
    user::{Errands, Known, User},
};

use crate::{Cx, anew::anew, cx::About, mail};

/// How long one address waits for its next mail, so that nobody's mailbox is filled by who presses a button often.
const PAUSE: Duration = Duration::minutes(2);

const RESEND: Errands = Errands {
    resend: true,
    reset_authenticator: false,
    sign_out: false,
};

/// Mails a member who never signed in a new temporary password; the one before stops working.
///
/// # Errors
/// `already_signed_in` (409) for who has a password of their own; `mailed_already` (429) within two minutes of the last mail.
pub async fn resend_password(cx: &Cx, tenant: TenantId, user: UserId) -> Result<(), Error> {
    anew(|| async {
    let tx = cx
        .write(Action::ResendPassword, tenant, About::target(user))
        .await?;
    let member = db::membership::get(&tx, tenant, user).await?;
    if member.user.first_signed_in_at.is_some() {
        return Err(Error::new(
            ErrorKind::Conflict,
            "already_signed_in",
            "This person has signed in and has a password of their own. On the sign-in page, “Forgot your password?” gives them a new one.",
        ));
    }
    if mailed_lately(cx, &member.user) {
        return Err(Error::new(
            ErrorKind::TooMany,
            "mailed_already",
            "A password was mailed less than two minutes ago. Look into the spam folder, or try again in two minutes.",
        ));
    }
    db::user::add_errands(&tx, user, RESEND, cx.real_now()).await?;
    mail::to_owners(cx, &tx, SUBJECT, &words(&member.user)).await?;
    tx.commit().await?;
    cx.app().nudge.users.notify_one();
    cx.app().nudge.mails.notify_one();
    Ok(())
    })
    .await
}

const SUBJECT: &str = "A temporary password was sent again";

fn words(user: &User) -> String {
    format!(
        "{} ({}) is sent a new temporary password; the one before stops working.",
        user.name,
        user.email.as_str()
    )
}

/// Mails a new temporary password to an address, if it is that of somebody who never signed in. Otherwise nothing happens, and nobody
/// is told the difference.
pub async fn ask_for_password(cx: &Cx, email: &Email) -> Result<(), Error> {
    anew(|| async {
        let found = {
            let tx = cx.app().db.system_read().await?;
            db::user::find_by_email(&tx, email).await?
        };
        let Some(user) = found else {
            return Ok(());
        };
        let entitled = user.first_signed_in_at.is_none() && user.known == Known::Enabled;
        if !entitled || mailed_lately(cx, &user) {
            return Ok(());
        }
        let cx = cx.as_system("sign-in-help");
        let about = About::target(user.id).detail("asked for on the sign-in page");
        let tx = cx
            .write_user(Action::ResendPassword, user.id, about)
            .await?;
        db::user::add_errands(&tx, user.id, RESEND, cx.real_now()).await?;
        for (membership, tenant) in db::membership::of_user(&tx, user.id).await? {
            let owners = db::membership::owners(&tx, membership.tenant).await?;
            let text = mail::notice(&words(&user), &tenant.name, None);
            // Not to themselves: they get the password.
            for to in mail::recipients(&owners, None) {
                if to.key() != user.email.key() {
                    mail::post(&cx, &tx, to, SUBJECT, &text).await?;
                }
            }
        }
        tx.commit().await?;
        cx.app().nudge.users.notify_one();
        cx.app().nudge.mails.notify_one();
        Ok(())
    })
    .await
}

fn mailed_lately(cx: &Cx, user: &User) -> bool {
    user.mailed_at
        .is_some_and(|mailed| cx.real_now() < mailed + PAUSE)
}

/// Leaves a line about help that was refused.
pub(crate) async fn note_refused_help(
    cx: &Cx,
    action: Action,
    user: UserId,
    why: &str,
) -> Result<(), Error> {
    let tx = cx.system_write().await?;
    let about = About::target(user).detail(why);
    cx.audit_user(&tx, action, Outcome::Refused, user, about)
        .await?;
    tx.commit().await
}
