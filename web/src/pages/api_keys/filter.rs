//! What of the list of API keys is asked for: parameters of a GET, so every view of it is an address.

use control::api_key::{Query, Sort};
use domain::{Error, Mode, id::ApiKeyId};

use crate::{
    form::Form,
    pages::list::{address, asked},
};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Filter {
    pub(crate) revoked: Option<bool>,
    pub(crate) mode: Option<Mode>,
    pub(crate) sort: Sort,
    /// The last key of the page before.
    pub(crate) after: Option<ApiKeyId>,
}

impl Filter {
    /// `of` is the mode: `mode` fills the form for a new key.
    pub(super) fn read(query: &Form) -> Result<Self, Error> {
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
            revoked: revoked?,
            mode: asked(query, "of", |word| word.parse().ok())?,
            sort: sort?.unwrap_or_default(),
            after: asked(query, "after", |word| word.parse().ok())?,
        })
    }

    pub(super) fn query(&self) -> Query {
        Query {
            revoked: self.revoked,
            mode: self.mode,
            sort: self.sort,
            after: self.after,
        }
    }

    pub(super) const fn is_narrow(&self) -> bool {
        self.revoked.is_some() || self.mode.is_some() || self.after.is_some()
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

    pub(super) fn mode_word(&self) -> &'static str {
        self.mode.map_or("", Mode::as_str)
    }

    /// The list with these filters, and something more.
    pub(super) fn address(&self, more: &[(&str, &str)]) -> String {
        let own = [
            ("state", self.state_word()),
            ("of", self.mode_word()),
            ("sort", self.sort_word()),
        ];
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
        let text = "state=used&of=test&sort=name";
        let filter = Filter::read(&Form::parse(text.as_bytes())).unwrap();
        assert_eq!(filter.address(&[]), format!("/api-keys?{text}"));
        assert_eq!(filter.by(Sort::Newest), "/api-keys?state=used&of=test");
        for wrong in ["state=x", "of=x", "sort=x", "after=x"] {
            let error = Filter::read(&Form::parse(wrong.as_bytes())).unwrap_err();
            assert_eq!(error.code(), "bad_filter", "{wrong}");
        }
    }
}
