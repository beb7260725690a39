//! The first page of an account that is set up: what needs somebody, what is used, and how the account stands.
//! What a role may not see is not asked for.

pub(crate) mod attention;
pub(crate) mod view;

use axum::{http::StatusCode, response::Response};
use control::{
    live,
    metering::{self, Range},
    session::Account,
};
use domain::{
    Error,
    key::{KeyState, PublicKey},
    live::Topic,
    policy::Action,
};

use self::{
    attention::Facts,
    view::{Overview, Used},
};
use super::{
    setup::{Prompts, is_only_owner},
    usage::{bill::Bill, figure, tiles::Tiles},
};
use crate::{reader::Visitor, render, shell::Frame, ui::Bar};

/// The answer of `/` to whoever may see the account.
pub(super) async fn page(
    visitor: &Visitor,
    (frame, account): (Frame, Account),
    done: Option<String>,
) -> Result<Response, Error> {
    let (cx, tenant) = (&visitor.cx, visitor.tenant);
    let used = if frame.may(Action::ReadUsage) {
        Some(used(visitor).await?)
    } else {
        None
    };
    let keys = if frame.may(Action::ReadKeys) {
        Some(control::public_key::list(cx, tenant).await?)
    } else {
        None
    };
    let keys = keys.map(in_use);
    let api_keys = if frame.may(Action::ReadApiKeys) {
        Some(control::api_key::count(cx, tenant, visitor.mode).await?)
    } else {
        None
    };
    let people = if frame.may(Action::ReadUsers) {
        Some(control::user::count(cx, tenant).await?)
    } else {
        None
    };
    let second_owner = people
        .as_ref()
        .is_some_and(|people| is_only_owner(frame.role(), people));
    let attention = attention::all(&Facts {
        prompts: Prompts {
            second_owner,
            recovery_codes: account.recovery_codes == 0,
        },
        not_taken: used.as_ref().map(|used| used.not_taken),
        keys: keys.as_deref().unwrap_or_default(),
        now: cx.now(),
    });
    let page = Overview {
        attention,
        used,
        licences: if frame.may(Action::ReadAgreements) {
            Some(control::tenant::agreements(cx, tenant).await?)
        } else {
            None
        },
        keys: keys.map(|mut keys| {
            keys.retain(|key| key.mode == visitor.mode);
            keys
        }),
        api_keys,
        people,
        now: cx.now(),
        frame,
        done,
    };
    Ok(render::page(StatusCode::OK, || view::view(page)))
}

async fn used(visitor: &Visitor) -> Result<Used, Error> {
    let (cx, tenant) = (&visitor.cx, visitor.tenant);
    let mark = live::mark(cx, tenant, Topic::Usage).await?;
    let figures = metering::figures(cx, tenant, Range::Today, Some(visitor.mode), None).await?;
    let prices = &cx.app().config.marketplace.prices;
    let figure = figure::of("today", &figures, Range::Today, None);
    Ok(Used {
        mark,
        today: figure
            .bars
            .iter()
            .map(Bar::sum)
            .fold(0, i64::saturating_add),
        ever: figures
            .week
            .iter()
            .chain(&figures.present)
            .chain(&figures.month)
            .any(|total| total.quantity > 0),
        figure,
        mode: visitor.mode,
        tiles: Tiles::of(&figures, Some(visitor.mode)),
        not_taken: Tiles::of(&figures, None).not_taken.units,
        bill: Bill::of(figures.hour, &figures.month, prices, figures.trial),
    })
}

fn in_use(mut keys: Vec<PublicKey>) -> Vec<PublicKey> {
    keys.retain(|key| key.state != KeyState::Retired);
    keys
}
