//! Jobs: the items of background work, each counted before it is begun. What panics holds up nobody else; what ends the process is
//! known by its count, comes after everything else and alone, and is quarantined after five beginnings without an end (P10, R-21).
//! Invariant: a job that ends, well or not, is counted no more; how often it failed and when it is due is in its own row.

use std::{collections::HashMap, panic::AssertUnwindSafe};

use domain::{
    Error,
    job::{Job, MOST, Work},
    policy::Action,
};
use futures_util::{FutureExt, StreamExt, stream};

use crate::{Cx, anew::anew, cx::About};

/// How many are begun with one commit; so many are suspected if the process ends meanwhile.
const BATCH: usize = 50;

/// Runs every job that is not quarantined, some at once; answers the first error.
///
/// # Errors
/// A job's own, after all have run; at once if they could not be counted.
pub(crate) async fn each<T: Send, F>(
    cx: &Cx,
    work: Work,
    at_once: usize,
    items: Vec<(String, T)>,
    run: impl Fn(T) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<(), Error>> + Send,
{
    if items.is_empty() {
        return Ok(());
    }
    let mut known: HashMap<String, Job> = {
        let tx = cx.app().db.system_read().await?;
        let known = db::job::of_work(&tx, work).await?.into_iter();
        known.map(|job| (job.item.clone(), job)).collect()
    };
    let (mut fresh, mut suspects) = (Vec::new(), Vec::new());
    for (item, what) in items {
        match known.remove(&item) {
            None => fresh.push((item, what)),
            Some(job) if job.quarantined_at.is_none() => suspects.push((job.attempts, item, what)),
            Some(_) => {}
        }
    }
    let mut outcome = Ok(());
    while !fresh.is_empty() {
        let rest = fresh.split_off(fresh.len().min(BATCH));
        let batch = std::mem::replace(&mut fresh, rest);
        outcome = outcome.and(together(cx, work, at_once, batch, &run).await?);
    }
    // Those that were begun least often first: most of them only stood beside the one that it is about.
    suspects.sort_by_key(|(attempts, ..)| *attempts);
    for (attempts, item, what) in suspects {
        if attempts < MOST {
            outcome = outcome.and(together(cx, work, 1, vec![(item, what)], &run).await?);
        } else {
            quarantine(cx, work, &item).await?;
        }
    }
    outcome
}

/// What unwound through a job.
type Unwound = Box<dyn std::any::Any + Send>;
/// A job by its item, and what came of it.
type Ran = (String, Result<Result<(), Error>, Unwound>);

/// Counts a batch, runs it, and counts off what ended.
async fn together<T: Send, F>(
    cx: &Cx,
    work: Work,
    at_once: usize,
    batch: Vec<(String, T)>,
    run: &impl Fn(T) -> F,
) -> Result<Result<(), Error>, Error>
where
    F: Future<Output = Result<(), Error>> + Send,
{
    let begun: Vec<String> = batch.iter().map(|(item, _)| item.clone()).collect();
    let tx = cx.system_write().await?;
    db::job::begin(&tx, work, &begun, cx.real_now()).await?;
    tx.commit().await?;
    let ran: Vec<Ran> = stream::iter(batch)
        .map(|(item, what)| {
            // What it held is dropped, and its transaction with it: nothing half done is looked at again.
            let caught = AssertUnwindSafe(run(what)).catch_unwind();
            caught.map(|outcome| (item, outcome))
        })
        .buffer_unordered(at_once)
        .collect()
        .await;
    let (mut ended, mut outcome) = (Vec::new(), Ok(()));
    for (item, result) in ran {
        match result {
            Ok(result) => {
                ended.push(item);
                outcome = outcome.and(result);
            }
            Err(unwound) => {
                metrics::counter!("jobs_panicked_total", "work" => work.as_str()).increment(1);
                // What a panic says is in the log already, by its hook; other things that unwind say nothing.
                let what = if unwound.is::<String>() || unwound.is::<&str>() {
                    "a job panicked"
                } else {
                    "a job was torn away"
                };
                tracing::error!(job.work = work.as_str(), job.item = item, "{what}");
            }
        }
    }
    let tx = cx.system_write().await?;
    db::job::end(&tx, work, &ended).await?;
    tx.commit().await?;
    Ok(outcome)
}

async fn quarantine(cx: &Cx, work: Work, item: &str) -> Result<(), Error> {
    let tx = cx.system_write().await?;
    db::job::quarantine(&tx, work, item, cx.real_now()).await?;
    tx.commit().await?;
    metrics::counter!("jobs_quarantined_total", "work" => work.as_str()).increment(1);
    tracing::error!(
        job.work = work.as_str(),
        job.item = item,
        "a job was begun five times and never ended: it is quarantined until the operator runs it again"
    );
    Ok(())
}

/// Those that were begun and have not ended, quarantined ones first; for the operator.
pub async fn list(cx: &Cx, limit: u64) -> Result<Vec<Job>, Error> {
    let tx = cx.read_all(Action::ReadJobs).await?;
    db::job::list(&tx, limit).await
}

/// Lets a quarantined job run again, as if it had never been begun.
///
/// # Errors
/// Not found for a job that is not quarantined, and for a word that is no work.
pub async fn rerun(cx: &Cx, work: &str, item: &str) -> Result<(), Error> {
    let work = anew(|| async {
        // It is whatever stood in the address.
        let named: String = format!("{work}/{item}").chars().take(100).collect();
        let about = About::target(named);
        let tx = cx.write_all(Action::RerunJob, about).await?;
        let work = work.parse()?;
        if !db::job::release(&tx, work, item).await? {
            return Err(Error::not_found("job"));
        }
        tx.commit().await?;
        Ok(work)
    })
    .await?;
    let nudge = &cx.app().nudge;
    let wakes = match work {
        Work::Event => &nudge.inbox,
        Work::Registration => &nudge.registrations,
        Work::User => &nudge.users,
        Work::Mail => &nudge.mails,
    };
    wakes.notify_one();
    Ok(())
}
