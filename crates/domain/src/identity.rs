//! The port to the identity provider, Amazon Cognito: it keeps passwords and authenticators, and we never see either.
//! Who belongs to which tenant is not its business: that is our own table (`membership`).
//! Source: the Amazon Cognito user pools API, operations named at each method.

use async_trait::async_trait;

use crate::{id::UserId, registration::Email};

/// Why the identity provider did not do it.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// Throttled or failing, as it says itself: the same call may be made again.
    #[error("the identity provider did not answer: {0}")]
    Busy(String),
    /// No answer came, so it may have been done or not. The same call may be made again where its doing twice does no harm.
    #[error("the identity provider's answer was lost: {0}")]
    Lost(String),
    /// It refuses us: credentials, pool or permissions are set up wrongly. A person of ours must look.
    #[error("the identity provider refuses us: {0}")]
    Misconfigured(String),
    /// The address is taken by an account that is not the user we asked for. It is never adopted, and its password never reset.
    #[error("the address belongs to an account that is not ours to adopt")]
    Foreign,
    /// There is no such account.
    #[error("the identity provider knows no such account")]
    Unknown,
    /// The account is past the point where this makes sense: a first password cannot be mailed to who already chose one.
    #[error("the account has a password of its own already")]
    AlreadySignedIn,
    /// It will not have this address.
    #[error("the identity provider refuses the address: {0}")]
    BadAddress(String),
}

/// How the provider knows the user: Cognito invents this name (the `sub`) in a pool that signs in by e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Username(pub String);

/// A user as the provider sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The provider's name.
    pub username: Username,
    /// Whether sign-in is allowed.
    pub enabled: bool,
    /// Whether the first password was replaced by one of the user's own.
    pub confirmed: bool,
}

/// The identity provider. Every method may be repeated after a lost answer; only a repeated `resend` is noticed, by a second mail.
/// One call is one attempt: whoever calls knows how long it may, and tries again.
#[async_trait]
pub trait Identity: Send + Sync {
    /// Makes the account and mails a temporary password (`AdminCreateUser` by e-mail, with our user's id as marker).
    /// Repeating it finds the account that the first call made, by the marker, and mails nothing.
    ///
    /// # Errors
    /// `Foreign` if the address has an account without our marker.
    async fn create(&self, user: UserId, email: &Email) -> Result<Account, IdentityError>;

    /// The account of the address, if it bears our user's id as marker (`AdminGetUser`): whether an account was made whose answer was lost.
    async fn find(&self, user: UserId, email: &Email) -> Result<Option<Account>, IdentityError>;

    /// The account (`AdminGetUser`).
    async fn get(&self, username: &Username) -> Result<Account, IdentityError>;

    /// Mails a new temporary password; the one before stops working (`AdminCreateUser` with `MessageAction` `RESEND`).
    ///
    /// # Errors
    /// `AlreadySignedIn` once the user has a password of their own.
    async fn resend(&self, username: &Username) -> Result<(), IdentityError>;

    /// Allows sign-in again (`AdminEnableUser`).
    async fn enable(&self, username: &Username) -> Result<(), IdentityError>;

    /// Forbids sign-in (`AdminDisableUser`). What was signed in before is ended by `sign_out`, which a closed account takes as well.
    async fn disable(&self, username: &Username) -> Result<(), IdentityError>;

    /// Ends every session and refresh token there (`AdminUserGlobalSignOut`).
    async fn sign_out(&self, username: &Username) -> Result<(), IdentityError>;

    /// Takes the account away for good (`AdminDeleteUser`). One that is gone already is fine.
    async fn delete(&self, username: &Username) -> Result<(), IdentityError>;

    /// Forgets the user's authenticator, so that the next sign-in, after the password, sets up a new one
    /// (`AdminSetUserMFAPreference`, `AdminDeleteSoftwareToken`).
    async fn reset_authenticator(&self, username: &Username) -> Result<(), IdentityError>;
}
