//! Sample pages of the set-up, which is the first page of most.

use domain::{
    lifecycle::Standing,
    registration::{Step, StepState},
    role::Role,
};

use super::{frame, frame_of, now, step, tenant};
use crate::{
    pages::setup::{Prompts, Setup, Subscription},
    render,
};

pub(super) fn setup(states: [StepState; 5]) -> Setup {
    let done = states[2] == StepState::Done;
    Setup {
        frame: frame(),
        steps: Step::ALL
            .into_iter()
            .zip(states)
            .chain(Step::WIRING.map(|step| (step, StepState::Waiting)))
            .map(|(name, state)| step(name, state))
            .collect(),
        subscriptions: vec![Subscription {
            words: if done {
                "AWS account ending 4417, pay as you go".to_owned()
            } else {
                "AWS account ending 4417".to_owned()
            },
            standing: match states[2] {
                StepState::Done => Standing::Active { since: now() },
                _ => Standing::Unconfirmed,
            },
            agreement: done.then(|| "agmt-7f2c41d09b3e4a55".to_owned()),
        }],
        tenant: tenant().to_string(),
        owners: vec!["ann@harbour.example".to_owned()],
        more_owners: 0,
        prompts: Prompts::default(),
        done: None,
        now: now(),
        mark: "000000000000001f".to_owned(),
    }
}

/// The first page, in every state that looks different.
pub(super) fn all() -> Vec<(&'static str, String)> {
    use StepState::{Done, Failed, Waiting};
    use render::html;
    vec![
        (
            "setup-begun",
            html(|| crate::pages::setup::view(setup([Done, Waiting, Waiting, Failed, Waiting]))),
        ),
        (
            "setup-last-check",
            html(|| crate::pages::setup::view(setup([Done, Done, Done, Done, Waiting]))),
        ),
        (
            "setup-done",
            html(|| {
                crate::pages::setup::view(Setup {
                    prompts: Prompts {
                        second_owner: true,
                        recovery_codes: true,
                    },
                    ..setup([Done; 5])
                })
            }),
        ),
        (
            "setup-second",
            html(|| {
                let mut page = setup([Done, Waiting, Waiting, Done, Waiting]);
                page.subscriptions.push(Subscription {
                    words: "AWS account ending 9903, contract".to_owned(),
                    standing: Standing::Active { since: now() },
                    agreement: Some("agmt-1b3e4a557f2c41d0".to_owned()),
                });
                page.owners = ["ann", "ola", "ben"]
                    .map(|name| format!("{name}@harbour.example"))
                    .to_vec();
                page.more_owners = 1;
                crate::pages::setup::view(page)
            }),
        ),
        (
            "setup-auditor",
            html(|| {
                let mut page = setup([Done; 5]);
                // Everything is done, by their own systems too.
                for record in &mut page.steps[5..] {
                    *record = step(record.step, Done);
                }
                crate::pages::setup::view(Setup {
                    frame: frame_of(Role::Auditor),
                    ..page
                })
            }),
        ),
    ]
}
