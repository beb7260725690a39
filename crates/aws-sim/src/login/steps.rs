//! The steps of a sign-in: password, new password, authenticator set-up, authenticator code.
//!
//! The first form carries the client's request in its address; each later one a session that is good for one answer and a few minutes,
//! as Cognito's `Session` is. Texts are Cognito's. Invariant: a wrong password and an unknown address are answered alike.

use std::collections::BTreeMap;

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};

use super::{
    BROWSER_SECONDS, authorize, cookie, member, members,
    pages::{self, Screen},
};
use crate::{
    clock::MINUTE_MS,
    cognito::{
        codes, password as passwords,
        state::{AuthRequest, Browser, Login, PoolEntry, Status, Step, User},
        tokens, totp,
    },
    server::App,
    sim::{Change, Sim},
    switches,
};

/// Cognito's answer to a wrong password as to an unknown user.
pub(super) const INCORRECT: &str = "Incorrect username or password.";
const LOCKED: &str = "Password attempts exceeded";

/// `POST /login?…` with `username` and `password`.
pub(super) async fn password(
    State(sim): State<App>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let query = query.unwrap_or_default();
    let form = members(&body);
    let name = member(&form, "username").unwrap_or_default().trim();
    let text = form.get("password").map_or("", String::as_str);
    let screen = sim
        .change(|c| {
            let request = authorize::check(&sim, c, &query)?.request;
            Ok(match check_password(&sim, c, name, text) {
                Ok(user) if user.status == Status::ResetRequired => {
                    Screen::Reset(begin(&sim, c, &user.username, Step::Reset, &request), None)
                }
                Ok(user) => next(&sim, c, user, &request),
                Err(why) => Screen::SignIn(request, name.to_owned(), why),
            })
        })
        .await;
    match screen {
        Ok(screen) => pages::render(&sim, screen),
        Err(bad) => authorize::Bad::response(bad, &sim),
    }
}

