//! What tills send: usage of now, of late, of the edges of hours, repeated, changed under the same id, and of another tenant's licence.

use chrono::{Duration, Timelike};
use domain::{Mode, Timestamp, time::rfc3339};
use serde_json::{Value, json};

use super::{
    choose::whole,
    truth::{Buyer, Content, Sending},
    work::{self, Batch},
    world::World,
};

impl World {
    /// A till sends a batch: new events and old ones, of now, of late, of the edges of hours, and some that are another tenant's.
    pub(super) async fn uses(&mut self, process: usize) {
        let Some(sender) = self.any_buyer() else {
            return;
        };
        let Some((tenant, _)) = self.truth.buyers[sender].registered else {
            return;
        };
        let mode = if self.random.percent(10) {
            Mode::Test
        } else {
            Mode::Live
        };
        let mut batch = Batch {
            tenant,
            mode,
            sendings: Vec::new(),
            events: Vec::new(),
        };
        for _ in 0..=self.random.below(4) {
            let (number, content) = if self.random.percent(30) {
                self.an_old_sending(sender, mode)
            } else {
                None
            }
            .unwrap_or_else(|| self.a_new_sending(sender, mode));
            let sending = &mut self.truth.sendings[number];
            sending.unheard += 1;
            batch
                .events
                .push(event(sending, &content, &self.truth.buyers));
            batch.sendings.push((number, content));
        }
        let name = format!("{} events of buyer{sender}", batch.events.len());
        let work = work::record(&self.processes[process].app, batch);
        self.begin(process, name, work).await;
    }

    /// One that was sent before, unchanged or with another quantity under the same id.
    fn an_old_sending(&mut self, sender: usize, mode: Mode) -> Option<(usize, Content)> {
        let dimension =
            |content: &Content| (content.dimension == "test_payments") == (mode == Mode::Test);
        let old: Vec<usize> = (0..self.truth.sendings.len())
            .filter(|number| {
                let sending = &self.truth.sendings[*number];
                sending.buyer == sender && !sending.foreign && dimension(&sending.contents[0])
            })
            .collect();
        if old.is_empty() {
            return None;
        }
        let number = old[self.below(old.len())];
        let changed = self.random.percent(10).then(|| self.random.below(9));
        let sending = &mut self.truth.sendings[number];
        let mut content = sending.contents[0].clone();
        if let Some(quantity) = changed {
            content.quantity = whole(quantity);
            sending.contents.push(content.clone());
        }
        Some((number, content))
    }

    fn a_new_sending(&mut self, sender: usize, mode: Mode) -> (usize, Content) {
        let dimension = match mode {
            Mode::Test => "test_payments",
            Mode::Live => *self.random.one_of(&["payments", "payments", "captures"]),
        };
        let content = Content {
            dimension,
            time: self.a_moment(),
            quantity: whole(self.random.below(9)),
        };
        let other = self.random.percent(8).then(|| self.any_buyer()).flatten();
        let buyer = other.unwrap_or(sender);
        let number = self.truth.sendings.len();
        self.truth.sendings.push(Sending {
            buyer,
            source: "urn:shop".to_owned(),
            id: format!("event-{number}"),
            contents: vec![content.clone()],
            accepted: None,
            known: false,
            unheard: 0,
            foreign: buyer != sender,
        });
        (number, content)
    }

    /// When usage happened: mostly just now, often at an hour's edge, sometimes long ago.
    fn a_moment(&mut self) -> Timestamp {
        let now = self.clock.now();
        let edge = hour_of(now);
        match self.random.below(10) {
            0 => edge,
            1 => edge - Duration::milliseconds(1),
            2 => edge + Duration::hours(1) - Duration::milliseconds(1),
            3 => edge - Duration::minutes(whole(self.random.below(360))),
            4 if self.random.percent(30) => now - Duration::hours(whole(self.random.below(350))),
            5 => now + Duration::minutes(4),
            _ => now - Duration::seconds(whole(self.random.below(600))),
        }
    }
}

fn event(sending: &Sending, content: &Content, buyers: &[Buyer]) -> Value {
    let meter = match content.dimension {
        "captures" => "payphone.capture.completed",
        _ => "payphone.payment.approved",
    };
    json!({
        "specversion": "1.0", "id": sending.id, "source": sending.source, "type": meter,
        "subject": buyers[sending.buyer].license.as_str(), "time": rfc3339(content.time),
        "data": {"quantity": content.quantity},
    })
}

/// The hour that a moment is in.
pub(super) fn hour_of(at: Timestamp) -> Timestamp {
    let whole = at.with_minute(0).and_then(|at| at.with_second(0));
    whole
        .and_then(|at| at.with_nanosecond(0))
        .expect("a whole hour")
}
