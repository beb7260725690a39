//! The AWS side: finds service and operation of a request, logs it, lets faults strike, runs it and writes the answer.
//!
//! Protocols: AWS JSON 1.0 and 1.1 by `X-Amz-Target`, Smithy RPC-v2-CBOR by path, the query protocol for STS, REST-JSON for SES.
//! Not here: any rule of an operation. Invariant: every request is logged before it has an effect.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::{ConnectInfo, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use serde_json::{Value, json};

use crate::{
    cognito,
    connection::Wire,
    entitlement,
    error::AwsError,
    faults::{self, Fault, Kind},
    kms, metering, resolve,
    server::App,
    ses,
    sim::Sim,
    sqs, sts,
};

mod answer;
pub mod cbor;
mod log;
mod sigv4;

/// How a request is spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// AWS JSON 1.0.
    Json10,
    /// AWS JSON 1.1.
    Json11,
    /// Smithy RPC-v2-CBOR.
    Cbor,
    /// The query protocol, answered in XML.
    Query,
    /// REST-JSON: the path names the operation.
    RestJson,
}

/// One decoded request.
#[derive(Debug)]
pub struct Call {
    /// botocore's name of the service.
    pub service: &'static str,
    /// botocore's name of the operation.
    pub operation: String,
    /// How it is spelt.
    pub protocol: Protocol,
    /// The operation's input.
    pub body: Value,
    /// Bytes of the body as sent.
    pub bytes: usize,
    /// From the credential scope.
    pub region: String,
    /// Scheme and authority for URLs in answers.
    pub base_url: String,
}

/// `X-Amz-Target` prefixes and CBOR service names, with botocore's name and the `SigV4` service where we answer it.
const SERVICES: &[(&str, &str, Option<&str>)] = &[
    (
        "AWSMPMeteringService",
        "meteringmarketplace",
        Some("aws-marketplace"),
    ),
    (
        "AWSMPEntitlementService",
        "marketplace-entitlement",
        Some("aws-marketplace"),
    ),
    ("AmazonSQS", "sqs", Some("sqs")),
    (
        "AWSMPCommerceService_v20200301",
        "marketplace-agreement",
        None,
    ),
    (
        "AWSCognitoIdentityProviderService",
        "cognito-idp",
        Some("cognito-idp"),
    ),
    ("TrentService", "kms", Some("kms")),
    ("AWSEvents", "events", None),
];

/// How long a timeout fault holds a request: longer than any client waits.
const TIMEOUT: Duration = Duration::from_mins(1);

/// Answers one AWS request.
pub async fn handle(
    State(sim): State<App>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request_id = sim.ids.uuid();
    let host = headers
        .get("host")
        .and_then(|h| h.to_str().ok())
        .unwrap_or(&sim.settings.host);
    let base_url = format!("http://{host}");
    let (service, operation, protocol) = match identify(uri.path(), &headers, &body) {
        Ok(found) => found,
        Err(error) => return answer::error(Protocol::Json11, "", &error, &request_id),
    };
    let scope = sigv4::scope(&headers);
    let decoded = decode(protocol, &body);
    let region = scope
        .as_ref()
        .map_or_else(|_| "us-east-1".to_owned(), |s| s.region.clone());
    log::request(
        &sim,
        &headers,
        service,
        &operation,
        protocol,
        &region,
        decoded.as_ref().ok(),
        body.len(),
    );

    let result = async {
        if !(service == "cognito-idp" && cognito::is_open(&operation)) {
            let scope = scope?;
            if let Some(expected) = signed_for(service).filter(|e| *e != scope.service) {
                return Err(AwsError::client(
                    "InvalidSignatureException",
                    format!("Credential should be scoped to correct service: '{expected}'."),
                )
                .status(403));
            }
        }
        let call = Call {
            service,
            operation: operation.clone(),
            protocol,
            body: decoded?,
            bytes: body.len(),
            region,
            base_url,
        };
        let fault = sim.change(|c| faults::strike(c, &operation, false)).await;
        match fault.as_ref().map(|f| f.kind) {
            Some(Kind::Throttle) => return Err(throttled(service)),
            Some(Kind::ServerError) => {
                return Err(AwsError::server(
                    internal_error(service),
                    "An internal error has occurred. Retry your request.",
                ));
            }
            Some(Kind::Timeout) => {
                hold(&sim, &wire).await;
                return Err(AwsError::server(
                    "ServiceUnavailable",
                    "This answer is never sent.",
                ));
            }
            _ => {}
        }
        let out = run(&sim, &call, fault.as_ref()).await;
        if fault.is_some_and(|f| f.kind == Kind::LostAnswer) {
            wire.cut();
        }
        out
    }
    .await;
    match result {
        Ok(value) => answer::success(protocol, &operation, &value, &request_id),
        Err(error) => {
            tracing::debug!(
                aws.service = service,
                aws.operation = operation,
                error = error.code,
                message = error.message,
                "refused an AWS request"
            );
            answer::error(protocol, service, &error, &request_id)
        }
    }
}

