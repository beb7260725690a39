//! A registration: one buyer's way from the Marketplace token to a working tenant, in visible steps.
//! Each step is idempotent and re-entered until it is done; a failed one says why and is tried again.

use serde::{Deserialize, Serialize};

use crate::{
    Error,
    error::FieldError,
    id::{LicenceId, RegistrationId, TenantId},
    list::Word,
    time::Timestamp,
};

/// A step, in the order they are shown. They are taken as soon as they can be, not one after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// The tenant exists.
    Tenant,
    /// The buyer told us who the first owner is, and their account is there.
    Administrator,
    /// AWS confirmed the licence.
    Licence,
    /// The tenant has its test key pair.
    KeyPair,
    /// Everything is there; the tenant is active.
    Activation,
    /// The tenant's own systems have used an API key.
    ApiKey,
    /// They have sent usage.
    Usage,
}

impl Step {
    /// Every step of a registration, which we take.
    pub const ALL: [Self; 5] = [
        Self::Tenant,
        Self::Administrator,
        Self::Licence,
        Self::KeyPair,
        Self::Activation,
    ];

    /// What the tenant does next, seen in what its systems do; of these nothing is stored.
    pub const WIRING: [Self; 2] = [Self::ApiKey, Self::Usage];

    /// The word used in tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::Administrator => "administrator",
            Self::Licence => "licence",
            Self::KeyPair => "keyPair",
            Self::Activation => "activation",
            Self::ApiKey => "apiKey",
            Self::Usage => "usage",
        }
    }

    /// What people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Tenant => "Account created",
            Self::Administrator => "First owner can sign in",
            Self::Licence => "Subscription confirmed by AWS",
            Self::KeyPair => "Key pair made",
            Self::Activation => "Ready to use",
            Self::ApiKey => "An API key in use",
            Self::Usage => "Usage counted",
        }
    }
}

impl std::str::FromStr for Step {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|step| step.as_str() == text)
            .ok_or_else(|| Error::internal(format!("unknown registration step {text:?}")))
    }
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StepState {
    /// Done; it stays done.
    Done,
    /// Waiting for something that is on its way.
    Waiting,
    /// The last try failed; it is tried again unless the message says otherwise.
    Failed,
}

impl StepState {
    /// The word used in tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Waiting => "waiting",
            Self::Failed => "failed",
        }
    }
}

impl Word for StepState {
    const ALL: &'static [Self] = &[Self::Failed, Self::Waiting, Self::Done];

    fn word(self) -> &'static str {
        self.as_str()
    }
}

impl std::str::FromStr for StepState {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "done" => Ok(Self::Done),
            "waiting" => Ok(Self::Waiting),
            "failed" => Ok(Self::Failed),
            other => Err(Error::internal(format!("unknown step state {other:?}"))),
        }
    }
}

/// What is known about one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepRecord {
    /// Which step.
    pub step: Step,
    /// How far.
    pub state: StepState,
    /// Why, in words for the buyer.
    pub message: String,
    /// How often it failed.
    pub failures: i32,
    /// The last look (business time).
    pub checked_at: Timestamp,
}

/// The step that holds a registration up: one that failed before one that waits; none when all are done.
pub fn held_up_by(steps: &[StepRecord]) -> Option<&StepRecord> {
    let at = |state| steps.iter().find(move |record| record.state == state);
    at(StepState::Failed).or_else(|| at(StepState::Waiting))
}

/// Who the buyer named as first administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The e-mail address.
    pub email: Email,
    /// The person's name.
    pub name: String,
}

/// One registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Its id.
    pub id: RegistrationId,
    /// The tenant it made.
    pub tenant: TenantId,
    /// The licence it began with.
    pub licence: LicenceId,
    /// The first administrator, once named.
    pub contact: Option<Contact>,
    /// When the buyer first came (business time).
    pub created_at: Timestamp,
    /// When the last step was done.
    pub completed_at: Option<Timestamp>,
}

