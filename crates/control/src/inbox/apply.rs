//! `InboxReconciler`: applies what is new in the inbox by folding the licence it is about once more.
//! An event whose licence nobody registered yet is marked as such. Registration folds it in when the buyer comes, and from then on it is
//! applied like any other.

use db::inbox::{InboxState, Message};
use domain::{
    Error,
    job::Work,
    licence::{Licence, LicenseKey},
};

use crate::{Cx, job, licence};

/// Applies everything new, oldest first; a quarantined event stays new and is passed over.
///
/// # Errors
/// The first event's that could not be applied, after all others were; it is tried again in the next round.
pub async fn apply_all(cx: &Cx) -> Result<(), Error> {
    let mut after = None;
    loop {
        let messages = {
            let tx = cx.app().db.system_read().await?;
            db::inbox::unapplied(&tx, after, 100).await?
        };
        let Some(last) = messages.last() else {
            return Ok(());
        };
        after = Some(last.id);
        let messages = messages
            .into_iter()
            .map(|message| (message.id.to_string(), message))
            .collect();
        job::each(cx, Work::Event, 1, messages, |message| apply(cx, message)).await?;
    }
}

async fn apply(cx: &Cx, message: Message) -> Result<(), Error> {
    let concerned = concerned(cx, &message).await?;
    for licence in &concerned {
        licence::refold(cx, licence.tenant, licence.id).await?;
    }
    let state = if concerned.is_empty() {
        InboxState::Unmatched
    } else {
        InboxState::Applied
    };
    let tx = cx.system_write().await?;
    db::inbox::set_state(&tx, message.id, state).await?;
    tx.commit().await?;
    if !concerned.is_empty() {
        cx.app().nudge.registrations.notify_one();
    }
    Ok(())
}

/// The licences an event is about: by the licence it names, by its agreement, or by a licence whose own events name that agreement.
async fn concerned(cx: &Cx, message: &Message) -> Result<Vec<Licence>, Error> {
    let tx = cx.app().db.system_read().await?;
    let mut keys = match &message.agreement_id {
        Some(agreement) => db::inbox::licenses_of_agreement(&tx, agreement).await?,
        None => Vec::new(),
    };
    keys.extend(message.license_key.clone().map(LicenseKey::from_stored));
    db::licence::concerned(&tx, &keys, message.agreement_id.as_deref()).await
}
