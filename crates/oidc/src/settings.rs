//! Where the user pool is, who we are there, and the addresses that follow from it.
//! Invariant: every address is built here, from configuration alone.

use form_urlencoded::Serializer;
use secrecy::SecretString;

use crate::challenge::{Challenge, Prompt};

/// `openid` for an ID token, `email` for the address in it. Groups come unasked, and nothing else is our business.
const SCOPE: &str = "openid email";

/// One app client of one user pool.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `https://cognito-idp.<region>.amazonaws.com/<pool id>`, exactly as the tokens' `iss` says it.
    pub issuer: String,
    /// The pool's domain, such as `https://<prefix>.auth.<region>.amazoncognito.com`.
    pub login_url: String,
    /// The app client's id.
    pub client_id: String,
    /// The app client's secret.
    pub client_secret: SecretString,
    /// Where the browser comes back with a code, as it is registered with the app client.
    pub redirect_uri: String,
    /// Where the browser comes back after signing out, as it is registered with the app client.
    pub logout_uri: String,
}

impl Settings {
    /// The user pool's id, the last segment of the issuer's path; empty if the issuer has none.
    pub fn user_pool_id(&self) -> &str {
        let path = self.issuer.split_once("://").map_or("", |(_, rest)| rest);
        path.trim_end_matches('/')
            .rsplit_once('/')
            .map_or("", |(_, id)| id)
    }

    /// Where the pool shows its public keys.
    pub fn jwks_url(&self) -> String {
        format!("{}/.well-known/jwks.json", trimmed(&self.issuer))
    }

    /// Where to send the browser to sign in.
    ///
    /// `prompt=login` needs the managed login branding version, `max_age` a feature that AWS is still rolling out, and both can
    /// be stripped in the browser. So they are requests; what proves a fresh sign-in is `auth_time`, judged by
    /// [`SignIn::finish`](crate::SignIn::finish).
    /// Sources: Amazon Cognito developer guide, "The redirect and authorization endpoint" and "Authentication levels with ACR
    /// and AMR claims"; OIDC Core 1.0, 3.1.2.1.
    pub fn authorize_url(&self, challenge: &Challenge) -> String {
        let mut query = Serializer::new(String::new());
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", SCOPE)
            .append_pair("state", challenge.state())
            .append_pair("nonce", challenge.nonce())
            .append_pair("code_challenge_method", "S256")
            .append_pair("code_challenge", &challenge.code_challenge());
        if challenge.prompt() == Prompt::SignInAgain {
            query
                .append_pair("prompt", "login")
                .append_pair("max_age", "0");
        }
        self.at("oauth2/authorize", &query.finish())
    }

    /// Where to send the browser so that managed login forgets it too; its own cookie outlives every token for an hour.
    /// Source: Amazon Cognito developer guide, "The managed login sign-out endpoint: /logout".
    pub fn logout_url(&self) -> String {
        let query = Serializer::new(String::new())
            .append_pair("client_id", &self.client_id)
            .append_pair("logout_uri", &self.logout_uri)
            .finish();
        self.at("logout", &query)
    }

    #[cfg(feature = "client")]
    pub(crate) fn token_url(&self) -> String {
        format!("{}/oauth2/token", trimmed(&self.login_url))
    }

    #[cfg(feature = "client")]
    pub(crate) fn revoke_url(&self) -> String {
        format!("{}/oauth2/revoke", trimmed(&self.login_url))
    }

    fn at(&self, path: &str, query: &str) -> String {
        format!("{}/{path}?{query}", trimmed(&self.login_url))
    }
}

fn trimmed(url: &str) -> &str {
    url.trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::testing;

    fn query(url: &str) -> BTreeMap<String, String> {
        let (_, query) = url.split_once('?').unwrap();
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let map: BTreeMap<_, _> = pairs.iter().cloned().collect();
        assert_eq!(map.len(), pairs.len(), "a parameter stands there twice");
        map
    }

    #[test]
    fn the_pool_id_is_the_last_segment_of_the_issuer() {
        let mut settings = testing::settings();
        assert_eq!(settings.user_pool_id(), "eu-west-1_Example01");
        settings.issuer = "https://cognito-idp.eu-west-1.amazonaws.com".to_owned();
        assert_eq!(settings.user_pool_id(), "");
        settings.issuer = "nonsense".to_owned();
        assert_eq!(settings.user_pool_id(), "");
    }

    #[test]
    fn the_authorize_url_carries_state_nonce_and_challenge_but_never_the_verifier() {
        let settings = testing::settings();
        let challenge = testing::challenge(Prompt::SignIn);
        let url = settings.authorize_url(&challenge);
        assert!(
            url.starts_with("https://payphone.auth.eu-west-1.amazoncognito.com/oauth2/authorize?")
        );
        let query = query(&url);
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["client_id"], settings.client_id);
        assert_eq!(query["redirect_uri"], settings.redirect_uri);
        assert_eq!(query["scope"], "openid email");
        assert_eq!(query["state"], challenge.state());
        assert_eq!(query["nonce"], challenge.nonce());
        assert_eq!(query["code_challenge_method"], "S256");
        assert_eq!(query["code_challenge"], challenge.code_challenge());
        assert!(!query.contains_key("prompt") && !query.contains_key("max_age"));
        assert!(!url.contains(challenge.verifier()));
        assert!(!url.contains("s3cr3t"));
    }

    #[test]
    fn signing_in_again_asks_for_it_in_both_ways() {
        let url = testing::settings().authorize_url(&testing::challenge(Prompt::SignInAgain));
        let query = query(&url);
        assert_eq!(query["prompt"], "login");
        assert_eq!(query["max_age"], "0");
    }

    #[test]
    fn the_logout_url_names_client_and_return_address() {
        let mut settings = testing::settings();
        settings.login_url.push('/');
        settings.logout_uri = "https://payphone.example/?a=1&b=ü".to_owned();
        let url = settings.logout_url();
        assert!(url.starts_with("https://payphone.auth.eu-west-1.amazoncognito.com/logout?"));
        let query = query(&url);
        assert_eq!(query["client_id"], settings.client_id);
        assert_eq!(query["logout_uri"], settings.logout_uri);
        assert_eq!(query.len(), 2);
    }
}
