//! The sections both services have in common, each with its defaults and its own faults.
//! Composed by the services' configuration structs; not usable alone.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use super::Faults;
use crate::client_address::TrustedProxies;

/// Where the service runs; what is handy in development refuses to start in production.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Real customers; the default, so that a forgotten setting is the strict one.
    #[default]
    Production,
    /// A developer's machine or a test.
    Development,
}

/// One listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listen {
    /// Address and port.
    pub listen: SocketAddr,
}

/// The listener that people and integrations reach, perhaps through proxies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpConfig {
    /// Address and port.
    pub listen: SocketAddr,
    /// The proxies in front of us, as addresses or networks: their `X-Forwarded-For` is believed, and nobody else's. In the environment: separated by commas.
    ///
    /// Without them, everybody behind a proxy is one client to the limits.
    #[serde(default, deserialize_with = "super::list")]
    pub trusted_proxies: Vec<String>,
}

impl HttpConfig {
    /// Adds what is wrong with the section.
    pub fn check(&self, faults: &mut Faults) {
        if let Err(found) = self.proxies() {
            for sentence in found.sentences() {
                faults.add(sentence.as_str());
            }
        }
    }

    /// The proxies, read.
    pub fn proxies(&self) -> Result<TrustedProxies, Faults> {
        TrustedProxies::parse(&self.trusted_proxies).map_err(|found| {
            let mut faults = Faults::default();
            for fault in found {
                faults.add(format!("http.trusted_proxies: {fault}"));
            }
            faults
        })
    }
}

/// Where business time comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClockConfig {
    /// A URL on the loopback that answers `offsetSeconds`; development only.
    pub follow: Option<String>,
    /// Where the offset is kept over restarts, so that business time never goes back.
    pub offset_file: Option<PathBuf>,
}

impl ClockConfig {
    /// Adds what is wrong with the section.
    pub fn check(&self, environment: Environment, faults: &mut Faults) {
        let Some(url) = &self.follow else { return };
        faults.require(
            environment == Environment::Development,
            "clock.follow moves business time and is refused in production: remove it, or set environment = \"development\"",
        );
        faults.require(
            is_loopback_http(url),
            "clock.follow must be an http:// address on the loopback, such as http://127.0.0.3:8070/_sim/v1/clock",
        );
        faults.require(
            self.offset_file.is_some(),
            "clock.follow needs clock.offset_file, where the offset is kept over restarts",
        );
    }
}

/// Whether an address is plain http on this machine itself.
pub(super) fn is_loopback_http(url: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(url) else {
        return false;
    };
    let Some(host) = url.host_str() else {
        return false;
    };
    // RFC 6761, 6.3: names under `localhost` are the loopback.
    let name = host == "localhost" || host.ends_with(".localhost");
    let address = host
        .trim_matches(['[', ']'])
        .parse::<IpAddr>()
        .is_ok_and(|ip| ip.is_loopback());
    url.scheme() == "http" && (name || address)
}

/// How the process ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ShutdownConfig {
    /// How long it serves on after SIGTERM while it is no longer ready, in seconds (0 to 15): what its balancer needs to see that.
    pub grace_seconds: u64,
}

impl Default for ShutdownConfig {
    fn default() -> Self {
        // Two looks of a balancer that looks every five seconds, as fast as an ALB does.
        Self { grace_seconds: 10 }
    }
}

impl ShutdownConfig {
    /// Adds what is wrong with the section.
    pub fn check(&self, faults: &mut Faults) {
        faults.require(
            self.grace_seconds <= 15,
            "shutdown.grace_seconds must be at most 15: 25 seconds after SIGTERM the process ends, and requests need some of them",
        );
    }

    /// The same, as a time.
    pub const fn grace(&self) -> Duration {
        Duration::from_secs(self.grace_seconds)
    }
}

/// How the log is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// JSON lines, or text for people.
    pub format: LogFormat,
    /// A level, or a filter such as `info,card=debug`.
    pub level: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            format: LogFormat::Json,
            level: "info".into(),
        }
    }
}