/// An e-mail address that is plausible: one `@`, a dotted domain, nothing that could break a header.
/// Whether it can be reached is found out by writing to it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What addresses are compared by: nobody has two mailboxes that differ in capitals alone, and Cognito takes them for one.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Email(…)")
    }
}

impl std::str::FromStr for Email {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "Enter an e-mail address like name@company.com.";
        let text = text.trim();
        let (local, host) = text.rsplit_once('@').ok_or(WRONG)?;
        let good_local = (1..=64).contains(&local.len())
            && local
                .chars()
                .all(|c| !c.is_control() && !c.is_whitespace() && !"@<>()[]\\,;:\"".contains(c));
        let good_host = host.len() <= 253
            && host.contains('.')
            && host.split('.').all(|label| {
                (1..=63).contains(&label.len())
                    && label.chars().all(|c| c.is_alphanumeric() || c == '-')
                    && !label.starts_with('-')
                    && !label.ends_with('-')
            });
        if good_local && good_host && text.len() <= 254 {
            Ok(Self(text.to_owned()))
        } else {
            Err(WRONG)
        }
    }
}

/// Reads the welcome form; every wrong field is named at once.
pub fn read_contact(email: &str, name: &str) -> Result<Contact, Error> {
    let email = email.parse::<Email>();
    let name = name.trim();
    let name_fault = if name.is_empty() {
        Some("Enter your name.")
    } else if name.chars().count() > 100 {
        Some("Use at most 100 characters.")
    } else if name.chars().any(|c| c.is_control() || turns_text(c)) {
        Some("Use letters, digits and spaces only.")
    } else if name.contains("://") || name.to_lowercase().contains("www.") {
        // It stands in our mail, where it would be a link to anywhere.
        Some("Enter a name, not an address.")
    } else {
        None
    };
    match (email, name_fault) {
        (Ok(email), None) => Ok(Contact {
            email,
            name: name.to_owned(),
        }),
        (email, name_fault) => {
            let faults = [("email", email.err()), ("name", name_fault)];
            Err(Error::invalid_fields(
                faults
                    .into_iter()
                    .filter_map(|(field, fault)| {
                        Some(FieldError {
                            pointer: field.into(),
                            detail: fault?.into(),
                        })
                    })
                    .collect(),
            ))
        }
    }
}

/// Characters that turn the direction of the text around them, so that it reads as something else (Unicode TR 36, 2.9).
const fn turns_text(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_taken_and_refused() {
        for good in [
            "ann@harbour.example",
            "a.b+c@x-y.co.uk",
            " ann@gmail.com ",
            "änn@bücher.example",
            "o'neil@x.ie",
        ] {
            assert!(good.parse::<Email>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "ann",
            "ann@",
            "@x.example",
            "ann@localhost",
            "a b@x.example",
            "ann@x..example",
            "ann@-x.example",
            "ann@x.example\nBcc: all@x.example",
            "<ann@x.example>",
            "a@b@x.example",
            "ann@x.example,b@x.example",
        ] {
            assert!(bad.parse::<Email>().is_err(), "{bad:?}");
        }
        assert!(
            format!("{}@x.example", "a".repeat(65))
                .parse::<Email>()
                .is_err()
        );
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let error = read_contact("nobody", " ").unwrap_err();
        let pointers: Vec<&str> = error.fields().iter().map(|field| &*field.pointer).collect();
        assert_eq!(pointers, ["email", "name"]);
        assert!(read_contact("ann@harbour.example", "Ann\u{7}").is_err());
        assert!(read_contact("ann@harbour.example", &"n".repeat(101)).is_err());
        for wrong in [
            "Ann \u{202e}nnA",
            "Ann https://evil.example",
            "Ann WWW.evil.example",
        ] {
            assert!(
                read_contact("ann@harbour.example", wrong).is_err(),
                "{wrong}"
            );
        }
        assert_eq!(
            read_contact("ann@harbour.example", " Ann ").unwrap().name,
            "Ann"
        );
    }
}
