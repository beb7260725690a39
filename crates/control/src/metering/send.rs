//! Sending: sealed records go to BatchMeterUsage, at most 25 of one product a call, oldest hour first, unchanged until AWS has judged them.
//! Each sending is written down before it is made, so a crash in between repeats the identical record, which AWS takes as the same.

use chrono::Duration;
use db::metering::{Outcome, Sendable};
use domain::{
    Error,
    hour::Hour,
    id::AttemptId,
    marketplace::{MeterError, RecordAnswer, RecordStatus, UsageRecord},
    metering::{RecordState, Verdict, judge},
    window,
};
use tokio::time::{Instant, sleep_until};

use crate::Cx;

/// AWS takes 25 records a call.
const BATCH: u64 = 25;

/// Spaces the calls out, so that AWS's quota of ten a second is never reached.
#[derive(Debug)]
pub struct Pace {
    next: Instant,
    gap: std::time::Duration,
}

impl Pace {
    /// A pace of so many calls a second.
    pub fn new(calls_per_second: u32) -> Self {
        Self {
            next: Instant::now(),
            gap: std::time::Duration::from_secs(1) / calls_per_second.max(1),
        }
    }

    async fn turn(&mut self) {
        sleep_until(self.next).await;
        self.next = Instant::now() + self.gap;
    }
}

/// Sends everything that is due, one batch of each product in turn; answers how many records AWS accepted.
///
/// A product that AWS is busy for, or refuses, is left alone until the next round: it must not hold up the others.
pub async fn send_all(cx: &Cx, pace: &mut Pace) -> Result<usize, Error> {
    let mut accepted = 0;
    let mut products = {
        let tx = cx.app().db.system_read().await?;
        db::metering::due_products(&tx, Hour::containing(cx.now()), cx.app().real.now()).await?
    };
    while !products.is_empty() {
        let mut going_on = Vec::new();
        for product in products {
            let batch = {
                let (through, now) = (Hour::containing(cx.now()), cx.app().real.now());
                let tx = cx.app().db.system_read().await?;
                db::metering::due_for_sending(&tx, &product, through, now, BATCH).await?
            };
            if batch.is_empty() {
                continue;
            }
            let sent = send_batch(cx, pace, batch).await?;
            accepted += sent.accepted;
            if sent.goes_on {
                going_on.push(product);
            }
        }
        products = going_on;
    }
    Ok(accepted)
}

/// What became of a batch.
struct Sent {
    accepted: usize,
    /// Whether it makes sense to send the product's next batch at once.
    goes_on: bool,
}

async fn send_batch(cx: &Cx, pace: &mut Pace, batch: Vec<Sendable>) -> Result<Sent, Error> {
    let mut left = set_aside_expired(cx, batch).await?;
    let mut accepted = 0;
    while !left.is_empty() {
        match send(cx, pace, &mut left).await? {
            Ok(answers) => {
                accepted += settle(cx, &left, answers).await?;
                break;
            }
            Err(MeterError::BadRecord(code)) if left.len() > 1 => {
                let found = isolate(cx, pace, left, code).await?;
                accepted += found.accepted;
                left = found.left;
                if found.interrupted {
                    return Ok(Sent {
                        accepted,
                        goes_on: false,
                    });
                }
            }
            Err(error) => {
                end_all(cx, &left, &error).await?;
                let goes_on = matches!(error, MeterError::BadRecord(_));
                return Ok(Sent { accepted, goes_on });
            }
        }
    }
    Ok(Sent {
        accepted,
        goes_on: true,
    })
}

/// What looking for a bad record led to.
struct Isolated {
    accepted: usize,
    /// What was not asked about by itself: most likely good, to be sent together.
    left: Vec<Sendable>,
    /// AWS stopped answering on the way.
    interrupted: bool,
}

