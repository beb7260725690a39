//! The identity provider, played: accounts by address, first passwords in mails, authenticators, and faults one call after another.
//! Helpers are named after what people do at its pages; what no caller should ever do is written down as unexpected.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use domain::{
    id::UserId,
    identity::{Account, Identity, IdentityError, Username},
    registration::Email,
};

use crate::gate::Gate;

/// More calls than any test needs; a caller without a back-off would never come to rest.
const MOST_CALLS: usize = 10_000;

/// What goes wrong with one call, whichever it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityFault {
    /// None: the fault after it is the next call's.
    Passes,
    /// Out of reach, or throttled: no effect.
    Busy,
    /// The effect is there, the answer is not.
    LostAnswer,
    /// It refuses us: no effect.
    Misconfigured,
    /// Nothing is ever answered, and there is no effect: for killing the caller here.
    Hangs,
}

/// An account, for who looks at all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The provider's name of it.
    pub username: String,
    /// Whether it may sign in.
    pub enabled: bool,
    /// Our user's id, if the account is ours.
    pub marker: Option<String>,
}

/// The identity provider, played.
#[derive(Debug, Default)]
pub struct FakeIdentity {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    people: Vec<Person>,
    /// Every username there ever was.
    made: HashSet<String>,
    /// First passwords by address, oldest first; they outlive the account.
    mailed: HashMap<String, Vec<String>>,
    refused: HashSet<String>,
    faults: VecDeque<IdentityFault>,
    down: Option<IdentityFault>,
    gate: Option<Arc<Gate>>,
    calls: usize,
    unexpected: Vec<String>,
}

#[derive(Debug)]
struct Person {
    username: String,
    address: String,
    marker: Option<UserId>,
    enabled: bool,
    password: Password,
    authenticator: bool,
    sign_outs: usize,
}

#[derive(Debug, PartialEq, Eq)]
enum Password {
    Temporary(String),
    Own(String),
}

impl Person {
    fn account(&self) -> Account {
        Account {
            username: Username(self.username.clone()),
            enabled: self.enabled,
            confirmed: matches!(self.password, Password::Own(_)),
        }
    }
}

impl FakeIdentity {
    /// A provider without accounts.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next calls fail like this, one after the other.
    pub fn fails(&self, faults: impl IntoIterator<Item = IdentityFault>) {
        self.state().faults.extend(faults);
    }

    /// Every call fails like this until `None`.
    pub fn is_down(&self, fault: Option<IdentityFault>) {
        self.state().down = fault;
    }

    /// The next call stands at this gate before it has an effect.
    pub fn holds(&self) -> Arc<Gate> {
        let gate = Arc::new(Gate::default());
        self.state().gate = Some(Arc::clone(&gate));
        gate
    }

    /// The provider will not have this address.
    pub fn refuses(&self, email: &str) {
        self.state().refused.insert(email.to_lowercase());
    }

    /// The first password that was mailed last.
    pub fn temporary_password(&self, email: &str) -> String {
        let mailed = self.invitations(email);
        mailed.last().expect("an invitation was mailed").clone()
    }

    /// Every first password that was mailed to the address, oldest first.
    pub fn invitations(&self, email: &str) -> Vec<String> {
        let state = self.state();
        let mailed = state.mailed.get(&email.to_lowercase());
        mailed.cloned().unwrap_or_default()
    }

    /// Whether the provider takes this password as the first step of a sign-in.
    pub fn lets_in(&self, email: &str, password: &str) -> bool {
        let person = |person: &Person| match &person.password {
            Password::Temporary(right) | Password::Own(right) => {
                person.enabled && right == password
            }
        };
        self.state().by_address(email).is_some_and(person)
    }

    /// The person signs in for the first time, with what was mailed last, and chooses a password, which is given back.
    pub fn choose_password(&self, email: &str) -> String {
        let temporary = self.temporary_password(email);
        assert!(
            self.lets_in(email, &temporary),
            "the provider lets {email} in"
        );
        let own = format!("{email}'s own password");
        self.state().person(email).password = Password::Own(own.clone());
        own
    }