impl LogConfig {
    /// Adds what is wrong with the section.
    pub fn check(&self, environment: Environment, faults: &mut Faults) {
        let most = most_verbose(&self.level);
        faults.require(
            most.is_some(),
            "log.level must be one of error, warn, info, debug, trace, or a filter such as `info,card=debug`",
        );
        if environment == Environment::Development {
            return;
        }
        faults.require(
            most != Some(LevelFilter::TRACE),
            "log.level must not be trace, for any target, in production: AWS's answers, with what they say of buyers, are printed at that level",
        );
        let aws = self.level.split(',').filter(|part| part.contains("aws"));
        faults.require(
            aws.filter_map(most_verbose).all(|level| level < LevelFilter::DEBUG),
            "log.level must not be debug for an aws target in production: take info, such as `debug,aws=info`",
        );
    }
}

/// The most that a filter lets through; nothing for what is no filter. A target without a level means everything.
fn most_verbose(level: &str) -> Option<LevelFilter> {
    let filter: EnvFilter = level.parse().ok()?;
    Some(filter.max_level_hint().unwrap_or(LevelFilter::TRACE))
}

/// The two forms of a log line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    #[default]
    Json,
    /// For people.
    Text,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follow(url: &str, environment: Environment) -> usize {
        let mut faults = Faults::default();
        let section = ClockConfig {
            follow: Some(url.into()),
            offset_file: Some("offset".into()),
        };
        section.check(environment, &mut faults);
        faults.sentences().len()
    }

    fn level(text: &str, environment: Environment) -> usize {
        let mut faults = Faults::default();
        let section = LogConfig {
            level: text.into(),
            ..LogConfig::default()
        };
        section.check(environment, &mut faults);
        faults.sentences().len()
    }

    #[test]
    fn every_proxy_that_is_none_has_its_sentence() {
        let faults = |variable: &str| {
            let variables = [
                ("P__LISTEN", "127.0.0.1:8080"),
                ("P__TRUSTED_PROXIES", variable),
            ];
            let variables = variables.map(|(key, value)| (key.to_owned(), value.to_owned()));
            let section: HttpConfig =
                crate::config::load(None, "P", variables.into_iter()).unwrap();
            let mut faults = Faults::default();
            section.check(&mut faults);
            faults.sentences().to_vec()
        };
        assert_eq!(faults(""), [""; 0]);
        assert_eq!(faults("10.0.0.0/8, fd00::1"), [""; 0]);
        assert_eq!(
            faults("10.0.0.0/8, proxy, 0.0.0.0/0"),
            [
                "http.trusted_proxies: `proxy` is neither an address nor a network: write it like 10.0.0.7, 10.0.0.0/8 or fd00::/8",
                "http.trusted_proxies: `0.0.0.0/0` would let everybody choose their own address: name the proxies alone",
            ]
        );
    }

    #[test]
    fn production_does_not_log_what_aws_answers() {
        for good in [
            "info",
            "debug",
            "info,card=debug",
            "debug,aws=info",
            "warn,aws_sdk_sqs=error",
        ] {
            assert_eq!(level(good, Environment::Production), 0, "{good}");
        }
        for bad in [
            "trace",
            "TRACE",
            "5",
            "info,card=trace",
            "info,hyper",
            "info,aws=debug",
            "info,aws_sdk_sqs=DEBUG",
        ] {
            assert_eq!(level(bad, Environment::Development), 0, "{bad}");
            assert_eq!(level(bad, Environment::Production), 1, "{bad}");
        }
        assert_eq!(level("info,card=loud", Environment::Development), 1);
    }

    #[test]
    fn the_clock_is_followed_on_the_loopback_of_a_developer_only() {
        for good in [
            "http://127.0.0.3:8070/_sim/v1/clock",
            "http://[::1]:1/",
            "http://aws.localhost:8070/",
        ] {
            assert_eq!(follow(good, Environment::Development), 0, "{good}");
            assert_eq!(follow(good, Environment::Production), 1, "{good}");
        }
        for bad in [
            "http://10.0.0.1/",
            "https://127.0.0.1/",
            "http://localhost.example/",
            "nonsense",
            "http://127.0.0.1.example/",
        ] {
            assert_eq!(follow(bad, Environment::Development), 1, "{bad}");
        }
    }
}
