//! `InboxReconciler`: applies what is new in the inbox by folding the licence it is about once more.
//! An event whose licence nobody registered yet waits, and costs nothing meanwhile. It is new again when its licence comes, when the
//! licence's agreement becomes known, or when an event of the licence names the same agreement.

use db::inbox::{InboxState, Message};
use domain::{
    Error,
    job::Work,
    licence::{Licence, LicenseKey},
};

use crate::{Cx, job, lease, licence};

/// Applies everything new, oldest first; a quarantined event stays new and is passed over.
///
/// # Errors
/// The first event's that could not be applied, after all others were; it is tried again in the next round. At once if the work is another
/// process's.
pub async fn apply_all(cx: &Cx) -> Result<(), Error> {
    look_back(cx).await?;
    let (mut after, mut outcome) = (None, Ok(()));
    loop {
        let messages = {
            let tx = cx.app().db.system_read().await?;
            db::inbox::unapplied(&tx, after, 100).await?
        };
        let Some(last) = messages.last() else {
            return outcome;
        };
        after = Some(last.id);
        let messages = messages
            .into_iter()
            .map(|message| (message.id.to_string(), message))
            .collect();
        let page = job::each(cx, Work::Event, 1, messages, |message| apply(cx, message)).await;
        if page.as_ref().is_err_and(lease::is_lost) {
            return page;
        }
        outcome = outcome.and(page);
    }
}

/// Calls in what waited for licences that have come, or whose agreement has become known.
async fn look_back(cx: &Cx) -> Result<(), Error> {
    loop {
        let licences = {
            let tx = cx.app().db.system_read().await?;
            db::licence::looking_back(&tx, 100).await?
        };
        if licences.is_empty() {
            return Ok(());
        }
        let tx = cx.system_write().await?;
        for licence in &licences {
            let key = licence.key();
            db::inbox::wait_no_more(&tx, Some(&key), licence.agreement_id.as_deref()).await?;
            db::licence::looked_back(&tx, licence).await?;
        }
        tx.commit().await?;
    }
}

async fn apply(cx: &Cx, message: Message) -> Result<(), Error> {
    let concerned = concerned(cx, &message).await?;
    for licence in &concerned {
        licence::refold(cx, licence.tenant, licence.id).await?;
    }
    let tx = cx.system_write().await?;
    if concerned.is_empty() {
        db::inbox::set_state(&tx, message.id, InboxState::Unmatched).await?;
    } else {
        db::inbox::set_state(&tx, message.id, InboxState::Applied).await?;
        // What came before names perhaps nothing but the agreement, which this one has made known.
        db::inbox::wait_no_more(&tx, None, message.agreement_id.as_deref()).await?;
    }
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
