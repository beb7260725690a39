//! What the user pool remembers, and the journal entries that change it.
//!
//! Part of the world: entries carry whole new values, and the pool changes through [`Pool::apply`] alone.
//! Times whose names end in `real_ms` are the machine's (sessions, codes, tokens), all others business time.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{sim::Change, world::Entry};

/// The user pool.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Pool {
    /// By username, which is the `sub`.
    pub users: BTreeMap<String, User>,
    /// By name.
    pub groups: BTreeMap<String, Group>,
    /// Published signing keys, the ones in use last.
    pub keys: Vec<SigningKey>,
    /// Sign-ins under way, by session.
    pub logins: BTreeMap<String, Login>,
    /// Authorization codes.
    pub codes: BTreeMap<String, AuthCode>,
    /// Token sessions, by `origin_jti`.
    pub grants: BTreeMap<String, Grant>,
    /// Browser sessions of managed login, by cookie.
    pub browsers: BTreeMap<String, Browser>,
}

/// The states of a user that occur here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Has a password of their own.
    Confirmed,
    /// Has a temporary password.
    ForceChangePassword,
    /// Must choose a new password with a code that was mailed.
    ResetRequired,
}

impl Status {
    /// As AWS spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "CONFIRMED",
            Self::ForceChangePassword => "FORCE_CHANGE_PASSWORD",
            Self::ResetRequired => "RESET_REQUIRED",
        }
    }
}

/// A user.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Invented by the pool: the `sub`.
    pub username: String,
    /// Without `sub`.
    pub attributes: BTreeMap<String, String>,
    /// Where the user stands.
    pub status: Status,
    /// A disabled user cannot sign in.
    pub enabled: bool,
    /// Salt and digest.
    pub password: Option<String>,
    /// When the temporary password was issued.
    pub temporary_ms: Option<i64>,
    /// The registered authenticator's secret in base32.
    pub totp: Option<String>,
    /// A secret that was shown, but not confirmed by a code.
    pub totp_pending: Option<String>,
    /// The last 30-second step whose code was used.
    pub totp_step: i64,
    /// TOTP is switched on for the user.
    pub mfa_enabled: bool,
    /// TOTP is the preferred factor.
    pub mfa_preferred: bool,
    /// Groups by name.
    pub groups: BTreeSet<String>,
    /// A code for a new password that was mailed.
    pub reset: Option<Reset>,
    /// When it was made.
    pub created_ms: i64,
    /// When it last changed.
    pub modified_ms: i64,
}

impl User {
    /// The e-mail address.
    pub fn email(&self) -> &str {
        self.attributes.get("email").map_or("", String::as_str)
    }

    /// Whether the address counts as verified.
    pub fn email_verified(&self) -> bool {
        self.attributes
            .get("email_verified")
            .is_some_and(|v| v.eq_ignore_ascii_case("true"))
    }
}

/// A code to choose a new password with.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reset {
    /// Six digits.
    pub code: String,
    /// When it ends.
    pub expires_real_ms: i64,
    /// Wrong codes so far.
    pub tries: u32,
}

/// A group.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// Its name.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// Lower is stronger.
    pub precedence: Option<i64>,
    /// An IAM role.
    pub role_arn: Option<String>,
    /// When it was made.
    pub created_ms: i64,
}

/// What a key signs; Cognito uses one key for each kind of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    /// Id tokens.
    Id,
    /// Access tokens.
    Access,
}

/// An RSA key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SigningKey {
    /// Key id.
    pub kid: String,
    /// What it signs.
    pub purpose: Purpose,
    /// PKCS#8 in base64.
    pub pkcs8: String,
    /// Modulus, base64url.
    pub n: String,
    /// Exponent, base64url.
    pub e: String,
}

/// A checked authorization request.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthRequest {
    /// One of the callback URLs.
    pub redirect_uri: String,
    /// Granted scopes, separated by spaces.
    pub scope: String,
    /// Given back as it came.
    pub state: Option<String>,
    /// Goes into the id token.
    pub nonce: Option<String>,
    /// PKCE, S256.
    pub challenge: Option<String>,
    /// The whole query, for a new start.
    pub query: String,
}

/// Which answer a sign-in waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// A new password in place of the temporary one.
    NewPassword,
    /// The first code of a new authenticator.
    SetUp,
    /// A code of the registered authenticator.
    Code,
    /// The mailed code and a new password.
    Reset,
}

/// A sign-in under way.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Login {
    /// The session in the form's hidden field.
    pub session: String,
    /// Whose; for a reset the address as typed, so that nobody learns who exists.
    pub username: String,
    /// What it waits for.
    pub step: Step,
    /// What the client asked for.
    pub request: AuthRequest,
    /// When it ends.
    pub expires_real_ms: i64,
}

