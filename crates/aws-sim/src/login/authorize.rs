//! `/oauth2/authorize`, and the sign-in page it leads to.
//!
//! Source: developer guide, "The redirect and authorization endpoint". A bad client or redirect URI ends on an error page of our own, any
//! other mistake goes back to the client as `error`. With a browser session the code is issued at once, unless `prompt` or `max_age` forbid.

use std::collections::BTreeMap;

use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};

use super::{SCOPES, cookie, found, member, members, pages, with_query};
use crate::{
    cognito::{
        codes,
        state::{AuthRequest, Browser, PoolEntry},
        tokens,
    },
    server::App,
    sim::{Change, Sim},
    switches,
    world::World,
};

/// Why a request is refused.
pub(super) enum Bad {
    /// The client cannot be trusted with an answer; the code of the error page.
    Page(&'static str),
    /// The client learns of it.
    Back(String),
}

impl Bad {
    pub(super) fn response(self, sim: &Sim) -> Response {
        match self {
            Self::Page(code) => found(&with_query(
                "/error",
                &[
                    ("error", Some(code)),
                    ("client_id", Some(&sim.settings.pool.client_id)),
                ],
            )),
            Self::Back(location) => found(&location),
        }
    }
}

/// What a checked query asks for beside the request itself.
pub(super) struct Asked {
    pub(super) request: AuthRequest,
    pub(super) members: BTreeMap<String, String>,
}

/// Checks the members of an authorization request.
pub(super) fn check(sim: &Sim, world: &World, query: &str) -> Result<Asked, Bad> {
    let members = members(query.as_bytes());
    let get = |name: &str| member(&members, name);
    let settings = &sim.settings.pool;
    if get("client_id") != Some(settings.client_id.as_str()) {
        return Err(Bad::Page("invalid_client"));
    }
    let Some(redirect_uri) =
        get("redirect_uri").filter(|uri| settings.callback_urls.iter().any(|known| known == uri))
    else {
        return Err(Bad::Page("redirect_mismatch"));
    };
    let back = |error: &str, why: &str| {
        Bad::Back(with_query(
            redirect_uri,
            &[
                ("error", Some(error)),
                ("error_description", Some(why)),
                ("state", get("state")),
            ],
        ))
    };
    match get("response_type") {
        Some("code") => {}
        Some("token") => return Err(back("unauthorized_client", "implicit grant is not allowed")),
        _ => return Err(back("invalid_request", "response_type must be code")),
    }
    let scope = get("scope").map_or_else(|| SCOPES.join(" "), ToOwned::to_owned);
    let scopes: Vec<&str> = scope.split(' ').filter(|s| !s.is_empty()).collect();
    let openid = scopes.contains(&"openid");
    if scopes.iter().any(|s| !SCOPES.contains(s))
        || (!openid
            && scopes
                .iter()
                .any(|s| ["email", "profile", "phone"].contains(s)))
    {
        return Err(back("invalid_scope", "unknown scope, or openid is missing"));
    }
    let challenge = get("code_challenge");
    match (challenge, get("code_challenge_method")) {
        (Some(c), Some("S256")) if c.len() == 43 => {}
        (None, None) if switches::is(world, "cognitoPkceRequired", "off") => {}
        (None, None) => return Err(back("invalid_request", "code_challenge is required")),
        _ => return Err(back("invalid_request", "invalid code_challenge or method")),
    }
    if get("max_age").is_some_and(|text| text.parse::<u32>().is_err()) {
        return Err(back("invalid_request", "max_age must be a whole number"));
    }
    let request = AuthRequest {
        redirect_uri: redirect_uri.to_owned(),
        scope: scopes.join(" "),
        state: get("state").map(ToOwned::to_owned),
        nonce: get("nonce").map(ToOwned::to_owned),
        challenge: challenge.map(ToOwned::to_owned),
        query: query.to_owned(),
    };
    Ok(Asked { request, members })
}

/// The browser's session, if it is still good for its user.
fn session(sim: &Sim, c: &Change<'_>, headers: &HeaderMap) -> Option<Browser> {
    let browser = c.pool.browsers.get(cookie(headers)?)?;
    let live = sim.clock.real_ms() < browser.expires_real_ms
        && tokens::live_user(&c.pool, &browser.username).is_some();
    live.then(|| browser.clone())
}

/// `GET /oauth2/authorize`.
pub(super) async fn authorize(
    State(sim): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let location = sim
        .change(|c| {
            let asked = check(&sim, c, &query)?;
            Ok(lead(&sim, c, &asked, &headers))
        })
        .await;
    match location {
        Ok(location) => found(&location),
        Err(bad) => Bad::response(bad, &sim),
    }
}

/// Where a good request leads: back with a code or with `login_required`, or to the sign-in page.
fn lead(sim: &Sim, c: &mut Change<'_>, asked: &Asked, headers: &HeaderMap) -> String {
    let now = sim.clock.real_ms();
    let prompts = |word: &str| {
        switches::is(c, "cognitoPromptHonoured", "yes")
            && member(&asked.members, "prompt").is_some_and(|p| p.split(' ').any(|w| w == word))
    };
    let (anew, silently) = (prompts("login"), prompts("none"));
    let max_age_ms = member(&asked.members, "max_age")
        .filter(|_| switches::is(c, "cognitoMaxAgeHonoured", "yes"))
        .and_then(|text| text.parse::<i64>().ok())
        .map(|seconds| seconds * 1000);
    let usable = session(sim, c, headers)
        .filter(|b| !anew && max_age_ms.is_none_or(|max| now - b.auth_real_ms < max));
    match usable {
        Some(mut browser) => {
            let location = codes::issue(sim, c, &browser, &asked.request);
            browser.active_real_ms = now;
            PoolEntry::Browser(browser).put(c);
            location
        }
        None if silently => with_query(
            &asked.request.redirect_uri,
            &[
                ("error", Some("login_required")),
                ("state", asked.request.state.as_deref()),
            ],
        ),
        None => format!("/login?{}", asked.request.query),
    }
}

/// `GET /login`: the sign-in page.
pub(super) async fn login(State(sim): State<App>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    match sim.read(|w| check(&sim, w, &query)) {
        Ok(asked) => {
            let hint = member(&asked.members, "login_hint").unwrap_or_default();
            pages::sign_in(&sim, &asked.request, hint, None)
        }
        Err(bad) => bad.response(&sim),
    }
}
