//! [`AwsMarketplace`]: the Marketplace port over three clients, one for each way of waiting and trying.
//! Metering sends once (the ledger tries again), registration is quick (a browser waits), entitlements take their time.

use std::time::Duration;

use async_trait::async_trait;
use aws_config::{Region, SdkConfig};
use aws_sdk_marketplaceentitlement as entitlement;
use aws_sdk_marketplacemetering as metering;
use domain::{
    licence::LicenseArn,
    marketplace::{
        Entitlement, EntitlementError, Marketplace, MeterError, RecordAnswer, ResolveError,
        ResolvedCustomer, UsageRecord,
    },
};
use secrecy::SecretString;

use crate::{
    client::{ATTEMPT, OPERATION, attempts, timeouts},
    strip::StripEmptyIdentifier,
};

/// The entitlement service has no other commercial region (`facts/marketplace.md` §3.1).
const ENTITLEMENT_REGION: Region = Region::from_static("us-east-1");

/// A person waits for `ResolveCustomer`, and their request ends within five seconds: the whole call, and a second for what is ours.
const RESOLVE_OPERATION: Duration = Duration::from_secs(4);
/// So that after one attempt into silence there is time for another, on a new connection.
const RESOLVE_ATTEMPT: Duration = Duration::from_secs(2);
const RESOLVE_BACKOFF: Duration = Duration::from_millis(200);

/// AWS Marketplace's metering and entitlement services.
#[derive(Debug, Clone)]
pub struct AwsMarketplace {
    metering: metering::Client,
    registration: metering::Client,
    entitlements: entitlement::Client,
}

impl AwsMarketplace {
    /// Builds the clients; nothing is called yet. The region of `config` is the metering region.
    pub fn new(config: &SdkConfig) -> Self {
        let sending = metering::config::Builder::from(config)
            .timeout_config(timeouts(ATTEMPT, OPERATION))
            // One call is one attempt: each must pass the ledger's bucket, and the ledger alone knows what was sent (P9).
            .retry_config(attempts(1))
            .interceptor(StripEmptyIdentifier)
            .build();
        let resolving = metering::config::Builder::from(config)
            .timeout_config(timeouts(RESOLVE_ATTEMPT, RESOLVE_OPERATION))
            .retry_config(
                attempts(3)
                    .with_initial_backoff(RESOLVE_BACKOFF)
                    .with_max_backoff(10 * RESOLVE_BACKOFF),
            )
            .build();
        let reading = entitlement::config::Builder::from(config)
            .region(ENTITLEMENT_REGION)
            .timeout_config(timeouts(ATTEMPT, OPERATION))
            .retry_config(attempts(3))
            .build();
        Self {
            metering: metering::Client::from_conf(sending),
            registration: metering::Client::from_conf(resolving),
            entitlements: entitlement::Client::from_conf(reading),
        }
    }
}

#[async_trait]
impl Marketplace for AwsMarketplace {
    async fn resolve_customer(
        &self,
        token: &SecretString,
    ) -> Result<ResolvedCustomer, ResolveError> {
        crate::resolve::resolve_customer(&self.registration, token).await
    }

    async fn batch_meter_usage(
        &self,
        records: &[UsageRecord],
    ) -> Result<Vec<RecordAnswer>, MeterError> {
        crate::metering::batch_meter_usage(&self.metering, records).await
    }

    async fn get_entitlements(
        &self,
        product_code: &str,
        license: &LicenseArn,
    ) -> Result<Vec<Entitlement>, EntitlementError> {
        crate::entitlements::get_entitlements(&self.entitlements, product_code, license).await
    }
}
