//! Lists: `{"items": […], "next": cursor or null}`, `?limit=` up to 200, `?cursor=` as the page before gave it.

use domain::{Error, ErrorKind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

const DEFAULT: u64 = 50;
const MOST: u64 = 200;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// How many items, 1 to 200; 50 if not given. More is cut to 200.
    pub(crate) limit: Option<u64>,
    /// `next` of the page before.
    pub(crate) cursor: Option<String>,
}

impl PageQuery {
    pub(crate) fn limit(&self) -> u64 {
        limit_of(self.limit)
    }

    /// The cursor, read back.
    pub(crate) fn cursor<T: std::str::FromStr>(&self) -> Result<Option<T>, Error> {
        self.cursor
            .as_deref()
            .map(|text| text.parse().map_err(|_| bad_cursor()))
            .transpose()
    }
}

/// How many items a page has when so many were asked for.
pub(crate) fn limit_of(asked: Option<u64>) -> u64 {
    asked.unwrap_or(DEFAULT).clamp(1, MOST)
}

pub(crate) fn bad_cursor() -> Error {
    Error::new(
        ErrorKind::Malformed,
        "bad_cursor",
        "The cursor is not one of ours. Start again without it.",
    )
}

/// One page.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    /// The items.
    pub(crate) items: Vec<T>,
    /// The cursor of the next page; null at the end.
    pub(crate) next: Option<String>,
}

impl<T> Page<T> {
    /// A page that is all there is.
    pub(crate) fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    /// A page cut from a query that asked for one item more than the limit.
    pub(crate) fn cut<S>(
        mut found: Vec<S>,
        limit: u64,
        cursor: impl Fn(&S) -> String,
        view: impl Fn(S) -> T,
    ) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        let next = if more { found.last().map(cursor) } else { None };
        Self {
            items: found.into_iter().map(view).collect(),
            next,
        }
    }
}
