//! Takes the empty `CustomerIdentifier` out of `BatchMeterUsage` requests, before they are signed.
//! The SDK's record type holds a plain `String` there and writes `"CustomerIdentifier":""` beside the licence, although the two exclude
//! each other (`facts/marketplace.md` §1.9, §13.1). What live AWS makes of it is unknown, so it does not leave the house.

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeTransmitInterceptorContextMut},
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::{body::SdkBody, config_bag::ConfigBag};
use serde_json::Value;

/// The request is not what this code was written for; it is better not sent than sent unread.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StripError {
    /// The body is a stream.
    #[error("the metering request's body is not in memory")]
    NotInMemory,
    /// The SDK has taken up another protocol.
    #[error("the metering request's body is not JSON")]
    NotJson,
    /// The model has changed.
    #[error("the metering request has no list of UsageRecords")]
    NoRecords,
}

/// The interceptor. For `BatchMeterUsage` alone.
#[derive(Debug)]
pub(crate) struct StripEmptyIdentifier;

impl Intercept for StripEmptyIdentifier {
    fn name(&self) -> &'static str {
        "StripEmptyIdentifier"
    }

    /// Between serialisation and the first attempt: the SDK takes its copy for further attempts, and signs, after this hook.
    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        let body = request.body().bytes().ok_or(StripError::NotInMemory)?;
        let body = strip(body)?;
        // The serialiser has set the old length, and the signature is going to cover this header too.
        let length = body.len().to_string();
        request.headers_mut().insert("content-length", length);
        *request.body_mut() = SdkBody::from(body);
        Ok(())
    }
}

/// The same records without empty identifiers.
fn strip(body: &[u8]) -> Result<String, StripError> {
    let mut body: Value = serde_json::from_slice(body).map_err(|_| StripError::NotJson)?;
    let records = body
        .get_mut("UsageRecords")
        .and_then(Value::as_array_mut)
        .ok_or(StripError::NoRecords)?;
    for record in records.iter_mut().filter_map(Value::as_object_mut) {
        if record.get("CustomerIdentifier").and_then(Value::as_str) == Some("") {
            record.remove("CustomerIdentifier");
        }
    }
    Ok(body.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        failure::{Cure, Failure},
        test_server::{Answer, TestServer},
    };

    fn stripped(body: &Value) -> Value {
        serde_json::from_str(&strip(body.to_string().as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn only_empty_identifiers_are_taken_out() {
        let body = json!({"UsageRecords": [
            {"Timestamp": 1_795_600_800, "CustomerIdentifier": "", "Quantity": 0},
            {"CustomerIdentifier": "legacy", "Quantity": 2_147_483_647},
            {"Quantity": 1},
        ]});
        let expected = json!({"UsageRecords": [
            {"Timestamp": 1_795_600_800, "Quantity": 0},
            {"CustomerIdentifier": "legacy", "Quantity": 2_147_483_647},
            {"Quantity": 1},
        ]});
        assert_eq!(stripped(&body), expected);
        assert_eq!(stripped(&expected), expected);
    }

    #[tokio::test]
    async fn a_request_it_cannot_read_is_not_sent_and_is_a_matter_for_people() {
        let server = TestServer::answering(vec![Answer::Lost]);
        let config = aws_sdk_marketplacemetering::config::Builder::from(&server.config())
            .interceptor(StripEmptyIdentifier)
            .build();
        // Another operation stands in for a metering request of an unknown shape.
        let error = aws_sdk_marketplacemetering::Client::from_conf(config)
            .resolve_customer()
            .registration_token("token")
            .send()
            .await
            .unwrap_err();
        let failure = Failure::of(&error);
        assert_eq!(failure.cure(), Cure::Person);
        assert!(failure.to_string().contains("no list of UsageRecords"));
        assert!(server.received().is_empty());
    }

    #[test]
    fn an_unknown_shape_is_refused() {
        assert!(matches!(strip(b"\xbf\xff"), Err(StripError::NotJson)));
        for body in [&b"{}"[..], b"[]", b"{\"UsageRecords\":{}}"] {
            assert!(matches!(strip(body), Err(StripError::NoRecords)));
        }
    }
}
