//! The steps of an hour: counted, sealed, sent, answered. A function of the record, what it is made of, and its sendings.

use control::{metering::Attempt, usage::HourUsage};
use domain::{
    Timestamp,
    metering::{MeteringRecord, RecordState},
    window,
};

use crate::{
    pages::usage::hours::standing,
    ui::{Tone, counted},
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
    pub(super) title: &'static str,
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
            title: "In your contract",
            came: Came::Done,
            words:
                "Your contract covers these units: they are counted and shown, and AWS is not told."
                    .to_owned(),
            at: None,
        });
        return steps;
    }
    let last = attempts.last();
    steps.push(Step {
        title: "Sent to AWS",
        came: match (attempts.is_empty(), record.state) {
            (false, _) => Came::Done,
            (true, RecordState::Sealed) => Came::Now,
            (true, state) if state.is_alarming() => Came::Failed,
            (true, _) => Came::Waiting,
        },
        words: match (attempts.len(), record.state) {
            (0, RecordState::Sealed) => "It is sent within minutes.".to_owned(),
            (0, state) if state.is_alarming() => "It was never sent.".to_owned(),
            (0, _) => "It is sent once it is sealed.".to_owned(),
            (1, _) => "Once.".to_owned(),
            (many, _) => {
                format!("{many} times, always the same record: AWS counts it once. The first time:")
            }
        },
        at: attempts.first().map(|first| first.sent_at),
    });
    let answered = last.and_then(|last| last.answered_at);
    let (came, words, at) = match record.state {
        RecordState::Open | RecordState::Sealed => (
            Came::Waiting,
            format!(
                "AWS takes it until {} UTC.",
                window::deadline(record.hour).format("%-d %b, %H:%M")
            ),
            None,
        ),
        RecordState::Accepted => (
            Came::Done,
            "AWS has it, and puts it on the bill.".to_owned(),
            answered,
        ),
        RecordState::Sending => (
            Came::Now,
            record.note.clone().unwrap_or_else(|| {
                "AWS's answer is not known yet. The same record is sent again until it is."
                    .to_owned()
            }),
            answered,
        ),
        _ => {
            let (tone, word, note) = standing(record);
            let came = if tone == Tone::Plain {
                Came::Done
            } else {
                Came::Failed
            };
            let words = note.unwrap_or_else(|| format!("It ended as: {word}."));
            (came, words, answered.or(Some(record.changed_at)))
        }
    };
    steps.push(Step {
        title: if is_open || record.state == RecordState::Sealed {
            "Accepted by AWS"
        } else {
            "AWS's answer"
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
    let units = counted(record.quantity, "unit", "units");
    let is_open = record.state == RecordState::Open;
    let mut sentences = vec![match (record.quantity, events) {
        (0, _) => "Nothing was used.".to_owned(),
        (_, 0) => format!("{units}."),
        _ => format!("{units} in {}.", counted(events, "event", "events")),
    }];
    if late > 0 {
        let late = counted(late, "unit came", "units came");
        sentences.push(format!(
            "{late} too late for an earlier hour, which was sealed already."
        ));
    }
    if is_open {
        sentences.push("It is still counting.".to_owned());
    }
    Step {
        title: "Counted",
        came: if is_open { Came::Now } else { Came::Done },
        words: sentences.join(" "),
        at: None,
    }
}

fn sealed_step(record: &MeteringRecord) -> Step {
    let (came, words) = match (record.state, record.sealed_at) {
        (RecordState::Open, _) => (
            Came::Waiting,
            "Some minutes after the hour is over. From then on its quantity never changes.",
        ),
        (_, Some(_)) => (Came::Done, "From here on its quantity never changed."),
        // Of hours that AWS could not be told of any more, and of those from before it was kept.
        (_, None) => (Came::Done, "It is closed. When it was sealed is not kept."),
    };
    Step {
        title: "Sealed",
        came,
        words: words.to_owned(),
        at: record.sealed_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{attempt, record};
    use domain::usage::Dimension::Payments;

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
}
