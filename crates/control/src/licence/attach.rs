//! A second licence of a buyer who has a tenant already: brought into that tenant after signing in, by choice.
//! The tenant that the registration made for it, which nobody ever entered, is closed.

use domain::{
    Error, ErrorKind,
    audit::{Chain, Outcome},
    id::{LicenceId, TenantId},
    policy::Action,
};

use crate::{Cx, anew::anew, cx::About, mail};

/// Brings a licence, whose buyer's cookie this browser has, into the signed-in owner's tenant.
///
/// # Errors
/// `already_set_up` (409) if somebody was named as owner of the licence's own tenant meanwhile.
pub async fn attach(
    cx: &Cx,
    to: TenantId,
    from: TenantId,
    licence: LicenceId,
) -> Result<(), Error> {
    anew(|| async {
    if from == to {
        // It is there already.
        return Ok(());
    }
    // The door is for one tenant, and this concerns two: permission is asked for the one that has an owner.
    cx.permit(Action::AttachLicence, to).await?;
    let about = About::target(licence).detail(format!("from {from} to {to}"));
    let tx = cx.system_write().await?;
    // First, because it makes who names an owner over there at the same moment wait for this, or this for them.
    let chains = [Chain::Tenant(from), Chain::Tenant(to)];
    cx.audit(
        &tx,
        Action::AttachLicence,
        Outcome::Done,
        &chains,
        about.clone(),
    )
    .await?;
    let tx = cx.still(tx, Action::AttachLicence, &about).await?;
    let own = db::licence::of_tenant(&tx, to).await?;
    if own.iter().any(|known| known.id == licence) {
        // Pressed twice: it is where it was to be, and nothing of this is kept.
        return Ok(());
    }
    if !db::licence::attach(&tx, licence, from, to, cx.real_now()).await? {
        return Err(Error::new(
            ErrorKind::Conflict,
            "already_set_up",
            "This subscription has an account of its own already. Sign in to that one.",
        ));
    }
    tell_owners(cx, &tx, to).await?;
    tx.commit().await?;
    tracing::info!(tenant.id = %to, licence.id = %licence, "a licence was attached to a tenant");
    cx.app().nudge.registrations.notify_one();
    cx.app().nudge.mails.notify_one();
    Ok(())
    })
    .await
}

async fn tell_owners(cx: &Cx, tx: &db::SystemTx, tenant: TenantId) -> Result<(), Error> {
    let owners = db::membership::owners(tx, tenant).await?;
    let named = db::membership::tenant(tx, tenant).await?.name;
    let text = mail::notice(
        "Another subscription from AWS Marketplace is part of the account now.",
        &named,
        None,
    );
    for to in mail::recipients(&owners, None) {
        mail::post(cx, tx, to, "A subscription was added", &text).await?;
    }
    Ok(())
}
