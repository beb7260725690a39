//! `InboxReconciler`: applies what is new in the inbox by folding the licence it is about once more.
//! An event whose licence nobody registered yet is marked as such; registration folds it in when the buyer comes.

use db::inbox::InboxState;
use domain::Error;

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
            let concerned = {
                let tx = cx.app().db.system_read().await?;
                db::licence::concerned(
                    &tx,
                    message.license_key.as_deref(),
                    message.agreement_id.as_deref(),
                )
                .await?
            };
            for licence in &concerned {
                if let (None, Some(agreement)) = (&licence.agreement_id, &message.agreement_id) {
                    let action = domain::policy::Action::ProvisionTenant;
                    let tx = cx
                        .write(action, licence.tenant, Some(&licence.id.to_string()))
                        .await?;
                    db::licence::set_agreement(&tx, licence.id, agreement).await?;
                    tx.commit().await?;
                }
                licence::refold(cx, licence.tenant, licence.id).await?;
            }
            let state = if concerned.is_empty() {
                InboxState::Unmatched
            } else {
                InboxState::Applied
            };
            let tx = cx.app().db.system_write().await?;
            db::inbox::set_state(&tx, message.id, state).await?;
            tx.commit().await?;
            if !concerned.is_empty() {
                cx.app().nudge.registrations.notify_one();
            }
        }
    }
}
