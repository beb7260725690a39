//! What the log says of a call, and what it must never say, with everything down to level *debug* switched on, the SDK's own events included.

use std::{
    fmt::{self, Write},
    sync::{Arc, Mutex},
};

use domain::{
    hour::Hour,
    identity::Identity,
    mailer::{Mail, Mailer},
    marketplace::{Marketplace, UsageRecord},
    usage::Dimension,
};
use secrecy::SecretString;
use serde_json::json;
use tracing::{Event, Level, Metadata, Subscriber, field, span};

use super::*;
use crate::{
    AwsMarketplace, CognitoIdentity, SesMailer,
    test_server::{Answer, TestServer},
};

const LICENSE: &str =
    "arn:aws:license-manager::294406891311:license:l-0123456789abcdef0123456789abcdef";
const ACCOUNT: &str = "111122223333";
const TOKEN: &str = "token-0123456789";

/// Keeps every event and span up to a level as one line.
#[derive(Clone)]
pub(crate) struct Lines {
    level: Level,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Lines {
    pub(crate) fn up_to(level: Level) -> Self {
        Self {
            level,
            lines: Arc::default(),
        }
    }

    fn keep(&self, start: &str, record: impl FnOnce(&mut Line)) {
        let mut line = Line(start.to_owned());
        record(&mut line);
        self.lines.lock().unwrap().push(line.0);
    }

    pub(crate) fn text(&self) -> String {
        self.lines.lock().unwrap().join("\n")
    }

    /// The lines of this crate alone.
    pub(crate) fn ours(&self) -> Vec<String> {
        let lines = self.lines.lock().unwrap();
        let ours = lines.iter().filter(|line| line.contains(" aws::"));
        ours.cloned().collect()
    }
}

struct Line(String);

impl field::Visit for Line {
    fn record_debug(&mut self, field: &field::Field, value: &dyn fmt::Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.level
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        self.keep("SPAN", |line| span.record(line));
        span::Id::from_u64(1)
    }

    fn record(&self, _span: &span::Id, values: &span::Record<'_>) {
        self.keep("SPAN", |line| values.record(line));
    }

    fn record_follows_from(&self, _span: &span::Id, _follows: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let (level, target) = (event.metadata().level(), event.metadata().target());
        self.keep(&format!("{level} {target}"), |line| event.record(line));
    }

    fn enter(&self, _span: &span::Id) {}

    fn exit(&self, _span: &span::Id) {}
}

fn records() -> Vec<UsageRecord> {
    vec![UsageRecord {
        license: LICENSE.parse().unwrap(),
        account: ACCOUNT.parse().unwrap(),
        dimension: Dimension::Payments,
        hour: Hour::from_number(498_706),
        quantity: 1,
    }]
}

/// Registration and metering, once with AWS agreeing and once with AWS refusing and quoting everything.
async fn calls() {
    let quoting = format!("{TOKEN} {LICENSE} {ACCOUNT}");
    let customer =
        json!({"ProductCode": "p", "CustomerAWSAccountId": ACCOUNT, "LicenseArn": LICENSE});
    let server = TestServer::answering(vec![
        Answer::json(200, &customer),
        Answer::json(200, &json!({"Results": []})),
        Answer::error(400, "AccessDeniedException", &quoting),
    ]);
    let marketplace = AwsMarketplace::new(&server.config());
    let token = SecretString::from(TOKEN.to_owned());
    marketplace.resolve_customer(&token).await.unwrap();
    marketplace.batch_meter_usage(&records()).await.unwrap();
    marketplace.resolve_customer(&token).await.unwrap_err();
    marketplace.batch_meter_usage(&records()).await.unwrap_err();
}

#[tokio::test]
async fn a_call_leaves_one_line_that_names_neither_licence_nor_account() {
    let log = Lines::up_to(Level::DEBUG);
    let guard = tracing::subscriber::set_default(log.clone());
    calls().await;
    drop(guard);
    let ours = log.ours();
    assert_eq!(ours.len(), 4, "{ours:#?}");
    for (line, (level, operation, outcome)) in ours.iter().zip([
        ("DEBUG", "ResolveCustomer", "success"),
        ("DEBUG", "BatchMeterUsage", "success"),
        ("WARN", "ResolveCustomer", "misconfigured"),
        ("WARN", "BatchMeterUsage", "misconfigured"),
    ]) {
        assert!(line.starts_with(level), "{line}");
        assert!(
            line.contains(&format!("operation=\"{operation}\"")),
            "{line}"
        );
        assert!(line.contains(&format!("outcome=\"{outcome}\"")), "{line}");
        assert!(
            line.contains("duration_ms=") && line.contains("req-1"),
            "{line}"
        );
        for secret in [TOKEN, LICENSE, ACCOUNT] {
            assert!(!line.contains(secret), "{line}");
        }
    }
    assert!(ours[0].contains("license …cdef"), "{}", ours[0]);
}

#[tokio::test]
async fn the_sdk_prints_no_token_even_at_trace() {
    let server = TestServer::answering(vec![Answer::json(200, &json!({}))]);
    let marketplace = AwsMarketplace::new(&server.config());
    let log = Lines::up_to(Level::TRACE);
    let guard = tracing::subscriber::set_default(log.clone());
    let token = SecretString::from(TOKEN.to_owned());
    marketplace.resolve_customer(&token).await.unwrap();
    drop(guard);
    assert!(log.text().contains("signing request"));
    assert!(!log.text().contains(TOKEN));
}

/// Not even the SDK's own events, down to *debug*.
#[tokio::test]
async fn neither_addresses_nor_mails_are_printed() {
    let (address, link) = (
        "ann@harbour.example",
        "https://payphone.example/secret-link",
    );
    let quoting = format!("{address} {link}");
    let mail = Mail {
        to: address.parse().unwrap(),
        subject: "Subject of the mail".to_owned(),
        text: link.to_owned(),
    };
    let user = "usr_01920000000070008000000000000001".parse().unwrap();
    let made = json!({"User": {"Username": "sub-1", "Enabled": true}});
    let server = TestServer::answering(vec![
        Answer::json(200, &made),
        Answer::error(400, "InvalidParameterException", &quoting),
        Answer::json(200, &json!({"MessageId": "m-1"})),
        Answer::error(400, "MessageRejected", &quoting),
    ]);
    let log = Lines::up_to(Level::DEBUG);
    let guard = tracing::subscriber::set_default(log.clone());
    let identity = CognitoIdentity::new(&server.config(), "eu-west-1_Example00");
    identity.create(user, &mail.to).await.unwrap();
    identity.create(user, &mail.to).await.unwrap_err();
    let mailer = SesMailer::new(&server.config(), "no-reply@payphone.example");
    mailer.send(&mail).await.unwrap();
    mailer.send(&mail).await.unwrap_err();
    drop(guard);
    assert_eq!(log.ours().len(), 4, "{:#?}", log.ours());
    for secret in [address, link, "Subject of"] {
        assert!(!log.text().contains(secret), "{}", log.text());
    }
}

#[test]
fn tails_are_four_characters_at_most() {
    for (text, expected) in [
        (LICENSE, "…cdef"),
        ("abc", "…abc"),
        ("", "…"),
        ("żółćę", "…ółćę"),
    ] {
        assert_eq!(tail(text), expected);
    }
}
