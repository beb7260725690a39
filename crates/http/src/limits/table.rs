//! The table of request limits, with the reason for each, and the quotas that the configuration may set.
//! Mails with invitations are counted apart, where they are made (`control::invitation`): a request that is refused sends none.
//! A request is counted by the first row that fits: one by address, and one by tenant if it belongs to one.

use std::time::Duration;

use axum::http::Method;
use serde::{Deserialize, Serialize};

const MINUTE: Duration = Duration::from_mins(1);

/// `[limits]`: how many requests of one address or tenant are let through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    /// Of one address, steps of signing in and of recovering access.
    pub sign_in_per_minute: u32,
    /// Of one address, arrivals from AWS Marketplace.
    pub register_per_minute: u32,
    /// Of one address, sendings of the welcome form.
    pub welcome_per_minute: u32,
    /// Of one address, openings and acceptances of invitations.
    pub invitation_per_minute: u32,
    /// Of one address, everything else by somebody we do not know.
    pub stranger_per_minute: u32,
    /// Of one tenant, requests that send usage events, each of which takes a thousand of them.
    pub usage_events_per_minute: u32,
    /// Of one tenant, all other requests of the REST API.
    pub api_per_minute: u32,
    /// Of one tenant, all pages of the console together.
    pub console_per_minute: u32,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            sign_in_per_minute: 10,
            register_per_minute: 30,
            welcome_per_minute: 20,
            invitation_per_minute: 10,
            stranger_per_minute: 600,
            usage_events_per_minute: 12_000,
            api_per_minute: 1_000,
            console_per_minute: 1_000,
        }
    }
}

impl LimitsConfig {
    /// What is wrong with the section, each as a sentence.
    pub fn faults(&self) -> Vec<String> {
        TABLE
            .iter()
            .filter(|row| (row.quota)(self) == 0)
            .map(|row| {
                let key = row.key;
                format!("limits.{key} must be at least 1: 0 would refuse everybody")
            })
            .collect()
    }
}

/// What a row counts requests of; whoever belongs to no tenant is counted alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    Address,
    Tenant,
}

/// One limit.
pub(super) struct Row {
    /// Its name in headers, metrics and the log.
    pub(super) name: &'static str,
    /// Its key in `[limits]`.
    key: &'static str,
    counts: Counts,
    /// Routes as the routers name them, with a method or for any, whole or up to a `*`.
    routes: &'static [&'static str],
    pub(super) quota: fn(&LimitsConfig) -> u32,
    pub(super) window: Duration,
}

/// The row of everything that nobody else counts.
pub(super) const STRANGER: usize = 4;

pub(super) static TABLE: [Row; 8] = [
    // Guessing passwords, codes and recovery codes. People need a handful of steps even with a typing mistake (ASVS 6.3.1).
    Row {
        name: "sign-in",
        key: "sign_in_per_minute",
        counts: Counts::Address,
        routes: &["/login", "/login/*", "/callback", "/recover*"],
        quota: |limits| limits.sign_in_per_minute,
        window: MINUTE,
    },
    // Each asks AWS to resolve a token, within a quota that all buyers share.
    Row {
        name: "register",
        key: "register_per_minute",
        counts: Counts::Address,
        routes: &["POST /marketplace/register"],
        quota: |limits| limits.register_per_minute,
        window: MINUTE,
    },
    // Each may send a mail to an address that somebody typed.
    Row {
        name: "welcome",
        key: "welcome_per_minute",
        counts: Counts::Address,
        routes: &["POST /welcome"],
        quota: |limits| limits.welcome_per_minute,
        window: MINUTE,
    },
    // Guessing invitations: their addresses are secrets.
    Row {
        name: "invitation",
        key: "invitation_per_minute",
        counts: Counts::Address,
        routes: &["/invitations/*"],
        quota: |limits| limits.invitation_per_minute,
        window: MINUTE,
    },
    // Scanners, guessed API keys, and whatever else strangers do; ten a second is more than any browser needs.
    Row {
        name: "stranger",
        key: "stranger_per_minute",
        counts: Counts::Address,
        routes: &["*"],
        quota: |limits| limits.stranger_per_minute,
        window: MINUTE,
    },
    // What the tenant pays for must come through: 200 requests a second, 200,000 events.
    Row {
        name: "usage-events",
        key: "usage_events_per_minute",
        counts: Counts::Tenant,
        routes: &["POST /api/v1/usage-events"],
        quota: |limits| limits.usage_events_per_minute,
        window: MINUTE,
    },
    // One tenant's loop must not slow the others down.
    Row {
        name: "api",
        key: "api_per_minute",
        counts: Counts::Tenant,
        routes: &["/api/v1/*"],
        quota: |limits| limits.api_per_minute,
        window: MINUTE,
    },
    // The same for pages.
    Row {
        name: "console",
        key: "console_per_minute",
        counts: Counts::Tenant,
        routes: &["*"],
        quota: |limits| limits.console_per_minute,
        window: MINUTE,
    },
];