fn check_password(sim: &Sim, c: &Change<'_>, name: &str, text: &str) -> Result<User, &'static str> {
    let now = sim.clock.real_ms();
    let user = c.pool.find(name);
    let key = user.map_or_else(|| name.to_lowercase(), |u| u.username.clone());
    if sim.lockouts.locked(&key, now) {
        return Err(LOCKED);
    }
    if let Some(user) = user.filter(|u| u.enabled && u.status == Status::ResetRequired) {
        // Its password is void, so there is none to compare.
        return Ok(user.clone());
    }
    let kept = user.and_then(|u| u.password.as_deref());
    let (true, Some(user)) = (passwords::matches(kept, text), user) else {
        sim.lockouts.failed(&key, now);
        return Err(INCORRECT);
    };
    if !user.enabled {
        return Err("User is disabled.");
    }
    if user.status == Status::ForceChangePassword
        && passwords::expired(user.temporary_ms, sim.clock.business_ms())
    {
        return Err("Temporary password has expired and must be reset by an administrator.");
    }
    Ok(user.clone())
}

/// Starts to wait for an answer.
pub(super) fn begin(
    sim: &Sim,
    c: &mut Change<'_>,
    username: &str,
    step: Step,
    request: &AuthRequest,
) -> Login {
    // A code from a mail takes longer than one from a phone.
    let minutes = match step {
        Step::Reset => 60,
        _ => switches::number(c, "cognitoSessionMinutes"),
    };
    let login = Login {
        session: sim.ids.secret(64),
        username: username.to_owned(),
        step,
        request: request.clone(),
        expires_real_ms: sim.clock.real_ms() + minutes * MINUTE_MS,
    };
    PoolEntry::Login(login.clone()).put(c);
    login
}

/// Takes the login that a form answers; it is good for one answer.
pub(super) fn take(sim: &Sim, c: &mut Change<'_>, session: &str, step: Step) -> Option<Login> {
    let login = c.pool.logins.get(session).cloned()?;
    if login.step != step || sim.clock.real_ms() >= login.expires_real_ms {
        return None;
    }
    PoolEntry::LoginGone(session.to_owned()).put(c);
    Some(login)
}

/// The step that follows once the password is right.
fn next(sim: &Sim, c: &mut Change<'_>, mut user: User, request: &AuthRequest) -> Screen {
    let email = user.email().to_owned();
    if user.status == Status::ForceChangePassword {
        let login = begin(sim, c, &user.username, Step::NewPassword, request);
        return Screen::NewPassword(login, email, None);
    }
    // The pool demands a second factor of everybody.
    if user.totp.is_some() && user.mfa_enabled {
        let login = begin(sim, c, &user.username, Step::Code, request);
        return Screen::Code(login, email, None);
    }
    let secret = totp::encode(&sim.ids.bytes::<32>());
    user.totp_pending = Some(secret.clone());
    user.totp_step = 0;
    let login = begin(sim, c, &user.username, Step::SetUp, request);
    PoolEntry::User(user).put(c);
    Screen::SetUp(login, email, secret, None)
}

/// `POST /login/new-password` with `session`, `password` and `confirm_password`.
pub(super) async fn new_password(State(sim): State<App>, body: Bytes) -> Response {
    let form = members(&body);
    let chosen = form.get("password").map_or("", String::as_str);
    let again = form.get("confirm_password").map_or("", String::as_str);
    let screen = sim
        .change(|c| {
            let Some((login, mut user)) = answered(&sim, c, &form, Step::NewPassword) else {
                return Screen::Expired;
            };
            if let Err(why) = acceptable(chosen, again) {
                let login = begin(&sim, c, &user.username, Step::NewPassword, &login.request);
                return Screen::NewPassword(login, user.email().to_owned(), Some(why));
            }
            set(&sim, &mut user, chosen);
            PoolEntry::User(user.clone()).put(c);
            next(&sim, c, user, &login.request)
        })
        .await;
    pages::render(&sim, screen)
}

/// Whether a new password may be taken.
pub(super) fn acceptable(chosen: &str, again: &str) -> Result<(), String> {
    if chosen != again {
        return Err("The passwords do not match.".into());
    }
    passwords::check(chosen).map_err(|why| why.message)
}

/// Gives a user a password of their own.
pub(super) fn set(sim: &Sim, user: &mut User, chosen: &str) {
    user.password = Some(passwords::hash(&sim.ids, chosen));
    user.temporary_ms = None;
    user.reset = None;
    user.status = Status::Confirmed;
    user.modified_ms = sim.clock.business_ms();
}

/// The login that a form answers, with its user, who may have been disabled meanwhile.
fn answered(
    sim: &Sim,
    c: &mut Change<'_>,
    form: &BTreeMap<String, String>,
    step: Step,
) -> Option<(Login, User)> {
    let login = take(sim, c, member(form, "session")?, step)?;
    let user = tokens::live_user(&c.pool, &login.username)?;
    Some((login, user))
}

/// `POST /login/authenticator-setup` with `session` and `code`.
pub(super) async fn set_up(State(sim): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    let form = members(&body);
    let screen = sim
        .change(|c| {
            let Some((login, mut user)) = answered(&sim, c, &form, Step::SetUp) else {
                return Screen::Expired;
            };
            let Some(secret) = user.totp_pending.clone() else {
                return Screen::Expired;
            };
            if let Err(why) = check_code(&sim, c, &mut user, &secret, &form) {
                let email = user.email().to_owned();
                let login = begin(&sim, c, &user.username, Step::SetUp, &login.request);
                return Screen::SetUp(login, email, secret, Some(why));
            }
            user.totp = Some(secret);
            user.totp_pending = None;
            user.mfa_enabled = true;
            user.mfa_preferred = true;
            user.modified_ms = sim.clock.business_ms();
            finish(&sim, c, user, &login.request, &headers)
        })
        .await;
    pages::render(&sim, screen)
}

/// `POST /login/authenticator` with `session` and `code`.
pub(super) async fn code(State(sim): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    let form = members(&body);
    let screen = sim
        .change(|c| {
            let Some((login, mut user)) = answered(&sim, c, &form, Step::Code) else {
                return Screen::Expired;
            };
            let Some(secret) = user.totp.clone() else {
                return Screen::Expired;
            };
            if let Err(why) = check_code(&sim, c, &mut user, &secret, &form) {
                let login = begin(&sim, c, &user.username, Step::Code, &login.request);
                return Screen::Code(login, user.email().to_owned(), Some(why));
            }
            finish(&sim, c, user, &login.request, &headers)
        })
        .await;
    pages::render(&sim, screen)
}

/// Checks a code and notes its step; wrong codes count towards the lock-out ("MFA lockout" of the developer guide).
fn check_code(
    sim: &Sim,
    c: &Change<'_>,
    user: &mut User,
    secret: &str,
    form: &BTreeMap<String, String>,
) -> Result<(), &'static str> {
    let now = sim.clock.real_ms();
    if sim.lockouts.locked(&user.username, now) {
        return Err(LOCKED);
    }
    let text: String = form
        .get("code")
        .map_or("", String::as_str)
        .split_whitespace()
        .collect();
    let Some(step) = totp::matching(secret, &text, now) else {
        sim.lockouts.failed(&user.username, now);
        return Err("Invalid code received for user");
    };
    if step <= user.totp_step && switches::is(c, "cognitoTotpReuse", "refused") {
        return Err("Your software token has already been used once.");
    }
    user.totp_step = user.totp_step.max(step);
    Ok(())
}

/// Signed in: a browser session in place of any earlier one, and a code for the client.
fn finish(
    sim: &Sim,
    c: &mut Change<'_>,
    user: User,
    request: &AuthRequest,
    headers: &HeaderMap,
) -> Screen {
    let now = sim.clock.real_ms();
    sim.lockouts.succeeded(&user.username);
    if let Some(old) = cookie(headers).filter(|old| c.pool.browsers.contains_key(*old)) {
        PoolEntry::BrowserGone(old.to_owned()).put(c);
    }
    let browser = Browser {
        cookie: sim.ids.secret(64),
        session_id: sim.ids.session("sso"),
        username: user.username.clone(),
        auth_real_ms: now,
        active_real_ms: now,
        expires_real_ms: now + BROWSER_SECONDS * 1000,
    };
    PoolEntry::User(user).put(c);
    PoolEntry::Browser(browser.clone()).put(c);
    let location = codes::issue(sim, c, &browser, request);
    Screen::Done(location, browser.cookie)
}
