//! Requests that change the same thing at the same time are done together, in one transaction, by the one whose turn it is. They would
//! wait for each other's locks and commits otherwise, and each commit is a write to the disk.
//! Invariant: nobody depends on another's request. Whoever's turn ends early, because its caller went away, leaves what it had taken to
//! those who wait for it, and each of them begins again. If a run fails, whoever waits then hears it too: the database is away for them all,
//! and nobody waits for that a second time.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

/// What waits, by the thing that it changes. In each process there is one for each kind of change.
#[derive(Debug)]
pub(crate) struct Gather<T, O, E> {
    queues: Mutex<Queues<T, O, E>>,
}

type Queues<T, O, E> = HashMap<String, Arc<Queue<T, O, E>>>;

/// An item, and whom to tell what became of it.
type Waiting<T, O, E> = (T, oneshot::Sender<Result<O, E>>);

#[derive(Debug)]
struct Queue<T, O, E> {
    waiting: Mutex<VecDeque<Waiting<T, O, E>>>,
    turn: tokio::sync::Mutex<()>,
}

/// A place in a queue; the last to leave takes the queue away.
struct Seat<'a, T, O, E> {
    gather: &'a Gather<T, O, E>,
    key: &'a str,
    queue: Arc<Queue<T, O, E>>,
}

impl<T, O, E> Default for Gather<T, O, E> {
    fn default() -> Self {
        Self {
            queues: Mutex::default(),
        }
    }
}

impl<T: Clone, O, E: Clone> Gather<T, O, E> {
    /// Runs `item` together with whatever else waits under that key, in the order they came, as long as their weights are no more than
    /// `most` together; `run` answers as many outcomes as it is given items.
    ///
    /// # Errors
    /// That of the run it was part of or waited for.
    pub(crate) async fn together<F>(
        &self,
        key: &str,
        item: T,
        (weigh, most): (impl Fn(&T) -> usize, usize),
        run: impl Fn(Vec<T>) -> F,
    ) -> Result<O, E>
    where
        F: Future<Output = Result<Vec<O>, E>>,
    {
        let seat = self.seat(key);
        let queue = &*seat.queue;
        loop {
            let (reply, mut answer) = oneshot::channel();
            held(&queue.waiting).push_back((item.clone(), reply));
            loop {
                let _turn = tokio::select! {
                    biased;
                    answered = &mut answer => match answered {
                        Ok(outcome) => return outcome,
                        // Whoever had taken it is gone.
                        Err(_) => break,
                    },
                    turn = queue.turn.lock() => turn,
                };
                let (items, replies): (Vec<T>, Vec<_>) =
                    queue.take(&weigh, most).into_iter().unzip();
                if items.is_empty() {
                    continue;
                }
                // Who does not wait any more needs no answer.
                match run(items).await {
                    Ok(outcomes) => {
                        for (reply, outcome) in replies.into_iter().zip(outcomes) {
                            let _ = reply.send(Ok(outcome));
                        }
                    }
                    Err(error) => {
                        let behind = held(&queue.waiting).split_off(0);
                        let behind = behind.into_iter().map(|(_, reply)| reply);
                        for reply in replies.into_iter().chain(behind) {
                            let _ = reply.send(Err(error.clone()));
                        }
                    }
                }
            }
        }
    }

    fn seat<'a>(&'a self, key: &'a str) -> Seat<'a, T, O, E> {
        let mut queues = held(&self.queues);
        let queue = queues.entry(key.to_owned()).or_insert_with(|| {
            Arc::new(Queue {
                waiting: Mutex::default(),
                turn: tokio::sync::Mutex::default(),
            })
        });
        Seat {
            gather: self,
            key,
            queue: Arc::clone(queue),
        }
    }
}

impl<T, O, E> Queue<T, O, E> {
    /// Those at the front that are still waited for.
    fn take(&self, weigh: impl Fn(&T) -> usize, most: usize) -> Vec<Waiting<T, O, E>> {
        let mut waiting = held(&self.waiting);
        waiting.retain(|(_, reply)| !reply.is_closed());
        let (mut taken, mut weight) = (Vec::new(), 0);
        while let Some((item, _)) = waiting.front() {
            weight += weigh(item);
            if weight > most && !taken.is_empty() {
                break;
            }
            taken.extend(waiting.pop_front());
        }
        taken
    }
}

impl<T, O, E> Drop for Seat<'_, T, O, E> {
    fn drop(&mut self) {
        let mut queues = held(&self.gather.queues);
        // The map's and ours: seats are given with the map in hand, so nobody takes one meanwhile.
        if Arc::strong_count(&self.queue) == 2 {
            queues.remove(self.key);
        }
    }
}

/// Whoever panicked with it left it whole: each change of it is one call.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
