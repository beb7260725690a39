//! Signing people in through Amazon Cognito managed login: authorization code with PKCE, state and nonce, confidential client.
//! Knows nothing of sessions, cookies, tenants or roles: it says who somebody is, and the caller decides what that is worth.
//! Invariant: a token is judged by [`verify`] alone, a function of its arguments; nothing in a token makes us ask anybody.
//! Invariant: no error, `Debug` or log line of this package holds a token, a code or a secret.

mod challenge;
mod claims;
#[cfg(feature = "client")]
mod client;
#[cfg(test)]
mod fake;
mod key_set;
mod keys;
mod login;
mod refused;
mod settings;
mod sign_in;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod token;

pub use challenge::{Challenge, Prompt};
pub use claims::Claims;
#[cfg(feature = "client")]
pub use client::Client;
pub use key_set::{BadKeySet, KeySet};
pub use keys::{Keys, NotVerified};
pub use login::{LoginError, ManagedLogin, Tokens};
pub use refused::Refused;
pub use settings::Settings;
pub use sign_in::{Begun, SignIn, SignInError, SignedIn};
pub use token::{Expect, TokenKind, verify};
