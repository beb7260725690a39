//! The port to AWS Marketplace: who bought, what they are entitled to, and what they used.
//! Every call may be repeated: ResolveCustomer and GetEntitlements read, and BatchMeterUsage takes an identical record as the same one.

use async_trait::async_trait;
use secrecy::SecretString;

use crate::{
    hour::Hour,
    licence::{AwsAccountId, LicenseArn},
    time::Timestamp,
    usage::Dimension,
};

/// What ResolveCustomer answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedCustomer {
    /// The listing's product code.
    pub product_code: String,
    /// The buyer's AWS account.
    pub account: Option<AwsAccountId>,
    /// The licence; absent for products that are not on Concurrent Agreements, which we cannot serve.
    pub license: Option<LicenseArn>,
    /// `Metadata.AgreementId`, when AWS gives it.
    pub agreement_id: Option<String>,
}

/// Why a token did not resolve.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// Not a token, or not one of ours. No retry helps.
    #[error("the token is not valid")]
    InvalidToken,
    /// Older than its lifetime. *Set up your account* makes a new one.
    #[error("the token has expired")]
    ExpiredToken,
    /// AWS is throttling or failing; the same token may resolve in a moment.
    #[error("AWS Marketplace is busy: {0}")]
    Busy(String),
    /// Our own set-up is wrong: API off in this region, wrong account or role. Operators must act; the buyer did nothing wrong.
    #[error("AWS Marketplace refuses us: {0}")]
    Misconfigured(String),
}

/// One record of BatchMeterUsage. Identity is licence and account, never both with a product code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageRecord {
    /// The licence billed.
    pub license: LicenseArn,
    /// The account billed.
    pub account: AwsAccountId,
    /// The dimension billed.
    pub dimension: Dimension,
    /// The hour billed.
    pub hour: Hour,
    /// Units, 0 to 2147483647.
    pub quantity: i32,
}

/// The `Status` of one result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordStatus {
    /// Taken.
    Success,
    /// No active agreement; not honoured.
    CustomerNotSubscribed,
    /// An earlier record for the hour exists.
    DuplicateRecord,
    /// A status that the model does not list.
    Other(String),
}

/// What AWS said about one record, in the order they were sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordAnswer {
    /// AWS judged it.
    Judged {
        /// The status.
        status: RecordStatus,
        /// AWS's id for it.
        metering_record_id: Option<String>,
    },
    /// In `UnprocessedRecords`, or missing from the answer: send it again unchanged.
    Unprocessed,
}

/// Why a whole request failed.
#[derive(Debug, thiserror::Error)]
pub enum MeterError {
    /// One record spoils the batch: window, dimension, licence, tags, allocations. Bisect.
    #[error("AWS refuses a record of the batch: {0}")]
    BadRecord(&'static str),
    /// AWS is throttling, failing or out of reach, or the answer was lost. Send the same again later.
    #[error("AWS Marketplace is busy: {0}")]
    Busy(String),
    /// Our own set-up is wrong. Nothing is lost, nothing will pass until it is mended.
    #[error("AWS Marketplace refuses us: {0}")]
    Misconfigured(String),
}

/// One entitlement of a contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Entitlement {
    /// The contract's dimension, by its API name.
    pub dimension: String,
    /// The amount, as text whatever its type.
    pub value: String,
    /// A *minimum* validity: with auto-renewal this is the renewal date.
    pub expires_at: Option<Timestamp>,
}

/// Why entitlements could not be read.
#[derive(Debug, thiserror::Error)]
pub enum EntitlementError {
    /// Try again later.
    #[error("AWS Marketplace is busy: {0}")]
    Busy(String),
    /// Our own set-up is wrong, or the request is.
    #[error("AWS Marketplace refuses us: {0}")]
    Misconfigured(String),
}

/// AWS Marketplace's metering and entitlement services.
#[async_trait]
pub trait Marketplace: Send + Sync {
    /// Who is behind a registration token. The same token answers the same until it expires.
    async fn resolve_customer(
        &self,
        token: &SecretString,
    ) -> Result<ResolvedCustomer, ResolveError>;

    /// Sends up to 25 records of one product; answers come in the order of the records.
    async fn batch_meter_usage(
        &self,
        records: &[UsageRecord],
    ) -> Result<Vec<RecordAnswer>, MeterError>;

    /// Every entitlement of a licence, all pages; none is an answer, not an error.
    async fn get_entitlements(
        &self,
        product_code: &str,
        license: &LicenseArn,
    ) -> Result<Vec<Entitlement>, EntitlementError>;
}
