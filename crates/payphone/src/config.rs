//! The control plane's configuration, composed from what each package needs, and checked as a whole.

use std::{path::PathBuf, sync::Arc};

use control::config::{ControlConfig, MarketplaceConfig, MeteringConfig};
use http_api::{limits::LimitsConfig, registration_cookie::CookieKey};
use runtime::config::{
    ClockConfig, Environment, Faults, HttpConfig, Listen, LogConfig, PeerConfig, ShutdownConfig,
    read_secret_file, redacted_url,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

/// Everything that can be set.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Production unless it says otherwise.
    #[serde(default)]
    pub(crate) environment: Environment,
    /// The public listener: buyers, console, REST.
    pub(crate) http: HttpConfig,
    /// Health, readiness and metrics, for the operator's network.
    pub(crate) admin: Listen,
    /// The card plane's listener.
    pub(crate) internal: Listen,
    /// Where people reach us.
    pub(crate) identity: Identity,
    /// Our own mail: invitations and notices.
    pub(crate) mail: MailConfig,
    /// Where the control plane keeps its data.
    pub(crate) database: Database,
    /// AWS Marketplace listings.
    pub(crate) marketplace: MarketplaceConfig,
    /// Metering.
    #[serde(default)]
    pub(crate) metering: MeteringConfig,
    /// The queue that AWS's events arrive in.
    pub(crate) events: Events,
    /// The card plane.
    pub(crate) peer: PeerConfig,
    /// Business time.
    #[serde(default)]
    pub(crate) clock: ClockConfig,
    /// Cookies.
    pub(crate) session: Session,
    /// The vendor's operator.
    #[serde(default)]
    pub(crate) operator: Operator,
    /// How much one address or tenant may ask.
    #[serde(default)]
    pub(crate) limits: LimitsConfig,
    /// Where people write to.
    #[serde(default)]
    pub(crate) support: Support,
    /// How the process ends.
    #[serde(default)]
    pub(crate) shutdown: ShutdownConfig,
    /// The log.
    #[serde(default)]
    pub(crate) log: LogConfig,
}

/// `[identity]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Identity {
    /// The address people use, without trailing slash: `https://console.example.com`. The user pool's app client has
    /// `PUBLIC_URL/callback` among its callback URLs and `PUBLIC_URL/` among its sign-out URLs.
    pub(crate) public_url: String,
    /// The user pool's issuer: `https://cognito-idp.REGION.amazonaws.com/POOL_ID`.
    pub(crate) issuer: String,
    /// Where managed login answers, without trailing slash: `https://PREFIX.auth.REGION.amazoncognito.com`, or a domain of yours.
    pub(crate) login_url: String,
    /// The app client, a confidential one with the authorization code grant.
    pub(crate) client_id: String,
    /// A file with the app client's secret, readable by its owner alone.
    pub(crate) client_secret_file: PathBuf,
}

impl Identity {
    /// The addresses of the user pool, with the client's secret.
    pub(crate) fn settings(&self, client_secret: SecretString) -> oidc::Settings {
        oidc::Settings {
            issuer: self.issuer.clone(),
            login_url: self.login_url.clone(),
            client_id: self.client_id.clone(),
            client_secret,
            redirect_uri: format!("{}/callback", self.public_url),
            logout_uri: format!("{}/", self.public_url),
        }
    }

    /// The user pool's id: the end of its issuer.
    pub(crate) fn user_pool_id(&self) -> &str {
        self.issuer.rsplit_once('/').map_or("", |(_, id)| id)
    }

    fn check(&self, production: bool, faults: &mut Faults) {
        let region = self
            .user_pool_id()
            .split_once('_')
            .map_or("", |(region, _)| region);
        faults.require(
            !region.is_empty(),
            "identity.issuer must be https://cognito-idp.REGION.amazonaws.com/POOL_ID, as the user pool's overview shows it",
        );
        faults.require(
            !production || self.issuer == format!("https://cognito-idp.{region}.amazonaws.com/{}", self.user_pool_id()),
            "identity.issuer must be Cognito's own address in production: https://cognito-idp.REGION.amazonaws.com/POOL_ID",
        );
        let login = &self.login_url;
        faults.require(
            (login.starts_with("https://") || (!production && login.starts_with("http://")))
                && !login.ends_with('/'),
            "identity.login_url must be https://HOST of managed login, without a slash at the end",
        );
        faults.require(
            !self.client_id.is_empty()
                && self
                    .client_id
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'+'),
            "identity.client_id must be the app client's id, as the user pool shows it",
        );
    }
}

/// `[mail]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailConfig {
    /// Whom our mail is from: an address or domain that is verified in Amazon SES.
    pub(crate) from: String,
}

/// `[database]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Database {
    /// `sqlite://FILE` or `postgres://…`.
    #[serde(serialize_with = "redacted_url")]
    pub(crate) url: String,
}

