//! What handlers share.

use std::sync::Arc;

use control::App;
use runtime::lifecycle::Lifecycle;
use secrecy::SecretString;

use crate::{limits::Limits, registration_cookie::CookieKey};

/// The state of every handler.
#[derive(Clone)]
pub struct Http {
    /// The control plane.
    pub app: Arc<App>,
    /// What signs cookies.
    pub cookie_key: CookieKey,
    /// The operator's bearer, where development allows one.
    pub operator_token: Option<Arc<SecretString>>,
    /// Signing in at managed login.
    pub sign_in: Arc<oidc::SignIn>,
    /// How much one address or tenant may ask.
    pub limits: Limits,
    /// Runs what must come to its end even if the client goes away.
    pub lifecycle: Lifecycle,
    /// Where people reach us, without trailing slash.
    pub public_url: Arc<str>,
    /// Where people write to.
    pub support_email: Arc<str>,
}

impl Http {
    /// Whether people reach us over TLS, which decides whether cookies are marked `Secure`.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}
