//! Control routes of the user pool: who is in it, and its signing keys.

use std::sync::atomic::Ordering;

use axum::{
    body::Bytes,
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Page, items, json_response, read};
use crate::{
    agreements::Refusal,
    clock::{HOUR_MS, rfc3339},
    cognito::{
        keys,
        password::TEMPORARY_DAYS,
        state::{Pool, Purpose, User},
    },
    server::App,
    sim::Sim,
};

/// `GET /_sim/v1/users`.
pub(super) async fn users(State(sim): State<App>, Query(page): Query<Page>) -> Response {
    let mut all: Vec<User> = sim.read(|w| w.pool.users.values().cloned().collect());
    all.sort_by(|a, b| (a.created_ms, a.email()).cmp(&(b.created_ms, b.email())));
    items(all.iter().map(described).collect(), &page)
}

fn described(user: &User) -> Value {
    let mfa = match (&user.totp, &user.totp_pending) {
        (Some(_), _) if user.mfa_enabled => "registered",
        (_, Some(_)) => "pending",
        _ => "none",
    };
    let expires = user
        .temporary_ms
        .map(|at| rfc3339(at + TEMPORARY_DAYS * 24 * HOUR_MS));
    json!({
        "username": user.username,
        "email": user.email(),
        "status": user.status.as_str(),
        "enabled": user.enabled,
        "mfa": mfa,
        "groups": user.groups,
        "totpSecret": user.totp_pending.as_ref().or(user.totp.as_ref()),
        "attributes": user.attributes,
        "temporaryPasswordExpiresAt": expires,
    })
}

/// `GET /_sim/v1/jwks`.
pub(super) async fn show_keys(State(sim): State<App>) -> Response {
    json_response(StatusCode::OK, &key_facts(&sim))
}

fn key_facts(sim: &Sim) -> Value {
    let current = |pool: &Pool, purpose| keys::current(pool, purpose).map(|k| k.kid.clone());
    sim.read(|w| {
        json!({
            "fetches": sim.jwks_fetches.load(Ordering::SeqCst),
            "kids": w.pool.keys.iter().map(|k| k.kid.as_str()).collect::<Vec<_>>(),
            "current": {"id": current(&w.pool, Purpose::Id), "access": current(&w.pool, Purpose::Access)},
        })
    })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Rotate {
    #[serde(default = "yes")]
    keep_old: bool,
}

fn yes() -> bool {
    true
}

/// `POST /_sim/v1/jwks/rotate`: new keys sign from now on; the old ones stay published unless `keepOld` is false.
pub(super) async fn rotate(State(sim): State<App>, body: Bytes) -> Answer {
    let Rotate { keep_old } = read(&body)?;
    sim.change(|c| keys::rotate(c, keep_old))
        .await
        .map_err(|_| Refusal(500, "No key could be made.".into()))?;
    Ok(json_response(StatusCode::OK, &key_facts(&sim)))
}
