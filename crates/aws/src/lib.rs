//! The ports of `domain` that reach AWS, over AWS's own SDKs: Marketplace (metering, entitlements), the event queue (SQS),
//! the identity provider (Cognito) and our own mail (SES).
//! Nothing is decided here: calls are made, answers and errors are translated, and every call leaves one line in the log.
//! Invariant: no other package names an `aws-*` crate (aws-lc-rs aside), so [`SdkConfig`] is handed on from here.
//! Invariant: no token, no message body, no e-mail address and no full licence ARN or account id ever reaches a log line or an error text.

mod call;
mod client;
mod entitlements;
mod failure;
mod identity;
mod mailer;
mod marketplace;
mod metering;
mod resolve;
mod sqs;
mod strip;

#[cfg(test)]
mod test_server;

pub use aws_config::SdkConfig;
pub use client::{load, load_at};
pub use failure::register_metrics;
pub use identity::CognitoIdentity;
pub use mailer::SesMailer;
pub use marketplace::AwsMarketplace;
pub use sqs::SqsEventQueue;
