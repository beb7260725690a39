//! Request limits of the public port, by the rules of `table`: by address while nobody knows who is asking, by tenant once that is known.
//! A request is counted by at most one row of each kind: the first that fits. Where it comes from, `runtime::client_address` decides.
//! Invariant: who has proved who they are is not counted among the strangers of their address, whose flood cannot shut them out.

use std::{
    net::IpAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{
    Error, ErrorKind, RealTime,
    id::{TenantId, UserId},
    policy::Actor,
};
use runtime::{
    client_address::ClientAddress,
    limit::{Limiter, Policy, Verdict},
    problem::ApiError,
};

use crate::Http;

mod table;

pub use table::LimitsConfig;
use table::{Counts, Row, STRANGER, TABLE};

/// How many addresses or tenants one row remembers; some thirty megabytes at the very most.
const MOST_KEYS: usize = 32_768;
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STANDING: HeaderName = HeaderName::from_static("ratelimit");

/// Whom a request is counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Address(IpAddr),
    Tenant(TenantId),
    /// Who is signed in without a tenant: operators, and people who have not chosen one.
    User(UserId),
}

/// The limits with their counts, one for each row of the table.
#[derive(Debug, Clone)]
pub struct Limits(Arc<[Limiter<Key>]>);

impl Limits {
    /// Nothing counted yet.
    pub fn new(config: &LimitsConfig, real: &Arc<dyn RealTime>) -> Self {
        let limiter = |row: &Row| {
            let policy = Policy {
                name: row.name,
                quota: (row.quota)(config),
                window: row.window,
            };
            Limiter::new(policy, MOST_KEYS, Arc::clone(real))
        };
        Self(TABLE.iter().map(limiter).collect())
    }

    fn take(&self, row: usize, key: Key) -> Option<Standing> {
        let limiter = self.0.get(row)?;
        Some(Standing {
            policy: limiter.policy(),
            verdict: limiter.take(key),
        })
    }
}

/// Where one request stands with the row that counted it.
#[derive(Debug, Clone, Copy)]
struct Standing {
    policy: Policy,
    verdict: Verdict,
}

impl Standing {
    /// The refusal, if it is one.
    fn refusal(self) -> Result<(), Error> {
        match self.verdict {
            Verdict::Allowed { .. } => Ok(()),
            Verdict::Refused { retry_after } => Err(Error::new(
                ErrorKind::TooMany,
                "too_many_requests",
                format!("Too many requests. Try again in {}.", words(retry_after)),
            )),
        }
    }

    /// The headers of draft-ietf-httpapi-ratelimit-headers-11: what the rule is, and what is left of it for the next `t` seconds.
    fn dress(self, response: &mut Response) {
        let Policy {
            name,
            quota,
            window,
        } = self.policy;
        let (remaining, wait) = match self.verdict {
            Verdict::Allowed { remaining, reset } => (remaining, reset),
            Verdict::Refused { retry_after } => (0, retry_after),
        };
        let wait = seconds(wait);
        let rule = format!("\"{name}\";q={quota};w={}", window.as_secs());
        let standing = format!("\"{name}\";r={remaining};t={wait}");
        let headers = response.headers_mut();
        put(headers, POLICY, &rule);
        put(headers, STANDING, &standing);
        if matches!(self.verdict, Verdict::Refused { .. }) {
            put(headers, header::RETRY_AFTER, &wait.to_string());
        }
        // For the log, which does not tell of every refusal.
        response.extensions_mut().insert(self.verdict);
    }
}

fn put(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}

/// Whole seconds, never less than there are, and never none: nobody should come back at once.
fn seconds(wait: Duration) -> u64 {
    wait.as_millis()
        .div_ceil(1000)
        .max(1)
        .try_into()
        .unwrap_or(u64::MAX)
}

fn words(wait: Duration) -> String {
    match seconds(wait) {
        1 => "a second".to_owned(),
        seconds @ ..=90 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", seconds.div_ceil(60)),
    }
}

/// What `admit` found out about the request at hand, for the middleware around it. Empty while nobody has proved who they are.
#[derive(Clone, Default)]
struct Tab(Arc<OnceLock<Option<Standing>>>);

/// Counts the request for the tenant of who is calling, once however often it is asked. For the extractor that finds out who it is.
///
/// # Errors
/// `too_many_requests` (429); the middleware adds the headers.
pub(crate) fn admit(http: &Http, parts: &Parts, actor: &Actor) -> Result<(), ApiError> {
    if *actor == Actor::Anonymous {
        return Ok(());
    }
    let tab = parts.extensions.get::<Tab>().cloned().unwrap_or_default();
    let standing = tab.0.get_or_init(|| {
        let row = Row::of(Counts::Tenant, &parts.method, route(&parts.extensions));
        let tenant = actor.tenant().map(Key::Tenant);
        let user = || actor.person().map(|person| Key::User(person.user));
        http.limits.take(row, tenant.or_else(user)?)
    });
    Ok(standing.map_or(Ok(()), Standing::refusal)?)
}

/// The middleware: counts by address, and puts the headers on whatever was counted by tenant.
pub(crate) async fn limit(State(http): State<Http>, mut request: Request, next: Next) -> Response {
    let key = Key::Address(ClientAddress::of(request.extensions()).network());
    let row = Row::of(
        Counts::Address,
        request.method(),
        route(request.extensions()),
    );
    // Whether they hold is seen only behind us. If not, the request is counted when it comes back, and its answer kept from it.
    let has_credentials = [header::AUTHORIZATION, header::COOKIE]
        .iter()
        .any(|name| request.headers().contains_key(name));
    let later = row == STRANGER && has_credentials;
    if !later && let Some(refusal) = stranger(&http, row, key) {
        return refusal;
    }
    let tab = Tab::default();
    request.extensions_mut().insert(tab.clone());
    let mut response = next.run(request).await;
    match tab.0.get() {
        Some(Some(standing)) => standing.dress(&mut response),
        None if later => return stranger(&http, row, key).unwrap_or(response),
        _ => {}
    }
    response
}

fn stranger(http: &Http, row: usize, key: Key) -> Option<Response> {
    let standing = http.limits.take(row, key)?;
    let error = standing.refusal().err()?;
    let mut response = ApiError(error).into_response();
    standing.dress(&mut response);
    Some(response)
}

/// The route as its router names it; nothing for addresses that nobody answers.
fn route(extensions: &Extensions) -> &str {
    extensions
        .get::<MatchedPath>()
        .map_or("", MatchedPath::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_told_in_whole_units_and_never_as_none() {
        for (ms, header, text) in [
            (0, 1, "a second"),
            (1, 1, "a second"),
            (1_001, 2, "2 seconds"),
            (60_000, 60, "60 seconds"),
            (91_000, 91, "2 minutes"),
            (3_600_000, 3_600, "60 minutes"),
        ] {
            let wait = Duration::from_millis(ms);
            assert_eq!((seconds(wait), &*words(wait)), (header, text));
        }
    }
}
