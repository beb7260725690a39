//! How the SDK's clients are set up: where their configuration comes from, how long they wait, how often they try.
//! The SDK for Rust has no attempt or operation time-out of its own (`facts/reliability.md` §1), so each client gets both here (P9).

use std::time::Duration;

use aws_config::{
    BehaviorVersion, Region, SdkConfig,
    retry::RetryConfig,
    timeout::{TimeoutConfig, TimeoutConfigBuilder},
};
use aws_credential_types::Credentials;

/// The longest wait for a connection.
pub(crate) const CONNECT: Duration = Duration::from_secs(3);
/// The longest single attempt, credentials and connection included.
pub(crate) const ATTEMPT: Duration = Duration::from_secs(5);
/// The longest call, all attempts and the waits between them included.
pub(crate) const OPERATION: Duration = Duration::from_secs(20);

/// Builds the configuration all clients share, from the AWS SDK's own standard chain: environment, profile, container, instance.
///
/// `AWS_REGION`, `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>` are honoured, so the services can be pointed at aws-sim without
/// a code change. The region is the metering region: AWS looks for duplicates within one region only, so it must never change
/// while a licence lives (`facts/marketplace.md` §3.1).
pub async fn load() -> SdkConfig {
    // The future walks the whole credentials chain and is large; boxed, it does not swell the caller's.
    let config = Box::pin(
        aws_config::defaults(BehaviorVersion::latest())
            .timeout_config(timeouts(ATTEMPT, OPERATION))
            .load(),
    )
    .await;
    if config.region().is_none() {
        tracing::warn!("no AWS region is set, so AWS calls will fail: set AWS_REGION");
    }
    config
}

/// The same, pointed at a stand-in: credentials that mean nothing, and nothing taken from the surroundings that could lead to AWS.
pub async fn load_at(endpoint_url: &str) -> SdkConfig {
    let nobody = Credentials::new("stand-in", "stand-in", None, None, "stand-in");
    Box::pin(
        aws_config::defaults(BehaviorVersion::latest())
            .timeout_config(timeouts(ATTEMPT, OPERATION))
            .endpoint_url(endpoint_url)
            .region(Region::new("us-east-1"))
            .credentials_provider(nobody)
            .load(),
    )
    .await
}

/// The time-outs of one client.
pub(crate) fn timeouts(attempt: Duration, operation: Duration) -> TimeoutConfig {
    TimeoutConfigBuilder::new()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(attempt)
        .operation_timeout(operation)
        .build()
}

/// At most this many attempts, whatever `AWS_MAX_ATTEMPTS` or `AWS_RETRY_MODE` say: how often a bill is sent is not left to the environment.
pub(crate) fn attempts(max: u32) -> RetryConfig {
    RetryConfig::standard().with_max_attempts(max)
}
