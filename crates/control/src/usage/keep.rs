//! Keeps events of one licence, in one transaction: each is judged by where the licence stands, what is kept already and how full its
//! hours are.
//! Invariant: an event is kept once, and its units are added in the transaction that keeps it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use db::usage::NewUsage;
use domain::{
    Error, Mode, Timestamp,
    hour::Hour,
    id::{LicenceId, MeteringId, TenantId, UsageId},
    lifecycle::Standing,
    metering::MAX_HOUR_QUANTITY,
    policy::{Action, Actor},
    usage::{Dimension, Refusal, Subject, UsageEvent, billed_hour, is_too_old},
    window,
};

use super::record::{Status, subject_text};
use crate::{Cx, anew::anew_or_again, cx::About, gather::Gather};

/// What became of an event, by its place in the request.
pub(super) type Outcome = (usize, Became);

pub(super) fn refused(refusal: Refusal) -> Became {
    (Status::Refused, Some((refusal.code(), refusal.to_string())))
}

/// An event as it was sent. Its id is drawn before the first try, so that a later one knows what the first one kept.
#[derive(Debug)]
struct Given {
    event: UsageEvent,
    id: UsageId,
    mode: Mode,
}

/// What requests ask to be kept at present, by tenant and subject.
#[derive(Debug, Default)]
pub struct Gathered(Gather<Arc<[Given]>, Vec<Became>, Error>);

