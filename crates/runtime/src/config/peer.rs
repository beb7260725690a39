//! The section `peer`: where the other service is, and how the two know each other.
//! Invariant: in production the way to it is TLS, or this machine's own loopback, or somebody wrote down why neither.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Environment, Faults, require_private, sections::is_loopback_http};

/// The other service: where it is and how the two know each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeerConfig {
    /// Base address of its internal port.
    pub url: String,
    /// Our own private key (PKCS#8 PEM), made at the first start.
    pub key_file: PathBuf,
    /// Its public key (JWK).
    pub jwk_file: PathBuf,
    /// Why plain http will do in production, in words: it takes effect for an `http://` address that is not on the loopback.
    #[serde(default)]
    pub plain_http: Option<String>,
}

impl PeerConfig {
    /// Adds what is wrong with the section.
    ///
    /// Requests to the peer are signed and answers are not: on a plain line whoever is in between could put a public key of their own into
    /// one, and read what tenants encrypt with it. PCI DSS 4.0.1 asks for TLS on open networks (4.2.1); here it is the default on all.
    pub fn check(&self, environment: Environment, faults: &mut Faults) {
        let known = reqwest::Url::parse(&self.url)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some());
        faults.require(
            known,
            "peer.url must be an http:// or https:// address, such as http://127.0.0.2:8092",
        );
        faults.require(
            environment == Environment::Development || !self.crosses_in_plain() || self.plain_http.is_some(),
            "peer.url must begin with https:// in production, unless its host is the loopback: answers are not signed, and what is between the two services could change them; where it is a network that nobody else can reach, write that into peer.plain_http",
        );
        faults.require(
            self.plain_http
                .as_ref()
                .is_none_or(|why| !why.trim().is_empty()),
            "peer.plain_http must say in words why plain http will do",
        );
        if self.key_file.exists()
            && let Err(found) = require_private(&self.key_file)
        {
            faults.add(found.to_string());
        }
    }

    /// Says it in the log if production asks the peer in plain http over a network.
    pub fn tell(&self, environment: Environment) {
        if environment == Environment::Production && self.crosses_in_plain() {
            tracing::warn!(
                peer.plain_http = self.plain_http,
                "the peer is asked in plain http"
            );
        }
    }

    /// Whether requests to the peer cross a network in plain http.
    fn crosses_in_plain(&self) -> bool {
        reqwest::Url::parse(&self.url).is_ok_and(|url| url.scheme() == "http")
            && !is_loopback_http(&self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(url: &str, plain_http: Option<&str>, environment: Environment) -> Vec<String> {
        let section = PeerConfig {
            url: url.into(),
            key_file: "no-such-peer.key".into(),
            jwk_file: "no-such-peer.jwk".into(),
            plain_http: plain_http.map(Into::into),
        };
        let mut faults = Faults::default();
        section.check(environment, &mut faults);
        faults.sentences().to_vec()
    }

    #[test]
    fn production_asks_the_peer_in_plain_http_on_the_loopback_alone_or_with_a_reason() {
        for good in [
            "https://card.internal.example.com",
            "HTTPS://card.internal.example.com",
            "http://127.0.0.1:8092",
            "http://[::1]:8092",
            "http://card.localhost:8092",
        ] {
            assert_eq!(
                faults(good, None, Environment::Production),
                [""; 0],
                "{good}"
            );
        }
        for plain in [
            "http://card:8092",
            "HTTP://card:8092",
            "http://10.0.0.7:8092",
            "http://127.0.0.1.example:8092",
            "http://localhost.example:8092",
            "http://127.0.0.1@card:8092",
        ] {
            assert_eq!(
                faults(plain, None, Environment::Development),
                [""; 0],
                "{plain}"
            );
            let found = faults(plain, None, Environment::Production);
            assert!(
                found.len() == 1 && found[0].contains("peer.plain_http"),
                "{plain}: {found:?}"
            );
            let with_reason = Some("one machine, a bridge without a way out");
            assert_eq!(
                faults(plain, with_reason, Environment::Production),
                [""; 0],
                "{plain}"
            );
        }
    }

    #[test]
    fn a_reason_is_words() {
        for blank in ["", "  "] {
            let found = faults("http://card:8092", Some(blank), Environment::Production);
            assert!(
                found.len() == 1 && found[0].contains("in words"),
                "{found:?}"
            );
        }
    }
}
