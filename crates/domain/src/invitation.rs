//! An invitation into a tenant: a link in a mail, good once and for a while. Opening the link changes nothing (mail scanners open
//! links); accepting is a form on the page behind it. What is kept of the link is the hash of its secret.

use chrono::Duration;

use crate::{
    Error, ErrorKind,
    id::{InvitationId, TenantId, UserId},
    registration::Email,
    role::Role,
    time::Timestamp,
};

/// How long the link is good.
pub const LIFETIME: Duration = Duration::hours(72);
/// How many invitations of one tenant may be open at once.
pub const MOST_OPEN: u64 = 100;

/// How many mails with invitations a tenant may send in an hour: enough for a contact centre that starts, too few for spam in our name.
pub const MOST_AN_HOUR: u64 = 200;

/// Where an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Can be accepted.
    Open,
    /// Was accepted.
    Accepted,
    /// Was taken back.
    Revoked,
    /// Was not accepted in time; it can be sent again.
    Expired,
}

impl State {
    /// The word used in JSON and in the console.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }
}

/// One invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Into which tenant.
    pub tenant: TenantId,
    /// Who is invited.
    pub email: Email,
    /// As what.
    pub role: Role,
    /// Who invites.
    pub invited_by: Option<UserId>,
    /// Since when (real time).
    pub created_at: Timestamp,
    /// Until when (real time).
    pub expires_at: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

impl Invitation {
    /// Where it stands at this moment (real time).
    pub fn state(&self, now: Timestamp) -> State {
        if self.accepted_at.is_some() {
            State::Accepted
        } else if self.revoked_at.is_some() {
            State::Revoked
        } else if now >= self.expires_at {
            State::Expired
        } else {
            State::Open
        }
    }

    /// Nothing, if it can be accepted.
    ///
    /// # Errors
    /// `invitation_over` (410), saying why and what to do.
    pub fn check_open(&self, now: Timestamp) -> Result<(), Error> {
        match self.state(now) {
            State::Open => Ok(()),
            State::Accepted => Err(over(
                "This invitation was accepted already. Sign in instead.",
            )),
            State::Revoked => Err(over(
                "This invitation was taken back. Ask whoever invited you for a new one.",
            )),
            State::Expired => Err(over(
                "This invitation was good for three days, and they are over. Ask whoever invited you to send it again.",
            )),
        }
    }
}

/// The answer to a link that opens nothing: used, old, replaced or never ours. They all look the same from outside unless the link
/// itself is genuine.
pub fn over(message: &'static str) -> Error {
    Error::new(ErrorKind::Gone, "invitation_over", message)
}
