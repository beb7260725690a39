//! Sends what the outbox has. There is no idempotency in mail: after a lost answer one may go out twice, which its text bears.
//! An invitation's link is made here, so that its secret is in the mail and, as a hash, in its row, and nowhere else.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::Duration;
use domain::{Error, id::MailId, job::Work, mailer::MailError};

use super::LINK;
use crate::{Cx, job, secret};

/// How often a mail is tried: over some two days, with ever longer pauses.
const TRIES: i32 = 24;

/// Sends everything that is due; answers how many mails went out.
pub async fn send_all(cx: &Cx) -> Result<usize, Error> {
    let due = {
        let tx = cx.app().db.system_read().await?;
        db::mail::due(&tx, cx.real_now(), 100).await?
    };
    let count = AtomicUsize::new(0);
    let sent = &count;
    let due = due.into_iter().map(|id| (id.to_string(), id)).collect();
    job::each(cx, Work::Mail, 1, due, |id| async move {
        if send(cx, id).await? {
            sent.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    })
    .await?;
    Ok(count.into_inner())
}

/// Whether it went out. It is read again first: another process may have sent it since this one saw that it was due.
async fn send(cx: &Cx, id: MailId) -> Result<bool, Error> {
    let tx = cx.system_write().await?;
    let Some(due) = db::mail::get_due(&tx, id, cx.real_now()).await? else {
        return Ok(false);
    };
    let mut mail = due.mail;
    if let Some(invitation) = due.invitation {
        let secret = secret::make(cx);
        if !db::invitation::set_link(&tx, invitation, &secret::sha256(&secret)).await? {
            db::mail::end(&tx, due.id, Some("the invitation is over"), cx.real_now()).await?;
            tx.commit().await?;
            return Ok(false);
        }
        let link = format!("{}/invitations/{secret}", cx.app().config.public_url);
        mail.text = mail.text.replace(LINK, &link);
    }
    let proof = cx.prove(&tx).await?;
    tx.commit().await?;
    let sent = proof.during(cx.real_now(), cx.app().mailer.send(&mail));
    let outcome = sent.await?.unwrap_or_else(|| {
        let late = "no answer came while this was surely this process's turn";
        Err(MailError::Busy(late.to_owned()))
    });
    let tx = cx.system_write().await?;
    let failures = due.failures.saturating_add(1);
    match &outcome {
        Ok(()) => db::mail::end(&tx, due.id, None, cx.real_now()).await?,
        Err(MailError::BadAddress(why)) => {
            tracing::warn!(mail.id = %due.id, error.cause = why, "a mail is refused by the mail service for good");
            let trouble = "the mail service does not take the address";
            db::mail::end(&tx, due.id, Some(trouble), cx.real_now()).await?;
        }
        Err(error) if failures >= TRIES => {
            metrics::counter!("mails_given_up_total").increment(1);
            tracing::error!(mail.id = %due.id, error.cause = %error, "a mail could not be sent and is given up");
            db::mail::end(&tx, due.id, Some("given up"), cx.real_now()).await?;
        }
        Err(error) => {
            if matches!(error, MailError::Misconfigured(_)) {
                tracing::error!(mail.id = %due.id, error.cause = %error, "the mail service refuses us; see mail.* in the configuration");
            } else {
                tracing::info!(mail.id = %due.id, error.cause = %error, "a mail could not be sent yet");
            }
            let wait = Duration::seconds((1_i64 << failures.clamp(0, 13)).min(7200));
            let trouble = error.to_string();
            let look_at = cx.real_now() + wait;
            db::mail::postpone(&tx, due.id, failures, &trouble, look_at).await?;
        }
    }
    tx.commit().await?;
    Ok(outcome.is_ok())
}
