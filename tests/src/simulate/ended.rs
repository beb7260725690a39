//! What a client was told goes into the truth: a promise from then on. What the answer alone gives away as wrong is noted at once.

use domain::{Error, ErrorKind, policy::Person, role::Role};

use super::{
    truth::{Guest, Truth},
    work::{Batch, Outcome},
    world::World,
};
use control::usage::{EventResult, Status};

impl World {
    /// A task ended. The answer to a request may be lost on its way to whoever asked; then nobody knows it.
    pub(super) fn ended(&mut self, process: usize, name: &str, outcome: Outcome) {
        let requests = !matches!(
            outcome,
            Outcome::Round(..) | Outcome::Prolonged(_) | Outcome::Peeked(_)
        );
        let lost = requests && self.stormy && self.random.percent(self.plan.fail_back / 2);
        let words = outcome_in_words(&outcome);
        let told = if lost { " (nobody heard)" } else { "" };
        self.trace
            .note(&format!("p{process} {name} ends: {words}{told}"));
        if let Some(wrong) = defect(&outcome) {
            self.truth.wrong.push(format!("{name}: {wrong}"));
        }
        match outcome {
            Outcome::Round(kind, turn, _) => {
                self.processes[process].turns.insert(kind, turn);
            }
            Outcome::Peeked(seen) => {
                let seen = seen.into_iter().map(|seen| format!("I7: {seen}"));
                self.truth.wrong.extend(seen);
            }
            Outcome::Prolonged(_) => {}
            _ if lost => {}
            told => self.truth.hears(told),
        }
    }
}

impl Truth {
    fn hears(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Registered(buyer, results) => {
                for result in results {
                    self.registered(buyer, &result);
                }
            }
            Outcome::Completed(buyer, email, Ok(())) => self.buyers[buyer].owner = Some(email),
            Outcome::Recorded(batch, Ok(results)) => self.recorded(&batch, &results),
            Outcome::SignedIn(buyer, Ok(signed_in)) => {
                let session = signed_in.session;
                let tenant = session.tenant.map(|tenant| (tenant, Role::Owner));
                self.buyers[buyer].session = Some(Person {
                    user: session.user,
                    session: session.id,
                    membership: tenant,
                    mfa: session.mfa,
                    authenticated_at: session.authenticated_at,
                });
            }
            Outcome::Invited(buyer, email, Ok(_)) => *self.guest(buyer, &email) = Guest::default(),
            Outcome::Accepted(buyer, email, Ok(())) => {
                let guest = self.guest(buyer, &email);
                let again = guest.accepted;
                guest.accepted = true;
                guest.accepting = false;
                if again {
                    self.wrong
                        .push(format!("I4: {email} accepted one invitation twice"));
                }
            }
            Outcome::Removed(buyer, user, Ok(())) => {
                let mut guests = self.buyers[buyer].guests.values_mut();
                if let Some(guest) = guests.find(|guest| guest.removing == Some(user)) {
                    guest.removed = true;
                }
            }
            // A refusal promises nothing; what was asked for may be asked for again.
            _ => {}
        }
    }

    fn guest(&mut self, buyer: usize, email: &str) -> &mut Guest {
        let guests = &mut self.buyers[buyer].guests;
        guests.entry(email.to_owned()).or_default()
    }

    fn registered(
        &mut self,
        buyer: usize,
        result: &Result<control::registration::Registered, Error>,
    ) {
        let buyer = &mut self.buyers[buyer];
        match result {
            Ok(known) => {
                let told = (known.tenant, known.licence);
                if buyer.registered.is_some_and(|before| before != told) {
                    let name = &buyer.name;
                    self.wrong
                        .push(format!("I4: {name} was told of two tenants"));
                }
                buyer.registered = Some(told);
            }
            Err(error) if error.code() == "licence_ended" => {
                if buyer.registered.is_some() && buyer.ended_at.is_none() {
                    let name = &buyer.name;
                    self.wrong
                        .push(format!("I5: {name} was told that it ended, and it did not"));
                }
                buyer.refused = true;
            }
            Err(_) => {}
        }
    }

    fn recorded(&mut self, batch: &Batch, results: &[EventResult]) {
        if results.len() != batch.sendings.len() {
            let (asked, told) = (batch.sendings.len(), results.len());
            self.wrong.push(format!("{told} answers to {asked} events"));
        }
        for ((number, content), result) in batch.sendings.iter().zip(results) {
            let sending = &mut self.sendings[*number];
            sending.unheard -= 1;
            match result.status {
                Status::Accepted => {
                    if sending.foreign {
                        self.wrong
                            .push(format!("I7: {} was taken from another tenant", sending.id));
                    }
                    if sending.accepted.is_some() {
                        self.wrong
                            .push(format!("I2: {} was accepted twice", sending.id));
                    }
                    sending.accepted = Some(content.clone());
                }
                Status::Duplicate => sending.known = true,
                Status::Refused => {}
            }
        }
    }
}

/// What no fault outside excuses: a defect of ours, by our own word.
fn defect(outcome: &Outcome) -> Option<String> {
    let said = |error: &Error| {
        (error.kind() == ErrorKind::Internal)
            .then(|| format!("{}: {:?}", error.code(), error.private()))
    };
    match outcome {
        Outcome::Registered(_, results) => results
            .iter()
            .find_map(|result| said(result.as_ref().err()?)),
        _ => said(error(outcome)?),
    }
}

fn error(outcome: &Outcome) -> Option<&Error> {
    match outcome {
        Outcome::Round(_, _, result)
        | Outcome::Completed(_, _, result)
        | Outcome::Accepted(_, _, result)
        | Outcome::Removed(_, _, result)
        | Outcome::Prolonged(result) => result.as_ref().err(),
        Outcome::Recorded(_, result) => result.as_ref().err(),
        Outcome::SignedIn(_, result) => result.as_ref().err(),
        Outcome::Invited(_, _, result) => result.as_ref().err(),
        Outcome::Registered(..) | Outcome::Peeked(_) => None,
    }
}

fn outcome_in_words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Registered(_, results) => {
            let each = results.iter().map(|result| match result {
                Ok(known) => known.tenant.to_string(),
                Err(error) => error.code().to_owned(),
            });
            each.collect::<Vec<_>>().join(" ")
        }
        Outcome::Recorded(_, Ok(results)) => {
            let each = results.iter().map(|result| match result.status {
                Status::Accepted => "accepted",
                Status::Duplicate => "known",
                Status::Refused => result.reason.as_ref().map_or("refused", |(code, _)| code),
            });
            each.collect::<Vec<_>>().join(" ")
        }
        _ => error(outcome).map_or("done", Error::code).to_owned(),
    }
}
