//! Idempotency keys of creating requests: claimed before the operation runs, and settled by its answer or by its refusal.
//! Invariant: whoever may not do the thing now is refused before any earlier answer is looked for.

use db::SystemTx;
use domain::{
    Error,
    idempotency::{Claim, Fingerprint, Holder, IdempotencyKey, KEPT, Verdict, judge},
    policy::Action,
};

use crate::{
    Cx,
    anew::{anew, anew_or_again},
    cx::About,
};

/// Claims the key for the caller's request, and says what becomes of it.
///
/// # Errors
/// As the operation's own permission; `idempotency_key_reused` (422).
pub async fn claim(
    cx: &Cx,
    action: Action,
    key: IdempotencyKey,
    fingerprint: Fingerprint,
) -> Result<(Claim, Verdict), Error> {
    anew(|| async {
        let holder = if action.is_own() {
            Holder::person(cx.permit_own(action, About::default()).await?.user)
        } else {
            let tenant = cx.own_tenant()?;
            cx.permit(action, tenant).await?;
            Holder::in_tenant(tenant, cx.actor())
        };
        let claim = Claim {
            holder,
            key: key.clone(),
            fingerprint: fingerprint.clone(),
            at: cx.real_now(),
        };
        let tx = cx.system_write().await?;
        let tx = cx.still(tx, action, &About::default()).await?;
        // Not left to the sweeper: an old key is a new one from the very moment.
        db::idempotency::forget_own(&tx, &claim, claim.at - KEPT).await?;
        let verdict = verdict(&tx, &claim).await?;
        tx.commit().await?;
        Ok((claim, verdict))
    })
    .await
}

/// Of several at the same moment the first has the key, and the others wait here until it does.
async fn verdict(tx: &SystemTx, claim: &Claim) -> Result<Verdict, Error> {
    if db::idempotency::put(tx, claim).await? {
        return Ok(Verdict::Run);
    }
    let Some(earlier) = db::idempotency::lock(tx, claim).await? else {
        // Freed this very moment: who repeats the request in a second has it.
        return Ok(Verdict::Wait);
    };
    let verdict = judge(&earlier, claim)?;
    if verdict == Verdict::Run {
        db::idempotency::take_over(tx, claim).await?;
    }
    Ok(verdict)
}

/// Keeps the answer, sealed, for whoever repeats the request.
pub async fn keep(cx: &Cx, claim: &Claim, sealed: &str) -> Result<(), Error> {
    anew_or_again(|| async {
        let tx = cx.system_write().await?;
        db::idempotency::answer(&tx, claim, sealed).await?;
        tx.commit().await
    })
    .await
}

/// Frees the key: nothing was made, and the request may be mended and sent again.
pub async fn release(cx: &Cx, claim: &Claim) -> Result<(), Error> {
    anew_or_again(|| async {
        let tx = cx.system_write().await?;
        db::idempotency::release(&tx, claim).await?;
        tx.commit().await
    })
    .await
}
