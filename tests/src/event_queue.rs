//! The event queue, played: at least once, unordered. What is not deleted comes again after half a minute of real time.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use chrono::Duration;
use domain::{
    Timestamp,
    event_queue::{EventQueue, QueueError, QueueMessage},
};

use crate::{clock::TestClock, random::Random};

/// How long a delivery hides its message.
pub const VISIBILITY: Duration = Duration::seconds(30);

/// The queue, played.
#[derive(Debug)]
pub struct FakeEventQueue {
    clock: TestClock,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    messages: VecDeque<Stored>,
    made: usize,
    receipts: HashSet<String>,
    receives_fail: usize,
    deletes_fail: usize,
    deletes_lose_the_answer: usize,
    deliver_twice: bool,
    shuffle: bool,
    random: Random,
    unexpected: Vec<String>,
}

#[derive(Debug)]
struct Stored {
    id: String,
    body: String,
    visible_at: Timestamp,
    receipts: Vec<String>,
    copies: usize,
}

impl FakeEventQueue {
    /// An empty queue.
    pub fn new(clock: TestClock, seed: u64) -> Self {
        let state = State {
            messages: VecDeque::new(),
            made: 0,
            receipts: HashSet::new(),
            receives_fail: 0,
            deletes_fail: 0,
            deletes_lose_the_answer: 0,
            deliver_twice: false,
            shuffle: false,
            random: Random::seeded(seed),
            unexpected: Vec::new(),
        };
        Self {
            clock,
            state: Mutex::new(state),
        }
    }

    /// Puts a message in.
    pub fn put(&self, body: impl Into<String>) {
        let mut state = self.state();
        state.made += 1;
        let message = Stored {
            id: format!("message-{}", state.made),
            body: body.into(),
            visible_at: Timestamp::UNIX_EPOCH,
            receipts: Vec::new(),
            copies: 1 + usize::from(state.deliver_twice),
        };
        state.messages.push_back(message);
    }

    /// Every message from now on comes at least twice.
    pub fn delivers_twice(&self) {
        self.state().deliver_twice = true;
    }

    /// Messages come in any order from now on.
    pub fn reorders(&self) {
        self.state().shuffle = true;
    }

    /// The next `times` receives fail.
    pub fn receives_fail(&self, times: usize) {
        self.state().receives_fail = times;
    }

    /// The next `times` deletes fail without effect.
    pub fn deletes_fail(&self, times: usize) {
        self.state().deletes_fail = times;
    }

    /// The next `times` deletes take effect, and their answers are lost.
    pub fn deletes_lose_the_answer(&self, times: usize) {
        self.state().deletes_lose_the_answer = times;
    }

    /// How many messages are not deleted.
    pub fn left(&self) -> usize {
        self.state().messages.len()
    }

    /// Calls that nobody has any business making.
    pub fn unexpected(&self) -> Vec<String> {
        self.state().unexpected.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl EventQueue for FakeEventQueue {
    async fn receive(&self) -> Result<Vec<QueueMessage>, QueueError> {
        tokio::task::yield_now().await;
        let now = self.clock.real_now();
        let mut guard = self.state();
        let state = &mut *guard;
        if state.receives_fail > 0 {
            state.receives_fail -= 1;
            return Err(QueueError("out of reach".to_owned()));
        }
        if state.shuffle {
            state.random.shuffle(state.messages.make_contiguous());
        }
        let mut given = Vec::new();
        for message in state
            .messages
            .iter_mut()
            .filter(|message| message.visible_at <= now)
            .take(10)
        {
            let receipt = format!("{}#{}", message.id, message.receipts.len() + 1);
            message.receipts.push(receipt.clone());
            state.receipts.insert(receipt.clone());
            message.copies = message.copies.saturating_sub(1);
            if message.copies == 0 {
                message.visible_at = now + VISIBILITY;
            }
            given.push(QueueMessage {
                message_id: message.id.clone(),
                receipt,
                body: message.body.clone(),
            });
        }
        Ok(given)
    }

    async fn delete(&self, messages: &[QueueMessage]) -> Result<(), QueueError> {
        tokio::task::yield_now().await;
        let mut guard = self.state();
        let state = &mut *guard;
        if state.deletes_fail > 0 {
            state.deletes_fail -= 1;
            return Err(QueueError("the delete was lost".to_owned()));
        }
        for message in messages {
            if !state.receipts.contains(&message.receipt) {
                state.unexpected.push(format!(
                    "a delete of what was never received: {}",
                    message.receipt
                ));
            }
            // A message of which more copies are on their way survives its first delete.
            state
                .messages
                .retain(|stored| stored.copies > 0 || !stored.receipts.contains(&message.receipt));
        }
        if state.deletes_lose_the_answer > 0 {
            state.deletes_lose_the_answer -= 1;
            return Err(QueueError("the answer to the delete was lost".to_owned()));
        }
        Ok(())
    }
}