/// One bad record spoils all of them. Halving finds it in at most five steps, and a sixth asks about it alone: if one half is
/// taken, the bad one is in the other, which need not be asked about as a whole again.
async fn isolate(
    cx: &Cx,
    pace: &mut Pace,
    mut suspects: Vec<Sendable>,
    mut code: &'static str,
) -> Result<Isolated, Error> {
    let mut found = Isolated {
        accepted: 0,
        left: Vec::new(),
        interrupted: false,
    };
    refused_together(cx, &suspects, code).await?;
    // A record is condemned only by an answer about itself: the error may have passed, or have meant another record.
    let mut alone = false;
    while !(alone && suspects.len() == 1) {
        let rest = suspects.split_off(suspects.len().div_ceil(2));
        alone = suspects.len() == 1;
        match send(cx, pace, &mut suspects).await? {
            Ok(answers) => {
                found.accepted += settle(cx, &suspects, answers).await?;
                suspects = rest;
                alone = false;
                if suspects.is_empty() {
                    return Ok(found);
                }
            }
            Err(MeterError::BadRecord(again)) => {
                code = again;
                if !alone {
                    refused_together(cx, &suspects, code).await?;
                }
                found.left.extend(rest);
            }
            Err(error) => {
                // Nothing is learnt; the other half is asked about afresh.
                end_all(cx, &suspects, &error).await?;
                found.left.extend(rest);
                found.interrupted = true;
                return Ok(found);
            }
        }
    }
    end_all(cx, &suspects, &MeterError::BadRecord(code)).await?;
    Ok(found)
}

/// One call, written down before it is made.
async fn send(
    cx: &Cx,
    pace: &mut Pace,
    part: &mut [Sendable],
) -> Result<Result<Vec<RecordAnswer>, MeterError>, Error> {
    begin(cx, part).await?;
    pace.turn().await;
    let Some(records) = part.iter().map(as_usage_record).collect::<Option<Vec<_>>>() else {
        return Err(Error::internal(
            "a sealed quantity does not fit AWS's 32 bits",
        ));
    };
    Ok(cx.app().marketplace.batch_meter_usage(&records).await)
}

/// Records whose window has closed are never sent: one of them would spoil the whole batch.
async fn set_aside_expired(cx: &Cx, batch: Vec<Sendable>) -> Result<Vec<Sendable>, Error> {
    let now = cx.now();
    let (open, expired): (Vec<_>, Vec<_>) = batch
        .into_iter()
        .partition(|item| now < window::deadline(item.record.hour));
    if expired.is_empty() {
        return Ok(open);
    }
    let tx = cx.system_write().await?;
    for item in &expired {
        let note = format!(
            "AWS took records for this hour until {}; it was not accepted by then.",
            domain::time::rfc3339(window::deadline(item.record.hour))
        );
        let outcome = Outcome {
            state: RecordState::Expired,
            metering_record_id: None,
            note: Some(note),
            retry_at: None,
            outcome: "expired".to_owned(),
        };
        db::metering::settle(&tx, item.record.id, &outcome, now).await?;
        alarm(item, RecordState::Expired);
    }
    tx.commit().await?;
    Ok(open)
}

async fn begin(cx: &Cx, part: &mut [Sendable]) -> Result<(), Error> {
    let now = cx.now();
    let tx = cx.system_write().await?;
    for item in part {
        let id = AttemptId::make(&*cx.app().ids);
        item.record.attempts = db::metering::begin_attempt(&tx, id, &item.record, now).await?;
    }
    tx.commit().await
}

fn as_usage_record(item: &Sendable) -> Option<UsageRecord> {
    Some(UsageRecord {
        license: item.license.clone(),
        account: item.account.clone(),
        dimension: item.record.dimension,
        hour: item.record.hour,
        quantity: i32::try_from(item.record.quantity).ok()?,
    })
}

async fn settle(cx: &Cx, part: &[Sendable], answers: Vec<RecordAnswer>) -> Result<usize, Error> {
    let now = cx.now();
    let tx = cx.system_write().await?;
    let mut accepted = 0;
    // A record without an answer is one that AWS did not process.
    let answers = answers
        .into_iter()
        .chain(std::iter::repeat(RecordAnswer::Unprocessed));
    for (item, answer) in part.iter().zip(answers) {
        let record = &item.record;
        let outcome = match answer {
            RecordAnswer::Unprocessed => again(
                cx,
                record.attempts,
                "unprocessed",
                "AWS did not process the record.",
            ),
            RecordAnswer::Judged {
                status,
                metering_record_id,
            } => {
                let before =
                    db::metering::sent_before(&tx, record.id, record.attempts, record.quantity)
                        .await?;
                match judge(&status, before) {
                    Verdict::Settled => {
                        accepted += 1;
                        Outcome {
                            state: RecordState::Accepted,
                            metering_record_id,
                            note: None,
                            retry_at: None,
                            outcome: word(&status),
                        }
                    }
                    Verdict::Ended(state, note) => {
                        alarm(item, state);
                        Outcome {
                            state,
                            metering_record_id,
                            note: Some(note.to_owned()),
                            retry_at: None,
                            outcome: word(&status),
                        }
                    }
                }
            }
        };
        db::metering::end_attempt(&tx, record.id, record.attempts, &outcome, now).await?;
    }
    tx.commit().await?;
    metrics::counter!("metering_records_accepted_total").increment(accepted);
    Ok(usize::try_from(accepted).unwrap_or(usize::MAX))
}

