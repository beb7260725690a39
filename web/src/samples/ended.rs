//! Sample pages of a tenant whose subscription has ended.

use domain::{lifecycle::Standing, registration::StepState};

use super::{api_keys, frame, keys, now, setup::setup, usage::usage_page};
use crate::{
    pages::{
        api_keys::view as api_keys_view,
        keys::Keys,
        setup::Setup,
        usage::{tiles::Tiles, view as usage},
    },
    render,
    shell::Frame,
};

pub(super) fn ended_frame() -> Frame {
    Frame {
        ended: Some(now()),
        ..frame()
    }
}

/// The pages of a tenant whose subscription has ended.
/// Every page that looks different then.
pub(super) fn all() -> Vec<(&'static str, String)> {
    use StepState::Done;
    use render::html;
    vec![
        (
            "ended-setup",
            html(|| {
                let mut page = setup([Done; 5]);
                page.subscriptions[0].standing = Standing::Ended {
                    since: None,
                    at: now(),
                };
                crate::pages::setup::view(Setup {
                    frame: ended_frame(),
                    ..page
                })
            }),
        ),
        (
            "ended-welcome",
            html(|| crate::pages::welcome::view::ended(now(), frame().support)),
        ),
        (
            "ended-keys",
            html(|| {
                crate::pages::keys::view(Keys {
                    frame: ended_frame(),
                    ..keys()
                })
            }),
        ),
        (
            "ended-keys-none",
            html(|| {
                crate::pages::keys::view(Keys {
                    frame: ended_frame(),
                    held: vec![],
                    ..keys()
                })
            }),
        ),
        (
            "ended-api-keys",
            html(|| {
                api_keys_view::view(api_keys_view::ApiKeys {
                    frame: ended_frame(),
                    ..api_keys()
                })
            }),
        ),
        (
            "ended-usage",
            html(|| {
                let page = usage_page();
                usage::view(usage::Usage {
                    frame: ended_frame(),
                    tiles: Tiles {
                        used: 0,
                        ..page.tiles
                    },
                    ..page
                })
            }),
        ),
    ]
}