/// `[events]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Events {
    /// The SQS queue that the EventBridge rule delivers to.
    pub(crate) queue_url: String,
    /// How long one look waits for a message, in seconds (0 to 20).
    #[serde(default = "ten")]
    pub(crate) wait_seconds: u32,
}

const fn ten() -> u32 {
    10
}

/// `[session]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Session {
    /// A file with at least 64 hex digits, readable by its owner alone; it signs cookies.
    pub(crate) key_file: PathBuf,
}

/// `[operator]`
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Operator {
    /// A file with the operator's bearer; development only.
    pub(crate) token_file: Option<PathBuf>,
}

/// `[support]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Support {
    /// Shown wherever somebody may be stuck.
    pub(crate) email: String,
}

impl Default for Support {
    fn default() -> Self {
        Self {
            email: "support@payphone.example".to_owned(),
        }
    }
}

impl Config {
    /// What operations and background work need.
    pub(crate) fn control(&self) -> ControlConfig {
        ControlConfig {
            public_url: self.identity.public_url.clone(),
            marketplace: self.marketplace.clone(),
            metering: self.metering.clone(),
        }
    }

    /// All that is wrong, each as a sentence that says what to change.
    pub(crate) fn check(&self) -> Result<(), Faults> {
        let mut faults = Faults::default();
        let production = self.environment == Environment::Production;
        for fault in self.control().faults() {
            faults.add(fault);
        }
        self.http.check(&mut faults);
        for fault in self.limits.faults() {
            faults.add(fault);
        }
        let url = &self.identity.public_url;
        faults.require(
            (url.starts_with("https://") || url.starts_with("http://")) && !url.ends_with('/'),
            "identity.public_url must be http(s)://HOST without a slash at the end",
        );
        faults.require(
            !production || url.starts_with("https://"),
            "identity.public_url must begin with https:// in production: AWS Marketplace posts to nothing else",
        );
        self.identity.check(production, &mut faults);
        faults.require(
            self.mail
                .from
                .parse::<domain::registration::Email>()
                .is_ok(),
            "mail.from must be an e-mail address that is verified in Amazon SES",
        );
        if let Some(fault) = db::check_address(&self.database.url, production) {
            faults.add(fault);
        }
        faults.require(
            self.events.queue_url.starts_with("https://")
                || self.events.queue_url.starts_with("http://"),
            "events.queue_url must be the URL of an SQS queue",
        );
        faults.require(
            self.events.wait_seconds <= 20,
            "events.wait_seconds must be at most 20, SQS's own limit",
        );
        faults.require(
            !production || self.operator.token_file.is_none(),
            "operator.token_file is for development only: in production operators sign in",
        );
        faults.require(
            self.support.email.contains('@'),
            "support.email must be an e-mail address: AWS Marketplace asks for a support contact",
        );
        self.peer.check(self.environment, &mut faults);
        self.clock.check(self.environment, &mut faults);
        self.shutdown.check(&mut faults);
        self.log.check(self.environment, &mut faults);
        let (public, admin, internal) = (self.http.listen, self.admin.listen, self.internal.listen);
        faults.require(
            public.port() == 0 || (public != admin && public != internal && admin != internal),
            "http.listen, admin.listen and internal.listen must differ: internal routes must not be reachable from outside",
        );
        faults.finish()
    }

    /// The secrets, read from their files; what is wrong with them, each as a sentence that says what to change.
    pub(crate) fn secrets(&self) -> Result<Secrets, Faults> {
        let mut faults = Faults::default();
        let file = self.session.key_file.display();
        let how = format!(
            "session.key_file must be a file with a key that only its owner can read; `openssl rand -hex 32 > {file} && chmod 600 {file}` makes one"
        );
        let cookie_key = read_secret_file(&self.session.key_file)
            .map_err(|error| error.to_string())
            .and_then(|text| CookieKey::from_hex(&text).map_err(|error| error.to_string()))
            .map_err(|error| faults.add(format!("{how} ({error})")));
        let operator_token = match &self.operator.token_file {
            None => None,
            Some(file) => match read_secret_file(file) {
                Ok(token) if token.expose_secret().trim().is_empty() => {
                    let file = file.display();
                    faults.add(format!(
                        "operator.token_file is empty; `openssl rand -hex 32 > {file} && chmod 600 {file}` makes a token"
                    ));
                    None
                }
                Ok(token) => Some(Arc::new(token)),
                Err(error) => {
                    faults.add(format!("operator.token_file: {error}"));
                    None
                }
            },
        };
        let client_secret = read_secret_file(&self.identity.client_secret_file)
            .map(|text| SecretString::from(text.expose_secret().trim()))
            .map_err(|error| {
                faults.add(format!(
                    "identity.client_secret_file must be a file with the app client's secret that only its owner can read ({error})"
                ));
            });
        match (cookie_key, client_secret) {
            (Ok(cookie_key), Ok(client_secret)) if faults.sentences().is_empty() => Ok(Secrets {
                cookie_key,
                operator_token,
                client_secret,
            }),
            _ => Err(faults),
        }
    }
}