/// An authorization code.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthCode {
    /// The code itself.
    pub code: String,
    /// Whose.
    pub username: String,
    /// What the client asked for.
    pub request: AuthRequest,
    /// `auth_time`.
    pub auth_real_ms: i64,
    /// The browser session it came from.
    pub sso: String,
    /// When it ends.
    pub expires_real_ms: i64,
    /// It was presented.
    pub used: bool,
    /// The grant that it was redeemed for.
    pub grant: Option<String>,
}

/// A token session: everything that descends from one authorization code.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// `origin_jti`.
    pub id: String,
    /// `tkn…`, for the session operations.
    pub session_id: String,
    /// Whose.
    pub username: String,
    /// Granted scopes.
    pub scope: String,
    /// `auth_time`.
    pub auth_real_ms: i64,
    /// `sso…` of the browser session.
    pub sso: String,
    /// Refresh tokens, the latest last.
    pub refresh: Vec<Refresh>,
    /// When it began.
    pub created_real_ms: i64,
    /// When it was last refreshed.
    pub active_real_ms: i64,
    /// When its refresh tokens end.
    pub expires_real_ms: i64,
    /// Nothing of it is honoured any more.
    pub revoked: bool,
}

/// One refresh token.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refresh {
    /// The opaque text.
    pub token: String,
    /// When rotation replaced it.
    pub retired_real_ms: Option<i64>,
}

/// A browser session of managed login.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Browser {
    /// The cookie's value.
    pub cookie: String,
    /// `sso…`, for the session operations.
    pub session_id: String,
    /// Whose.
    pub username: String,
    /// When the user signed in.
    pub auth_real_ms: i64,
    /// When it was last used.
    pub active_real_ms: i64,
    /// When it ends.
    pub expires_real_ms: i64,
}

/// One change of the pool.
#[derive(Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each name says which value it carries")]
pub enum PoolEntry {
    User(User),
    UserGone(String),
    Group(Group),
    Key(SigningKey),
    KeyGone(String),
    Login(Login),
    LoginGone(String),
    Code(AuthCode),
    Grant(Grant),
    Browser(Browser),
    BrowserGone(String),
}

impl PoolEntry {
    /// Applies the entry and notes it for the journal.
    pub fn put(self, change: &mut Change<'_>) {
        change.put(Entry::Pool(Box::new(self)));
    }
}

impl Pool {
    /// Takes one entry over.
    pub fn apply(&mut self, entry: PoolEntry) {
        match entry {
            PoolEntry::User(u) => drop(self.users.insert(u.username.clone(), u)),
            PoolEntry::UserGone(name) => drop(self.users.remove(&name)),
            PoolEntry::Group(g) => drop(self.groups.insert(g.name.clone(), g)),
            PoolEntry::Key(k) => {
                self.keys.retain(|old| old.kid != k.kid);
                self.keys.push(k);
            }
            PoolEntry::KeyGone(kid) => self.keys.retain(|k| k.kid != kid),
            PoolEntry::Login(l) => drop(self.logins.insert(l.session.clone(), l)),
            PoolEntry::LoginGone(session) => drop(self.logins.remove(&session)),
            PoolEntry::Code(c) => drop(self.codes.insert(c.code.clone(), c)),
            PoolEntry::Grant(g) => drop(self.grants.insert(g.id.clone(), g)),
            PoolEntry::Browser(b) => drop(self.browsers.insert(b.cookie.clone(), b)),
            PoolEntry::BrowserGone(cookie) => drop(self.browsers.remove(&cookie)),
        }
    }

    /// A user by username or by e-mail, which is an alias and not case-sensitive.
    pub fn find(&self, name: &str) -> Option<&User> {
        self.users.get(name).or_else(|| self.by_email(name))
    }

    /// A user by e-mail.
    pub fn by_email(&self, email: &str) -> Option<&User> {
        let email = email.to_lowercase();
        self.users
            .values()
            .find(|u| u.email().to_lowercase() == email)
    }

    /// Forgets what ended a day ago, so that compaction keeps the state small.
    pub fn prune(&mut self, real_ms: i64) {
        let kept = |expires_ms: i64| expires_ms > real_ms - 24 * crate::clock::HOUR_MS;
        self.logins.retain(|_, l| kept(l.expires_real_ms));
        self.codes.retain(|_, c| kept(c.expires_real_ms));
        self.grants.retain(|_, g| kept(g.expires_real_ms));
        self.browsers.retain(|_, b| kept(b.expires_real_ms));
    }
}