    /// The person registers an authenticator.
    pub fn set_up_authenticator(&self, email: &str) {
        self.state().person(email).authenticator = true;
    }

    /// Whether an authenticator is registered.
    pub fn has_authenticator(&self, email: &str) -> bool {
        self.state().person(email).authenticator
    }

    /// Somebody makes an account in the provider's own console, without our marker.
    pub fn foreign_account(&self, email: &str) -> Username {
        let mut state = self.state();
        let username = state.make(email, None);
        state.person(email).password = Password::Own("theirs".to_owned());
        Username(username)
    }

    /// Somebody deletes the account in the provider's own console.
    pub fn is_taken_away(&self, email: &str) {
        let gone = self.account(email).expect("an account").username.0;
        let mut state = self.state();
        state.people.retain(|person| person.username != gone);
    }

    /// The account behind an address.
    pub fn account(&self, email: &str) -> Option<Account> {
        self.state().by_address(email).map(Person::account)
    }

    /// Whether there is an account that may not sign in.
    pub fn disabled(&self, email: &str) -> bool {
        self.account(email).is_some_and(|account| !account.enabled)
    }

    /// How often every session of the account was ended.
    pub fn sign_outs(&self, email: &str) -> usize {
        self.state().person(email).sign_outs
    }

    /// Every account, as its administrator sees it.
    pub fn people(&self) -> Vec<Known> {
        let state = self.state();
        let known = |person: &Person| Known {
            username: person.username.clone(),
            enabled: person.enabled,
            marker: person.marker.map(|user| user.to_string()),
        };
        state.people.iter().map(known).collect()
    }

    /// How many accounts there are.
    pub fn accounts(&self) -> usize {
        self.state().people.len()
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

    /// One call: its fault, or its effect, or both.
    async fn call<T>(
        &self,
        effect: impl FnOnce(&mut State) -> Result<T, IdentityError> + Send,
    ) -> Result<T, IdentityError> {
        // An await point, so that calls made at once do cross each other.
        tokio::task::yield_now().await;
        let gate = self.state().gate.take();
        if let Some(gate) = gate {
            gate.pass().await;
        }
        let fault = {
            let mut state = self.state();
            state.calls += 1;
            assert!(state.calls < MOST_CALLS, "calls without end");
            let next = state.faults.pop_front();
            next.or(state.down)
        };
        match fault {
            None | Some(IdentityFault::Passes) => effect(&mut self.state()),
            Some(IdentityFault::LostAnswer) => {
                let _ = effect(&mut self.state());
                Err(IdentityError::Lost("the connection broke".to_owned()))
            }
            Some(IdentityFault::Busy) => Err(IdentityError::Busy(
                "TooManyRequestsException (HTTP 400, request played)".to_owned(),
            )),
            Some(IdentityFault::Misconfigured) => Err(IdentityError::Misconfigured(
                "AccessDeniedException (HTTP 400, request played)".to_owned(),
            )),
            Some(IdentityFault::Hangs) => std::future::pending().await,
        }
    }
}

impl State {
    /// No two mailboxes differ in capitals alone.
    fn by_address(&self, email: &str) -> Option<&Person> {
        let wanted = email.to_lowercase();
        let mut people = self.people.iter();
        people.find(|person| person.address.to_lowercase() == wanted)
    }

    fn person(&mut self, email: &str) -> &mut Person {
        let wanted = email.to_lowercase();
        let mut people = self.people.iter_mut();
        people
            .find(|person| person.address.to_lowercase() == wanted)
            .expect("an account")
    }

    fn by_name(&mut self, username: &Username) -> Result<&mut Person, IdentityError> {
        if !self.made.contains(&username.0) {
            self.unexpected
                .push(format!("a username nobody was ever given: {username:?}"));
        }
        let mut people = self.people.iter_mut();
        people
            .find(|person| person.username == username.0)
            .ok_or(IdentityError::Unknown)
    }

