//! Faults stop, for liveness (I6): what waits goes on, what AWS said is delivered, clocks are right, and whoever has something to do with
//! us does it. From then on nothing that is due may lie there, and in the end nothing is left.

use std::sync::Arc;

use chrono::Duration;
use control::{Cx, job};
use domain::policy::Actor;

use super::{
    desk::Verdict,
    judges,
    work::{self, Kind},
    world::World,
};

/// More rounds than anything needs to come to rest: every pause doubles until it is ten minutes.
const MOST_ROUNDS: usize = 60;
/// The longest pause that anything makes, and what a clock may have been off when it was made.
const MOST_WAIT: Duration = Duration::hours(4);
/// What a message is hidden for after a delivery, and a little more.
const VISIBLE_AGAIN: Duration = Duration::seconds(31);

impl World {
    /// The faults stop; answers what is wrong on the way to rest and there.
    pub(super) async fn calms_down(&mut self) -> Vec<String> {
        self.trace.note("faults stop");
        self.stormy = false;
        for process in &self.processes {
            process.skew.set(Duration::zero());
        }
        self.drain().await;
        for (at, _) in &mut self.pending {
            *at = self.clock.real_now();
        }
        // Whoever died does not hold anything up for longer than a lease.
        self.lease_runs_out("until > 0").await;
        self.runs_quarantined_again().await;
        self.passes(Duration::hours(2));
        for _ in 0..MOST_ROUNDS {
            self.trace.step += 1;
            let acted = self.everybody_acts().await;
            self.deliver();
            self.every_round().await;
            let now = self.clock.real_now();
            let late = judges::overdue(&mut self.raw, now).await;
            if !late.is_empty() {
                return late;
            }
            let at_rest = judges::is_at_rest(&mut self.raw).await;
            if at_rest && !acted && self.outside.queue.left() == 0 {
                let mut wrong = self.locked_out().await;
                wrong.extend(self.judged_at_rest().await);
                return wrong;
            }
            if !self.waits_for_work().await {
                break;
            }
        }
        let rest = judges::left(&mut self.raw).await;
        vec![format!(
            "I6: it does not come to rest: {rest:?}, {} messages",
            self.outside.queue.left()
        )]
    }

    /// The operator runs again what died too often in its process's hands.
    async fn runs_quarantined_again(&self) {
        let app = Arc::clone(&self.processes[0].app);
        let cx = Cx::new(app, Actor::Operator(None), "operator");
        for job in job::list(&cx, &job::Query::default(), 200)
            .await
            .expect("the jobs are listed")
        {
            if job.quarantined_at.is_some() {
                let again = job::rerun(&cx, job.work.as_str(), &job.item).await;
                again.expect("it is let go");
            }
        }
    }

    /// Before the storm: some buyers are set up already, their owners signed in, so that what comes later is reached in most worlds.
    pub(super) async fn sets_up(&mut self, buyers: usize) {
        self.stormy = false;
        for _ in 0..buyers {
            self.somebody_buys();
        }
        for _ in 0..3 {
            for (at, _) in &mut self.pending {
                *at = self.clock.real_now();
            }
            self.everybody_acts().await;
            self.deliver();
            self.rounds_of(0).await;
            self.passes(Duration::seconds(31));
        }
        for number in 0..buyers {
            self.signs_in_as(0, number).await;
            self.drain().await;
        }
        self.stormy = true;
    }

    /// Everything under way goes on to its end.
    async fn drain(&mut self) {
        while let Some(call) = self.desk.waiting().first().copied() {
            self.tell(call, Verdict::Go).await;
        }
    }

    async fn every_round(&mut self) {
        // Twice, because what one kind of work does another may wait for.
        for _ in 0..2 {
            for process in 0..self.processes.len() {
                self.rounds_of(process).await;
            }
        }
    }

    async fn rounds_of(&mut self, process: usize) {
        for kind in Kind::ALL {
            self.begin_round(process, kind).await;
            self.drain().await;
        }
    }