/// What became of an event.
pub(super) type Became = (Status, Option<(&'static str, String)>);

/// How many events are kept in one transaction: as many as a request may have.
const MOST: usize = domain::usage::MAX_BATCH;

/// What tells an event repeated from one that only borrows its key: meter, mode, time, quantity.
type Content = (String, String, Timestamp, i64);

/// What the database holds that an event is judged by.
#[derive(Default)]
struct Kept {
    /// By source and id.
    events: HashMap<(String, String), (UsageId, Content)>,
    /// The units of open hours.
    totals: HashMap<(Dimension, Hour), i64>,
}

/// What is to be done about a batch.
struct Verdict {
    became: Vec<Became>,
    /// Sorted by source and id.
    fresh: Vec<NewUsage>,
    added: BTreeMap<(Dimension, Hour), i64>,
}

/// Keeps the events of a subject of that tenant; a subject that is not the tenant's is as unknown as one that does not exist.
/// What several requests of a tenant bring at the same time is kept together.
pub(super) async fn keep(
    cx: &Cx,
    tenant: TenantId,
    subject: &Subject,
    events: Vec<(usize, UsageEvent)>,
) -> Result<Vec<Outcome>, Error> {
    let mode = match cx.actor() {
        Actor::ApiKey { mode, .. } => *mode,
        _ => Mode::Live,
    };
    let given = |event| Given {
        event,
        id: UsageId::make(&*cx.app().ids),
        mode,
    };
    let (places, events): (Vec<usize>, Vec<UsageEvent>) = events.into_iter().unzip();
    let events: Arc<[Given]> = events.into_iter().map(given).collect();
    let became = if cx.actor().tenant() == Some(tenant) {
        let key = format!("{tenant} {}", subject_text(subject));
        let weight = |events: &Arc<[Given]>| events.len();
        let run = |requests: Vec<Arc<[Given]>>| async move {
            let all: Vec<&Given> = requests.iter().flat_map(|events| events.iter()).collect();
            let mut became = keep_all(cx, tenant, subject, &all).await?.into_iter();
            let of_each = requests
                .iter()
                .map(|events| became.by_ref().take(events.len()).collect());
            Ok(of_each.collect())
        };
        let usage = &cx.app().usage.0;
        usage.together(&key, events, (weight, MOST), run).await?
    } else {
        // Who may name anybody's tenant is asked for each change whether they may.
        let all: Vec<&Given> = events.iter().collect();
        keep_all(cx, tenant, subject, &all).await?
    };
    Ok(places.into_iter().zip(became).collect())
}

async fn keep_all(
    cx: &Cx,
    tenant: TenantId,
    subject: &Subject,
    events: &[&Given],
) -> Result<Vec<Became>, Error> {
    anew_or_again(|| async {
        // Nearly all events are new and fit: so they are kept without being looked for first. If one is not, none of it counts.
        match attempt(cx, tenant, subject, events, false).await? {
            Some(became) => Ok(became),
            None => attempt(cx, tenant, subject, events, true)
                .await?
                .ok_or_else(|| {
                    // The position of this licence is locked, not that of the tenant's others.
                    Error::unavailable(
                        "The same events are being sent for another licence. Try again in a moment.",
                        "an event's key was taken meanwhile",
                    )
                    .undone()
                }),
        }
    })
    .await
}

/// One transaction; `None` if an event turned out to be known or might be, or an hour to be full, and nothing was kept.
async fn attempt(
    cx: &Cx,
    tenant: TenantId,
    subject: &Subject,
    events: &[&Given],
    looks_first: bool,
) -> Result<Option<Vec<Became>>, Error> {
    let now = cx.now();
    let tx = cx
        .write(Action::RecordUsage, tenant, About::default())
        .await?;
    let Some(position) = lock(&tx, subject).await? else {
        let unknown = |_: &&Given| refused(Refusal::UnknownSubject);
        return Ok(Some(events.iter().map(unknown).collect()));
    };
    let licence = position.licence.id;
    let kept = if looks_first {
        look(&tx, licence, events).await?
    } else {
        Kept::default()
    };
    let verdict = judge(&position, events, kept, now);
    let refuses = |(status, _): &Became| *status == Status::Refused;
    if !looks_first && verdict.became.iter().any(refuses) {
        // What was accepted once is a duplicate for ever, even where it would be refused today.
        return Ok(None);
    }
    if verdict.fresh.is_empty() {
        return Ok(Some(verdict.became));
    }
    for ((dimension, hour), quantity) in verdict.added {
        let id = MeteringId::make(&*cx.app().ids);
        if !db::metering::add(&tx, id, (licence, dimension, hour), quantity, now).await? {
            if !looks_first {
                return Ok(None);
            }
            // The position is locked and the total was checked, so this is a defect; nothing of the batch is kept.
            return Err(Error::internal(format!(
                "hour {hour} of {licence} could not take {quantity} more units"
            )));
        }
    }
    let count = verdict.fresh.len() as u64;
    if db::usage::insert_all(&tx, &verdict.fresh).await? < count {
        return Ok(None);
    }
    tx.commit().await?;
    Ok(Some(verdict.became))
}

/// The position of the subject's licence, locked.
async fn lock(
    tx: &db::TenantTx,
    subject: &Subject,
) -> Result<Option<db::licence::Position>, Error> {
    match subject {
        Subject::Licence(arn) => db::licence::lock_position_by_key(tx, &arn.key()).await,
        Subject::Tenant(tenant) if *tenant == tx.tenant() => {
            match default_licence(db::licence::list(tx).await?) {
                Some(id) => db::licence::lock_position(tx, id).await.map(Some),
                None => Ok(None),
            }
        }
        Subject::Tenant(_) => Ok(None),
    }
}

/// A tenant's default licence: the oldest in force, or else the newest it ever had.
fn default_licence(licences: Vec<domain::licence::Licence>) -> Option<LicenceId> {
    let active = licences
        .iter()
        .position(|licence| matches!(licence.standing, Standing::Active { .. }));
    let index = active.or_else(|| licences.len().checked_sub(1))?;
    licences.get(index).map(|licence| licence.id)
}

/// What the database holds already of these events, and of the licence's open hours.
async fn look(tx: &db::TenantTx, licence: LicenceId, events: &[&Given]) -> Result<Kept, Error> {
    let keys: Vec<(String, String)> = events.iter().map(|given| key(&given.event)).collect();
    let known = db::usage::known(tx, &keys).await?.into_iter().map(|known| {
        let content = (known.meter, known.mode, known.time, known.quantity);
        ((known.source, known.event_id), (known.id, content))
    });
    let open = db::metering::open(tx, licence).await?.into_iter();
    Ok(Kept {
        events: known.collect(),
        totals: open
            .map(|record| ((record.dimension, record.hour), record.quantity))
            .collect(),
    })
}

/// Each event by itself, in the order they were sent; those before it in the batch count as kept.
fn judge(
    position: &db::licence::Position,
    events: &[&Given],
    mut kept: Kept,
    now: Timestamp,
) -> Verdict {
    let mut verdict = Verdict {
        became: Vec::with_capacity(events.len()),
        fresh: Vec::new(),
        added: BTreeMap::new(),
    };
    for Given { event, id, mode } in events {
        let (id, mode) = (*id, *mode);
        let content = (
            event.meter.as_str().to_owned(),
            mode.as_str().to_owned(),
            event.time,
            i64::from(event.quantity),
        );
        if let Some((by, before)) = kept.events.get(&key(event)) {
            if *by == id {
                // Kept by a try before this one, whose answer was lost.
                verdict.became.push((Status::Accepted, None));
                continue;
            }
            let reason = (*before != content).then(|| {
                ("different_content", "an event with this source and id was accepted before with other content; that one counts".to_owned())
            });
            verdict.became.push((Status::Duplicate, reason));
            continue;
        }
        let hour = match hour_for(position, event, now) {
            Ok(hour) => hour,
            Err(refusal) => {
                verdict.became.push(refused(refusal));
                continue;
            }
        };
        let dimension = event.meter.dimension(mode);
        let quantity = i64::from(event.quantity);
        let total = kept.totals.entry((dimension, hour)).or_default();
        if *total + quantity > MAX_HOUR_QUANTITY {
            verdict.became.push(refused(Refusal::HourFull));
            continue;
        }
        *total += quantity;
        *verdict.added.entry((dimension, hour)).or_default() += quantity;
        kept.events.insert(key(event), (id, content));
        verdict.fresh.push(NewUsage {
            id,
            licence: position.licence.id,
            source: event.source.clone(),
            event_id: event.id.clone(),
            meter: event.meter,
            mode,
            dimension,
            time: event.time,
            quantity,
            hour,
            late: hour > Hour::containing(event.time),
            received_at: now,
        });
        verdict.became.push((Status::Accepted, None));
    }
    let fresh = &mut verdict.fresh;
    fresh.sort_by(|a, b| (&a.source, &a.event_id).cmp(&(&b.source, &b.event_id)));
    verdict
}

fn key(event: &UsageEvent) -> (String, String) {
    (event.source.clone(), event.id.clone())
}

fn hour_for(
    position: &db::licence::Position,
    event: &UsageEvent,
    now: Timestamp,
) -> Result<Hour, Refusal> {
    let standing = position.licence.standing;
    let through = position.sealed_through.ok_or(match standing {
        Standing::Ended { .. } => Refusal::Ended,
        _ => Refusal::NotActive,
    })?;
    if is_too_old(event.time, now) {
        return Err(Refusal::TooOld);
    }
    if standing
        .since()
        .is_some_and(|since| event.time < Hour::containing(since).start())
    {
        return Err(Refusal::BeforeStart);
    }
    let hour = billed_hour(event.time, through, window::earliest(now));
    match (standing, position.final_hour) {
        (Standing::Ended { at, .. }, last)
            if event.time > at || last.is_none_or(|last| hour > last) =>
        {
            Err(Refusal::Ended)
        }
        _ => Ok(hour),
    }
}
