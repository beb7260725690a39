//! Sample pages of what was bought.

use chrono::Duration;
use domain::{licence::Pricing, lifecycle::Standing, role::Role};

use super::{ended::ended_frame, frame, frame_of, now, operator::licence, usage::bill};
use crate::{
    pages::subscription::{Subscription, view},
    render::html,
};

/// The page in every state that looks different.
pub(super) fn all() -> Vec<(&'static str, String)> {
    let ended = || {
        let standing = Standing::Ended {
            since: Some(now() - Duration::days(90)),
            at: now(),
        };
        licence(standing, Some(Pricing::Subscription))
    };
    let active = || {
        let mut contract = licence(Standing::Active { since: now() }, Some(Pricing::Contract));
        contract.id = domain::id::LicenceId::from_uuid(uuid::Uuid::from_u128(9));
        contract
    };
    let waiting = || licence(Standing::Unconfirmed, None);
    vec![
        (
            "subscription",
            html(|| {
                view(Subscription {
                    frame: frame(),
                    licences: vec![
                        (active(), Some(bill("0.12", 240))),
                        (ended(), Some(bill("0.12", 0))),
                    ],
                })
            }),
        ),
        (
            "subscription-waiting",
            html(|| {
                view(Subscription {
                    frame: frame_of(Role::Auditor),
                    licences: vec![(waiting(), Some(bill("", 0)))],
                })
            }),
        ),
        (
            "ended-subscription",
            html(|| {
                view(Subscription {
                    frame: ended_frame(),
                    licences: vec![(ended(), None)],
                })
            }),
        ),
    ]
}
