//! `ListUsers` with its filter, and pages of users.
//!
//! Source: API reference of `ListUsers`: one condition, `=` or `^=`, over standard attributes only; custom ones are not searchable.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    input::{Input, invalid},
    state::User,
    users,
};
use crate::{error::AwsError, sim::Change};

/// `ListUsers`.
pub(super) fn users(c: &Change<'_>, input: Input<'_>) -> Result<Value, AwsError> {
    let filter = input
        .text("Filter", 256)?
        .filter(|f| !f.trim().is_empty())
        .map(Filter::parse)
        .transpose()?;
    let wanted = input.texts("AttributesToGet");
    let found: Vec<&User> = c
        .pool
        .users
        .values()
        .filter(|u| filter.as_ref().is_none_or(|f| f.takes(u)))
        .collect();
    let (page, next) = page(&found, input, "PaginationToken")?;
    let shown: Vec<Value> = page
        .iter()
        .map(|u| {
            let mut shown = users::described(u, "Attributes");
            if !wanted.is_empty()
                && let Some(list) = shown["Attributes"].as_array_mut()
            {
                list.retain(|a| wanted.iter().any(|w| a["Name"] == *w));
            }
            shown
        })
        .collect();
    let mut out = json!({ "Users": shown });
    if let Some(next) = next {
        out["PaginationToken"] = json!(next);
    }
    Ok(out)
}

/// One page of users in order of their usernames, and the token of the next.
pub(super) fn page<'a>(
    all: &[&'a User],
    input: Input<'_>,
    token: &str,
) -> Result<(Vec<&'a User>, Option<String>), AwsError> {
    let limit = input.limit()?;
    let after = match input.text(token, 131_072)? {
        None => None,
        Some(text) => Some(
            URL_SAFE_NO_PAD
                .decode(text)
                .ok()
                .and_then(|b| String::from_utf8(b).ok())
                .ok_or_else(|| invalid("Invalid pagination token."))?,
        ),
    };
    let rest: Vec<&User> = all
        .iter()
        .copied()
        .filter(|u| after.as_ref().is_none_or(|a| u.username > *a))
        .collect();
    let next = (rest.len() > limit)
        .then(|| rest.get(limit - 1))
        .flatten()
        .map(|u| URL_SAFE_NO_PAD.encode(&u.username));
    Ok((rest.into_iter().take(limit).collect(), next))
}

struct Filter {
    attribute: String,
    prefix: bool,
    value: String,
}

impl Filter {
    fn parse(text: &str) -> Result<Self, AwsError> {
        let bad = || invalid("Error while parsing filter.");
        let (left, right) = text.split_once('=').ok_or_else(bad)?;
        let (attribute, prefix) = match left.trim_end().strip_suffix('^') {
            Some(attribute) => (attribute.trim(), true),
            None => (left.trim(), false),
        };
        let attribute = attribute.trim_matches('"');
        let value = right
            .trim()
            .strip_prefix('"')
            .and_then(|v| v.strip_suffix('"'))
            .ok_or_else(bad)?;
        let searchable = [
            "username",
            "sub",
            "email",
            "phone_number",
            "name",
            "given_name",
            "family_name",
            "preferred_username",
            "cognito:user_status",
            "status",
        ];
        if !searchable.contains(&attribute) {
            return Err(invalid(
                "One or more requested attributes do not exist or are not searchable.",
            ));
        }
        Ok(Self {
            attribute: attribute.to_owned(),
            prefix,
            value: value.replace("\\\"", "\""),
        })
    }

    fn takes(&self, user: &User) -> bool {
        let status = if user.enabled { "Enabled" } else { "Disabled" };
        let actual = match self.attribute.as_str() {
            "username" | "sub" => &user.username,
            "cognito:user_status" => user.status.as_str(),
            "status" => status,
            other => user.attributes.get(other).map_or("", String::as_str),
        };
        // The pool is not case-sensitive.
        let (actual, wanted) = (actual.to_lowercase(), self.value.to_lowercase());
        if self.prefix {
            actual.starts_with(&wanted)
        } else {
            actual == wanted
        }
    }
}