impl Row {
    /// The first row of its kind that fits.
    pub(super) fn of(counts: Counts, method: &Method, route: &str) -> usize {
        TABLE
            .iter()
            .position(|row| {
                let fits = |pattern| fits(pattern, method, route);
                row.counts == counts && row.routes.iter().copied().any(fits)
            })
            // The last row of each kind fits everything, so this is never taken.
            .unwrap_or(STRANGER)
    }
}

fn fits(pattern: &str, method: &Method, route: &str) -> bool {
    let (of_method, pattern) = match pattern.split_once(' ') {
        Some((name, pattern)) => (name == method.as_str(), pattern),
        None => (true, pattern),
    };
    let of_route = match pattern.strip_suffix('*') {
        Some(beginning) => route.starts_with(beginning),
        None => route == pattern,
    };
    of_method && of_route
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(counts: Counts, method: &Method, route: &str) -> &'static str {
        TABLE[Row::of(counts, method, route)].name
    }

    #[test]
    fn each_route_has_its_row() {
        for (method, route, by_address, by_tenant) in [
            (Method::GET, "/login", "sign-in", "console"),
            (Method::POST, "/login/code", "sign-in", "console"),
            (Method::GET, "/callback", "sign-in", "console"),
            (Method::POST, "/recover", "sign-in", "console"),
            (Method::POST, "/recover/{token}", "sign-in", "console"),
            (Method::GET, "/loginx", "stranger", "console"),
            (Method::GET, "/callback/x", "stranger", "console"),
            (Method::GET, "/marketplace/register", "stranger", "console"),
            (Method::POST, "/marketplace/register", "register", "console"),
            (Method::GET, "/welcome", "stranger", "console"),
            (Method::POST, "/welcome", "welcome", "console"),
            (Method::GET, "/invitations/{token}", "invitation", "console"),
            (
                Method::POST,
                "/invitations/{token}",
                "invitation",
                "console",
            ),
            (Method::GET, "/assets/{name}", "stranger", "console"),
            (Method::GET, "", "stranger", "console"),
            (Method::GET, "/api/v1/tenant", "stranger", "api"),
            (Method::GET, "/api/v1/invitations", "stranger", "api"),
            (Method::POST, "/api/v1/invitations", "stranger", "api"),
            (Method::POST, "/people/invitations", "stranger", "console"),
            (
                Method::DELETE,
                "/api/v1/invitations/{id}",
                "stranger",
                "api",
            ),
            (
                Method::POST,
                "/api/v1/usage-events",
                "stranger",
                "usage-events",
            ),
            (Method::GET, "/api/v1/usage-events", "stranger", "api"),
        ] {
            assert_eq!(
                row(Counts::Address, &method, route),
                by_address,
                "{method} {route}"
            );
            assert_eq!(
                row(Counts::Tenant, &method, route),
                by_tenant,
                "{method} {route}"
            );
        }
        assert_eq!(TABLE[STRANGER].name, "stranger");
    }

    #[test]
    fn a_limit_of_nothing_is_refused_by_its_key() {
        assert_eq!(LimitsConfig::default().faults(), [""; 0]);
        let config = LimitsConfig {
            usage_events_per_minute: 0,
            api_per_minute: 0,
            ..LimitsConfig::default()
        };
        let faults = config.faults();
        assert_eq!(faults.len(), 2);
        assert!(faults[0].starts_with("limits.usage_events_per_minute "));
        assert!(faults[1].starts_with("limits.api_per_minute "));
    }

    /// The sentences name keys that exist.
    #[test]
    fn every_row_can_be_set() {
        let config = serde_json::to_value(LimitsConfig::default()).unwrap();
        assert_eq!(config.as_object().unwrap().len(), TABLE.len());
        for row in &TABLE {
            assert_eq!(
                config[row.key],
                (row.quota)(&LimitsConfig::default()),
                "{}",
                row.key
            );
        }
    }
}
