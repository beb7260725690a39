//! A user: one person who signs in, with one address, in as many tenants as have them.
//! Passwords and authenticators are the identity provider's; what is kept here says which account there is wanted and which is known.

use crate::{Error, id::UserId, identity::Username, registration::Email, time::Timestamp};

/// Which account the identity provider should have for the user: decided by [`wanted`], never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// One that can sign in.
    Enabled,
    /// One that cannot: the person belongs to no tenant any more.
    Disabled,
    /// None: the address was mistyped, and nobody ever signed in with it.
    Absent,
}

/// Which account the identity provider is known to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// None as yet.
    None,
    /// Perhaps one, which may be able to sign in or not: something was asked for, and no answer came.
    Unsure,
    /// One that can sign in.
    Enabled,
    /// One that cannot.
    Disabled,
}

/// Which account there should be: one that can sign in for who belongs somewhere; none for an address that nobody ever signed in with;
/// and for who once did, one that is kept closed, so that the audit trail's names stay theirs.
pub const fn wanted(memberships: u64, operator: bool, signed_in: bool) -> Wanted {
    if memberships > 0 || operator {
        Wanted::Enabled
    } else if signed_in {
        Wanted::Disabled
    } else {
        Wanted::Absent
    }
}

macro_rules! words {
    ($name:ident { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl $name {
            /// The word used in tables.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    other => Err(Error::internal(format!("unknown word {other:?} in a table"))),
                }
            }
        }
    };
}

words!(Known { None => "none", Unsure => "unsure", Enabled => "enabled", Disabled => "disabled" });

/// One person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Our id.
    pub id: UserId,
    /// Where they are reached, and what they sign in with.
    pub email: Email,
    /// What they are called.
    pub name: String,
    /// The identity provider's name of them, once it has one.
    pub username: Option<Username>,
    /// The account that is known to be there.
    pub known: Known,
    /// Whether they are one of the vendor's operators, as the identity provider said at the last sign-in.
    pub operator: bool,
    /// When a first password was last mailed to them (real time).
    pub mailed_at: Option<Timestamp>,
    /// When they first signed in (real time).
    pub first_signed_in_at: Option<Timestamp>,
    /// When they last signed in (real time).
    pub last_signed_in_at: Option<Timestamp>,
    /// What is in the way of the account, in words for owners; none if nothing is.
    pub trouble: Option<String>,
    /// When they were first named (business time).
    pub created_at: Timestamp,
}

/// What has to be done at the identity provider besides the account's being there; each is done once and then forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Errands {
    /// Mail a new temporary password.
    pub resend: bool,
    /// Forget the authenticator.
    pub reset_authenticator: bool,
    /// End every session there.
    pub sign_out: bool,
}

impl Errands {
    /// Whether there is nothing to do.
    pub const fn is_empty(self) -> bool {
        !self.resend && !self.reset_authenticator && !self.sign_out
    }
}

/// What the next step at the identity provider is; the reconciler takes one, looks again, and takes the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Make the account, or find the one that was made unheard.
    Create,
    /// Look whether there is one.
    Find,
    /// Allow sign-in again.
    Enable,
    /// Forbid sign-in.
    Disable,
    /// Take the account away.
    Delete,
    /// Forget a user who never had an account and is not wanted.
    Forget,
    /// Mail a new temporary password.
    Resend,
    /// Forget the authenticator.
    ResetAuthenticator,
    /// End every session there.
    SignOut,
}

impl Step {
    /// Whether it changes which account there is, so that it is unknown until its answer comes.
    pub const fn changes_the_account(self) -> bool {
        matches!(
            self,
            Self::Create | Self::Enable | Self::Disable | Self::Delete
        )
    }

    /// Whether it shuts the person out: then no session of theirs may live on, whatever its answer is and whether it comes.
    pub const fn shuts_out(self) -> bool {
        matches!(self, Self::Disable | Self::Delete)
    }
}

/// The next step for a user, or none if all is as it should be.
pub const fn next_step(wanted: Wanted, known: Known, errands: Errands) -> Option<Step> {
    match (wanted, known) {
        (_, Known::Unsure) => Some(Step::Find),
        (Wanted::Enabled, Known::None) => Some(Step::Create),
        // Before it is opened again, and while it is closed, so that no session there can begin in between.
        (Wanted::Enabled | Wanted::Disabled, Known::Disabled) if errands.sign_out => {
            Some(Step::SignOut)
        }
        (Wanted::Enabled, Known::Disabled) => Some(Step::Enable),
        (Wanted::Disabled, Known::Enabled) => Some(Step::Disable),
        (Wanted::Absent, Known::None) => Some(Step::Forget),
        (Wanted::Absent, Known::Enabled | Known::Disabled) => Some(Step::Delete),
        // Nobody is there who could use another errand.
        (Wanted::Disabled, Known::None | Known::Disabled) => None,
        (Wanted::Enabled, Known::Enabled) => {
            if errands.reset_authenticator {
                Some(Step::ResetAuthenticator)
            } else if errands.sign_out {
                Some(Step::SignOut)
            } else if errands.resend {
                Some(Step::Resend)
            } else {
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wanted, what is known, and what a look finds.
    fn states() -> impl Iterator<Item = (Wanted, Known, Known)> {
        let wanted = [Wanted::Enabled, Wanted::Disabled, Wanted::Absent];
        let known = [Known::None, Known::Unsure, Known::Enabled, Known::Disabled];
        let found = [Known::None, Known::Enabled, Known::Disabled];
        wanted.into_iter().flat_map(move |wanted| {
            let of_found = move |known| found.into_iter().map(move |found| (wanted, known, found));
            known.into_iter().flat_map(of_found)
        })
    }

    #[test]
    fn who_was_shut_out_is_signed_out_before_anything_else() {
        let owed = Errands {
            sign_out: true,
            ..Errands::default()
        };
        for wanted in [Wanted::Enabled, Wanted::Disabled] {
            let step = next_step(wanted, Known::Disabled, owed);
            assert_eq!(step, Some(Step::SignOut), "{wanted:?}");
        }
        let step = next_step(Wanted::Disabled, Known::Disabled, Errands::default());
        assert_eq!(step, None);
    }

    #[test]
    fn every_state_leads_to_what_is_wanted_in_at_most_five_steps() {
        for (wanted, known, found) in states() {
            let (mut known, mut errands) = (
                known,
                Errands {
                    resend: true,
                    reset_authenticator: true,
                    sign_out: true,
                },
            );
            let mut steps = Vec::new();
            while let Some(step) = next_step(wanted, known, errands) {
                steps.push(step);
                assert!(steps.len() <= 5, "{wanted:?}: {steps:?}");
                match step {
                    Step::Find => known = found,
                    Step::Create | Step::Enable => known = Known::Enabled,
                    Step::Disable => known = Known::Disabled,
                    Step::Delete => known = Known::None,
                    Step::Forget => break,
                    Step::Resend => errands.resend = false,
                    Step::ResetAuthenticator => errands.reset_authenticator = false,
                    Step::SignOut => errands.sign_out = false,
                }
            }
            assert!(
                matches!(
                    (wanted, known),
                    (Wanted::Enabled, Known::Enabled)
                        | (Wanted::Disabled, Known::Disabled | Known::None)
                        | (Wanted::Absent, Known::None)
                ),
                "{wanted:?} ended at {known:?}"
            );
        }
    }
}
