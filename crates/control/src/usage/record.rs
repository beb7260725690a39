//! Takes usage events in: each is judged by itself, what is accepted is durable before the answer.
//! What it holds of one subject is one transaction; an answer that was lost may be asked for again and changes nothing.

use std::collections::BTreeMap;

use domain::{
    Error,
    id::TenantId,
    policy::Action,
    usage::{Refusal, Subject, UsageEvent, read_cloud_event},
};
use serde_json::Value;

use super::keep::{Outcome, keep, refused};
use crate::Cx;

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
    let own = cx.actor().tenant();
    if let Some(own) = own {
        cx.permit(Action::RecordUsage, own).await?;
    }
    let mut by_subject: BTreeMap<String, (Subject, Vec<(usize, UsageEvent)>)> = BTreeMap::new();
    for (index, value) in events.iter().enumerate() {
        match read_cloud_event(value, now) {
            Ok(event) => {
                let subject = by_subject.entry(subject_text(&event.subject));
                let (_, events) = subject.or_insert_with(|| (event.subject.clone(), Vec::new()));
                events.push((index, event));
            }
            Err(refusal) => set(&mut results, (index, refused(refusal))),
        }
    }
    for (subject, events) in by_subject.into_values() {
        let tenant = match own {
            Some(own) => Some(own),
            None => tenant_of(cx, &subject).await?,
        };
        let outcomes = match tenant {
            Some(tenant) => keep(cx, tenant, &subject, events).await?,
            None => events
                .iter()
                .map(|(index, _)| (*index, refused(Refusal::UnknownSubject)))
                .collect(),
        };
        for outcome in outcomes {
            set(&mut results, outcome);
        }
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

fn set(results: &mut [EventResult], (index, (status, reason)): Outcome) {
    if let Some(result) = results.get_mut(index) {
        result.status = status;
        result.reason = reason;
    }
}

pub(super) fn subject_text(subject: &Subject) -> String {
    match subject {
        Subject::Licence(arn) => arn.key().as_str().to_owned(),
        Subject::Tenant(tenant) => tenant.to_string(),
    }
}

/// Whose subject it is, for callers who may name anybody's.
async fn tenant_of(cx: &Cx, subject: &Subject) -> Result<Option<TenantId>, Error> {
    match subject {
        Subject::Licence(arn) => {
            let tx = cx.app().db.system_read().await?;
            let licence = db::licence::find_by_key(&tx, &arn.key()).await?;
            Ok(licence.map(|licence| licence.tenant))
        }
        Subject::Tenant(tenant) => Ok(Some(*tenant)),
    }
}
