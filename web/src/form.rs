//! Names and values of a form or a query, and what was wrong with them. Unknown names are ignored.
//! Invariant: a value goes back to the person who sent it and nowhere else.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
    response::Response,
};
use domain::{
    Error, ErrorKind,
    idempotency::{Fingerprint, IdempotencyKey},
};
use http_api::Http;
use std::convert::Infallible;

use crate::{error_page, reader::Reader, words::local};

/// The largest form our own pages post.
pub(crate) const LIMIT: usize = 16 * 1024;

/// The fields of an urlencoded form.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form(Vec<(String, String)>);

/// The parameters of the query string.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query(pub(crate) Form);

impl Form {
    pub(crate) fn parse(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// Fields that were read another way.
    pub(crate) const fn of(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// The first value of that name; empty if there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .unwrap_or_default()
    }

    /// Every value of that name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Every name with its value, in the order they came.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether any of these names is there: then a page's form fills itself in from them.
    pub(crate) fn has_any(&self, names: &[&str]) -> bool {
        self.pairs().any(|(name, _)| names.contains(&name))
    }

    /// The first value of that name, unless it is absent or empty.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }
}

/// The field with the name of one showing of a form: what makes something that is shown once makes it once for each showing.
pub(crate) const ONCE: &str = "once";

impl Form {
    /// What tells this sending of the form at that path from others, if its page gave it a name.
    ///
    /// # Errors
    /// `bad_idempotency_key` (400).
    pub(crate) fn once(&self, path: &str) -> Result<Option<(IdempotencyKey, Fingerprint)>, Error> {
        let Some(name) = self.given(ONCE) else {
            return Ok(None);
        };
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(self.pairs());
        let fingerprint = Fingerprint::of("POST", path, body.finish().as_bytes());
        Ok(Some((IdempotencyKey::parse(name.as_bytes())?, fingerprint)))
    }
}

/// The content type without its parameters, in lower case.
pub(crate) fn essence(headers: &HeaderMap) -> String {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// The answer to a body that is no form.
pub(crate) fn not_a_form() -> Error {
    Error::new(
        ErrorKind::UnsupportedMedia,
        "unsupported_media_type",
        "This address takes what a form sends, and nothing else.",
    )
}

impl FromRequest<Http> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, http: &Http) -> Result<Self, Response> {
        let reader = Reader::new(request.extensions(), http);
        let read = async {
            if essence(request.headers()) != "application/x-www-form-urlencoded" {
                return Err(not_a_form());
            }
            let body = runtime::extract::body(request)
                .await
                .map_err(|refused| refused.0)?;
            Ok(Self::parse(&body))
        };
        read.await
            .map_err(|error| error_page::answer(&reader, &error))
    }
}

impl FromRequestParts<Http> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Http) -> Result<Self, Infallible> {
        let text = parts.uri.query().unwrap_or_default();
        Ok(Self(Form::parse(text.as_bytes())))
    }
}

/// What was wrong with a form: about single fields, or about the whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    /// About the whole.
    pub(crate) whole: Option<String>,
    /// Field name and what is wrong with it.
    pub(crate) fields: Vec<(String, String)>,
}

impl Faults {
    /// What to show beside the form again; `None` for errors that have a page of their own.
    pub(crate) fn of(error: &Error) -> Option<Self> {
        // What may be done a little later, or by somebody else, is said beside the form as well: nothing that was typed is lost.
        let beside = matches!(
            error.kind(),
            ErrorKind::Invalid | ErrorKind::Conflict | ErrorKind::TooMany
        );
        if !beside && error.code() != "owners_only" {
            return None;
        }
        let fields: Vec<_> = error
            .fields()
            .iter()
            .map(|field| {
                let name = field.pointer.trim_start_matches('/').to_owned();
                (name, local(&field.detail).into_owned())
            })
            .collect();
        Some(Self {
            whole: fields
                .is_empty()
                .then(|| local(error.message()).into_owned()),
            fields,
        })
    }

    /// What is wrong with that field.
    pub(crate) fn about(&self, name: &str) -> Option<String> {
        self.fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, detail)| detail.clone())
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.whole.is_none() && self.fields.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_names_keep_every_value_and_missing_ones_are_empty() {
        let form = Form::parse(b"scopes=a&name=J%C3%BCrgen+%26+Co&scopes=b&empty=");
        assert_eq!(form.all("scopes").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(form.get("name"), "Jürgen & Co");
        assert_eq!(form.given("empty"), None);
        assert_eq!(form.get("nothing"), "");
    }

    #[test]
    fn json_pointers_become_field_names() {
        let error = Error::field("invalid", "/name", "Give it a name.");
        let faults = Faults::of(&error).unwrap();
        assert_eq!(faults.about("name").as_deref(), Some("Give it a name."));
        assert_eq!(faults.whole, None);
        assert!(Faults::of(&Error::not_found("key")).is_none());
    }
}
