//! `InboxReconciler`: applies what is new in the inbox by folding the licence it is about once more.
//! An event whose licence nobody registered yet is marked as such; registration folds it in when the buyer comes.

use db::inbox::{InboxState, Message};
use domain::{
    Error,
    licence::{Licence, LicenseKey},
};

use crate::{Cx, licence};

/// Applies everything new, oldest first.
pub async fn apply_all(cx: &Cx) -> Result<(), Error> {
    loop {
        let messages = {
            let tx = cx.app().db.system_read().await?;
            db::inbox::unapplied(&tx, 100).await?
        };
        if messages.is_empty() {
            return Ok(());
        }
        for message in messages {
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
        }
    }
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
