//! The judges: invariants I1 to I8 over the product's tables, AWS's books and the truth. They read tables raw and share no rule with the
//! product: what they need of its arithmetic is written here anew.
//! Each answers with what is wrong, as sentences; nothing wrong is an empty list.

mod audit;
mod books;
mod isolation;
mod people;
mod rest;
mod standing;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;

pub(super) use rest::{is_at_rest, left, next_due, overdue};
use tables::Tables;
pub(super) use tables::moment;

use super::world::World;

/// What was seen before, for what may never change any more.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Quantity and state of records that are not open, by id.
    frozen: BTreeMap<String, (i64, String)>,
    /// Open records whose hour was over for AWS, by id.
    stranded: BTreeSet<String>,
    /// Events that were judged, by id.
    judged: BTreeSet<String>,
    /// Licences that were over, with when.
    over: BTreeMap<String, Timestamp>,
}

impl World {
    /// What is wrong right now, whatever is under way.
    pub(super) async fn judged(&mut self) -> Vec<String> {
        let tables = Tables::read(&mut self.raw).await;
        let held = self.outside.marketplace.ledger(|ledger| ledger.held());
        let now = self.clock.now();
        let mut wrong = std::mem::take(&mut self.truth.wrong);
        wrong.extend(books::promises(&tables, &self.truth));
        wrong.extend(books::conservation(&tables));
        wrong.extend(books::aws(&tables, &held));
        let weather = books::Weather {
            leaps: self.plan.leaps,
            takes_first_hour: self.plan.takes_first_hour,
            now,
        };
        wrong.extend(books::reasons(&tables, &self.truth, &weather));
        wrong.extend(books::frozen(&tables, &mut self.memory.frozen));
        wrong.extend(standing::possible(&tables, &self.truth));
        wrong.extend(standing::final_once_over(&tables, &mut self.memory.over));
        wrong.extend(people::one_of_each(&tables, &self.truth));
        wrong.extend(books::carried(&tables, &mut self.memory.stranded, now));
        wrong.extend(books::late(&tables, &mut self.memory.judged, now));
        wrong.extend(isolation::mixed(&mut self.raw).await);
        wrong.extend(isolation::twice(&mut self.raw).await);
        wrong.extend(self.outside_complains());
        wrong
    }

    /// What is wrong once everything has settled.
    pub(super) async fn judged_at_rest(&mut self) -> Vec<String> {
        let mut wrong = self.judged().await;
        let tables = Tables::read(&mut self.raw).await;
        wrong.extend(standing::as_folded(&tables, &self.truth));
        wrong.extend(books::every_hour(&tables));
        wrong.extend(people::accounts(&tables, &self.outside.identity.people()));
        wrong.extend(people::everybody_is_in(
            &tables,
            &self.truth,
            self.outside.card_plane.keys_made(),
        ));
        wrong.extend(self.judged_trail().await);
        wrong
    }

    /// What is wrong with what was written line by line: every line of every chain is looked at (I8), and every line of the log (I9: no
    /// secret, and no error that nobody expects).
    pub(super) async fn judged_trail(&mut self) -> Vec<String> {
        let mut wrong = self.logs.faults();
        let (lines, heads) = (
            audit::lines(&mut self.raw).await,
            audit::heads(&mut self.raw).await,
        );
        wrong.extend(audit::chains(&lines, &heads));
        wrong
    }

    fn outside_complains(&self) -> Vec<String> {
        let mut wrong = self.outside.marketplace.unexpected();
        wrong.extend(self.outside.queue.unexpected());
        wrong.extend(self.outside.card_plane.unexpected());
        wrong.extend(self.outside.identity.unexpected());
        wrong.extend(self.outside.mailer.unexpected());
        wrong
    }
}

#[cfg(test)]
mod tests;
