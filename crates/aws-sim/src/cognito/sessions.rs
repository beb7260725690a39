//! Sessions: tokens refreshed and revoked, browsers signed out, and the list an administrator sees.
//!
//! Sources: botocore's model (session ids are `tkn…` and `sso…`, 28 characters), developer guide "Ending user sessions with token
//! revocation". Invariant: a revoked session never gets a token again.

use serde_json::{Value, json};

use super::{
    describe,
    input::Input,
    state::PoolEntry,
    tokens::{self, Refused},
};
use crate::{
    error::AwsError,
    sim::{Change, Sim},
    switches,
};

/// Ends a token session.
pub fn revoke_grant(c: &mut Change<'_>, id: &str) {
    if let Some(mut grant) = c.pool.grants.get(id).filter(|g| !g.revoked).cloned() {
        grant.revoked = true;
        PoolEntry::Grant(grant).put(c);
    }
}

/// Ends everything a user has open: tokens, codes on their way, browsers.
pub fn end_all(c: &mut Change<'_>, username: &str) {
    revoke_where(c, |g| g.username == username);
    let codes: Vec<_> = c
        .pool
        .codes
        .values()
        .filter(|code| code.username == username && !code.used)
        .cloned()
        .collect();
    for mut code in codes {
        code.used = true;
        PoolEntry::Code(code).put(c);
    }
    end_browsers(c, |b| b.username == username);
}

fn revoke_where(c: &mut Change<'_>, which: impl Fn(&super::state::Grant) -> bool) {
    let ids: Vec<String> = c
        .pool
        .grants
        .values()
        .filter(|g| which(g))
        .map(|g| g.id.clone())
        .collect();
    for id in ids {
        revoke_grant(c, &id);
    }
}

fn end_browsers(c: &mut Change<'_>, which: impl Fn(&super::state::Browser) -> bool) {
    let cookies: Vec<String> = c
        .pool
        .browsers
        .values()
        .filter(|b| which(b))
        .map(|b| b.cookie.clone())
        .collect();
    for cookie in cookies {
        PoolEntry::BrowserGone(cookie).put(c);
    }
}

/// `AdminUserGlobalSignOut`.
pub(super) fn global_sign_out(c: &mut Change<'_>, input: Input<'_>) -> Result<Value, AwsError> {
    let user = input.user(&c.pool)?;
    end_all(c, &user.username);
    Ok(json!({}))
}

fn offered(c: &Change<'_>) -> Result<(), AwsError> {
    if switches::is(c, "cognitoSessionOperations", "offered") {
        return Ok(());
    }
    Err(AwsError::client(
        "OperationNotEnabledException",
        "Session management is not enabled for the user pool.",
    ))
}

/// `AdminListUserSessions`: active ones only, all on one page.
pub(super) fn list(sim: &Sim, c: &Change<'_>, input: Input<'_>) -> Result<Value, AwsError> {
    offered(c)?;
    let user = input.user(&c.pool)?;
    let now = sim.clock.real_ms();
    let tokens = c
        .pool
        .grants
        .values()
        .filter(|g| g.username == user.username && !g.revoked && now < g.expires_real_ms)
        .map(|g| {
            json!({
                "SessionId": g.session_id,
                "SessionType": "TOKEN",
                "ClientId": sim.settings.pool.client_id,
                "CreateDate": g.created_real_ms / 1000,
                "LastActiveDate": g.active_real_ms / 1000,
                "OriginSessionId": g.sso,
            })
        });
    let browsers = c
        .pool
        .browsers
        .values()
        .filter(|b| b.username == user.username && now < b.expires_real_ms)
        .map(|b| {
            json!({
                "SessionId": b.session_id,
                "SessionType": "SSO",
                "CreateDate": b.auth_real_ms / 1000,
                "LastActiveDate": b.active_real_ms / 1000,
            })
        });
    let all: Vec<Value> = tokens.chain(browsers).take(125).collect();
    Ok(json!({ "Sessions": all }))
}

