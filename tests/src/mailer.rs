//! The mail service, played: what was sent stays to be read, and faults come one call after another.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use domain::mailer::{Mail, MailError, Mailer};

use crate::gate::Gate;

/// More mails than any test needs; a sender without a back-off would never come to rest.
const MOST_CALLS: usize = 10_000;

/// What goes wrong with one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailerFault {
    /// Out of reach, or throttled: nothing is sent.
    Busy,
    /// The mail is sent, and the answer is lost.
    LostAnswer,
    /// It refuses us: nothing is sent.
    Misconfigured,
    /// Nothing is ever answered, and nothing is sent: for killing the caller here.
    Hangs,
}

/// The mail service, played.
#[derive(Debug, Default)]
pub struct FakeMailer {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    sent: Vec<Mail>,
    refused: HashSet<String>,
    poison: HashSet<String>,
    stuck: HashSet<String>,
    faults: VecDeque<MailerFault>,
    down: Option<MailerFault>,
    gate: Option<Arc<Gate>>,
    calls: usize,
    unexpected: Vec<String>,
}

impl FakeMailer {
    /// A mail service that has sent nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next calls fail like this, one after the other.
    pub fn fails(&self, faults: impl IntoIterator<Item = MailerFault>) {
        self.state().faults.extend(faults);
    }

    /// Every call fails like this until `None`.
    pub fn is_down(&self, fault: Option<MailerFault>) {
        self.state().down = fault;
    }

    /// The service will not have this recipient.
    pub fn refuses(&self, email: &str) {
        self.state().refused.insert(email.to_lowercase());
    }

    /// A mail to this recipient makes the sender panic, as a defect of ours would; none does any more once it is mended.
    pub fn panics_on(&self, email: Option<&str>) {
        self.state().poison = email.into_iter().map(str::to_lowercase).collect();
    }

    /// A mail to this recipient never comes to an end, as if the process died at it.
    pub fn hangs_on(&self, email: Option<&str>) {
        self.state().stuck = email.into_iter().map(str::to_lowercase).collect();
    }

    /// The next call stands at this gate before it has an effect.
    pub fn holds(&self) -> Arc<Gate> {
        let gate = Arc::new(Gate::default());
        self.state().gate = Some(Arc::clone(&gate));
        gate
    }

    /// Every mail, oldest first.
    pub fn sent(&self) -> Vec<Mail> {
        self.state().sent.clone()
    }

    /// The mails in one mailbox, oldest first.
    pub fn mails_to(&self, email: &str) -> Vec<Mail> {
        let mut mails = self.sent();
        mails.retain(|mail| mail.to.as_str().eq_ignore_ascii_case(email));
        mails
    }

    /// How many calls came.
    pub fn calls(&self) -> usize {
        self.state().calls
    }

    /// What no caller should ever do.
    pub fn unexpected(&self) -> Vec<String> {
        self.state().unexpected.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Notes what a reader of the mail would stumble over; never the text itself, which may carry a one-time link.
    fn sees(&mut self, mail: &Mail) {
        let subject = &mail.subject;
        if subject.trim().is_empty() || subject.chars().any(char::is_control) {
            self.unexpected
                .push(format!("a subject that is not one line: {subject:?}"));
        }
        if mail.text.trim().is_empty() {
            self.unexpected
                .push(format!("a mail without a text: {subject:?}"));
        }
        // RFC 5322, 2.1.1: lines have at most 998 octets.
        if mail.text.lines().any(|line| line.len() > 998) {
            self.unexpected
                .push(format!("a line that mail servers would cut: {subject:?}"));
        }
    }
}

#[async_trait]
impl Mailer for FakeMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        // An await point, so that calls made at once do cross each other.
        tokio::task::yield_now().await;
        let fault = {
            let mut state = self.state();
            state.calls += 1;
            assert!(state.calls < MOST_CALLS, "calls without end");
            state.sees(mail);
            if state.poison.contains(&mail.to.as_str().to_lowercase()) {
                drop(state);
                panic!("a defect that only this mail meets");
            }
            let stuck = state.stuck.contains(&mail.to.as_str().to_lowercase());
            let next = state.faults.pop_front().or(state.down);
            stuck.then_some(MailerFault::Hangs).or(next)
        };
        let gate = self.state().gate.take();
        if let Some(gate) = gate {
            gate.pass().await;
        }
        match fault {
            Some(MailerFault::Busy) => {
                return Err(MailError::Busy("TooManyRequestsException".to_owned()));
            }
            Some(MailerFault::Misconfigured) => {
                return Err(MailError::Misconfigured("MessageRejected".to_owned()));
            }
            Some(MailerFault::Hangs) => std::future::pending().await,
            Some(MailerFault::LostAnswer) | None => {}
        }
        let mut state = self.state();
        if state.refused.contains(&mail.to.as_str().to_lowercase()) {
            return Err(MailError::BadAddress("BadRequestException".to_owned()));
        }
        state.sent.push(mail.clone());
        match fault {
            None => Ok(()),
            Some(_) => Err(MailError::Busy("the connection broke".to_owned())),
        }
    }
}