/// What the secret files hold.
pub(crate) struct Secrets {
    /// What signs cookies.
    pub(crate) cookie_key: CookieKey,
    /// The operator's bearer.
    pub(crate) operator_token: Option<Arc<SecretString>>,
    /// The app client's secret.
    pub(crate) client_secret: SecretString,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(more: &[(&str, &str)]) -> Result<Config, Faults> {
        let base = [
            ("PAYPHONE__HTTP__LISTEN", "127.0.0.1:8080"),
            ("PAYPHONE__ADMIN__LISTEN", "127.0.0.1:8081"),
            ("PAYPHONE__INTERNAL__LISTEN", "127.0.0.1:8082"),
            ("PAYPHONE__IDENTITY__PUBLIC_URL", "https://console.example"),
            (
                "PAYPHONE__IDENTITY__ISSUER",
                "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example01",
            ),
            (
                "PAYPHONE__IDENTITY__LOGIN_URL",
                "https://payphone.auth.us-east-1.amazoncognito.com",
            ),
            ("PAYPHONE__IDENTITY__CLIENT_ID", "1example23456789"),
            (
                "PAYPHONE__IDENTITY__CLIENT_SECRET_FILE",
                "no-such-client.secret",
            ),
            ("PAYPHONE__MAIL__FROM", "no-reply@console.example"),
            ("PAYPHONE__DATABASE__URL", "sqlite://payphone.db"),
            ("PAYPHONE__MARKETPLACE__PRODUCT_CODES", "one,two"),
            (
                "PAYPHONE__EVENTS__QUEUE_URL",
                "https://sqs.us-east-1.amazonaws.com/111122223333/events",
            ),
            ("PAYPHONE__PEER__URL", "https://card.internal"),
            ("PAYPHONE__PEER__KEY_FILE", "no-such-peer.pem"),
            ("PAYPHONE__PEER__JWK_FILE", "no-such-peer.jwk"),
            ("PAYPHONE__SESSION__KEY_FILE", "no-such-session.key"),
        ];
        let variables = base
            .iter()
            .chain(more)
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        runtime::config::load(None, "PAYPHONE", variables)
    }

    #[test]
    fn a_list_in_the_environment_is_separated_by_commas() {
        let config = load(&[("PAYPHONE_CARD__KEYS__BITS", "4096")]).unwrap();
        assert_eq!(config.marketplace.product_codes, ["one", "two"]);
        config.check().unwrap();
    }

    #[test]
    fn production_refuses_what_is_for_development_and_tells_everything_at_once() {
        let config = load(&[
            ("PAYPHONE__IDENTITY__PUBLIC_URL", "http://127.0.0.1:8080/"),
            ("PAYPHONE__OPERATOR__TOKEN_FILE", "token"),
            (
                "PAYPHONE__CLOCK__FOLLOW",
                "http://127.0.0.3:8070/_sim/v1/clock",
            ),
            ("PAYPHONE__CLOCK__OFFSET_FILE", "offset"),
            (
                "PAYPHONE__DATABASE__URL",
                "postgres://app:hunter2@db/payphone",
            ),
            ("PAYPHONE__MARKETPLACE__PRODUCT_CODES", ""),
            ("PAYPHONE__METERING__CALLS_PER_SECOND", "11"),
            (
                "PAYPHONE__IDENTITY__ISSUER",
                "http://127.0.0.3:8070/us-east-1_Example01",
            ),
            ("PAYPHONE__IDENTITY__LOGIN_URL", "http://127.0.0.3:8070"),
            ("PAYPHONE__IDENTITY__CLIENT_ID", "not an id"),
            ("PAYPHONE__MAIL__FROM", "nobody"),
            ("PAYPHONE__HTTP__TRUSTED_PROXIES", "10.0.0.0/8,proxy"),
            ("PAYPHONE__LIMITS__API_PER_MINUTE", "0"),
        ])
        .unwrap();
        let text = config.check().unwrap_err().to_string();
        for part in [
            "without a slash",
            "https:// in production",
            "operator.token_file",
            "clock.follow",
            "sslmode=verify-full",
            "product_codes",
            "calls_per_second",
            "identity.issuer",
            "identity.login_url",
            "identity.client_id",
            "mail.from",
            "http.trusted_proxies: `proxy` is",
            "limits.api_per_minute",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("hunter2"));
        assert!(!runtime::config::print_redacted(&config).contains("hunter2"));
    }

    #[test]
    fn an_unknown_key_is_named() {
        let error = load(&[("PAYPHONE__METERING__GRACE", "5")]).unwrap_err();
        assert!(error.to_string().contains("METERING__GRACE"), "{error}");
    }
}