/// `AdminRevokeUserSession`; `LINKED` ends the browser session and all tokens that came from it too.
pub(super) fn revoke_one(
    sim: &Sim,
    c: &mut Change<'_>,
    input: Input<'_>,
) -> Result<Value, AwsError> {
    offered(c)?;
    let user = input.user(&c.pool)?;
    let id = input.required("SessionId", 28)?;
    let linked = linked(input)?;
    let now = sim.clock.real_ms();
    let grant = c
        .pool
        .grants
        .values()
        .find(|g| g.session_id == id && g.username == user.username && !g.revoked)
        .map(|g| (g.id.clone(), g.sso.clone()));
    let browser = c
        .pool
        .browsers
        .values()
        .any(|b| b.session_id == id && b.username == user.username && now < b.expires_real_ms);
    match grant {
        Some((grant, sso)) => {
            revoke_grant(c, &grant);
            if linked {
                end_linked(c, &sso);
            }
        }
        None if browser => {
            end_browsers(c, |b| b.session_id == id);
            if linked {
                end_linked(c, id);
            }
        }
        None => {
            return Err(AwsError::client(
                "ResourceNotFoundException",
                "Session not found.",
            ));
        }
    }
    Ok(json!({}))
}

fn linked(input: Input<'_>) -> Result<bool, AwsError> {
    let choice = input.choice("RevokeAssociatedSessions", &["NONE", "LINKED"])?;
    Ok(choice == Some("LINKED"))
}

fn end_linked(c: &mut Change<'_>, sso: &str) {
    end_browsers(c, |b| b.session_id == sso);
    revoke_where(c, |g| g.sso == sso);
}

/// `RevokeToken`: ends the refresh token's session; a token that was never issued is no error, as at the endpoint.
pub(super) fn revoke_token(
    sim: &Sim,
    c: &mut Change<'_>,
    input: Input<'_>,
) -> Result<Value, AwsError> {
    let token = input.required("Token", usize::MAX)?;
    let id = input.required("ClientId", 128)?;
    let secret = input.text("ClientSecret", 64)?;
    let linked = linked(input)?;
    let settings = &sim.settings.pool;
    if id != settings.client_id || !secret.is_some_and(|s| settings.is_secret(s)) {
        return Err(AwsError::client("UnauthorizedException", "Unauthorized"));
    }
    if is_jwt(token) {
        return Err(AwsError::client(
            "UnsupportedTokenTypeException",
            "Unsupported token type",
        ));
    }
    let found = tokens::grant_of(&c.pool, token).map(|g| (g.id.clone(), g.sso.clone()));
    if let Some((grant, sso)) = found {
        revoke_grant(c, &grant);
        if linked {
            end_linked(c, &sso);
        }
    }
    Ok(json!({}))
}

/// Id and access tokens have three parts; refresh tokens are opaque.
pub fn is_jwt(token: &str) -> bool {
    token.split('.').count() == 3
}

/// `GetTokensFromRefreshToken`.
pub(super) fn refresh(sim: &Sim, c: &mut Change<'_>, input: Input<'_>) -> Result<Value, AwsError> {
    let token = input.required("RefreshToken", usize::MAX)?;
    let id = input.required("ClientId", 128)?;
    let secret = input.text("ClientSecret", 64)?;
    let settings = &sim.settings.pool;
    if id != settings.client_id {
        return Err(describe::no_client(id));
    }
    let denied = |why: &str| AwsError::client("NotAuthorizedException", why);
    if !secret.is_some_and(|s| settings.is_secret(s)) {
        return Err(denied("Client secret does not match the client."));
    }
    let issued = tokens::refresh(sim, c, token).map_err(|why| match why {
        Refused::Unknown => denied("Invalid Refresh Token"),
        Refused::Revoked => denied("Refresh Token has been revoked"),
        Refused::Expired => denied("Refresh Token has expired"),
        Refused::Disabled => denied("User is disabled."),
        Refused::Reused => AwsError::client(
            "RefreshTokenReuseException",
            "Refresh token has been invalidated by rotation.",
        ),
        Refused::Broken => AwsError::server("InternalErrorException", "Something went wrong"),
    })?;
    let mut result = json!({
        "AccessToken": issued.access,
        "ExpiresIn": tokens::ACCESS_SECONDS,
        "TokenType": "Bearer",
    });
    if let Some(id) = issued.id {
        result["IdToken"] = json!(id);
    }
    if let Some(token) = issued.refresh {
        result["RefreshToken"] = json!(token);
    }
    Ok(json!({ "AuthenticationResult": result }))
}
