//! A sign-in from its first redirect to a verified person, and its later refreshes.
//! Keeps nothing between the steps: the caller keeps the challenge and the tokens, and makes sure a challenge is used once.
//! Invariant: nobody is signed in before state, ID token, nonce and access token have all been found good, for one person.

use std::sync::Arc;

use chrono::Duration;
use domain::{Ids, RealTime};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    challenge::{Challenge, Prompt},
    claims::Claims,
    keys::{Keys, NotVerified},
    login::{LoginError, ManagedLogin, Tokens},
    refused::Refused,
    settings::Settings,
    token::{Expect, LEEWAY, TokenKind},
};

/// Cognito's codes are UUIDs. Longer ones are not worth a request.
const LONGEST_CODE: usize = 512;

/// Why a sign-in came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// The answer belongs to no sign-in that this browser began.
    #[error("the state is not the one we sent")]
    State,
    /// It took too long.
    #[error("the sign-in took too long")]
    TooLate,
    /// A fresh sign-in was asked for, and this one is older.
    #[error("the person did not sign in again")]
    NotFresh,
    /// ID token and access token, or old tokens and refreshed ones, are of different people.
    #[error("the tokens are of different people")]
    OtherPerson,
    /// A token is not good.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Managed login did not do it.
    #[error(transparent)]
    Login(#[from] LoginError),
}

impl SignInError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::State => "wrong_state",
            Self::TooLate => "sign_in_too_late",
            Self::NotFresh => "sign_in_not_fresh",
            Self::OtherPerson => "other_person",
            Self::Refused(refused) => refused.code(),
            Self::Login(error) => error.code(),
        }
    }
}

impl From<NotVerified> for SignInError {
    fn from(why: NotVerified) -> Self {
        match why {
            NotVerified::Refused(refused) => Self::Refused(refused),
            NotVerified::NoKeys(error) => Self::Login(error),
        }
    }
}

/// A sign-in that has begun.
#[derive(Debug)]
pub struct Begun {
    /// To be kept until the browser comes back, see [`Challenge::to_text`].
    pub challenge: Challenge,
    /// Where to send the browser. It carries state and nonce and does not belong in a log.
    pub url: String,
}

/// Somebody, and the tokens that say so. The tokens stay on the server (RFC 10017).
#[derive(Debug)]
pub struct SignedIn {
    /// What the ID token says.
    pub claims: Claims,
    /// All of them; the refresh token is the newest that there is.
    pub tokens: Tokens,
}

/// Signs people in by one app client.
pub struct SignIn {
    settings: Settings,
    login: Arc<dyn ManagedLogin>,
    keys: Keys,
    real: Arc<dyn RealTime>,
    ids: Arc<dyn Ids>,
}

impl SignIn {
    /// For this app client, through this managed login.
    pub fn new(
        settings: Settings,
        login: Arc<dyn ManagedLogin>,
        real: Arc<dyn RealTime>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        let keys = Keys::new(Arc::clone(&login), Arc::clone(&real));
        Self {
            settings,
            login,
            keys,
            real,
            ids,
        }
    }

    /// Begins a sign-in; asks nobody.
    pub fn begin(&self, prompt: Prompt) -> Begun {
        let challenge = Challenge::new(&*self.ids, prompt, self.real.now());
        let url = self.settings.authorize_url(&challenge);
        Begun { challenge, url }
    }

    /// Finishes a sign-in with what the browser brought back.
    /// Not to be repeated with the same code; see [`ManagedLogin::exchange`].
    pub async fn finish(
        &self,
        code: &SecretString,
        state: &str,
        challenge: &Challenge,
    ) -> Result<SignedIn, SignInError> {
        // Before anything else: an answer that is not this browser's must not even use up the code.
        if !challenge.is_state(state) {
            return Err(SignInError::State);
        }
        if challenge.is_over(self.real.now()) {
            return Err(SignInError::TooLate);
        }
        if !(1..=LONGEST_CODE).contains(&code.expose_secret().len()) {
            return Err(LoginError::SignInAgain.into());
        }
        let tokens = self
            .login
            .exchange(code, challenge.verifier_secret())
            .await?;
        let claims = self.claims(&tokens, Some(challenge.nonce())).await?;
        if challenge.prompt() == Prompt::SignInAgain {
            // OIDC Core 1.0, 3.1.2.1: the parameters can be stripped on the way, the claim cannot.
            let fresh = challenge.begun_at() - Duration::seconds(LEEWAY);
            if claims.auth_time.is_none_or(|at| at < fresh) {
                return Err(SignInError::NotFresh);
            }
        }
        Ok(SignedIn { claims, tokens })
    }

    /// Refreshes the tokens of the person whose `sub` is known from signing in.
    pub async fn refresh(
        &self,
        sub: &str,
        refresh_token: &SecretString,
    ) -> Result<SignedIn, SignInError> {
        let mut tokens = self.login.refresh(refresh_token).await?;
        let claims = self.claims(&tokens, None).await?;
        // OIDC Core 1.0, 12.2.
        if claims.sub != sub {
            return Err(SignInError::OtherPerson);
        }
        tokens
            .refresh_token
            .get_or_insert_with(|| refresh_token.clone());
        Ok(SignedIn { claims, tokens })
    }

    /// Ends the tokens at managed login; the browser's own cookie there ends at [`logout_url`](Self::logout_url).
    pub async fn revoke(&self, refresh_token: &SecretString) -> Result<(), LoginError> {
        self.login.revoke(refresh_token).await
    }

    /// Where to send the browser so that managed login forgets it.
    pub fn logout_url(&self) -> String {
        self.settings.logout_url()
    }

    /// Both tokens good, and of one person.
    async fn claims(&self, tokens: &Tokens, nonce: Option<&str>) -> Result<Claims, SignInError> {
        let expect = |kind| Expect {
            issuer: &self.settings.issuer,
            client_id: &self.settings.client_id,
            kind,
        };
        let id_token = tokens.id_token.expose_secret();
        let id = self
            .keys
            .verify(id_token, &expect(TokenKind::Id { nonce }))
            .await?;
        let access_token = tokens.access_token.expose_secret();
        let access = self
            .keys
            .verify(access_token, &expect(TokenKind::Access))
            .await?;
        if id.sub != access.sub {
            return Err(SignInError::OtherPerson);
        }
        Ok(id)
    }
}

#[cfg(test)]
mod tests;
