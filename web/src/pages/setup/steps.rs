//! The steps of a registration as they are shown: to its buyer on `/welcome`, and to members on `/setup`.

use domain::registration::{Step, StepRecord, StepState};
use leptos::prelude::*;

use crate::{
    ui::{Kind, LinkButton, Pill, Standing, Step as Item, Steps, Tone, When},
    words::{local, say},
};

/// To whom the steps are shown, which decides where they lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// To the buyer, who is not signed in and sees no other page.
    Buyer,
    /// To a member.
    Member,
}

/// Whether looking again makes sense: something is under way that waits neither for the reader nor for a new subscription.
pub(crate) fn is_moving(steps: &[StepRecord], named: bool) -> bool {
    let state = |step| {
        steps
            .iter()
            .find(|record| record.step == step)
            .map_or(StepState::Waiting, |record| record.state)
    };
    let done = |step| state(step) == StepState::Done;
    if done(Step::Activation) || state(Step::Licence) == StepState::Failed {
        return false;
    }
    !done(Step::Licence) || !done(Step::KeyPair) || named
}

/// Whether we have done our part, whatever the tenant's own systems do yet.
pub(crate) fn is_ready(steps: &[StepRecord]) -> bool {
    let mut ours = steps.iter().filter(|record| is_ours(record.step));
    ours.all(|record| record.state == StepState::Done)
}

fn is_ours(step: Step) -> bool {
    Step::ALL.contains(&step)
}

/// What to do about a step, in the words of the API's `help`, where the page has no button for it.
fn help(step: Step, state: StepState) -> Option<String> {
    match (step, state) {
        (_, StepState::Done) | (Step::Administrator, _) => None,
        (Step::Licence, StepState::Waiting) => Some(say!("setup-licence-waiting")),
        (Step::Licence | Step::Activation, StepState::Failed) => Some(say!("setup-licence-failed")),
        (Step::Activation, StepState::Waiting) => Some(say!("setup-follows")),
        (Step::ApiKey, _) => Some(say!("setup-next-make-how")),
        (Step::Usage, StepState::Waiting) => Some(say!("setup-next-usage-how")),
        (Step::Usage, StepState::Failed) => Some(say!("setup-usage-failed")),
        _ => Some(say!("setup-tried-again")),
    }
}

/// Whether a step's help says more than that it goes on by itself.
const fn is_own(step: Step, state: StepState) -> bool {
    matches!((step, state), (Step::Licence, _) | (_, StepState::Failed))
}

/// Whether only the last step is left, which waits for nobody and nothing.
fn is_last_check(steps: &[StepRecord]) -> bool {
    let mut ours = steps.iter().filter(|record| is_ours(record.step));
    ours.all(|record| match record.step {
        Step::Activation => record.state == StepState::Waiting,
        _ => record.state == StepState::Done,
    })
}

/// How far it is, in numbers and in words.
pub(crate) struct SoFar {
    pub(crate) finished: usize,
    pub(crate) total: usize,
    pub(crate) words: String,
}

impl SoFar {
    pub(crate) fn of(steps: &[StepRecord]) -> Self {
        let total = steps.len();
        let finished = steps
            .iter()
            .filter(|record| record.state == StepState::Done)
            .count();
        let words = if is_last_check(steps) {
            say!("setup-last-check")
        } else {
            say!("setup-so-far", done = finished, all = total)
        };
        Self {
            finished,
            total,
            words,
        }
    }

    pub(crate) const fn is_all(&self) -> bool {
        self.finished == self.total
    }
}

/// The list; `first` is whether what the reader does next is the page's first action, and nothing else on it is.
pub(crate) fn list(mut steps: Vec<StepRecord>, side: Side, first: bool) -> impl IntoView {
    let last_check = is_last_check(&steps);
    let last = steps
        .iter_mut()
        .find(|record| last_check && record.step == Step::Activation);
    if let Some(last) = last {
        last.message = say!("setup-last-check");
    }
    let current = steps
        .iter()
        .position(|record| record.state == StepState::Waiting);
    let steps = steps.into_iter().enumerate().map(move |(index, record)| {
        let is_current = Some(index) == current;
        let help = help(record.step, record.state)
            .filter(|_| !last_check && (is_current || is_own(record.step, record.state)));
        step(index + 1, (is_current, first), record, help, side)
    });
    view! { <Steps>{steps.collect_view()}</Steps> }
}

fn step(
    number: usize,
    (current, first): (bool, bool),
    record: StepRecord,
    help: Option<String>,
    side: Side,
) -> impl IntoView {
    let (standing, tone) = match record.state {
        StepState::Done => (Standing::Done, Tone::Ok),
        StepState::Failed => (Standing::Failed, Tone::Bad),
        StepState::Waiting if current => (Standing::Now, Tone::Wait),
        StepState::Waiting => (Standing::Later, Tone::Plain),
    };
    let action = match (record.step, record.state, side) {
        (Step::Administrator, _, Side::Member) => Some(("/people", say!("overview-people-see"))),
        (Step::KeyPair, StepState::Done, Side::Member) => {
            Some(("/keys", say!("setup-next-keys-do")))
        }
        (Step::ApiKey, _, Side::Member) => Some(("/api-keys", say!("overview-api-keys-see"))),
        (Step::Usage, _, Side::Member) => Some(("/usage", say!("overview-chart-see"))),
        _ => None,
    };
    let kind = if current && first {
        Kind::Primary
    } else {
        Kind::Usual
    };
    let action = action
        .map(|(href, label)| view! { <LinkButton href=href label=label kind=kind/> }.into_any());
    let checked = view! { <When at=record.checked_at/> };
    let state = view! { <Pill tone=tone word=local(record.state.as_str())/> };
    view! {
        <Item
            number=number
            standing=standing
            title=local(record.step.title())
            state=state.into_any()
            action=action
        >
            <p class="note">{local(&record.message).into_owned()}</p>
            {help.map(|help| view! { <p class="note">{help}</p> })}
            <p class="note small">{say!("setup-checked"; at = checked)}</p>
        </Item>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use StepState::{Done, Failed, Waiting};

    #[test]
    fn the_page_looks_again_only_while_something_moves_by_itself() {
        for (states, named, moving) in [
            ([Done, Waiting, Waiting, Waiting, Waiting], false, true),
            ([Done, Waiting, Done, Waiting, Waiting], false, true),
            // Only the reader can go on from here.
            ([Done, Waiting, Done, Done, Waiting], false, false),
            ([Done, Waiting, Done, Done, Waiting], true, true),
            ([Done, Done, Done, Done, Waiting], true, true),
            ([Done, Done, Done, Failed, Waiting], true, true),
            ([Done, Done, Failed, Done, Waiting], true, false),
            ([Done, Done, Done, Done, Done], true, false),
        ] {
            let steps: Vec<_> = Step::ALL
                .into_iter()
                .zip(states)
                .map(|(step, state)| crate::samples::step(step, state))
                .collect();
            assert_eq!(is_moving(&steps, named), moving, "{states:?}");
        }
    }
}
