//! The ports of `domain` that reach AWS, over AWS's own SDKs: Marketplace (metering, entitlements), the event queue (SQS),
//! the identity provider (Cognito) and our own mail (SES) for the control plane; the wrapping key (KMS) for the card plane.
//! Nothing is decided here: calls are made, answers and errors are translated, and every call leaves one line in the log.
//! Invariant: no other package names an `aws-*` crate (aws-lc-rs aside), so [`SdkConfig`] is handed on from here.
//! Invariant: no token, no message body, no e-mail address, no data key and no full licence ARN or account id ever reaches a log line or an
//! error text.

mod call;
mod client;
#[cfg(feature = "control")]
mod entitlements;
mod failure;
#[cfg(feature = "control")]
mod identity;
#[cfg(feature = "kms")]
mod kms;
#[cfg(feature = "control")]
mod mailer;
#[cfg(feature = "control")]
mod marketplace;
#[cfg(feature = "control")]
mod metering;
#[cfg(feature = "control")]
mod resolve;
#[cfg(feature = "control")]
mod sqs;
#[cfg(feature = "control")]
mod strip;

#[cfg(test)]
mod test_server;

pub use aws_config::SdkConfig;
pub use client::{load, load_at};
pub use failure::register_metrics;
#[cfg(feature = "control")]
pub use identity::CognitoIdentity;
#[cfg(feature = "kms")]
pub use kms::KmsKeyEncryption;
#[cfg(feature = "control")]
pub use mailer::SesMailer;
#[cfg(feature = "control")]
pub use marketplace::AwsMarketplace;
#[cfg(feature = "control")]
pub use sqs::SqsEventQueue;
