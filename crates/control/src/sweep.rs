//! Sweeping: what nobody needs any more is taken away, so that tables do not grow for ever. Nothing here is needed for correctness: a
//! session that is over by time opens nothing whether its row is there or not.

use chrono::Duration;
use domain::{Error, idempotency::KEPT, session::ABSOLUTE};

use crate::Cx;

/// How long a session's row outlives the session, for who looks into what happened yesterday.
const SESSIONS: Duration = Duration::days(7);
/// How long it stays known that a mail went out, or why not.
const MAILS: Duration = Duration::days(30);

/// What was begun so long ago and is not quarantined was settled without its end being noted: its process ended in between.
const JOBS: Duration = Duration::days(1);

/// Takes away what is old; answers how many rows that were.
pub async fn sweep(cx: &Cx) -> Result<u64, Error> {
    let now = cx.real_now();
    let (sessions, mails) = (now - ABSOLUTE - SESSIONS, now - MAILS);
    {
        // Most rounds find nothing, and need not stand in the writers' queue for it.
        let tx = cx.app().db.system_read().await?;
        let old = db::session::any_older(&tx, sessions).await?
            || db::mail::any_ended_before(&tx, mails).await?
            || db::idempotency::any_until(&tx, now - KEPT).await?;
        if !old {
            return Ok(0);
        }
    }
    let tx = cx.system_write().await?;
    // Few, and only beside what is old anyway.
    db::job::forget(&tx, now - JOBS).await?;
    let mut swept = db::session::delete_older(&tx, sessions).await?;
    swept += db::mail::delete_ended_before(&tx, mails).await?;
    swept += db::idempotency::forget(&tx, now - KEPT).await?;
    tx.commit().await?;
    tracing::info!(rows = swept, "old rows were swept");
    Ok(swept)
}
