//! Lists: `{"items": […], "next": cursor or null}`, `?limit=` up to 200, `?cursor=` as the page before gave it.

use domain::{
    Error, ErrorKind,
    list::{Asked, Text, Word, bad_cursor},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::format::Format;

const DEFAULT: u64 = 50;
const MOST: u64 = 200;

/// Which page of a list that is narrowed by nothing.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// How many items, 1 to 200; 50 if not given. More is cut to 200.
    pub(crate) limit: Option<u64>,
    /// `next` of the page before.
    pub(crate) cursor: Option<String>,
}

/// What of a list over all tenants is asked for. As CSV it is the whole list from the cursor on.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// How many items, 1 to 200; 50 if not given. More is cut to 200.
    pub(crate) limit: Option<u64>,
    /// `next` of the page before, in the same order.
    pub(crate) cursor: Option<String>,
    /// Only what is in this state.
    state: Option<String>,
    /// Only what this names: an id of ours or of AWS, the end of an AWS account, or words in a name.
    q: Option<String>,
    /// In which order; the newest first if not given.
    sort: Option<String>,
    /// `csv` or `json`; decides before `Accept` does.
    pub(crate) format: Option<Format>,
}

impl ListQuery {
    pub(crate) fn limit(&self) -> u64 {
        limit_of(self.limit)
    }

    /// What is asked for, from that cursor on.
    pub(crate) fn from<State, Sort, After>(
        &self,
        cursor: Option<&str>,
    ) -> Result<Asked<State, Sort, After>, Error>
    where
        State: Word,
        Sort: Word + Default,
        After: std::str::FromStr,
    {
        let text = self.q.as_deref().map(Text::read).transpose()?;
        Ok(Asked {
            state: word_of("state", self.state.as_deref())?,
            text: text.flatten(),
            sort: word_of("sort", self.sort.as_deref())?.unwrap_or_default(),
            after: cursor_of(cursor)?,
        })
    }
}

/// A word of a list's query. One that means nothing is refused: the list would silently show something else than was asked for.
pub(crate) fn word_of<T: Word>(name: &str, word: Option<&str>) -> Result<Option<T>, Error> {
    let Some(word) = word.filter(|word| !word.is_empty()) else {
        return Ok(None);
    };
    let known = || {
        let words: Vec<_> = T::ALL.iter().map(|known| known.word()).collect();
        format!("`{name}` is one of: {}.", words.join(", "))
    };
    let wrong = || Error::new(ErrorKind::Malformed, "bad_filter", known());
    T::of(word).map(Some).ok_or_else(wrong)
}

/// How many items a page has when so many were asked for.
pub(crate) fn limit_of(asked: Option<u64>) -> u64 {
    asked.unwrap_or(DEFAULT).clamp(1, MOST)
}

/// The place of a cursor.
pub(crate) fn cursor_of<T: std::str::FromStr>(text: Option<&str>) -> Result<Option<T>, Error> {
    text.map(|text| text.parse().map_err(|_| bad_cursor()))
        .transpose()
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
