//! A span of hours in a query: `?from=` and `?until=`, whole hours or any moment in them.

use chrono::{DateTime, Utc};
use domain::{Error, ErrorKind, Timestamp, hour::Hour};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::format::Format;

const MOST_HOURS: i64 = 31 * 24;

/// Which hours.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct SpanQuery {
    /// From the hour of this moment on (RFC 3339); the last seven days if not given.
    from: Option<DateTime<Utc>>,
    /// Before the hour of this moment (RFC 3339); including the present hour if not given.
    until: Option<DateTime<Utc>>,
    /// Whose usage: `ten_…`. The operator has to say; anybody else may, if it is their own.
    pub(crate) tenant: Option<String>,
    /// `csv` or `json`; decides before `Accept` does.
    pub(crate) format: Option<Format>,
}

impl SpanQuery {
    pub(crate) fn span(&self, now: Timestamp) -> Result<(Hour, Hour), Error> {
        let until = self
            .until
            .map_or_else(|| Hour::containing(now).next(), Hour::containing);
        let from = self.from.map_or_else(
            || Hour::from_number(until.number().saturating_sub(7 * 24)),
            Hour::containing,
        );
        let hours = until.number().saturating_sub(from.number());
        if !(0..=MOST_HOURS).contains(&hours) {
            return Err(Error::new(
                ErrorKind::Malformed,
                "bad_span",
                "`from` must not lie after `until`, and at most 31 days before it.",
            ));
        }
        Ok((from, until))
    }
}
