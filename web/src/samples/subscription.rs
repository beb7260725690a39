//! Sample pages of what was bought.

use chrono::Duration;
use control::licence::Answer;
use domain::{licence::Pricing, lifecycle::Standing, marketplace::Entitlement, role::Role};

use super::{ended::ended_frame, frame, frame_of, now, operator::licence, usage::bill};
use crate::{
    pages::subscription::{Bought, Subscription, view},
    render::html,
};

/// The page in every state that looks different.
pub(super) fn all() -> Vec<(&'static str, String)> {
    let ended = || {
        let standing = Standing::Ended {
            since: Some(now() - Duration::days(90)),
            at: now(),
        };
        let mut ended = licence(standing, Some(Pricing::Subscription));
        ended.free_trial = true;
        ended
    };
    let active = || {
        let mut contract = licence(Standing::Active { since: now() }, Some(Pricing::Contract));
        contract.id = domain::id::LicenceId::from_uuid(uuid::Uuid::from_u128(9));
        contract
    };
    let entitled = |found| Answer { at: now(), found };
    let waiting = || licence(Standing::Unconfirmed, None);
    vec![
        (
            "subscription",
            html(|| {
                view(Subscription {
                    frame: frame(),
                    licences: vec![
                        Bought {
                            licence: active(),
                            bill: Some(bill("0.12", 240)),
                            entitled: Some(entitled(Ok(vec![Entitlement {
                                dimension: "payments_included".to_owned(),
                                value: "5000".to_owned(),
                                expires_at: Some(now() + Duration::days(300)),
                            }]))),
                        },
                        Bought {
                            licence: ended(),
                            bill: Some(bill("0.12", 0)),
                            entitled: None,
                        },
                    ],
                })
            }),
        ),
        (
            "subscription-waiting",
            html(|| {
                view(Subscription {
                    frame: frame_of(Role::Auditor),
                    licences: vec![Bought {
                        licence: waiting(),
                        bill: Some(bill("", 0)),
                        entitled: Some(entitled(Err(
                            "Asked what the licence entitles to, AWS Marketplace answered ThrottlingException."
                                .to_owned(),
                        ))),
                    }],
                })
            }),
        ),
        (
            "ended-subscription",
            html(|| {
                view(Subscription {
                    frame: ended_frame(),
                    licences: vec![Bought {
                        licence: ended(),
                        bill: None,
                        entitled: None,
                    }],
                })
            }),
        ),
    ]
}
