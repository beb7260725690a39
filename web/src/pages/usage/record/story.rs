//! The steps of an hour: counted, sealed, sent, answered. A function of the record, what it is made of, and its sendings.

use control::{metering::Attempt, usage::HourUsage};
use domain::{
    Timestamp,
    metering::{MeteringRecord, RecordState},
    window,
};

use crate::{
    pages::usage::hours::standing,
    ui::{Tone, short},
    words::{local, say},
};

/// How far a step has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Came {
    Done,
    Now,
    Waiting,
    Failed,
}

/// One step of the story.
pub(super) struct Step {
    pub(super) title: String,
    pub(super) came: Came,
    pub(super) words: String,
    pub(super) at: Option<Timestamp>,
}

/// The steps of a record, with how far each has come and what is to be said about it.
pub(super) fn story(
    record: &MeteringRecord,
    usage: &[HourUsage],
    attempts: &[Attempt],
) -> Vec<Step> {
    let is_open = record.state == RecordState::Open;
    let mut steps = vec![counted_step(record, usage), sealed_step(record)];
    if record.state == RecordState::Included {
        steps.push(Step {
            title: say!("usage-story-included"),
            came: Came::Done,
            words: say!("usage-story-included-means"),
            at: None,
        });
        return steps;
    }
    let last = attempts.last();
    steps.push(Step {
        title: say!("usage-story-sent"),
        came: match (attempts.is_empty(), record.state) {
            (false, _) => Came::Done,
            (true, RecordState::Sealed) => Came::Now,
            (true, state) if state.is_alarming() => Came::Failed,
            (true, _) => Came::Waiting,
        },
        words: match (attempts.len(), record.state) {
            (0, RecordState::Sealed) => say!("usage-story-sent-soon"),
            (0, state) if state.is_alarming() => say!("usage-story-sent-never"),
            (0, _) => say!("usage-story-sent-later"),
            (1, _) => say!("usage-story-sent-once"),
            (many, _) => say!("usage-story-sent-times", count = many),
        },
        at: attempts.first().map(|first| first.sent_at),
    });
    let answered = last.and_then(|last| last.answered_at);
    let (came, words, at) = match record.state {
        RecordState::Open | RecordState::Sealed => (
            Came::Waiting,
            say!(
                "usage-story-answer-until",
                until = short(window::deadline(record.hour))
            ),
            None,
        ),
        RecordState::Accepted => (Came::Done, say!("usage-story-answer-accepted"), answered),
        RecordState::Sending => (
            Came::Now,
            record.note.as_deref().map_or_else(
                || say!("usage-story-answer-open"),
                |note| local(note).into_owned(),
            ),
            answered,
        ),
        _ => {
            let (tone, word, note) = standing(record);
            let came = if tone == Tone::Plain {
                Came::Done
            } else {
                Came::Failed
            };
            let words = note.unwrap_or_else(|| say!("usage-story-answer-ended", state = word));
            (came, words, answered.or(Some(record.changed_at)))
        }
    };
    steps.push(Step {
        title: if is_open || record.state == RecordState::Sealed {
            say!("usage-story-accepted")
        } else {
            say!("usage-story-answer")
        },
        came,
        words,
        at,
    });
    steps
}

fn counted_step(record: &MeteringRecord, usage: &[HourUsage]) -> Step {
    let sum = |of: fn(&HourUsage) -> i64| {
        usage
            .iter()
            .fold(0_i64, |sum, used| sum.saturating_add(of(used)))
    };
    let (events, late) = (sum(|used| used.events), sum(|used| used.late));
    let is_open = record.state == RecordState::Open;
    let mut sentences = vec![match (record.quantity, events) {
        (0, _) => say!("usage-story-nothing"),
        (count, 0) => say!("usage-story-units", count = count),
        (count, events) => say!(
            "usage-story-units-in-events",
            count = count,
            events = events
        ),
    }];
    if late > 0 {
        sentences.push(say!("usage-story-late", count = late));
    }
    if is_open {
        sentences.push(say!("usage-story-still-counting"));
    }
    Step {
        title: say!("usage-story-counted"),
        came: if is_open { Came::Now } else { Came::Done },
        words: sentences.join(" "),
        at: None,
    }
}

fn sealed_step(record: &MeteringRecord) -> Step {
    let (came, words) = match (record.state, record.sealed_at) {
        (RecordState::Open, _) => (Came::Waiting, say!("usage-story-sealed-later")),
        (_, Some(_)) => (Came::Done, say!("usage-story-sealed-done")),
        // Of hours that AWS could not be told of any more, and of those from before it was kept.
        (_, None) => (Came::Done, say!("usage-story-sealed-not-kept")),
    };
    Step {
        title: say!("usage-story-sealed"),
        came,
        words,
        at: record.sealed_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::{attempt, record},
        words::Language,
    };
    use domain::usage::{Dimension::Payments, Meter};

    fn came(state: RecordState, attempts: usize) -> Vec<Came> {
        let attempts: Vec<Attempt> = (1..)
            .take(attempts)
            .map(|number| attempt(number, None))
            .collect();
        story(&record(2, Payments, 9, state), &[], &attempts)
            .iter()
            .map(|step| step.came)
            .collect()
    }

    #[test]
    fn a_story_has_come_as_far_as_its_record() {
        use Came::{Done, Failed, Now, Waiting};
        for (state, attempts, expected) in [
            (RecordState::Open, 0, vec![Now, Waiting, Waiting, Waiting]),
            (RecordState::Sealed, 0, vec![Done, Done, Now, Waiting]),
            (RecordState::Sending, 2, vec![Done, Done, Done, Now]),
            (RecordState::Accepted, 3, vec![Done; 4]),
            (RecordState::Expired, 0, vec![Done, Done, Failed, Failed]),
            (RecordState::Conflict, 1, vec![Done, Done, Done, Failed]),
            (RecordState::Included, 0, vec![Done; 3]),
        ] {
            assert_eq!(came(state, attempts), expected, "{state:?}");
        }
    }

    #[test]
    fn an_hour_without_units_has_nothing_to_lose() {
        let record = record(2, Payments, 0, RecordState::NotSubscribed);
        let steps = story(&record, &[], &[attempt(1, Some("CustomerNotSubscribed"))]);
        assert_eq!(steps[3].came, Came::Done);
        assert!(steps[0].words.contains("Nothing was used"));
        assert!(steps[3].words.contains("nothing is to be done"));
    }

    #[test]
    fn units_and_events_are_counted_in_words_of_the_language() {
        for (units, events, late, english, german) in [
            (1, 1, 0, "1 unit in 1 event.", "1 Einheit in 1 Ereignis."),
            (1204, 0, 0, "1,204 units.", "1.204 Einheiten."),
            (
                2,
                2,
                1,
                "2 units in 2 events. 1 unit came too late for an earlier hour, which was sealed already.",
                "2 Einheiten in 2 Ereignissen. 1 Einheit kam zu spät für eine frühere Stunde, die schon versiegelt war.",
            ),
        ] {
            let record = record(2, Payments, units, RecordState::Sealed);
            let used = HourUsage {
                hour: record.hour,
                licence: record.licence,
                dimension: Payments,
                meter: Meter::PaymentApproved,
                events,
                quantity: units,
                late,
            };
            let words = || counted_step(&record, std::slice::from_ref(&used)).words;
            assert_eq!(words(), english);
            assert_eq!(Language::German.with(words), german);
        }
    }
}
