//! Managed login and real time in the hand of a test: what they answer, when they answer, and how often they were asked.
//! Invariant: a question that the test prepared no answer for is answered `Busy`, and counted all the same.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use chrono::Duration;
use domain::{RealTime, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::{
    login::{LoginError, ManagedLogin, Tokens},
    testing,
};

type Answers<T> = Mutex<VecDeque<Result<T, LoginError>>>;

/// A managed login that answers what it was told, in order.
#[derive(Default)]
pub(crate) struct FakeLogin {
    pub(crate) key_sets: Answers<Vec<u8>>,
    pub(crate) tokens: Answers<Tokens>,
    /// What was asked, such as `jwks` or `exchange <code>`.
    asked: Mutex<Vec<String>>,
    /// While it is there, key sets are held back until it has a permit.
    gate: Mutex<Option<Arc<Semaphore>>>,
}

impl FakeLogin {
    /// One that answers with this key set the first time.
    pub(crate) fn with_keys(body: Vec<u8>) -> Arc<Self> {
        let fake = Arc::new(Self::default());
        fake.then_keys(Ok(body));
        fake
    }

    pub(crate) fn then_keys(&self, answer: Result<Vec<u8>, LoginError>) {
        self.key_sets.lock().unwrap().push_back(answer);
    }

    pub(crate) fn then_tokens(&self, answer: Result<Tokens, LoginError>) {
        self.tokens.lock().unwrap().push_back(answer);
    }

    /// Holds key sets back, one for each permit that is still to be added.
    pub(crate) fn hold(&self) -> Arc<Semaphore> {
        let gate = Arc::new(Semaphore::new(0));
        *self.gate.lock().unwrap() = Some(Arc::clone(&gate));
        gate
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn ask(&self, what: &str) {
        self.asked.lock().unwrap().push(what.to_owned());
    }
}

/// What there is to say when nothing was prepared.
pub(crate) fn busy() -> LoginError {
    LoginError::Busy("no answer".to_owned())
}

fn next<T>(answers: &Answers<T>) -> Result<T, LoginError> {
    let next = answers.lock().unwrap().pop_front();
    next.unwrap_or_else(|| Err(busy()))
}

#[async_trait]
impl ManagedLogin for FakeLogin {
    async fn exchange(
        &self,
        code: &SecretString,
        verifier: &SecretString,
    ) -> Result<Tokens, LoginError> {
        let (code, verifier) = (code.expose_secret(), verifier.expose_secret());
        self.ask(&format!("exchange {code} {verifier}"));
        next(&self.tokens)
    }

    async fn refresh(&self, refresh_token: &SecretString) -> Result<Tokens, LoginError> {
        self.ask(&format!("refresh {}", refresh_token.expose_secret()));
        next(&self.tokens)
    }

    async fn revoke(&self, refresh_token: &SecretString) -> Result<(), LoginError> {
        self.ask(&format!("revoke {}", refresh_token.expose_secret()));
        Ok(())
    }

    async fn jwks(&self) -> Result<Vec<u8>, LoginError> {
        self.ask("jwks");
        let gate = self.gate.lock().unwrap().clone();
        if let Some(gate) = gate {
            gate.acquire().await.unwrap().forget();
        }
        next(&self.key_sets)
    }
}

/// Real time that stands until it is moved.
pub(crate) struct Hand(Mutex<Timestamp>);

impl Hand {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(testing::now())))
    }

    pub(crate) fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
}

impl RealTime for Hand {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}
