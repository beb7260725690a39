//! Answers in the caller's protocol.
//!
//! Invariant: every answer carries `x-amzn-RequestId`, and an error the headers its SDKs read.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::{Value, json};

use super::{Protocol, cbor};
use crate::{error::AwsError, sts};

/// A 200.
pub(super) fn success(
    protocol: Protocol,
    operation: &str,
    value: &Value,
    request_id: &str,
) -> Response {
    let body = match protocol {
        Protocol::Json10 | Protocol::Json11 | Protocol::RestJson => value.to_string().into_bytes(),
        Protocol::Cbor => cbor::encode(value),
        Protocol::Query => sts::xml(operation, value, request_id).into_bytes(),
    };
    response(protocol, 200, body, request_id)
}

/// An error; `service` is botocore's name or empty.
pub(super) fn error(
    protocol: Protocol,
    service: &str,
    error: &AwsError,
    request_id: &str,
) -> Response {
    let namespaced = match service {
        "sqs" => format!("com.amazonaws.sqs#{}", error.code),
        "marketplace-entitlement" => {
            format!("com.amazonaws.marketplaceentitlementservice#{}", error.code)
        }
        _ => error.code.to_owned(),
    };
    let body = match protocol {
        Protocol::Query => sts::xml_error(error, request_id).into_bytes(),
        Protocol::Cbor => cbor::encode(&json!({"__type": namespaced, "message": error.message})),
        Protocol::RestJson => json!({"message": error.message}).to_string().into_bytes(),
        Protocol::Json10 | Protocol::Json11 => {
            json!({"__type": namespaced, "message": error.message})
                .to_string()
                .into_bytes()
        }
    };
    let mut response = response(protocol, error.status, body, request_id);
    let headers = response.headers_mut();
    headers.insert("x-amzn-errortype", HeaderValue::from_static(error.code));
    // SQS is `awsQueryCompatible` in its model: clients that grew up with the query protocol read the old code from this header.
    if service == "sqs" {
        let fault = if error.status < 500 {
            "Sender"
        } else {
            "Receiver"
        };
        if let Ok(value) = HeaderValue::from_str(&format!(
            "{};{fault}",
            error.query_code.unwrap_or(error.code)
        )) {
            headers.insert("x-amzn-query-error", value);
        }
    }
    response
}

fn response(protocol: Protocol, status: u16, body: Vec<u8>, request_id: &str) -> Response {
    let content_type = match protocol {
        Protocol::Json10 => "application/x-amz-json-1.0",
        Protocol::Json11 => "application/x-amz-json-1.1",
        Protocol::Cbor => "application/cbor",
        Protocol::Query => "text/xml",
        Protocol::RestJson => "application/json",
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if protocol == Protocol::Cbor {
        headers.insert("smithy-protocol", HeaderValue::from_static("rpc-v2-cbor"));
    }
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}