    /// Time passes until there is something to do; `false` if that is too far ahead.
    async fn waits_for_work(&mut self) -> bool {
        let now = self.clock.real_now();
        let next = judges::next_due(&mut self.raw).await;
        let hidden = (self.outside.queue.left() > 0).then_some(now + VISIBLE_AGAIN);
        let next = next.into_iter().chain(hidden).min();
        let by = next.map_or(VISIBLE_AGAIN, |next| next - now);
        self.passes(by.clamp(Duration::seconds(1), MOST_WAIT));
        by <= MOST_WAIT
    }

    /// Buyers who are not set up press the button again, forms are filled in, invitations accepted; answers whether anybody had to.
    async fn everybody_acts(&mut self) -> bool {
        let mut acted = false;
        for number in 0..self.truth.buyers.len() {
            let buyer = &self.truth.buyers[number];
            if buyer.registered.is_none() && !buyer.refused {
                acted = true;
                self.issues_token(number);
                let token = self.truth.buyers[number].tokens.last().cloned();
                let work = work::register(
                    &self.processes[0].app,
                    number,
                    &token.unwrap_or_default(),
                    1,
                );
                self.begin(0, format!("buyer{number} comes again"), work)
                    .await;
                self.drain().await;
            }
            let buyer = &self.truth.buyers[number];
            if let (Some(registered), true) = (buyer.registered, buyer.typed.is_empty()) {
                acted = true;
                let email = format!("ann0@buyer{number}.example");
                self.truth.buyers[number].typed.push(email.clone());
                let work = work::complete(&self.processes[0].app, number, registered, email);
                self.begin(0, format!("buyer{number} fills in"), work).await;
                self.drain().await;
            }
            if self.repeats_a_lost_form(number).await {
                acted = true;
            }
        }
        acted
    }

    /// Whoever typed an address and never saw the next page sends the form again.
    async fn repeats_a_lost_form(&mut self, number: usize) -> bool {
        let Some((_, licence)) = self.truth.buyers[number].registered else {
            return false;
        };
        let sql = format!("SELECT email FROM registrations WHERE licence_id = '{licence}'");
        if self.rows(&sql).await.concat() != ["null"] {
            return false;
        }
        let buyer = &self.truth.buyers[number];
        let (registered, email) = (buyer.registered.expect("it is"), buyer.typed[0].clone());
        let work = work::complete(&self.processes[0].app, number, registered, email);
        self.begin(0, format!("buyer{number} fills in again"), work)
            .await;
        self.drain().await;
        true
    }

    /// Everybody whose invitation is open can follow one of the links in their mailbox.
    async fn locked_out(&mut self) -> Vec<String> {
        let mut wrong = Vec::new();
        let now = self.clock.real_now();
        let sql = "SELECT email, tenant_id, expires_at FROM invitations WHERE accepted_at IS NULL AND revoked_at IS NULL";
        for row in self.rows(sql).await {
            if judges::moment(&row[2]).is_some_and(|at| at <= now) {
                continue;
            }
            let email = &row[0];
            let buyers = self.truth.buyers.iter();
            let known = |tenant: &domain::id::TenantId| tenant.to_string() == row[1];
            let number = buyers
                .clone()
                .position(|buyer| buyer.registered.is_some_and(|(tenant, _)| known(&tenant)));
            let Some(number) = number else { continue };
            let before = self.truth.buyers[number]
                .guests
                .get(email)
                .is_some_and(|guest| guest.accepted);
            let mut inside = before;
            for link in self.links(email).into_iter().rev() {
                let work = work::accept(&self.processes[0].app, number, email.clone(), link);
                self.begin(0, format!("{email} accepts"), work).await;
                self.drain().await;
                inside = self.truth.buyers[number]
                    .guests
                    .get(email)
                    .is_some_and(|guest| guest.accepted);
                if inside {
                    break;
                }
            }
            if !inside {
                wrong.push(format!(
                    "I4: {email} is invited and no link in their mailbox lets them in"
                ));
            }
        }
        if wrong.is_empty() {
            self.every_round().await;
        }
        wrong
    }
}
