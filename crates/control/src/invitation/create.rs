//! A new invitation, and an old one sent again.

use chrono::Duration;
use domain::{
    Error, ErrorKind,
    id::{InvitationId, TenantId},
    invitation::{Invitation, LIFETIME, MOST_AN_HOUR, MOST_OPEN},
    membership::may_change,
    policy::Action,
    registration::Email,
    role::Role,
};

use crate::{Cx, anew::anew, cx::About, mail};

/// Whether the caller may invite somebody as this.
///
/// # Errors
/// As [`create`] for want of permission.
pub async fn may_create(cx: &Cx, tenant: TenantId, role: Role) -> Result<(), Error> {
    cx.permit(Action::InviteUser, tenant).await?;
    match may_change(cx.role()?, None, Some(role)) {
        Ok(()) => Ok(()),
        Err(error) => Err(cx
            .refused(Action::InviteUser, About::default(), error)
            .await),
    }
}

/// Invites an address into the tenant.
///
/// # Errors
/// `owners_only`; `already_member` and `already_invited` (409); `too_many_invitations` (409) beyond 100 open ones.
pub async fn create(
    cx: &Cx,
    tenant: TenantId,
    email: &Email,
    role: Role,
) -> Result<Invitation, Error> {
    anew(|| async {
    may_create(cx, tenant, role).await?;
    let id = InvitationId::make(&*cx.app().ids);
    let about = About::target(id).detail(format!("as {role}"));
    let tx = cx.write(Action::InviteUser, tenant, about).await?;
    let now = cx.real_now();
    if db::membership::find_by_email(&tx, email).await?.is_some() {
        return Err(conflict(
            "already_member",
            "This person is a member already. Change their role instead.",
        ));
    }
    if db::invitation::pending_of(&tx, email).await?.is_some() {
        return Err(conflict(
            "already_invited",
            "This address is invited already. Send that invitation again, or take it back first.",
        ));
    }
    if db::invitation::count_open(&tx, now, None).await? >= MOST_OPEN {
        return Err(conflict(
            "too_many_invitations",
            "100 invitations are open already. Take some back, or wait until they are accepted.",
        ));
    }
    let invitation = Invitation {
        id,
        tenant,
        email: email.clone(),
        role,
        invited_by: cx.actor().person().map(|person| person.user),
        created_at: now,
        expires_at: now + LIFETIME,
        accepted_at: None,
        revoked_at: None,
    };
    db::invitation::insert(&tx, &invitation).await?;
    post(cx, &tx, &invitation, &inviter(cx, &tx).await?).await?;
    tx.commit().await?;
    cx.app().nudge.mails.notify_one();
    Ok(invitation)
    })
    .await
}

/// Sends an invitation again, good for three more days; the links sent before stop working.
///
/// # Errors
/// `invitation_over` (410) if it was accepted or taken back; `owners_only`.
pub async fn resend(cx: &Cx, tenant: TenantId, id: InvitationId) -> Result<Invitation, Error> {
    anew(|| async {
        let about = About::target(id).detail("sent again");
        let tx = cx.write(Action::InviteUser, tenant, about.clone()).await?;
        let mut invitation = db::invitation::get(&tx, id).await?;
        if let Err(error) = may_change(cx.role()?, None, Some(invitation.role)) {
            drop(tx);
            return Err(cx.refused(Action::InviteUser, about, error).await);
        }
        let now = cx.real_now();
        invitation.expires_at = now + LIFETIME;
        invitation.check_open(now)?;
        db::invitation::renew(&tx, id, invitation.expires_at).await?;
        post(cx, &tx, &invitation, &inviter(cx, &tx).await?).await?;
        tx.commit().await?;
        cx.app().nudge.mails.notify_one();
        Ok(invitation)
    })
    .await
}

/// Who invites, by name.
async fn inviter(cx: &Cx, tx: &db::TenantTx) -> Result<String, Error> {
    let member = match cx.actor().person() {
        Some(person) => db::membership::find(tx, tx.tenant(), person.user).await?,
        None => None,
    };
    Ok(member.map_or("Somebody".to_owned(), |member| member.user.name))
}

pub(crate) async fn post(
    cx: &Cx,
    tx: &db::TenantTx,
    invitation: &Invitation,
    inviter: &str,
) -> Result<(), Error> {
    let since = cx.real_now() - Duration::hours(1);
    if db::invitation::count_mailed(tx, since).await? >= MOST_AN_HOUR {
        return Err(Error::new(
            ErrorKind::TooMany,
            "too_many_mails",
            "200 invitations were mailed within the last hour, which is as many as we send. Go on in an hour.",
        ));
    }
    let tenant = db::tenant::get(tx).await?;
    let role = invitation.role;
    let text = format!(
        "{inviter} invites you to Payphone, to {name}, as {role}.\n{purpose}\n\nAccept here, within three days:\n{link}\n\nIf you did not expect this, do nothing: nothing happens then.\n",
        name = tenant.name,
        role = role.title().to_lowercase(),
        purpose = role.purpose(),
        link = mail::LINK,
    );
    let subject = format!("{inviter} invites you to Payphone");
    mail::post_invitation(cx, tx, &invitation.email, &subject, &text, invitation.id).await
}

fn conflict(code: &'static str, message: &'static str) -> Error {
    Error::new(ErrorKind::Conflict, code, message)
}
