//! Members of a request, checked by the limits of the service model.
//!
//! Cognito answers a broken constraint with `InvalidParameterException` and the sentence of its validator.

use serde_json::Value;

use super::{
    PoolSettings,
    state::{Pool, User},
};
use crate::error::AwsError;

/// The input of one operation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Input<'a>(&'a Value);

/// The caller's mistake.
pub(super) fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::client("InvalidParameterException", message)
}

/// The user is not there.
pub(super) fn no_user() -> AwsError {
    AwsError::client("UserNotFoundException", "User does not exist.")
}

fn broken(name: &str, value: &str, constraint: &str) -> AwsError {
    let mut chars = name.chars();
    let member: String = chars
        .next()
        .map(|c| c.to_ascii_lowercase())
        .into_iter()
        .chain(chars)
        .collect();
    invalid(format!(
        "1 validation error detected: Value {value}at '{member}' failed to satisfy constraint: {constraint}"
    ))
}

impl<'a> Input<'a> {
    pub(super) fn new(body: &'a Value) -> Self {
        Self(body)
    }

    /// A text that may be left out.
    pub(super) fn text(self, name: &str, max: usize) -> Result<Option<&'a str>, AwsError> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.chars().count() > max => Err(broken(
                name,
                "",
                &format!("Member must have length less than or equal to {max}"),
            )),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(AwsError::client(
                "SerializationException",
                format!("{name} is not a string."),
            )),
        }
    }

    /// A text that must be there and not be empty.
    pub(super) fn required(self, name: &str, max: usize) -> Result<&'a str, AwsError> {
        match self.text(name, max)? {
            None => Err(broken(name, "null ", "Member must not be null")),
            Some("") => Err(broken(
                name,
                "",
                "Member must have length greater than or equal to 1",
            )),
            Some(text) => Ok(text),
        }
    }

    /// One of these words.
    pub(super) fn choice(
        self,
        name: &str,
        values: &[&'static str],
    ) -> Result<Option<&'static str>, AwsError> {
        let Some(text) = self.text(name, usize::MAX)? else {
            return Ok(None);
        };
        values
            .iter()
            .copied()
            .find(|v| *v == text)
            .map(Some)
            .ok_or_else(|| {
                broken(
                    name,
                    &format!("'{text}' "),
                    &format!(
                        "Member must satisfy enum value set: [{}]",
                        values.join(", ")
                    ),
                )
            })
    }

    pub(super) fn flag(self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    pub(super) fn number(self, name: &str) -> Option<i64> {
        self.0.get(name).and_then(Value::as_i64)
    }

    /// A structure that may be left out.
    pub(super) fn inner(self, name: &str) -> Option<Input<'a>> {
        self.0.get(name).filter(|v| v.is_object()).map(Input)
    }

    /// The texts of a list.
    pub(super) fn texts(self, name: &str) -> Vec<&'a str> {
        let list = self.0.get(name).and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// `Name` and `Value` of an attribute list.
    pub(super) fn attributes(self, name: &str) -> Result<Vec<(&'a str, &'a str)>, AwsError> {
        let list = self.0.get(name).and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .map(|item| {
                let item = Input(item);
                Ok((
                    item.required("Name", 32)?,
                    item.text("Value", 2048)?.unwrap_or_default(),
                ))
            })
            .collect()
    }

    /// How many items a page has, by its `Limit` of at most 60.
    pub(super) fn limit(self) -> Result<usize, AwsError> {
        match self.number("Limit").unwrap_or(60) {
            0 => Ok(60),
            n => usize::try_from(n).ok().filter(|n| *n <= 60).ok_or_else(|| {
                broken(
                    "Limit",
                    &format!("'{n}' "),
                    "Member must have value less than or equal to 60",
                )
            }),
        }
    }

    /// `UserPoolId` must be our pool, asked in its region.
    pub(super) fn pool(self, settings: &PoolSettings, region: &str) -> Result<(), AwsError> {
        let id = self.required("UserPoolId", 55)?;
        if id == settings.id && region == settings.region() {
            return Ok(());
        }
        Err(AwsError::client(
            "ResourceNotFoundException",
            format!("User pool {id} does not exist."),
        ))
    }

    /// The user that `Username` names, by its username or its alias.
    pub(super) fn user(self, pool: &Pool) -> Result<User, AwsError> {
        let name = self.required("Username", 128)?;
        pool.find(name).cloned().ok_or_else(no_user)
    }
}
