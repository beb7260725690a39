//! Who is calling: an API key or the operator's bearer, else a signed-in person, else the `registration` cookie, else nobody.
//! A bearer that does not hold is refused at once and never falls back to a cookie; a session that is over is nobody's.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use axum_extra::extract::cookie::CookieJar;
use control::{Cx, api_key, session};
use domain::{Error, ErrorKind, id::TenantId, policy::Actor};
use runtime::{client_address::ClientAddress, problem::ApiError, request_id::RequestId};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use crate::{
    Http, limits, registration_cookie,
    session_cookie::{self, Stale},
    sign_in,
};

/// The context of this request; who acts may be nobody, which permission decides about.
pub struct Caller(pub Cx);

impl FromRequestParts<Http> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, http: &Http) -> Result<Self, ApiError> {
        let actor = actor(parts, http).await?;
        let span = tracing::Span::current();
        if let Some(tenant) = actor.tenant() {
            span.record("tenant.id", tracing::field::display(tenant));
        }
        span.record("actor", actor.audit_name());
        limits::admit(http, parts, &actor)?;
        let request_id = parts
            .extensions
            .get::<RequestId>()
            .map(ToString::to_string)
            .unwrap_or_default();
        let cx = Cx::new(Arc::clone(&http.app), actor, &request_id);
        let address = ClientAddress::of(&parts.extensions).0;
        Ok(Self(cx.from_address(Some(address))))
    }
}

/// The tenant whose rows are asked for: the caller's own, or the one that the operator names in the query.
///
/// # Errors
/// `tenant_needed` (400) if the operator names none; not found for one that does not exist or is not the caller's own.
pub(crate) async fn tenant_of(cx: &Cx, asked: Option<&str>) -> Result<TenantId, Error> {
    let asked = asked.map(|text| {
        text.parse::<TenantId>()
            .map_err(|_| Error::not_found("tenant"))
    });
    if !matches!(cx.actor(), Actor::Operator(_)) {
        let own = cx.own_tenant()?;
        return match asked.transpose()? {
            Some(other) if other != own => Err(Error::not_found("tenant")),
            _ => Ok(own),
        };
    }
    let tenant = asked.transpose()?.ok_or_else(|| {
        Error::new(
            ErrorKind::Malformed,
            "tenant_needed",
            "Say whose: add `tenant=ten_…` to the query. The list of registrations has the ids.",
        )
    })?;
    // An empty list of a tenant that does not exist would read as one without usage.
    control::tenant::get(cx, tenant).await?;
    Ok(tenant)
}

async fn actor(parts: &Parts, http: &Http) -> Result<Actor, ApiError> {
    let headers = &parts.headers;
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let bearer = value
            .to_str()
            .ok()
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| SecretString::from(token.trim()))
            .ok_or_else(|| {
                Error::new(
                    ErrorKind::Unauthenticated,
                    "invalid_authorization",
                    "Send `Authorization: Bearer` followed by an API key.",
                )
            })?;
        if let Some(operator) = &http.operator_token {
            let same = operator
                .expose_secret()
                .as_bytes()
                .ct_eq(bearer.expose_secret().as_bytes());
            if bool::from(same) {
                return Ok(Actor::Operator(None));
            }
        }
        return Ok(api_key::authenticate(&http.app, &bearer).await?);
    }
    if let Some(secret) = session_cookie::read(http, headers) {
        if is_by_itself(parts) {
            let recognised = session::recognise(&http.app, &secret).await?;
            return Ok(recognised.map_or(Actor::Anonymous, |recognised| recognised.actor));
        }
        let mut recognised = session::authenticate(&http.app, &secret).await?;
        if let Some(due) = &recognised
            && session::check::is_due(&due.session, http.app.real.now())
        {
            ask_about(http, due).await?;
            // Read again: what was answered counts from this very request on.
            recognised = session::authenticate(&http.app, &secret).await?;
        }
        if let Some(recognised) = recognised {
            return Ok(recognised.actor);
        }
        Stale::note(&parts.extensions);
    }
    Ok(buyer(http, headers).unwrap_or(Actor::Anonymous))
}

/// What a page says along when it asks by itself, as `islands` has it.
pub const BY_ITSELF: &str = "x-payphone-by-itself";
/// The stream that pages follow; browsers say nothing along with it.
pub const LIVE: &str = "/live";

/// Whether a page asks, and no person: that neither prolongs a session nor asks the identity provider about it. Whoever says so without
/// need only makes their own session shorter.
fn is_by_itself(parts: &Parts) -> bool {
    parts.headers.contains_key(BY_ITSELF) || parts.uri.path() == LIVE
}

/// Asks the identity provider whether the session may go on.
async fn ask_about(http: &Http, recognised: &session::Recognised) -> Result<(), ApiError> {
    let actor = recognised.actor.clone();
    let cx = Cx::new(Arc::clone(&http.app), actor, "session-check");
    Ok(sign_in::recheck(http, &cx, &recognised.session).await?)
}

/// The buyer behind the `registration` cookie, whoever else the browser is signed in as.
pub fn buyer(http: &Http, headers: &HeaderMap) -> Option<Actor> {
    let jar = CookieJar::from_headers(headers);
    registration_cookie::read(&http.cookie_key, &jar, http.app.real.now())
}
