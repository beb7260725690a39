//! Takes usage events in: each is judged by itself, what is accepted is durable before the answer.
//! The whole batch of a tenant is one transaction, so an answer that was lost may be asked for again and changes nothing.

use std::collections::{BTreeMap, HashMap};

use db::usage::NewUsage;
use domain::{
    Error, Mode, Timestamp,
    hour::Hour,
    id::{LicenceId, MeteringId, TenantId, UsageId},
    lifecycle::Standing,
    metering::MAX_HOUR_QUANTITY,
    policy::{Action, Actor},
    usage::{Dimension, Refusal, Subject, UsageEvent, billed_hour, is_too_old, read_cloud_event},
    window,
};
use serde_json::Value;

use crate::{Cx, anew::anew_or_again, cx::About};

/// What became of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Kept and counted.
    Accepted,
    /// Kept before; nothing was counted again.
    Duplicate,
    /// Not kept.
    Refused,
}

/// What became of one event, in the order they were sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventResult {
    /// The event's `id`, as far as it could be read.
    pub id: Option<String>,
    /// The event's `source`, as far as it could be read.
    pub source: Option<String>,
    /// What became of it.
    pub status: Status,
    /// Why: a stable code and a sentence.
    pub reason: Option<(&'static str, String)>,
}

/// Records a batch of CloudEvents.
///
/// # Errors
/// Only if nothing was kept: not allowed, or the database is away. What an event says wrong is in its own result.
pub async fn record(cx: &Cx, events: &[Value]) -> Result<Vec<EventResult>, Error> {
    let now = cx.now();
    let mut results: Vec<EventResult> = events.iter().map(unread).collect();
    let mut by_licence: BTreeMap<(TenantId, LicenceId), Vec<(usize, UsageEvent)>> = BTreeMap::new();
    let mut owners: HashMap<String, Result<(TenantId, LicenceId), Refusal>> = HashMap::new();
    if let Some(own) = cx.actor().tenant() {
        cx.permit(Action::RecordUsage, own).await?;
    }
    for (index, value) in events.iter().enumerate() {
        match read_cloud_event(value, now) {
            Ok(event) => {
                let key = subject_text(&event.subject);
                let owner = if let Some(owner) = owners.get(&key) {
                    *owner
                } else {
                    let owner = find_owner(cx, &event.subject).await?;
                    owners.insert(key, owner);
                    owner
                };
                match owner {
                    Ok(owner) => by_licence.entry(owner).or_default().push((index, event)),
                    Err(refusal) => refuse(&mut results, index, refusal),
                }
            }
            Err(refusal) => refuse(&mut results, index, refusal),
        }
    }
    for ((tenant, licence), events) in by_licence {
        record_licence(cx, tenant, licence, events, &mut results).await?;
    }
    for (status, label) in [
        (Status::Accepted, "accepted"),
        (Status::Duplicate, "duplicate"),
        (Status::Refused, "refused"),
    ] {
        let count = results
            .iter()
            .filter(|result| result.status == status)
            .count();
        metrics::counter!("usage_events_total", "status" => label).increment(count as u64);
    }
    Ok(results)
}

fn unread(value: &Value) -> EventResult {
    let text = |member| {
        value
            .get(member)
            .and_then(Value::as_str)
            .map(|text| text.chars().take(256).collect())
    };
    EventResult {
        id: text("id"),
        source: text("source"),
        status: Status::Refused,
        reason: None,
    }
}

fn refuse(results: &mut [EventResult], index: usize, refusal: Refusal) {
    let (index, status, reason) = refused(index, refusal);
    set(results, index, status, reason);
}

fn refused(index: usize, refusal: Refusal) -> Outcome {
    let reason = (refusal.code(), refusal.to_string());
    (index, Status::Refused, Some(reason))
}

