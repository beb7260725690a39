//! Forgotten passwords: an address, a code by mail, a new password.
//!
//! Source: API reference of `ForgotPassword` and `ConfirmForgotPassword`; with *prevent user existence errors* the page is the same whether
//! the address is known or not. A user who never signed in gets no code: the administrator resends the invitation.
//! Invariant: a code is good for one hour, one use and five wrong tries.

use std::collections::BTreeMap;

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    response::Response,
};

use super::{
    authorize, member, members,
    pages::{self, Screen},
    steps,
};
use crate::{
    cognito::{
        mail,
        state::{Login, PoolEntry, Status, Step, User},
    },
    server::App,
    sim::{Change, Sim},
};

const TRIES: u32 = 5;

/// `GET /forgotPassword?…`: asks for the address.
pub(super) async fn show(State(sim): State<App>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    match sim.read(|w| authorize::check(&sim, w, &query)) {
        Ok(asked) => pages::forgot(&sim, &asked.request),
        Err(bad) => bad.response(&sim),
    }
}

/// `POST /forgotPassword?…` with `username`: mails a code where that is possible.
pub(super) async fn send(
    State(sim): State<App>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let query = query.unwrap_or_default();
    let form = members(&body);
    let name = member(&form, "username").unwrap_or_default().trim();
    let screen = sim
        .change(|c| {
            let request = authorize::check(&sim, c, &query)?.request;
            let entitled = c
                .pool
                .find(name)
                .filter(|u| u.enabled && u.status != Status::ForceChangePassword)
                .filter(|u| u.email_verified())
                .cloned();
            if let Some(mut user) = entitled {
                mail::reset_code(&sim, c, &mut user);
                PoolEntry::User(user).put(c);
            }
            let login = steps::begin(&sim, c, name, Step::Reset, &request);
            Ok(Screen::Reset(login, None))
        })
        .await;
    match screen {
        Ok(screen) => pages::render(&sim, screen),
        Err(bad) => authorize::Bad::response(bad, &sim),
    }
}

/// `POST /confirmforgotPassword` with `session`, `code`, `password` and `confirm_password`.
pub(super) async fn confirm(State(sim): State<App>, body: Bytes) -> Response {
    let form = members(&body);
    let screen = sim
        .change(|c| {
            let session = member(&form, "session").unwrap_or_default();
            let Some(login) = steps::take(&sim, c, session, Step::Reset) else {
                return Screen::Expired;
            };
            match change_password(&sim, c, &login, &form) {
                Ok(user) => Screen::Changed(login.request, user.email().to_owned()),
                Err(why) => {
                    let again = steps::begin(&sim, c, &login.username, Step::Reset, &login.request);
                    Screen::Reset(again, Some(why))
                }
            }
        })
        .await;
    pages::render(&sim, screen)
}

fn change_password(
    sim: &Sim,
    c: &mut Change<'_>,
    login: &Login,
    form: &BTreeMap<String, String>,
) -> Result<User, String> {
    let chosen = form.get("password").map_or("", String::as_str);
    let again = form.get("confirm_password").map_or("", String::as_str);
    steps::acceptable(chosen, again)?;
    let code: String = form
        .get("code")
        .map_or("", String::as_str)
        .split_whitespace()
        .collect();
    let mismatch = || "Invalid verification code provided, please try again.".to_owned();
    let Some(mut user) = c.pool.find(&login.username).filter(|u| u.enabled).cloned() else {
        return Err(mismatch());
    };
    let Some(mut reset) = user.reset.clone() else {
        return Err(mismatch());
    };
    if sim.clock.real_ms() >= reset.expires_real_ms || reset.tries >= TRIES {
        return Err("Invalid code provided, please request a code again.".into());
    }
    if reset.code != code {
        reset.tries += 1;
        user.reset = Some(reset);
        PoolEntry::User(user).put(c);
        return Err(mismatch());
    }
    steps::set(sim, &mut user, chosen);
    sim.lockouts.succeeded(&user.username);
    PoolEntry::User(user.clone()).put(c);
    Ok(user)
}
