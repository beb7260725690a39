//! Requests to the peer: signed one by one, with short time-outs, no redirects and no proxy.
//! Does not retry: whoever asks knows whether and when.

use std::time::Duration;

use axum::http::{Method, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};

use super::PeerSigner;

/// Why the peer gave no good answer.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    /// Out of reach, or no answer in time: the same call may do later.
    #[error("the peer is out of reach: {0}")]
    Away(String),
    /// It answered with a problem.
    #[error("the peer answered {status} {code}: {detail}")]
    Problem {
        /// The HTTP status.
        status: u16,
        /// The problem's code, or empty.
        code: String,
        /// The problem's detail, or empty.
        detail: String,
    },
    /// It answered something else than what we asked for, or the request could not be made.
    #[error("the peer and we do not understand each other: {0}")]
    Misunderstood(String),
}

impl PeerError {
    /// Whether the same call may do later.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Away(_) => true,
            Self::Problem { status, .. } => *status >= 500 || *status == 429,
            Self::Misunderstood(_) => false,
        }
    }
}

/// How long a service of ours may take to accept a connection, and to answer: together less than the five seconds that a request of our
/// callers may take, which may wait for it. The same request will do later: what was begun is found done.
const CONNECTS: Duration = Duration::from_secs(1);
const ANSWERS: Duration = Duration::from_secs(4);

/// A client for services of ours: connects within 1 s, answers within 4 s in all, follows no redirects and no proxy settings.
pub fn http_client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .connect_timeout(CONNECTS)
        .timeout(ANSWERS)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
}

/// Asks the peer.
#[derive(Clone)]
pub struct PeerClient {
    client: reqwest::Client,
    base: String,
    signer: PeerSigner,
}

impl PeerClient {
    /// Asks at `base` (`peer.url`), with `client` from [`http_client`].
    pub fn new(client: reqwest::Client, base: &str, signer: PeerSigner) -> Self {
        Self {
            client,
            base: base.trim_end_matches('/').to_owned(),
            signer,
        }
    }

    /// Posts a JSON body and reads a JSON answer.
    pub async fn post_json<B: Serialize + Sync, T: DeserializeOwned>(
        &self,
        path: &str,
        body: &B,
        acting: Option<&str>,
    ) -> Result<T, PeerError> {
        let body = serde_json::to_vec(body).map_err(|e| PeerError::Misunderstood(e.to_string()))?;
        self.send(Method::POST, path, body, acting).await
    }

    /// Gets a JSON answer; `path` includes the query.
    pub async fn get_json<T: DeserializeOwned>(
        &self,
        path: &str,
        acting: Option<&str>,
    ) -> Result<T, PeerError> {
        self.send(Method::GET, path, Vec::new(), acting).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
        acting: Option<&str>,
    ) -> Result<T, PeerError> {
        let token = self
            .signer
            .sign(method.as_str(), path, &body, acting)
            .map_err(|e| PeerError::Misunderstood(e.to_string()))?;
        let answer = self
            .client
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(token)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body)
            .send()
            .await
            .map_err(|e| away(&e))?;
        let status = answer.status();
        let bytes = answer.bytes().await.map_err(|e| away(&e))?;
        if status == StatusCode::OK || status == StatusCode::CREATED {
            return serde_json::from_slice(&bytes)
                .map_err(|e| PeerError::Misunderstood(e.to_string()));
        }
        let problem: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
        Err(PeerError::Problem {
            status: status.as_u16(),
            code: text("code"),
            detail: text("detail"),
        })
    }
}

/// reqwest's own text hides the cause ("error sending request"); the causes name what failed.
fn away(error: &reqwest::Error) -> PeerError {
    let mut text = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    PeerError::Away(text)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use tokio::net::TcpListener;

    use super::*;

    /// What our own callers wait at most (the reliability checklist's R-13).
    const BOUND: Duration = Duration::from_secs(5);

    #[tokio::test]
    async fn a_peer_that_says_nothing_is_left_before_our_caller_leaves_us() {
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", silent.local_addr().unwrap());
        let began = Instant::now();
        let error = http_client().unwrap().get(base).send().await.unwrap_err();
        assert!(away(&error).is_temporary());
        assert!(began.elapsed() < BOUND, "{:?}", began.elapsed());
    }
}
