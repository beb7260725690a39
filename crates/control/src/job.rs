//! Jobs: the items of background work, each counted before it is begun. What panics holds up nobody else; what ends the process is
//! known by its count, comes after everything else and alone, and is quarantined after five beginnings without an end (P10, R-21).
//! Invariant: a job that ends, well or not, is counted no more; how often it failed and when it is due is in its own row. Where that
//! could not be written down, the process remembers it: see [`Begun`].

use std::{
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

pub use db::job::{Place, Query, Sort};
use domain::{
    Error,
    job::{Job, MOST, Work},
    policy::Action,
};
use futures_util::{FutureExt, StreamExt, stream};

use crate::{App, Cx, anew::anew, cx::About, lease};

/// How many are begun with one commit; so many are suspected if the process ends meanwhile.
const BATCH: usize = 50;

/// What this process has counted and not counted off yet. A job is under suspicion for as long as it is counted, so what ended, and what
/// was given up because the process is to stop, must not stay so: five times in a row would quarantine a job that is in order.
#[derive(Debug, Default)]
pub struct Begun(Mutex<HashMap<(Work, String), Stage>>);

/// How far a counted job came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// It was begun.
    Begun,
    /// It ended, and is still counted.
    Ended,
    /// It was left to another process, and is still counted.
    Left,
}

impl Begun {
    fn stages(&self) -> MutexGuard<'_, HashMap<(Work, String), Stage>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, work: Work, items: &[String], stage: Stage) {
        let mut stages = self.stages();
        stages.extend(items.iter().map(|item| ((work, item.clone()), stage)));
    }

    /// They are left to another process; not those that are not remembered, because they unwound.
    fn leave(&self, work: Work, items: &[String]) {
        let mut stages = self.stages();
        for item in items {
            if let Some(stage) = stages.get_mut(&(work, item.clone())) {
                *stage = Stage::Left;
            }
        }
    }

    fn forget(&self, work: Work, items: &[String]) {
        let mut stages = self.stages();
        for item in items {
            stages.remove(&(work, item.clone()));
        }
    }

    fn at(&self, work: Work, stage: Stage) -> Vec<String> {
        let stages = self.stages();
        let at = stages
            .iter()
            .filter(|((of, _), at)| *of == work && **at == stage);
        at.map(|((_, item), _)| item.clone()).collect()
    }
}

/// Counts off what ended, and takes back the beginnings that were given up, because the process stops in an orderly way: nothing of it is
/// suspected then. For the time when no work is done any more and the leases are still this process's.
///
/// # Errors
/// Unavailable while the database is: then they stay counted once.
pub async fn let_go(app: &App) -> Result<(), Error> {
    if app.begun.stages().is_empty() {
        return Ok(());
    }
    let tx = app.db.system_write().await?;
    for work in Work::ALL {
        db::job::end(&tx, work, &app.begun.at(work, Stage::Ended)).await?;
        // What was left is the other process's by now: it counts it off when it ends, and what it counted itself is not ours to take back.
        db::job::take_back(&tx, work, &app.begun.at(work, Stage::Begun)).await?;
    }
    tx.commit().await?;
    app.begun.stages().clear();
    Ok(())
}

/// Runs every job that is not quarantined, some at once; answers the first error. What is left when the work turns out to be another
/// process's is left to that one.
///
/// # Errors
/// A job's own, after all have run; at once if they could not be counted, or if the lease was lost.
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
    take_back(cx, work).await?;
    count_off(cx, work).await?;
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
    let counted: Vec<String> = batch.iter().map(|(item, _)| item.clone()).collect();
    let begun = &cx.app().begun;
    let tx = cx.system_write().await?;
    db::job::begin(&tx, work, &counted, cx.real_now()).await?;
    tx.commit().await?;
    begun.set(work, &counted, Stage::Begun);
    let over = AtomicBool::new(false);
    let ran: Vec<Ran> = stream::iter(batch)
        .take_while(|_| std::future::ready(!over.load(Ordering::Relaxed)))
        .map(|(item, what)| {
            // What it held is dropped, and its transaction with it: nothing half done is looked at again.
            let caught = AssertUnwindSafe(run(what)).catch_unwind();
            let over = &over;
            async move {
                let outcome = caught.await;
                if let Ok(Err(error)) = &outcome
                    && lease::is_lost(error)
                {
                    over.store(true, Ordering::Relaxed);
                }
                let this = std::slice::from_ref(&item);
                if outcome.is_ok() {
                    begun.set(work, this, Stage::Ended);
                } else {
                    // It stays counted.
                    begun.forget(work, this);
                }
                (item, outcome)
            }
        })
        .buffer_unordered(at_once)
        .collect()
        .await;
    let mut outcome = Ok(());
    for (item, result) in ran {
        match result {
            Ok(result) => outcome = outcome.and(result),
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
    if over.into_inner() {
        begun.leave(work, &counted);
        return outcome.map(Ok);
    }
    count_off(cx, work).await?;
    Ok(outcome)
}

/// Takes back the beginnings that were left to another process, once this one has its turn again. The other's own beginnings stay counted.
async fn take_back(cx: &Cx, work: Work) -> Result<(), Error> {
    let begun = &cx.app().begun;
    let left = begun.at(work, Stage::Left);
    if left.is_empty() {
        return Ok(());
    }
    let tx = cx.system_write().await?;
    db::job::take_back(&tx, work, &left).await?;
    tx.commit().await?;
    begun.forget(work, &left);
    Ok(())
}

/// Counts off what ended. What could not be counted off is remembered until the next time.
async fn count_off(cx: &Cx, work: Work) -> Result<(), Error> {
    let begun = &cx.app().begun;
    let ended = begun.at(work, Stage::Ended);
    if ended.is_empty() {
        return Ok(());
    }
    let counted_off = async {
        let tx = cx.system_write().await?;
        db::job::end(&tx, work, &ended).await?;
        tx.commit().await
    };
    let outcome = counted_off.await;
    match &outcome {
        Ok(()) => begun.forget(work, &ended),
        Err(error) if lease::is_lost(error) => {
            begun.leave(work, &ended);
        }
        Err(_) => {}
    }
    outcome
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

/// One page of those that were begun and have not ended, for the operator.
pub async fn list(cx: &Cx, query: &Query, limit: u64) -> Result<Vec<Job>, Error> {
    let tx = cx.read_all(Action::ReadJobs).await?;
    db::job::page(&tx, query, limit).await
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