/// The whole request was refused for one of its records: each sending says so, and the record goes on.
async fn refused_together(cx: &Cx, part: &[Sendable], code: &str) -> Result<(), Error> {
    let now = cx.now();
    let outcome = Outcome {
        state: RecordState::Sending,
        metering_record_id: None,
        note: Some(format!(
            "AWS refused a request that this record was part of ({code}). It is being found out which record is meant."
        )),
        retry_at: None,
        outcome: db::metering::BATCH_REFUSED.to_owned(),
    };
    let tx = cx.system_write().await?;
    for item in part {
        db::metering::end_attempt(&tx, item.record.id, item.record.attempts, &outcome, now).await?;
    }
    tx.commit().await
}

/// The whole request failed: nothing is known to be taken, so everything is sent again unchanged, or ends here.
async fn end_all(cx: &Cx, part: &[Sendable], error: &MeterError) -> Result<(), Error> {
    let now = cx.now();
    let tx = cx.system_write().await?;
    for item in part {
        let record = &item.record;
        let outcome = match error {
            MeterError::BadRecord(code) => {
                let outcome = refused(code);
                alarm(item, outcome.state);
                outcome
            }
            MeterError::Busy(detail) => again(
                cx,
                record.attempts,
                "busy",
                &format!("AWS is busy ({detail})."),
            ),
            MeterError::Misconfigured(detail) => again(
                cx,
                record.attempts,
                "misconfigured",
                &format!("AWS refuses our set-up ({detail})."),
            ),
        };
        db::metering::end_attempt(&tx, record.id, record.attempts, &outcome, now).await?;
    }
    tx.commit().await?;
    match error {
        MeterError::Busy(detail) => tracing::warn!(
            records = part.len(),
            error.cause = detail,
            "AWS is busy; the same records are sent again"
        ),
        MeterError::Misconfigured(detail) => {
            metrics::counter!("metering_misconfigured_total").increment(1);
            tracing::error!(
                records = part.len(),
                error.cause = detail,
                "AWS refuses our set-up; nothing passes until it is mended"
            );
        }
        MeterError::BadRecord(_) => {}
    }
    Ok(())
}

fn refused(code: &str) -> Outcome {
    let (state, note) = if code == "TimestampOutOfBoundsException" {
        (
            RecordState::Expired,
            "AWS says that the hour lies outside its window.".to_owned(),
        )
    } else {
        (
            RecordState::Rejected,
            format!("AWS refuses this very record: {code}. A person must look."),
        )
    };
    Outcome {
        state,
        metering_record_id: None,
        note: Some(note),
        retry_at: None,
        outcome: code.to_owned(),
    }
}

fn again(cx: &Cx, attempts: i32, word: &str, why: &str) -> Outcome {
    let retry_at = cx.app().real.now() + back_off(cx, attempts);
    Outcome {
        state: RecordState::Sending,
        metering_record_id: None,
        note: Some(format!("{why} The same record is sent again.")),
        retry_at: Some(retry_at),
        outcome: word.to_owned(),
    }
}

/// Full jitter up to 2^attempts seconds, at most a minute.
fn back_off(cx: &Cx, attempts: i32) -> Duration {
    let ceiling = 1_000_i64 << attempts.clamp(0, 6);
    let mut random = [0_u8; 4];
    cx.app().ids.fill(&mut random);
    Duration::milliseconds(i64::from(u32::from_le_bytes(random)) % ceiling.min(60_000))
}

fn word(status: &RecordStatus) -> String {
    match status {
        RecordStatus::Success => "Success".to_owned(),
        RecordStatus::CustomerNotSubscribed => "CustomerNotSubscribed".to_owned(),
        RecordStatus::DuplicateRecord => "DuplicateRecord".to_owned(),
        RecordStatus::Other(other) => other.clone(),
    }
}

/// Units that end unbilled are lost revenue; empty hours are nobody's loss.
fn alarm(item: &Sendable, state: RecordState) {
    let record = &item.record;
    if record.quantity > 0 || state == RecordState::Conflict {
        metrics::counter!("metering_unbilled_total", "state" => state.as_str()).increment(1);
        tracing::error!(
            tenant.id = %record.tenant, licence.id = %record.licence, metering.id = %record.id, hour = %record.hour,
            dimension = record.dimension.as_str(), quantity = record.quantity, state = state.as_str(),
            "units ended unbilled; a person must look",
        );
    }
}