/// A timeout fault: holds a request longer than its client waits, then drops the connection.
pub(crate) async fn hold(sim: &Sim, wire: &Wire) {
    tokio::select! { () = tokio::time::sleep(TIMEOUT) => {}, () = sim.stopping() => {} }
    wire.cut();
}

/// The `SigV4` service that a request must be scoped to, where we answer it.
fn signed_for(service: &str) -> Option<&'static str> {
    match service {
        "sts" => Some("sts"),
        "sesv2" => Some("ses"),
        _ => SERVICES
            .iter()
            .find(|(_, name, _)| *name == service)
            .and_then(|(.., sigv4)| *sigv4),
    }
}

async fn run(sim: &Sim, call: &Call, fault: Option<&Fault>) -> Result<Value, AwsError> {
    match (call.service, call.operation.as_str()) {
        ("meteringmarketplace", "ResolveCustomer") => resolve::resolve_customer(sim, call).await,
        ("meteringmarketplace", "BatchMeterUsage") => {
            metering::batch_meter_usage(sim, call, fault.filter(|f| f.kind == Kind::PartialBatch))
                .await
        }
        ("marketplace-entitlement", "GetEntitlements") => entitlement::get_entitlements(sim, call),
        ("sqs", _) => sqs::run(sim, call).await,
        ("sts", "GetCallerIdentity") => Ok(sts::get_caller_identity()),
        ("cognito-idp", _) => cognito::run(sim, call).await,
        ("sesv2", _) => ses::run(sim, call).await,
        ("kms", _) => kms::run(sim, call).await,
        _ => Err(AwsError::client(
            "UnknownOperationException",
            format!("{} has no operation {}.", call.service, call.operation),
        )),
    }
}

fn identify(
    path: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(&'static str, String, Protocol), AwsError> {
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
    };
    let unknown = || {
        AwsError::client(
            "UnknownOperationException",
            "The request names no operation this endpoint knows.",
        )
    };
    if let Some((_, operation)) = ses::PATHS.iter().find(|(p, _)| *p == path) {
        return Ok(("sesv2", (*operation).to_owned(), Protocol::RestJson));
    }
    if let Some(rest) = path.strip_prefix("/service/") {
        let (service, operation) = rest.split_once("/operation/").ok_or_else(unknown)?;
        let (_, name, _) = SERVICES
            .iter()
            .find(|(prefix, ..)| *prefix == service)
            .ok_or_else(unknown)?;
        return Ok((name, operation.to_owned(), Protocol::Cbor));
    }
    if let Some((prefix, operation)) = text("x-amz-target").rsplit_once('.') {
        let (_, name, _) = SERVICES
            .iter()
            .find(|(p, ..)| *p == prefix)
            .ok_or_else(unknown)?;
        let protocol = if text("content-type").starts_with("application/x-amz-json-1.0") {
            Protocol::Json10
        } else {
            Protocol::Json11
        };
        return Ok((name, operation.to_owned(), protocol));
    }
    if text("content-type").starts_with("application/x-www-form-urlencoded")
        && let Some((_, action)) = form_urlencoded::parse(body).find(|(k, _)| k == "Action")
    {
        return Ok(("sts", action.into_owned(), Protocol::Query));
    }
    Err(unknown())
}

fn decode(protocol: Protocol, body: &[u8]) -> Result<Value, AwsError> {
    let bad = |why: String| AwsError::client("SerializationException", why);
    match protocol {
        Protocol::Json10 | Protocol::Json11 | Protocol::RestJson | Protocol::Cbor
            if body.is_empty() =>
        {
            Ok(json!({}))
        }
        Protocol::Json10 | Protocol::Json11 | Protocol::RestJson => {
            match serde_json::from_slice(body) {
                Ok(Value::Object(members)) => Ok(Value::Object(members)),
                Ok(_) => Err(bad("The body is not a JSON object.".into())),
                Err(why) => Err(bad(why.to_string())),
            }
        }
        Protocol::Cbor => cbor::decode(body).map_err(bad),
        Protocol::Query => {
            let members =
                form_urlencoded::parse(body).filter(|(k, _)| k != "Action" && k != "Version");
            Ok(Value::Object(
                members
                    .map(|(k, v)| (k.into_owned(), Value::String(v.into_owned())))
                    .collect(),
            ))
        }
    }
}

fn throttled(service: &str) -> AwsError {
    match service {
        "sqs" => AwsError::client(
            "RequestThrottled",
            "The request was denied due to request throttling.",
        )
        .status(403)
        .query("RequestThrottled"),
        "cognito-idp" => AwsError::client("TooManyRequestsException", "Rate exceeded"),
        "sesv2" => AwsError::client("TooManyRequestsException", "Too many requests").status(429),
        _ => AwsError::client("ThrottlingException", "Rate exceeded"),
    }
}

fn internal_error(service: &str) -> &'static str {
    match service {
        "sqs" | "sts" | "sesv2" => "InternalFailure",
        "cognito-idp" => "InternalErrorException",
        "kms" => "KMSInternalException",
        _ => "InternalServiceErrorException",
    }
}