fn set(
    results: &mut [EventResult],
    index: usize,
    status: Status,
    reason: Option<(&'static str, String)>,
) {
    if let Some(result) = results.get_mut(index) {
        result.status = status;
        result.reason = reason;
    }
}

fn subject_text(subject: &Subject) -> String {
    match subject {
        Subject::Licence(arn) => arn.key().as_str().to_owned(),
        Subject::Tenant(tenant) => tenant.to_string(),
    }
}

/// Whose subject it is. Another tenant's is as unknown as one that does not exist.
async fn find_owner(
    cx: &Cx,
    subject: &Subject,
) -> Result<Result<(TenantId, LicenceId), Refusal>, Error> {
    let licence = {
        let tx = cx.app().db.system_read().await?;
        match subject {
            Subject::Licence(arn) => db::licence::find_by_key(&tx, &arn.key()).await?,
            Subject::Tenant(tenant) => default_licence(db::licence::of_tenant(&tx, *tenant).await?),
        }
    };
    let Some(licence) = licence else {
        return Ok(Err(Refusal::UnknownSubject));
    };
    if cx.actor().tenant().is_some_and(|own| own != licence.tenant) {
        return Ok(Err(Refusal::UnknownSubject));
    }
    Ok(Ok((licence.tenant, licence.id)))
}

/// A tenant's default licence: the oldest in force, or else the newest it ever had.
fn default_licence(licences: Vec<domain::licence::Licence>) -> Option<domain::licence::Licence> {
    let active = licences
        .iter()
        .position(|licence| matches!(licence.standing, Standing::Active { .. }));
    let index = active.or_else(|| licences.len().checked_sub(1))?;
    licences.into_iter().nth(index)
}

async fn record_licence(
    cx: &Cx,
    tenant: TenantId,
    licence: LicenceId,
    events: Vec<(usize, UsageEvent)>,
    results: &mut [EventResult],
) -> Result<(), Error> {
    let events: Vec<Given> = events
        .into_iter()
        .map(|(index, event)| Given {
            index,
            event,
            id: UsageId::make(&*cx.app().ids),
        })
        .collect();
    for (index, status, reason) in anew_or_again(|| keep(cx, tenant, licence, &events)).await? {
        set(results, index, status, reason);
    }
    Ok(())
}

/// What became of an event, by its place in the batch.
type Outcome = (usize, Status, Option<(&'static str, String)>);

/// An event as it was sent. Its id is drawn before the first try, so that a later one knows what the first one kept.
struct Given {
    index: usize,
    event: UsageEvent,
    id: UsageId,
}

async fn keep(
    cx: &Cx,
    tenant: TenantId,
    licence: LicenceId,
    events: &[Given],
) -> Result<Vec<Outcome>, Error> {
    let now = cx.now();
    let mut outcomes = Vec::with_capacity(events.len());
    let mode = match cx.actor() {
        Actor::ApiKey { mode, .. } => *mode,
        _ => Mode::Live,
    };
    let tx = cx
        .write(Action::RecordUsage, tenant, About::default())
        .await?;
    let position = db::licence::lock_position(&tx, licence).await?;
    let keys: Vec<(String, String)> = events.iter().map(|given| key(&given.event)).collect();
    let mut known: HashMap<(String, String), (UsageId, Content)> = db::usage::known(&tx, &keys)
        .await?
        .into_iter()
        .map(|known| {
            let content = (known.meter, known.mode, known.time, known.quantity);
            ((known.source, known.event_id), (known.id, content))
        })
        .collect();
    let mut totals: HashMap<(Dimension, Hour), i64> = db::metering::open(&tx, licence)
        .await?
        .into_iter()
        .map(|record| ((record.dimension, record.hour), record.quantity))
        .collect();
    let mut added: BTreeMap<(Dimension, Hour), i64> = BTreeMap::new();
    let mut fresh = Vec::new();
    for Given { index, event, id } in events {
        let (index, id) = (*index, *id);
        let content = (
            event.meter.as_str().to_owned(),
            mode.as_str().to_owned(),
            event.time,
            i64::from(event.quantity),
        );
        if let Some((by, before)) = known.get(&key(event)) {
            if *by == id {
                // Kept by a try before this one, whose answer was lost.
                outcomes.push((index, Status::Accepted, None));
                continue;
            }
            let reason = (*before != content).then(|| {
                ("different_content", "an event with this source and id was accepted before with other content; that one counts".to_owned())
            });
            outcomes.push((index, Status::Duplicate, reason));
            continue;
        }
        let hour = match hour_for(&position, event, now) {
            Ok(hour) => hour,
            Err(refusal) => {
                outcomes.push(refused(index, refusal));
                continue;
            }
        };
        let dimension = event.meter.dimension(mode);
        let quantity = i64::from(event.quantity);
        let total = totals.entry((dimension, hour)).or_default();
        if *total + quantity > MAX_HOUR_QUANTITY {
            outcomes.push(refused(index, Refusal::HourFull));
            continue;
        }
        *total += quantity;
        *added.entry((dimension, hour)).or_default() += quantity;
        known.insert(key(event), (id, content));
        fresh.push(NewUsage {
            id,
            licence,
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
        outcomes.push((index, Status::Accepted, None));
    }
    if fresh.is_empty() {
        return Ok(outcomes);
    }
    for ((dimension, hour), quantity) in added {
        let id = MeteringId::make(&*cx.app().ids);
        if !db::metering::add(&tx, id, (licence, dimension, hour), quantity, now).await? {
            // The position is locked and the total was checked, so this is a defect; nothing of the batch is kept.
            return Err(Error::internal(format!(
                "hour {hour} of {licence} could not take {quantity} more units"
            )));
        }
    }
    insert(&tx, fresh).await?;
    tx.commit().await?;
    Ok(outcomes)
}

async fn insert(tx: &db::TenantTx, mut fresh: Vec<NewUsage>) -> Result<(), Error> {
    fresh.sort_by(|a, b| (&a.source, &a.event_id).cmp(&(&b.source, &b.event_id)));
    if db::usage::insert_all(tx, &fresh).await? < fresh.len() as u64 {
        // The position of this licence is locked, not that of the tenant's others.
        return Err(Error::unavailable(
            "The same events are being sent for another licence. Try again in a moment.",
            "an event's key was taken meanwhile",
        )
        .undone());
    }
    Ok(())
}

fn key(event: &UsageEvent) -> (String, String) {
    (event.source.clone(), event.id.clone())
}

/// What tells an event repeated from one that only borrows its key: meter, mode, time, quantity.
type Content = (String, String, Timestamp, i64);

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
