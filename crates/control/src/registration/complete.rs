//! The welcome form: who the first owner is. Until somebody came in, a second form corrects a mistyped address, and the same form again
//! mails the temporary password again.

use db::TenantTx;
use domain::{
    Error, ErrorKind,
    id::{LicenceId, TenantId},
    licence::AwsAccountId,
    policy::Action,
    registration::{Contact, Email},
    role::Role,
    user::Errands,
};

use crate::{Cx, cx::About, invitation::find_or_add, mail};

/// What the welcome page shows.
#[derive(Debug, Clone)]
pub struct Welcome {
    /// The AWS account that subscribed.
    pub account: AwsAccountId,
    /// How far it is.
    pub state: WelcomeState,
}

/// How far the welcome is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WelcomeState {
    /// Nobody was named yet.
    Open,
    /// Somebody was named and has not come in yet: the address can still be corrected.
    Named {
        /// Who.
        contact: Contact,
        /// Whether the person had an account before, so that no temporary password was mailed.
        known: bool,
        /// What is in the way, if anything is.
        trouble: Option<String>,
    },
    /// Somebody came in: the way is to sign in.
    Entered,
}

/// Where the welcome of a licence stands.
pub async fn welcome(cx: &Cx, tenant: TenantId, licence: LicenceId) -> Result<Welcome, Error> {
    let tx = cx.read(Action::ReadSetup, tenant).await?;
    let account = db::licence::get(&tx, licence).await?.account;
    let registration = db::registration::for_licence(&tx, licence).await?;
    let members = db::membership::list(&tx).await?;
    let entered = members
        .iter()
        .any(|member| member.membership.first_used_at.is_some());
    let state = match (entered, registration.contact) {
        (true, _) => WelcomeState::Entered,
        (false, None) => WelcomeState::Open,
        (false, Some(contact)) => {
            let user = members
                .iter()
                .map(|member| &member.user)
                .find(|user| user.email.key() == contact.email.key());
            WelcomeState::Named {
                known: user.is_some_and(|user| user.first_signed_in_at.is_some()),
                trouble: user.and_then(|user| user.trouble.clone()),
                contact,
            }
        }
    };
    Ok(Welcome { account, state })
}

/// Records the first owner and has their account made, or corrects who it is.
///
/// # Errors
/// `already_set_up` (409) once somebody came in.
pub async fn complete(
    cx: &Cx,
    tenant: TenantId,
    licence: LicenceId,
    contact: &Contact,
) -> Result<(), Error> {
    let real = cx.real_now();
    let tx = cx
        .write(Action::CompleteRegistration, tenant, About::target(licence))
        .await?;
    let registration = db::registration::for_licence(&tx, licence).await?;
    let again = take_back_others(cx, &tx, &contact.email).await?;
    db::registration::set_contact(&tx, registration.id, contact).await?;
    let user = find_or_add(cx, &tx, &contact.email, &contact.name).await?;
    db::membership::insert(&tx, user.id, Role::Owner, cx.now()).await?;
    db::user::look_again(&tx, user.id, real).await?;
    if user.first_signed_in_at.is_some() {
        // Nobody mails a password to who has one; they are told where they can go now.
        if !again {
            let text = format!(
                "You were named as the owner of a new account at Payphone, because a subscription was set up with your address.\n\nSign in with the password you have: {}/\n\nIf you did not expect this, nothing is billed to you; sign in and leave it, or write to support.\n",
                cx.app().config.public_url
            );
            mail::post(cx, &tx, &user.email, "A new account at Payphone", &text).await?;
        }
    } else if again && user.mailed_at.is_some_and(|at| real >= at + RESEND_PAUSE) {
        let errands = Errands {
            resend: true,
            ..Errands::default()
        };
        db::user::add_errands(&tx, user.id, errands, real).await?;
    }
    db::registration::look_again(&tx, licence, real).await?;
    tx.commit().await?;
    cx.app().nudge.users.notify_one();
    cx.app().nudge.mails.notify_one();
    cx.app().nudge.registrations.notify_one();
    Ok(())
}

/// The same form twice in a row is a double click, not a lost mail.
const RESEND_PAUSE: chrono::Duration = chrono::Duration::seconds(30);

/// Takes the membership of whoever was named before under another address; answers whether this very address was named before.
async fn take_back_others(cx: &Cx, tx: &TenantTx, email: &Email) -> Result<bool, Error> {
    let mut again = false;
    for member in db::membership::list(tx).await? {
        if member.membership.first_used_at.is_some() {
            return Err(Error::new(
                ErrorKind::Conflict,
                "already_set_up",
                "Somebody has signed in to this account already, so its owner can no longer be changed here. Sign in instead.",
            ));
        }
        if member.user.email.key() == email.key() {
            again = true;
            continue;
        }
        db::membership::delete(tx, member.user.id).await?;
        // Nobody ever signed in with the mistyped address, so its account goes too.
        db::user::look_again(tx, member.user.id, cx.real_now()).await?;
    }
    Ok(again)
}
