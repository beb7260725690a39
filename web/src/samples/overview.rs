//! Sample pages of the overview.

use control::{api_key::KeyCount, metering::Range, user::HeadCount};
use domain::{Mode, key::PublicKey, licence::Pricing, lifecycle::Standing, role::Role};

use super::{
    frame, frame_of, now,
    operator::licence,
    public_key,
    usage::{bill, figures},
};
use crate::{
    pages::{
        overview::{
            attention::Need,
            view::{Overview, Used, view},
        },
        usage::{figure, tiles::Tiles},
    },
    render::html,
    shell::Frame,
    ui::Bar,
};

fn overview() -> Overview {
    let mut figures = figures(Range::Today);
    figures.steps.retain(|step| !step.state.is_alarming());
    figures.week.retain(|total| !total.state.is_alarming());
    let figure = figure::of("today", &figures, Range::Today, None);
    let active = Standing::Active { since: now() };
    Overview {
        frame: Frame {
            mode: Mode::Live,
            ..frame()
        },
        attention: vec![],
        used: Some(Used {
            today: figure.bars.iter().map(Bar::sum).sum(),
            figure,
            ever: true,
            mode: Mode::Live,
            not_taken: Tiles::of(&figures, None).not_taken.units,
            tiles: Tiles::of(&figures, None),
            bill: bill("0.12", 0),
            mark: "000000000000002e".to_owned(),
        }),
        licences: Some(vec![licence(active, Some(Pricing::Subscription))]),
        keys: Some(vec![PublicKey {
            mode: Mode::Live,
            ..public_key()
        }]),
        api_keys: Some(KeyCount {
            in_force: 3,
            never_used: 1,
            last_used_at: Some(now()),
        }),
        people: Some(HeadCount {
            members: 4,
            invited: 1,
            owners: 1,
            owners_invited: 0,
        }),
        done: None,
        now: now(),
    }
}

/// The overview in every state that looks different.
pub(super) fn all() -> Vec<(&'static str, String)> {
    let need = |title: &str, href, label: &str| Need {
        title: title.to_owned(),
        why: "They let you back in if you lose your authenticator.".to_owned(),
        href,
        label: label.to_owned(),
    };
    vec![
        ("overview", html(|| view(overview()))),
        (
            "overview-first-day",
            html(|| {
                let mut page = overview();
                let mut nothing = figures(Range::Today);
                nothing.steps.clear();
                nothing.week.clear();
                nothing.present.clear();
                page.used = page.used.map(|used| Used {
                    figure: figure::of("today", &nothing, Range::Today, None),
                    today: 0,
                    ever: false,
                    mode: Mode::Test,
                    not_taken: 0,
                    tiles: Tiles::of(&nothing, None),
                    bill: crate::pages::usage::bill::Bill::of(
                        nothing.hour,
                        &[],
                        &control::config::PricesConfig::default(),
                        false,
                    ),
                    ..used
                });
                view(Overview {
                    attention: vec![
                        need(
                            "You have no recovery codes",
                            "/account#recovery-codes",
                            "Make recovery codes",
                        ),
                        need(
                            "You are the only owner",
                            "/people#invite",
                            "Invite an owner",
                        ),
                    ],
                    api_keys: Some(KeyCount {
                        in_force: 0,
                        never_used: 0,
                        last_used_at: None,
                    }),
                    people: Some(HeadCount {
                        members: 1,
                        invited: 0,
                        owners: 1,
                        owners_invited: 0,
                    }),
                    done: Some("The subscription is part of this account now.".to_owned()),
                    ..page
                })
            }),
        ),
        (
            "overview-auditor",
            html(|| {
                view(Overview {
                    frame: frame_of(Role::Auditor),
                    ..overview()
                })
            }),
        ),
        // No role is like this today: what may not be seen leaves no hole.
        (
            "overview-least",
            html(|| {
                view(Overview {
                    used: None,
                    licences: None,
                    keys: None,
                    api_keys: None,
                    people: None,
                    ..overview()
                })
            }),
        ),
    ]
}
