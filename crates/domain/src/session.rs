//! A session: one signed-in browser. Its secret is 256 random bits in a cookie; what is kept is the secret's hash.
//! Judged by real time. Sources: OWASP ASVS 5.0 7.2.3, 7.3.1, 7.3.2, 7.5.1; NIST SP 800-63B AAL2 for the order of the limits.

use chrono::Duration;

use crate::{
    id::{SessionId, TenantId, UserId},
    time::Timestamp,
};

/// Without a request for this long, the session is over.
pub const IDLE: Duration = Duration::minutes(30);
/// However busy, the session is over after this.
pub const ABSOLUTE: Duration = Duration::hours(12);
/// How long after signing in something sensitive may be done without signing in again.
pub const FRESH: Duration = Duration::minutes(5);
/// How old `seen_at` may become before a request writes it anew: a busy browser must not cost a write per request.
pub const SEEN_EVERY: Duration = Duration::minutes(1);

/// How often the identity provider is asked whether the session may go on: as long as its own tokens are good, so that what is ended
/// over there ends here too, and an operator who is none any more stops being one.
pub const CHECK_EVERY: Duration = Duration::minutes(15);

/// One signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its name in lists; it opens nothing.
    pub id: SessionId,
    /// Who signed in.
    pub user: UserId,
    /// The tenant being looked at, if one is chosen.
    pub tenant: Option<TenantId>,
    /// When the browser signed in.
    pub created_at: Timestamp,
    /// The last request.
    pub seen_at: Timestamp,
    /// When the person last proved who they are (the token's `auth_time`).
    pub authenticated_at: Timestamp,
    /// The identity provider's subject: whom a refreshed token must name.
    pub subject: String,
    /// When the identity provider last said that the session may go on.
    pub checked_at: Timestamp,
    /// Whether a second factor was part of that.
    pub mfa: bool,
    /// Whether the person is one of the vendor's operators.
    pub operator: bool,
    /// The browser, in its own words, cut short.
    pub user_agent: String,
    /// The address it signed in from.
    pub address: String,
    /// When it was ended, if it was.
    pub ended_at: Option<Timestamp>,
}

impl Session {
    /// Whether the session is good at this moment.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended_at.is_none()
            && now < self.seen_at + IDLE
            && now < self.created_at + ABSOLUTE
            // A session from the future is none of ours.
            && self.created_at <= now + SEEN_EVERY
    }
}

/// What the browser says it is, cut to what a list can show; control characters never reach a log or a page.
pub fn user_agent(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_by_idleness_by_age_and_by_hand() {
        let at: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let session = |seen: i64| Session {
            id: SessionId::from_uuid(uuid::Uuid::nil()),
            user: UserId::from_uuid(uuid::Uuid::nil()),
            tenant: None,
            created_at: at,
            seen_at: at + Duration::minutes(seen),
            authenticated_at: at,
            subject: String::new(),
            checked_at: at,
            mfa: true,
            operator: false,
            user_agent: String::new(),
            address: String::new(),
            ended_at: None,
        };
        let minute = |n| at + Duration::minutes(n);
        assert!(session(0).is_live(minute(29)));
        assert!(!session(0).is_live(minute(30)));
        assert!(session(719).is_live(minute(719)));
        assert!(!session(719).is_live(minute(720)));
        assert!(!session(0).is_live(minute(-2)));
        let ended = Session {
            ended_at: Some(at),
            ..session(0)
        };
        assert!(!ended.is_live(minute(1)));
    }

    #[test]
    fn a_browsers_own_words_are_cut_and_harmless() {
        assert_eq!(user_agent("a\r\nb\u{0}c"), "abc");
        assert_eq!(user_agent(&"x".repeat(999)).len(), 200);
    }
}
