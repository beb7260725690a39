//! What of the list of API keys is asked for: parameters of a GET, so every view of it is an address.

use control::api_key::Query;
use domain::{
    Error, Mode,
    api_key::ApiKeyState,
    id::ApiKeyId,
    list::{NamedOrder, Word},
};

use crate::{
    form::Form,
    pages::list::{address, asked, sort_word},
};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filter {
    /// What is looked at, which no address says.
    pub(crate) mode: Mode,
    pub(crate) state: Option<ApiKeyState>,
    pub(crate) sort: NamedOrder,
    /// The last key of the page before.
    pub(crate) after: Option<ApiKeyId>,
}

impl Filter {
    /// All keys of the mode.
    #[cfg(test)]
    pub(crate) fn of(mode: Mode) -> Self {
        Self {
            mode,
            state: None,
            sort: NamedOrder::default(),
            after: None,
        }
    }

    pub(super) fn read(query: &Form, mode: Mode) -> Result<Self, Error> {
        Ok(Self {
            mode,
            state: asked(query, "state", ApiKeyState::of)?,
            sort: asked(query, "sort", NamedOrder::of)?.unwrap_or_default(),
            after: asked(query, "after", |word| word.parse().ok())?,
        })
    }

    pub(super) fn query(&self) -> Query {
        Query {
            state: self.state,
            mode: Some(self.mode),
            sort: self.sort,
            after: self.after,
        }
    }

    pub(super) const fn is_narrow(&self) -> bool {
        self.state.is_some()
    }

    pub(super) fn state_word(&self) -> &'static str {
        self.state.map_or("", ApiKeyState::word)
    }

    /// The list with these filters, and something more.
    pub(super) fn address(&self, more: &[(&str, &str)]) -> String {
        let own = [("state", self.state_word()), ("sort", sort_word(self.sort))];
        address("/api-keys", &[&own, more].concat())
    }

    /// The file of what is asked for, all pages of it.
    pub(super) fn file(&self) -> String {
        let own = [
            ("mode", self.mode.as_str()),
            ("state", self.state_word()),
            ("sort", sort_word(self.sort)),
            ("format", "csv"),
        ];
        address("/api/v1/api-keys", &own)
    }

    /// The first page, if this is another one.
    pub(super) fn first_page(&self) -> Option<String> {
        self.after.map(|_| self.address(&[]))
    }

    /// The same from its beginning, in another order.
    pub(super) fn by(&self, sort: NamedOrder) -> String {
        let other = Self {
            sort,
            after: None,
            ..self.clone()
        };
        other.address(&[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_again_what_was_read_from_it() {
        let text = "state=used&sort=name";
        let filter = Filter::read(&Form::parse(text.as_bytes()), Mode::Live).unwrap();
        assert_eq!(filter.address(&[]), format!("/api-keys?{text}"));
        assert_eq!(filter.by(NamedOrder::Newest), "/api-keys?state=used");
        let file = format!("/api/v1/api-keys?mode=live&{text}&format=csv");
        assert_eq!(filter.file(), file);
        for wrong in ["state=x", "sort=x", "after=x"] {
            let error = Filter::read(&Form::parse(wrong.as_bytes()), Mode::Test).unwrap_err();
            assert_eq!(error.code(), "bad_filter", "{wrong}");
        }
    }
}
