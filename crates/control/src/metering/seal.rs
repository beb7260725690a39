//! Sealing: every hour that has passed is frozen, oldest first, with a zero for each priced dimension that was not used.
//! A licence that ended has its last hours sealed at once, the running one included: AWS takes final usage for about an hour.

use chrono::Duration;
use db::{
    TenantTx,
    licence::{Due, Position},
};
use domain::{
    Error,
    hour::{Hour, seal_due},
    id::{LicenceId, MeteringId, TenantId},
    licence::Pricing,
    lifecycle::Standing,
    metering::{MeteringRecord, RecordState},
    policy::Action,
    usage::Dimension,
    window,
};

use crate::{Cx, cx::About, lease};

/// How many hours one transaction seals: a clock that jumped by a month must not hold the writers up for long.
const HOURS_A_TURN: usize = 48;

/// How long after its end a licence waits for AWS to tell how it was paid for: final usage is taken for about an hour.
const PRICING_PATIENCE: Duration = Duration::minutes(30);

/// Seals everything that is due; answers how many hours were sealed.
///
/// # Errors
/// The last one's that could not be sealed, after all others were: one that fails must not hold up the others, whose window at AWS
/// closes meanwhile. At once if the work is another process's.
pub async fn seal_all(cx: &Cx) -> Result<usize, Error> {
    let mut sealed = 0;
    loop {
        let (moved, outcome) = seal_once(cx).await?;
        sealed += moved;
        if moved == 0 {
            return outcome.map(|()| sealed);
        }
        cx.app().nudge.sealed.notify_one();
    }
}

/// A turn for each licence that is due.
async fn seal_once(cx: &Cx) -> Result<(usize, Result<(), Error>), Error> {
    let last = last_closed(cx);
    let (mut after, mut moved, mut outcome) = (None, 0, Ok(()));
    loop {
        let due = {
            let tx = cx.app().db.system_read().await?;
            let give_up_at = cx.now() - PRICING_PATIENCE;
            db::licence::due_for_sealing(&tx, last, give_up_at, after, 500).await?
        };
        let Some(end) = due.last() else {
            return Ok((moved, outcome));
        };
        after = Some(end.licence);
        for Due { tenant, licence } in due {
            match seal(cx, tenant, licence, last).await {
                Ok(hours) => moved += hours,
                Err(error) if lease::is_lost(&error) => return Err(error),
                Err(error) => {
                    tracing::warn!(
                        tenant.id = %tenant, licence.id = %licence, error.cause = error.private(),
                        "a licence's hours could not be sealed; they are tried again",
                    );
                    outcome = Err(error);
                }
            }
        }
    }
}

/// The newest hour that may be sealed now.
fn last_closed(cx: &Cx) -> Hour {
    let now = cx.now();
    let grace = Duration::minutes(i64::from(cx.app().config.metering.seal_grace_minutes));
    let mut hour = Hour::containing(now).previous();
    while !seal_due(hour, grace, now) {
        hour = hour.previous();
    }
    hour
}

async fn seal(
    cx: &Cx,
    tenant: TenantId,
    licence: LicenceId,
    last_closed: Hour,
) -> Result<usize, Error> {
    let now = cx.now();
    let tx = cx
        .write(Action::MeterUsage, tenant, About::default())
        .await?;
    let position = db::licence::lock_position(&tx, licence).await?;
    let Some(through) = position.sealed_through else {
        return Ok(0);
    };
    let last = position.final_hour.unwrap_or(last_closed);
    let pricing = position.licence.pricing.unwrap_or(Pricing::Subscription);
    let into = match pricing {
        Pricing::Subscription => RecordState::Sealed,
        Pricing::Contract => RecordState::Included,
    };
    carry_forward(cx, &tx, &position).await?;
    let mut hour = through;
    let mut count = 0;
    while hour < last && count < HOURS_A_TURN {
        hour = hour.next();
        count += 1;
        let in_use = match position.licence.standing {
            Standing::Active { .. } => true,
            // An hour after the end has a record only if there is usage that we accepted before we heard of the end.
            Standing::Ended { at, since } => since.is_some() && hour <= Hour::containing(at),
            Standing::Unconfirmed => false,
        };
        if pricing == Pricing::Subscription && in_use {
            for dimension in Dimension::PRICED {
                let id = MeteringId::make(&*cx.app().ids);
                db::metering::add_zero(&tx, id, (licence, dimension, hour), now).await?;
            }
        }
        db::metering::seal(&tx, licence, hour, into, now).await?;
    }
    if count > 0 {
        db::licence::set_sealed_through(&tx, licence, hour).await?;
        tx.commit().await?;
        metrics::counter!("metering_hours_sealed_total").increment(count as u64);
    }
    Ok(count)
}

/// Units in an hour that can no longer be sent in time are billed in the first one that can: sealing may have been held up.
async fn carry_forward(cx: &Cx, tx: &TenantTx, position: &Position) -> Result<(), Error> {
    let now = cx.now();
    let earliest = window::earliest(now);
    // After its end a licence has no later hour to carry to.
    if position.final_hour.is_some_and(|last| earliest > last) {
        return Ok(());
    }
    let licence = position.licence.id;
    for record in db::metering::open(tx, licence).await? {
        if record.hour < earliest && record.quantity > 0 {
            carry(cx, tx, &record, earliest).await?;
        }
    }
    Ok(())
}

/// Bills an open record's units in another hour that is not sealed; they stay where they are if that hour is full.
pub(crate) async fn carry(
    cx: &Cx,
    tx: &TenantTx,
    record: &MeteringRecord,
    to: Hour,
) -> Result<(), Error> {
    let now = cx.now();
    let id = MeteringId::make(&*cx.app().ids);
    let target = (record.licence, record.dimension, to);
    if db::metering::add(tx, id, target, record.quantity, now).await? {
        db::usage::carry(tx, (record.licence, record.dimension, record.hour), to).await?;
        db::metering::remove_open(tx, record.id).await?;
    }
    Ok(())
}
