//! What of the list of API keys is asked for: parameters of a GET, so every view of it is an address.

use control::api_key::{Query, Sort};
use domain::{Error, Mode, id::ApiKeyId};

use crate::{
    form::Form,
    pages::list::{address, asked},
};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filter {
    /// What is looked at, which no address says.
    pub(crate) mode: Mode,
    pub(crate) revoked: Option<bool>,
    pub(crate) sort: Sort,
    /// The last key of the page before.
    pub(crate) after: Option<ApiKeyId>,
}

impl Filter {
    /// All keys of the mode.
    #[cfg(test)]
    pub(crate) fn of(mode: Mode) -> Self {
        Self {
            mode,
            revoked: None,
            sort: Sort::default(),
            after: None,
        }
    }

    pub(super) fn read(query: &Form, mode: Mode) -> Result<Self, Error> {
        let revoked = asked(query, "state", |word| match word {
            "used" => Some(false),
            "revoked" => Some(true),
            _ => None,
        });
        let sort = asked(query, "sort", |word| match word {
            "name" => Some(Sort::Name),
            "oldest" => Some(Sort::Oldest),
            _ => None,
        });
        Ok(Self {
            mode,
            revoked: revoked?,
            sort: sort?.unwrap_or_default(),
            after: asked(query, "after", |word| word.parse().ok())?,
        })
    }

    pub(super) fn query(&self) -> Query {
        Query {
            revoked: self.revoked,
            mode: Some(self.mode),
            sort: self.sort,
            after: self.after,
        }
    }

    pub(super) const fn is_narrow(&self) -> bool {
        self.revoked.is_some() || self.after.is_some()
    }

    pub(super) const fn sort_word(&self) -> &'static str {
        match self.sort {
            Sort::Newest => "",
            Sort::Oldest => "oldest",
            Sort::Name => "name",
        }
    }

    pub(super) const fn state_word(&self) -> &'static str {
        match self.revoked {
            None => "",
            Some(false) => "used",
            Some(true) => "revoked",
        }
    }

    /// The list with these filters, and something more.
    pub(super) fn address(&self, more: &[(&str, &str)]) -> String {
        let own = [("state", self.state_word()), ("sort", self.sort_word())];
        address("/api-keys", &[&own, more].concat())
    }

    /// The first page, if this is another one.
    pub(super) fn first_page(&self) -> Option<String> {
        self.after.map(|_| self.address(&[]))
    }

    /// The same from its beginning, in another order.
    pub(super) fn by(&self, sort: Sort) -> String {
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
        assert_eq!(filter.by(Sort::Newest), "/api-keys?state=used");
        for wrong in ["state=x", "sort=x", "after=x"] {
            let error = Filter::read(&Form::parse(wrong.as_bytes()), Mode::Test).unwrap_err();
            assert_eq!(error.code(), "bad_filter", "{wrong}");
        }
    }
}
