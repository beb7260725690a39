//! The port to managed login: what we ask its endpoints, what may be repeated, and what each failure means.
//! The adapter is [`Client`](crate::Client); the test kit has a fake.
//! Sources: Amazon Cognito developer guide, "The token issuer endpoint", "The token revocation endpoint"; RFC 6749, 5.2; RFC 7009.

use async_trait::async_trait;
use secrecy::SecretString;

/// Why managed login did not do it. The texts are for the log, and hold nothing of what was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// The code or refresh token is used up, expired, revoked or not ours (`invalid_grant`): the person signs in again.
    #[error("the grant is no longer good")]
    SignInAgain,
    /// Out of reach, throttled or failing: the same call may do later, as far as its method says so.
    #[error("managed login did not answer: {0}")]
    Busy(String),
    /// It refuses us, or is not what we were told it is: client, secret, addresses. A person of ours must look.
    #[error("managed login refuses us: {0}")]
    Misconfigured(String),
}

impl LoginError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignInAgain => "sign_in_again",
            Self::Busy(_) => "login_busy",
            Self::Misconfigured(_) => "login_misconfigured",
        }
    }
}

/// What the token endpoint gives out. Nothing in it has been verified.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Says who.
    pub id_token: SecretString,
    /// Says what its bearer may do.
    pub access_token: SecretString,
    /// Gets the next ones. On refreshing it is there only if the app client rotates refresh tokens; without one, the old
    /// one stays good.
    pub refresh_token: Option<SecretString>,
}

/// Managed login's endpoints for our app client.
#[async_trait]
pub trait ManagedLogin: Send + Sync {
    /// Exchanges a code for tokens, with the verifier of its challenge (RFC 7636, 4.5).
    /// Not to be repeated: a code works once, within five minutes. After a lost answer, or `Busy`, the person signs in again;
    /// they will hardly notice, because managed login still knows their browser.
    async fn exchange(
        &self,
        code: &SecretString,
        verifier: &SecretString,
    ) -> Result<Tokens, LoginError>;

    /// New tokens for the same sign-in; `auth_time` stays.
    /// With rotation the old refresh token works on for a grace time of at most 60 s, so a lost answer may be asked for
    /// again within it; later the person signs in again.
    async fn refresh(&self, refresh_token: &SecretString) -> Result<Tokens, LoginError>;

    /// Ends the refresh token and every token that came from it. May be repeated: one that is dead already is fine.
    async fn revoke(&self, refresh_token: &SecretString) -> Result<(), LoginError>;

    /// The pool's JWKS document as it came, at most 64 KiB. May be repeated.
    async fn jwks(&self) -> Result<Vec<u8>, LoginError>;
}
