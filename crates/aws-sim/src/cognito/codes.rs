//! Authorization codes: issued to the browser, redeemed once by the client.
//!
//! Sources: developer guide, "Authorize endpoint" (a one-time code, valid for five minutes) and "Token endpoint"; RFC 6749 section 4.1.2
//! (a second use revokes what the first one got) and RFC 7636 (PKCE, S256 alone).

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    sessions,
    state::{AuthCode, AuthRequest, Browser, Grant, PoolEntry},
    tokens::{self, Tokens},
};
use crate::{
    clock::MINUTE_MS,
    sim::{Change, Sim},
    switches,
};

const LIFE_MS: i64 = 5 * MINUTE_MS;

/// A code for the user of a browser session; what comes back is where the browser goes.
pub fn issue(sim: &Sim, c: &mut Change<'_>, browser: &Browser, request: &AuthRequest) -> String {
    let now = sim.clock.real_ms();
    let auth_real_ms = if switches::is(c, "cognitoAuthTimeOnSso", "ofCode") {
        now
    } else {
        browser.auth_real_ms
    };
    let code = sim.ids.uuid();
    let entry = AuthCode {
        code: code.clone(),
        username: browser.username.clone(),
        request: request.clone(),
        auth_real_ms,
        sso: browser.session_id.clone(),
        expires_real_ms: now + LIFE_MS,
        used: false,
        grant: None,
    };
    PoolEntry::Code(entry).put(c);
    crate::login::with_query(
        &request.redirect_uri,
        &[("code", Some(&code)), ("state", request.state.as_deref())],
    )
}

/// Tokens for a code; every refusal is an `invalid_grant`.
pub fn redeem(
    sim: &Sim,
    c: &mut Change<'_>,
    code: &str,
    redirect_uri: &str,
    verifier: Option<&str>,
) -> Option<Tokens> {
    let mut entry = c.pool.codes.get(code).cloned()?;
    if entry.used {
        if let Some(grant) = entry.grant.as_deref() {
            sessions::revoke_grant(c, grant);
        }
        return None;
    }
    entry.used = true;
    let now = sim.clock.real_ms();
    let user = tokens::live_user(&c.pool, &entry.username);
    let honoured = now < entry.expires_real_ms
        && entry.request.redirect_uri == redirect_uri
        && proves(entry.request.challenge.as_deref(), verifier);
    let (Some(user), true) = (user, honoured) else {
        PoolEntry::Code(entry).put(c);
        return None;
    };
    let first = tokens::fresh(sim);
    let grant = Grant {
        id: sim.ids.uuid(),
        session_id: sim.ids.session("tkn"),
        username: user.username.clone(),
        scope: entry.request.scope.clone(),
        auth_real_ms: entry.auth_real_ms,
        sso: entry.sso.clone(),
        refresh: vec![first.clone()],
        created_real_ms: now,
        active_real_ms: now,
        expires_real_ms: now + tokens::REFRESH_SECONDS * 1000,
        revoked: false,
    };
    let nonce = entry.request.nonce.as_deref();
    let (id, access) = tokens::signed(sim, c, &user, &grant, nonce).ok()?;
    entry.grant = Some(grant.id.clone());
    PoolEntry::Code(entry).put(c);
    PoolEntry::Grant(grant).put(c);
    Some(Tokens {
        id,
        access,
        refresh: Some(first.token),
    })
}

fn proves(challenge: Option<&str>, verifier: Option<&str>) -> bool {
    let Some(challenge) = challenge else {
        return true;
    };
    verifier.is_some_and(|v| {
        (43..=128).contains(&v.len())
            && URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, v.as_bytes())) == challenge
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_verifier_proves_its_challenge() {
        // RFC 7636, appendix B.
        let challenge = Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert!(proves(challenge, Some(verifier)));
        assert!(!proves(challenge, Some(&verifier.replace('d', "e"))));
        assert!(!proves(challenge, Some("short")));
        assert!(!proves(challenge, None));
        assert!(proves(None, None));
    }
}
