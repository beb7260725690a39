//! What of the list of members is asked for: parameters of a GET, so every view of it is an address.

use control::user::{Query, Sort};
use domain::{
    Error,
    id::{InvitationId, UserId},
    list::Word,
    role::Role,
};

use crate::{
    form::Form,
    pages::list::{address, asked, sort_word},
};

/// As long as a name may be.
const MOST: usize = 80;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Filter {
    pub(crate) text: String,
    pub(crate) role: Option<Role>,
    pub(crate) sort: Sort,
    /// The last member of the page before.
    pub(crate) after: Option<UserId>,
    /// The last invitation of the page before.
    pub(crate) invited_after: Option<InvitationId>,
}

impl Filter {
    /// `of` is the role: `role` fills the form of an invitation.
    pub(super) fn read(query: &Form) -> Result<Self, Error> {
        Ok(Self {
            text: query.get("q").trim().chars().take(MOST).collect(),
            role: asked(query, "of", |word| word.parse().ok())?,
            sort: asked(query, "sort", Sort::of)?.unwrap_or_default(),
            after: asked(query, "after", |word| word.parse().ok())?,
            invited_after: asked(query, "invited_after", |word| word.parse().ok())?,
        })
    }

    pub(super) fn query(&self) -> Query {
        Query {
            text: Some(self.text.clone()).filter(|text| !text.is_empty()),
            role: self.role,
            sort: self.sort,
            after: self.after,
        }
    }

    pub(super) fn role_word(&self) -> &'static str {
        self.role.map_or("", Role::as_str)
    }

    pub(super) const fn is_narrow(&self) -> bool {
        !self.text.is_empty() || self.role.is_some()
    }

    /// The list with these filters, and something more.
    pub(super) fn address(&self, more: &[(&str, &str)]) -> String {
        let own = [
            ("q", self.text.as_str()),
            ("of", self.role_word()),
            ("sort", sort_word(self.sort)),
        ];
        address("/people", &[&own, more].concat())
    }

    /// The file of what is asked for, all pages of it.
    pub(super) fn file(&self) -> String {
        let own = [
            ("q", self.text.as_str()),
            ("role", self.role_word()),
            ("sort", sort_word(self.sort)),
            ("format", "csv"),
        ];
        address("/api/v1/users", &own)
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
        let filter = Filter::read(&Form::parse(b"q=+a%26b+&of=agent&sort=newest")).unwrap();
        assert_eq!(filter.text, "a&b");
        assert_eq!(filter.address(&[]), "/people?q=a%26b&of=agent&sort=newest");
        assert_eq!(filter.by(Sort::Role), "/people?q=a%26b&of=agent");
        let file = "/api/v1/users?q=a%26b&role=agent&sort=newest&format=csv";
        assert_eq!(filter.file(), file);
        for wrong in ["of=x", "sort=x", "after=x", "invited_after=x"] {
            let error = Filter::read(&Form::parse(wrong.as_bytes())).unwrap_err();
            assert_eq!(error.code(), "bad_filter", "{wrong}");
        }
        let long = format!("q={}", "x".repeat(500));
        let filter = Filter::read(&Form::parse(long.as_bytes())).unwrap();
        assert_eq!(filter.text.len(), MOST);
    }
}
