//! `BatchMeterUsage`: up to 25 records out, one answer for each of them back.
//! Identity is licence and account. `ProductCode` beside a licence bills twice, so it is never sent (`facts/marketplace.md` §1.2).
//! Invariant: an answer is *judged* only if AWS's result plainly belongs to that record; anything else is sent again, which does no harm.

use aws_sdk_marketplacemetering::{
    Client,
    operation::RequestId,
    types::{self, UsageRecordResult, UsageRecordResultStatus},
};
use domain::{
    hour::Hour,
    licence::LicenseArn,
    marketplace::{MeterError, RecordAnswer, RecordStatus, UsageRecord},
};

use crate::{
    call::Call,
    failure::{Cure, Failure},
};

/// The service's limit. 25 of our records stay far below its other one, 1 MB.
const MAX_RECORDS: usize = 25;

/// Errors of the whole request that one record can cause (`facts/marketplace.md` §3.3).
const BAD_RECORD: [&str; 6] = [
    "TimestampOutOfBoundsException",
    "InvalidUsageDimensionException",
    "InvalidTagException",
    "InvalidUsageAllocationsException",
    "InvalidLicenseException",
    "InvalidCustomerIdentifierException",
];

/// Sends the records once.
pub(crate) async fn batch_meter_usage(
    client: &Client,
    records: &[UsageRecord],
) -> Result<Vec<RecordAnswer>, MeterError> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    if records.len() > MAX_RECORDS {
        return Err(MeterError::Misconfigured(format!(
            "{} records in one batch; AWS takes {MAX_RECORDS}",
            records.len()
        )));
    }
    // AWS has no code for this one; said here, the batch is halved until the record stands alone.
    if records.iter().any(|record| record.quantity < 0) {
        return Err(MeterError::BadRecord("NegativeQuantity"));
    }
    let call = Call::start("BatchMeterUsage");
    let mut request = client.batch_meter_usage();
    for record in records {
        request = request.usage_records(wire(record)?);
    }
    match request.send().await {
        Ok(output) => {
            let (answers, strays) = answers(records, output.results());
            let open = answers
                .iter()
                .filter(|answer| matches!(answer, RecordAnswer::Unprocessed))
                .count();
            let about = format!(
                "{} records, {open} unprocessed, {strays} results of nothing sent",
                records.len()
            );
            if strays > 0 {
                call.failed("strays", &about);
            } else {
                call.answered("success", output.request_id(), &about);
            }
            Ok(answers)
        }
        Err(error) => {
            let failure = Failure::of(&error);
            let meaning = meaning(&failure);
            let outcome = match meaning {
                MeterError::BadRecord(_) => "bad_record",
                MeterError::Busy(_) => "busy",
                MeterError::Misconfigured(_) => "misconfigured",
            };
            call.failed(outcome, &failure);
            Err(meaning)
        }
    }
}

/// A general `ValidationException` is *not* taken for a bad record: should AWS come to dislike our requests as such, halving batches would
/// end every record unbilled, whereas as a matter for people nothing is lost.
fn meaning(failure: &Failure) -> MeterError {
    let bad = BAD_RECORD
        .into_iter()
        .find(|code| failure.code() == Some(code));
    match (bad, failure.cure()) {
        (Some(code), _) => MeterError::BadRecord(code),
        (None, Cure::Time) => MeterError::Busy(failure.to_string()),
        (None, Cure::Person) => MeterError::Misconfigured(failure.to_string()),
    }
}

/// `Quantity` is deprecated in favour of a decimal text that this SDK does not know yet; both are taken (`facts/marketplace.md` §1.8).
fn wire(record: &UsageRecord) -> Result<types::UsageRecord, MeterError> {
    let at = record.hour.start().timestamp();
    types::UsageRecord::builder()
        .timestamp(aws_smithy_types::DateTime::from_secs(at))
        .dimension(record.dimension.as_str())
        .quantity(record.quantity)
        .customer_aws_account_id(record.account.as_str())
        .license_arn(record.license.as_str())
        .build()
        .map_err(|error| MeterError::Misconfigured(error.to_string()))
}

/// One answer for each record, in the records' order, and the number of results that fit none.
///
/// The order of results is nowhere promised, so each is matched by what it echoes. Whatever stays without a result, be it listed
/// in `UnprocessedRecords` or not, is unprocessed.
fn answers(records: &[UsageRecord], results: &[UsageRecordResult]) -> (Vec<RecordAnswer>, usize) {
    let mut answers = vec![RecordAnswer::Unprocessed; records.len()];
    let mut strays = 0;
    for result in results {
        let (Some(echo), Some(status)) = (result.usage_record(), result.status()) else {
            strays += 1;
            continue;
        };
        let slot = slot(records, &answers, echo).and_then(|index| answers.get_mut(index));
        let Some(slot) = slot else {
            strays += 1;
            continue;
        };
        *slot = RecordAnswer::Judged {
            status: judged(status),
            metering_record_id: result
                .metering_record_id()
                .filter(|id| !id.is_empty())
                .map(str::to_owned),
        };
    }
    (answers, strays)
}

/// The first unanswered record that was echoed. An echo without a licence counts only if a single record can be meant.
fn slot(
    records: &[UsageRecord],
    answers: &[RecordAnswer],
    echo: &types::UsageRecord,
) -> Option<usize> {
    let license = echo.license_arn().filter(|arn| !arn.is_empty());
    let account = echo.customer_aws_account_id().filter(|id| !id.is_empty());
    let hour = Hour::from_number(echo.timestamp().secs().div_euclid(3600));
    let mut fitting = records.iter().enumerate().filter(|(_, record)| {
        record.dimension.as_str() == echo.dimension()
            && record.hour == hour
            && license.is_none_or(|arn| same_license(&record.license, arn))
            && account.is_none_or(|id| record.account.as_str() == id)
    });
    if license.is_none() {
        let only = fitting.next()?;
        return fitting.next().is_none().then_some(only.0);
    }
    fitting
        .map(|(index, _)| index)
        .find(|index| matches!(answers.get(*index), Some(RecordAnswer::Unprocessed)))
}

/// AWS spells ARNs of one licence in two ways, so the key decides (`facts/marketplace.md` §4.1).
fn same_license(sent: &LicenseArn, echoed: &str) -> bool {
    sent.as_str() == echoed
        || echoed
            .parse::<LicenseArn>()
            .is_ok_and(|echoed| echoed.key() == sent.key())
}

fn judged(status: &UsageRecordResultStatus) -> RecordStatus {
    match status {
        UsageRecordResultStatus::Success => RecordStatus::Success,
        UsageRecordResultStatus::CustomerNotSubscribed => RecordStatus::CustomerNotSubscribed,
        UsageRecordResultStatus::DuplicateRecord => RecordStatus::DuplicateRecord,
        other => RecordStatus::Other(other.as_str().to_owned()),
    }
}

#[cfg(test)]
mod tests;
