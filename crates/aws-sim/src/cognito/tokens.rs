//! Id, access and refresh tokens: their claims, lifetimes and rotation.
//!
//! Sources: developer guide, "Understanding user pool JSON web tokens", "Revoking tokens" and "Refresh token rotation": a rotated token
//! stays usable for the grace period, and its successors end when the first one would have. All times are real.
//! Invariant: nothing is issued to a user who is disabled or gone.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use super::{
    issuer, keys,
    state::{Grant, Pool, PoolEntry, Purpose, Refresh, User},
};
use crate::{
    sim::{Change, Sim},
    switches,
    world::World,
};

/// Life of id and access tokens.
pub const ACCESS_SECONDS: i64 = 15 * 60;
/// Life of refresh tokens.
pub const REFRESH_SECONDS: i64 = 12 * 3600;
/// How long a rotated refresh token stays usable.
pub const GRACE_SECONDS: i64 = 60;

/// What the token endpoint hands out.
#[derive(Debug)]
pub struct Tokens {
    /// Only with the scope `openid`.
    pub id: Option<String>,
    /// Always.
    pub access: String,
    /// Not when a refresh leaves the old one in force.
    pub refresh: Option<String>,
}

/// Why a refresh token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Never issued.
    Unknown,
    /// Its session was ended.
    Revoked,
    /// Too old.
    Expired,
    /// Rotated away longer ago than the grace period.
    Reused,
    /// The user cannot sign in.
    Disabled,
    /// The tokens could not be signed.
    Broken,
}

/// The token session that a refresh token belongs to.
pub fn grant_of<'a>(pool: &'a Pool, token: &str) -> Option<&'a Grant> {
    pool.grants
        .values()
        .find(|g| g.refresh.iter().any(|r| r.token == token))
}

/// A new refresh token for a grant.
pub fn fresh(sim: &Sim) -> Refresh {
    Refresh {
        token: sim.ids.secret(256),
        retired_real_ms: None,
    }
}

/// New tokens for a refresh token.
pub fn refresh(sim: &Sim, c: &mut Change<'_>, token: &str) -> Result<Tokens, Refused> {
    let mut grant = grant_of(&c.pool, token).cloned().ok_or(Refused::Unknown)?;
    let now = sim.clock.real_ms();
    if grant.revoked {
        return Err(Refused::Revoked);
    }
    if now >= grant.expires_real_ms {
        return Err(Refused::Expired);
    }
    let user = live_user(&c.pool, &grant.username).ok_or(Refused::Disabled)?;
    let rotates = switches::is(c, "cognitoRefreshTokenRotation", "on");
    let presented = grant
        .refresh
        .iter_mut()
        .find(|r| r.token == token)
        .ok_or(Refused::Unknown)?;
    if presented
        .retired_real_ms
        .is_some_and(|at| now - at > GRACE_SECONDS * 1000)
    {
        return Err(Refused::Reused);
    }
    let next = rotates.then(|| fresh(sim));
    if let Some(next) = &next {
        presented.retired_real_ms.get_or_insert(now);
        grant.refresh.push(next.clone());
    }
    grant.active_real_ms = now;
    let (id, access) = signed(sim, c, &user, &grant, None)?;
    PoolEntry::Grant(grant).put(c);
    Ok(Tokens {
        id,
        access,
        refresh: next.map(|r| r.token),
    })
}

/// The user, if they may have tokens.
pub fn live_user(pool: &Pool, username: &str) -> Option<User> {
    pool.users.get(username).filter(|u| u.enabled).cloned()
}

/// Id token (with the scope `openid`) and access token of a grant.
pub fn signed(
    sim: &Sim,
    world: &World,
    user: &User,
    grant: &Grant,
    nonce: Option<&str>,
) -> Result<(Option<String>, String), Refused> {
    let now = sim.clock.real_ms() / 1000;
    let common = json!({
        "sub": user.username,
        "iss": issuer(sim),
        "origin_jti": grant.id,
        "event_id": sim.ids.uuid(),
        "auth_time": grant.auth_real_ms / 1000,
        "iat": now,
        "exp": now + ACCESS_SECONDS,
    });
    let mut common = common.as_object().cloned().unwrap_or_default();
    if !user.groups.is_empty() {
        common.insert("cognito:groups".into(), json!(user.groups));
    }

    let mut access = common.clone();
    access.insert("version".into(), json!(2));
    access.insert("client_id".into(), json!(sim.settings.pool.client_id));
    access.insert("token_use".into(), json!("access"));
    access.insert("scope".into(), json!(grant.scope));
    access.insert("username".into(), json!(user.username));
    access.insert("jti".into(), json!(sim.ids.uuid()));
    let access = sign(world, Purpose::Access, access)?;

    if !has_scope(&grant.scope, "openid") {
        return Ok((None, access));
    }
    let mut id = common;
    id.extend(attributes(user, &grant.scope));
    id.insert("aud".into(), json!(sim.settings.pool.client_id));
    id.insert("token_use".into(), json!("id"));
    id.insert("cognito:username".into(), json!(user.username));
    id.insert("jti".into(), json!(sim.ids.uuid()));
    let half = digest::digest(&digest::SHA256, access.as_bytes());
    let half = half.as_ref().get(..16).unwrap_or_default();
    id.insert("at_hash".into(), json!(URL_SAFE_NO_PAD.encode(half)));
    if let Some(nonce) = nonce {
        id.insert("nonce".into(), json!(nonce));
    }
    Ok((Some(sign(world, Purpose::Id, id)?), access))
}

fn sign(world: &World, purpose: Purpose, claims: Map<String, Value>) -> Result<String, Refused> {
    keys::sign(&world.pool, purpose, &Value::Object(claims)).map_err(|_| Refused::Broken)
}

/// Whether a scope is among those granted.
pub fn has_scope(granted: &str, scope: &str) -> bool {
    granted.split(' ').any(|s| s == scope)
}

/// The attributes a client sees: all with `openid` alone or with `profile`, else what `email` and `phone` name
/// (developer guide, "Scopes, M2M, and resource servers").
pub fn attributes(user: &User, scope: &str) -> Map<String, Value> {
    let narrowed = ["email", "phone", "profile"]
        .iter()
        .any(|s| has_scope(scope, s));
    let all = !narrowed || has_scope(scope, "profile");
    let seen = |name: &str| {
        all || (name.starts_with("email") && has_scope(scope, "email"))
            || (name.starts_with("phone_number") && has_scope(scope, "phone"))
    };
    let mut out: Map<String, Value> = user
        .attributes
        .iter()
        .filter(|(name, _)| seen(name))
        .map(|(name, value)| {
            let value = if name.ends_with("_verified") {
                json!(value.eq_ignore_ascii_case("true"))
            } else {
                json!(value)
            };
            (name.clone(), value)
        })
        .collect();
    if out.contains_key("email") && !out.contains_key("email_verified") {
        out.insert("email_verified".into(), json!(false));
    }
    out
}
