//! What a good token says, in types; and the shape it is read from, which is strict about what it knows.
//! Invariant: [`Claims`] exist only for a token that was verified.

use chrono::DateTime;
use domain::Timestamp;
use serde::Deserialize;

use crate::refused::Refused;

/// Cognito's `sub` is a UUID; this leaves room for another form of it.
const LONGEST_SUB: usize = 128;

/// What a verified token says about a person.
/// Source: Amazon Cognito developer guide, "Understanding the identity (ID) token", "Understanding the access token" and
/// "Authentication levels with ACR and AMR claims".
#[derive(Clone, PartialEq, Eq)]
pub struct Claims {
    /// Who: the person's unchanging id in the pool.
    pub sub: String,
    /// Their e-mail address; in ID tokens alone.
    pub email: Option<String>,
    /// Whether the pool has seen that the address is theirs.
    pub email_verified: bool,
    /// `cognito:username` of an ID token, `username` of an access token.
    pub username: Option<String>,
    /// The pool's groups that they are in.
    pub groups: Vec<String>,
    /// When they last proved who they are. Refreshing does not move it.
    pub auth_time: Option<Timestamp>,
    /// The sign-in that this token and all its refreshed successors come from.
    pub origin_jti: Option<String>,
    /// How strongly they proved it, such as `urn:cognito:loa:4`; where the pool has the feature already.
    pub acr: Option<String>,
    /// With which methods, such as `pwd`, `otp`, `mfa`; where the pool has the feature already.
    pub amr: Vec<String>,
    /// Whether another identity provider signed the person in (Cognito's `identities`); its second factor is not the pool's.
    pub federated: bool,
    /// When the token was made.
    pub issued_at: Timestamp,
    /// When its time is over.
    pub expires_at: Timestamp,
}

/// Names and addresses are personal data: what a log may show is who, and since when.
impl std::fmt::Debug for Claims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Claims")
            .field("sub", &self.sub)
            .field("auth_time", &self.auth_time)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// The claims as they are written. A name that stands there twice is an error (serde), and so is a number that is no whole
/// number of seconds: Cognito writes neither, and what readers disagree about is how tokens are forged.
#[derive(Deserialize)]
pub(crate) struct Raw {
    pub(crate) iss: String,
    pub(crate) sub: String,
    pub(crate) token_use: String,
    pub(crate) aud: Option<Audience>,
    pub(crate) client_id: Option<String>,
    pub(crate) exp: i64,
    pub(crate) iat: i64,
    pub(crate) nbf: Option<i64>,
    pub(crate) auth_time: Option<i64>,
    pub(crate) nonce: Option<String>,
    email: Option<String>,
    #[serde(default)]
    email_verified: bool,
    #[serde(rename = "cognito:username")]
    cognito_username: Option<String>,
    username: Option<String>,
    #[serde(rename = "cognito:groups", default)]
    groups: Vec<String>,
    origin_jti: Option<String>,
    acr: Option<String>,
    #[serde(default)]
    amr: Vec<String>,
    identities: Option<serde_json::Value>,
}

/// RFC 7519, 4.1.3 allows a string or an array. More than one audience is not for us alone, so not for us.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    One(String),
    Only([String; 1]),
}

impl Audience {
    pub(crate) fn is(&self, client_id: &str) -> bool {
        match self {
            Self::One(audience) | Self::Only([audience]) => audience == client_id,
        }
    }
}

impl Raw {
    /// The claims of a token that everything else has been checked of.
    pub(crate) fn into_claims(self) -> Result<Claims, Refused> {
        if self.sub.is_empty() || self.sub.len() > LONGEST_SUB {
            return Err(Refused::Malformed);
        }
        Ok(Claims {
            sub: self.sub,
            email: self.email,
            email_verified: self.email_verified,
            username: self.cognito_username.or(self.username),
            groups: self.groups,
            auth_time: self.auth_time.map(moment).transpose()?,
            origin_jti: self.origin_jti,
            acr: self.acr,
            amr: self.amr,
            // Whatever its shape: a token that says anything here is taken for one.
            federated: self
                .identities
                .is_some_and(|found| found != serde_json::json!([]) && !found.is_null()),
            issued_at: moment(self.iat)?,
            expires_at: moment(self.exp)?,
        })
    }
}

fn moment(seconds: i64) -> Result<Timestamp, Refused> {
    DateTime::from_timestamp(seconds, 0).ok_or(Refused::Malformed)
}
