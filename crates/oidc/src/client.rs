//! Managed login over HTTP. Follows no redirects and no proxy settings, waits 3 s at most, reads 64 KiB at most.
//! Does not retry and does not log: the caller knows whether and what.
//! Invariant: what is sent goes to the configured addresses alone, and nothing of it comes back in an error.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::{RequestBuilder, Response, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::{
    key_set,
    login::{LoginError, ManagedLogin, Tokens},
    settings::Settings,
};

/// The longest wait for tokens. Whoever signs in waits for them and then perhaps for keys, and their request ends within five seconds.
const TOKENS: Duration = Duration::from_secs(3);
/// The longest wait for the keys: less than 1 KiB, from a cache.
const KEYS: Duration = Duration::from_millis(1500);

/// Talks to managed login.
pub struct Client {
    http: reqwest::Client,
    settings: Settings,
}

/// An answer as far as it matters: Cognito says little, and a proxy in between anything.
struct Answer {
    status: StatusCode,
    body: Vec<u8>,
}

#[expect(
    clippy::struct_field_names,
    reason = "the names of RFC 6749, 5.1 and OIDC Core 1.0, 3.1.3.3"
)]
#[derive(Deserialize)]
struct TokenAnswer {
    id_token: SecretString,
    access_token: SecretString,
    refresh_token: Option<SecretString>,
}

#[derive(Deserialize)]
struct ErrorAnswer {
    error: String,
}

impl Client {
    /// A client of its own, so that nobody can hand in one that follows redirects with our secret. Plain HTTP is spoken only
    /// to a managed login that is configured with it, which is the simulator.
    pub fn new(settings: Settings) -> Result<Self, reqwest::Error> {
        let is_plain = [&settings.issuer, &settings.login_url]
            .iter()
            .any(|url| url.starts_with("http://"));
        let http = reqwest::Client::builder()
            .connect_timeout(TOKENS)
            .timeout(TOKENS)
            .redirect(reqwest::redirect::Policy::none())
            .https_only(!is_plain)
            .no_proxy()
            .build()?;
        Ok(Self { http, settings })
    }

    async fn tokens(&self, form: &[(&str, &str)]) -> Result<Tokens, LoginError> {
        let answer = self.post(self.settings.token_url(), form).await?;
        if answer.status != StatusCode::OK {
            return Err(refusal(&answer));
        }
        // The parser's own error would quote the answer, and with it a token.
        let tokens: TokenAnswer = serde_json::from_slice(&answer.body)
            .map_err(|_| LoginError::Misconfigured("the tokens cannot be read".to_owned()))?;
        Ok(Tokens {
            id_token: tokens.id_token,
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
        })
    }

    /// `client_secret_basic`, and unlike RFC 6749, 2.3.1 without encoding id and secret first: Cognito takes them as they are
    /// (Amazon Cognito developer guide, "The token issuer endpoint").
    async fn post(&self, url: String, form: &[(&str, &str)]) -> Result<Answer, LoginError> {
        let secret = self.settings.client_secret.expose_secret();
        let request = self
            .http
            .post(url)
            .basic_auth(&self.settings.client_id, Some(secret))
            .form(form);
        ask(request).await
    }
}

#[async_trait]
impl ManagedLogin for Client {
    async fn exchange(
        &self,
        code: &SecretString,
        verifier: &SecretString,
    ) -> Result<Tokens, LoginError> {
        self.tokens(&[
            ("grant_type", "authorization_code"),
            ("client_id", &self.settings.client_id),
            ("code", code.expose_secret()),
            ("redirect_uri", &self.settings.redirect_uri),
            ("code_verifier", verifier.expose_secret()),
        ])
        .await
    }

    async fn refresh(&self, refresh_token: &SecretString) -> Result<Tokens, LoginError> {
        self.tokens(&[
            ("grant_type", "refresh_token"),
            ("client_id", &self.settings.client_id),
            ("refresh_token", refresh_token.expose_secret()),
        ])
        .await
    }

    async fn revoke(&self, refresh_token: &SecretString) -> Result<(), LoginError> {
        let form = [("token", refresh_token.expose_secret())];
        let answer = self.post(self.settings.revoke_url(), &form).await?;
        if answer.status == StatusCode::OK {
            return Ok(());
        }
        match refusal(&answer) {
            // Nothing to end any more: what was wanted.
            LoginError::SignInAgain => Ok(()),
            error => Err(error),
        }
    }

    async fn jwks(&self) -> Result<Vec<u8>, LoginError> {
        let request = self.http.get(self.settings.jwks_url()).timeout(KEYS);
        let answer = ask(request).await?;
        if answer.status == StatusCode::OK {
            Ok(answer.body)
        } else {
            Err(refusal(&answer))
        }
    }
}

async fn ask(request: RequestBuilder) -> Result<Answer, LoginError> {
    let request = request.header(header::ACCEPT, "application/json");
    let response = request.send().await.map_err(busy)?;
    let status = response.status();
    let body = body(response).await?;
    Ok(Answer { status, body })
}

/// Counted as it comes: the length that an answer claims is only a claim.
async fn body(mut response: Response) -> Result<Vec<u8>, LoginError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(busy)? {
        if body.len() + chunk.len() > key_set::LONGEST {
            let what = "the answer is longer than 64 KiB".to_owned();
            return Err(LoginError::Misconfigured(what));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What an answer other than 200 means. Only words that we know are repeated.
fn refusal(answer: &Answer) -> LoginError {
    let status = answer.status;
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return LoginError::Busy(status.to_string());
    }
    let error = serde_json::from_slice::<ErrorAnswer>(&answer.body).map(|answer| answer.error);
    match error.as_deref() {
        Ok("invalid_grant") => LoginError::SignInAgain,
        Ok("temporarily_unavailable" | "server_error") => LoginError::Busy(status.to_string()),
        Ok(
            known @ ("invalid_request"
            | "invalid_client"
            | "invalid_scope"
            | "unauthorized_client"
            | "unsupported_grant_type"
            | "unsupported_token_type"),
        ) => LoginError::Misconfigured(known.to_owned()),
        _ => LoginError::Misconfigured(format!("an answer of another kind, {status}")),
    }
}

/// reqwest's own text hides the cause; the causes name what failed. The address stays out: it is configuration, and long.
fn busy(error: reqwest::Error) -> LoginError {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut next = std::error::Error::source(&error);
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    LoginError::Busy(text)
}

#[cfg(test)]
mod tests;