    /// A new account, without a password that anybody knows.
    fn make(&mut self, email: &str, marker: Option<UserId>) -> String {
        let number = 0x5u128 << 124 | (self.made.len() as u128 + 1);
        let username = uuid::Uuid::from_u128(number).to_string();
        self.made.insert(username.clone());
        self.people.push(Person {
            username: username.clone(),
            address: email.to_owned(),
            marker,
            enabled: true,
            password: Password::Temporary(String::new()),
            authenticator: false,
            sign_outs: 0,
        });
        username
    }

    /// Mails a new first password; the one before is void.
    fn invite(&mut self, email: &str) {
        let mails: usize = self.mailed.values().map(Vec::len).sum();
        let password = format!("temporary-{}", mails + 1);
        self.person(email).password = Password::Temporary(password.clone());
        let mailed = self.mailed.entry(email.to_lowercase()).or_default();
        mailed.push(password);
    }
}

#[async_trait]
impl Identity for FakeIdentity {
    async fn create(&self, user: UserId, email: &Email) -> Result<Account, IdentityError> {
        let address = email.as_str();
        self.call(|state| {
            if state.refused.contains(&address.to_lowercase()) {
                return Err(IdentityError::BadAddress(
                    "Invalid email address format".to_owned(),
                ));
            }
            if let Some(person) = state.by_address(address) {
                let ours = person.marker == Some(user);
                return ours.then(|| person.account()).ok_or(IdentityError::Foreign);
            }
            if state
                .people
                .iter()
                .any(|person| person.marker == Some(user))
            {
                state
                    .unexpected
                    .push(format!("a second account for {user}"));
            }
            state.make(address, Some(user));
            state.invite(address);
            Ok(state.person(address).account())
        })
        .await
    }

    async fn find(&self, user: UserId, email: &Email) -> Result<Option<Account>, IdentityError> {
        self.call(|state| {
            let found = state.by_address(email.as_str());
            let own = found.filter(|person| person.marker == Some(user));
            Ok(own.map(Person::account))
        })
        .await
    }

    async fn get(&self, username: &Username) -> Result<Account, IdentityError> {
        self.call(|state| state.by_name(username).map(|person| person.account()))
            .await
    }

    async fn resend(&self, username: &Username) -> Result<(), IdentityError> {
        self.call(|state| {
            let person = state.by_name(username)?;
            if matches!(person.password, Password::Own(_)) {
                return Err(IdentityError::AlreadySignedIn);
            }
            let (address, enabled) = (person.address.clone(), person.enabled);
            if !enabled {
                state
                    .unexpected
                    .push("a first password for who may not sign in".to_owned());
            }
            state.invite(&address);
            Ok(())
        })
        .await
    }

    async fn enable(&self, username: &Username) -> Result<(), IdentityError> {
        self.call(|state| state.by_name(username).map(|person| person.enabled = true))
            .await
    }

    async fn disable(&self, username: &Username) -> Result<(), IdentityError> {
        self.call(|state| state.by_name(username).map(|person| person.enabled = false))
            .await
    }

    async fn sign_out(&self, username: &Username) -> Result<(), IdentityError> {
        self.call(|state| state.by_name(username).map(|person| person.sign_outs += 1))
            .await
    }

    async fn delete(&self, username: &Username) -> Result<(), IdentityError> {
        self.call(|state| {
            let gone = state.by_name(username).is_err();
            if !gone {
                state.people.retain(|person| person.username != username.0);
            }
            Ok(())
        })
        .await
    }

    async fn reset_authenticator(&self, username: &Username) -> Result<(), IdentityError> {
        self.call(|state| {
            let person = state.by_name(username)?;
            person.authenticator = false;
            Ok(())
        })
        .await
    }
}
