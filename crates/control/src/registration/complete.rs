//! The welcome form: who the first owner is. Until somebody came in, a second form corrects a mistyped address, and the same form again
//! mails the temporary password again.

use chrono::Duration;
use db::TenantTx;
use domain::{
    Error, ErrorKind,
    id::{InvitationId, LicenceId, TenantId},
    invitation::{Invitation, LIFETIME},
    licence::AwsAccountId,
    policy::Action,
    registration::{Contact, Email},
    role::Role,
    user::Errands,
};

use crate::{
    Cx,
    anew::anew,
    cx::About,
    invitation::{self, find_or_add},
};

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
    /// Whether the address was known here already is nobody's business who merely typed it.
    Named {
        /// Who.
        contact: Contact,
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
    let entered = db::membership::is_entered(&tx).await?;
    let state = match (entered, registration.contact) {
        (true, _) => WelcomeState::Entered,
        (false, None) => WelcomeState::Open,
        (false, Some(contact)) => WelcomeState::Named {
            trouble: db::membership::find_by_email(&tx, &contact.email)
                .await?
                .and_then(|member| member.user.trouble),
            contact,
        },
    };
    Ok(Welcome { account, state })
}

/// Records the first owner and has their account made, or corrects who it is. Who has signed in here before, in whatever tenant, is
/// invited instead: nobody is made a member of something by a stranger's form.
///
/// # Errors
/// `already_set_up` (409) once somebody came in; `too_many_corrections` (429) after ten forms within a day, because each may send mail.
pub async fn complete(
    cx: &Cx,
    tenant: TenantId,
    licence: LicenceId,
    contact: &Contact,
) -> Result<(), Error> {
    anew(|| async {
        let real = cx.real_now();
        let tx = cx
            .write(Action::CompleteRegistration, tenant, About::target(licence))
            .await?;
        let registration = db::registration::for_licence(&tx, licence).await?;
        if db::registration::count_form(&tx, registration.id, real).await? > MOST_FORMS {
            return Err(Error::new(
                ErrorKind::TooMany,
                "too_many_corrections",
                "This form was sent ten times today. Try again tomorrow, or write to support.",
            ));
        }
        let again = take_back_others(cx, &tx, &contact.email).await?;
        db::registration::set_contact(&tx, registration.id, contact).await?;
        let known = db::user::find_by_email(&tx, &contact.email).await?;
        if known.is_some_and(|user| user.first_signed_in_at.is_some()) {
            invite_owner(cx, &tx, tenant, &contact.email).await?;
        } else {
            let user = find_or_add(cx, &tx, &contact.email, &contact.name).await?;
            db::membership::insert(&tx, user.id, Role::Owner, cx.now(), None).await?;
            db::user::look_again(&tx, user.id, real).await?;
            if again && user.mailed_at.is_some_and(|at| real >= at + RESEND_PAUSE) {
                let errands = Errands {
                    resend: true,
                    ..Errands::default()
                };
                db::user::add_errands(&tx, user.id, errands, real).await?;
            }
        }
        db::registration::look_again(&tx, licence, real).await?;
        tx.commit().await?;
        cx.app().nudge.users.notify_one();
        cx.app().nudge.mails.notify_one();
        cx.app().nudge.registrations.notify_one();
        Ok(())
    })
    .await
}

/// How many forms of one registration are taken in a day.
const MOST_FORMS: i32 = 10;

/// The same form twice in a row is a double click, not a lost mail.
const RESEND_PAUSE: Duration = Duration::seconds(30);

/// Invites somebody who is known here to own the new tenant; the same form again, later, sends the link again.
async fn invite_owner(
    cx: &Cx,
    tx: &TenantTx,
    tenant: TenantId,
    email: &Email,
) -> Result<(), Error> {
    let now = cx.real_now();
    let invitation = match db::invitation::pending_of(tx, email).await? {
        Some(open) if now < open.expires_at - LIFETIME + RESEND_PAUSE => return Ok(()),
        Some(mut open) => {
            open.expires_at = now + LIFETIME;
            db::invitation::renew(tx, open.id, open.expires_at).await?;
            open
        }
        None => {
            let new = Invitation {
                id: InvitationId::make(&*cx.app().ids),
                tenant,
                email: email.clone(),
                role: Role::Owner,
                invited_by: None,
                created_at: now,
                expires_at: now + LIFETIME,
                accepted_at: None,
                revoked_at: None,
            };
            db::invitation::insert(tx, &new).await?;
            new
        }
    };
    let inviter = "Whoever set up a subscription in AWS Marketplace";
    invitation::post(cx, tx, &invitation, inviter).await
}

/// Takes back the membership or invitation of whoever was named before under another address; answers whether this very address was
/// named before.
async fn take_back_others(cx: &Cx, tx: &TenantTx, email: &Email) -> Result<bool, Error> {
    if db::membership::is_entered(tx).await? {
        return Err(Error::new(
            ErrorKind::Conflict,
            "already_set_up",
            "Somebody has signed in to this account already, so its owner can no longer be changed here. Sign in instead.",
        ));
    }
    let mut again = false;
    // Each naming takes back those before it, so there is hardly ever more than one.
    for invitation in db::invitation::pending(tx, &db::invitation::Query::default(), 100).await? {
        if invitation.email.key() != email.key() {
            db::invitation::revoke(tx, invitation.id, cx.real_now()).await?;
        }
    }
    for member in db::membership::list(tx).await? {
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
