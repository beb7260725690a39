//! The other end of an invitation: what its link shows, and accepting it.
//! Holding the link is the proof that the mail arrived; it opens no session, and nobody is signed in by it.

use domain::{
    Error,
    id::UserId,
    invitation::{Invitation, over},
    policy::{Action, Actor},
    registration::Contact,
    tenant::Tenant,
    user::User,
};

use crate::{Cx, anew::anew, cx::About, mail, secret};

/// What a link offers.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The invitation.
    pub invitation: Invitation,
    /// Into which tenant.
    pub tenant: Tenant,
    /// Who invites, by name, if they are still there.
    pub inviter: Option<String>,
    /// What the invited person is called, if there is somebody with this address already.
    pub known: Option<String>,
}

/// What came of accepting.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// Into which tenant.
    pub tenant: Tenant,
    /// Who, now a member.
    pub user: User,
}

/// What the link offers; it changes nothing, because mail scanners open links.
///
/// # Errors
/// `invitation_over` (410) for a link that was used, taken back, replaced, is too old, or was never ours.
pub async fn look(cx: &Cx, link: &str) -> Result<Offer, Error> {
    let unknown = || {
        over(
            "This link is not good any more: it was cut short, or a newer mail replaced it. Open the newest mail, or ask whoever invited you to send it again.",
        )
    };
    if !secret::is_well_formed(link) {
        return Err(unknown());
    }
    let tx = cx.app().db.system_read().await?;
    let (tenant, invitation) = db::invitation::find_by_hash(&tx, &secret::sha256(link))
        .await?
        .ok_or_else(unknown)?;
    invitation.check_open(cx.real_now())?;
    let known = db::user::find_by_email(&tx, &invitation.email).await?;
    drop(tx);
    let tx = cx.app().db.tenant_read(tenant).await?;
    let inviter = match invitation.invited_by {
        Some(user) => db::membership::find(&tx, tenant, user).await?,
        None => None,
    };
    Ok(Offer {
        tenant: db::tenant::get(&tx).await?,
        inviter: inviter.map(|member| member.user.name),
        known: known.map(|user| user.name).filter(|name| !name.is_empty()),
        invitation,
    })
}

/// Accepts the invitation behind the link, once. Whoever has no account yet gets a temporary password by mail; whoever has one keeps the
/// name they have.
///
/// # Errors
/// As [`look`]; a name that is no name.
pub async fn accept(cx: &Cx, link: &str, name: &str) -> Result<Accepted, Error> {
    anew(|| async {
        let Offer {
            invitation,
            tenant,
            known,
            ..
        } = look(cx, link).await?;
        let name = known.as_deref().unwrap_or(name);
        let Contact { email, name } =
            domain::registration::read_contact(invitation.email.as_str(), name)?;
        let cx = cx.acting_as(Actor::Invitee {
            tenant: tenant.id,
            invitation: invitation.id,
        });
        let (now, real) = (cx.now(), cx.real_now());
        let about = About::target(invitation.id).detail(format!("as {}", invitation.role));
        let tx = cx.write(Action::AcceptInvitation, tenant.id, about).await?;
        if !db::invitation::accept(&tx, invitation.id, real).await? {
            return Err(over(
                "This invitation was accepted already. Sign in instead.",
            ));
        }
        let user = find_or_add(&cx, &tx, &email, &name).await?;
        db::membership::insert(&tx, user.id, invitation.role, now, Some(real)).await?;
        db::user::look_again(&tx, user.id, real).await?;
        let what = format!(
            "{} ({}) accepted the invitation and is now {}.",
            user.name,
            user.email.as_str(),
            invitation.role.title().to_lowercase()
        );
        mail::to_owners(&cx, &tx, "Somebody accepted an invitation", &what).await?;
        tx.commit().await?;
        cx.app().nudge.users.notify_one();
        cx.app().nudge.mails.notify_one();
        Ok(Accepted { tenant, user })
    })
    .await
}

/// The person with this address; made if there is none yet.
pub(crate) async fn find_or_add(
    cx: &Cx,
    tx: &db::TenantTx,
    email: &domain::registration::Email,
    name: &str,
) -> Result<User, Error> {
    let id = UserId::make(&*cx.app().ids);
    db::user::insert(tx, id, email, name, cx.now(), cx.real_now()).await?;
    // Somebody whose account was never used may be forgotten this very moment; then this is done anew, and adds them again.
    db::user::find_and_keep(tx, email).await?.ok_or_else(|| {
        Error::unavailable(
            "This address is being forgotten this very moment. Try again.",
            "a user was deleted meanwhile",
        )
        .undone()
    })
}
