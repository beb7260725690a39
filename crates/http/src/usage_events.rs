//! `POST /api/v1/usage-events`: CloudEvents in, one result each out, durable before the answer.

use axum::{
    body::Bytes,
    extract::Request,
    http::{HeaderMap, header},
};
use control::{Cx, usage};
use domain::{Error, ErrorKind, usage::MAX_BATCH};
use runtime::{
    extract::{self, Json},
    problem::ApiError,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{page::Page, problem::Problem, who::Caller};

/// The largest body: a thousand events of some 280 bytes, with room for longer names.
pub(crate) const MAX_BODY: usize = 1024 * 1024;

/// One event, in the JSON format of CloudEvents 1.0. Other members may be there, and are not read.
#[derive(ToSchema)]
#[schema(example = json!({
    "specversion": "1.0", "id": "payment-1", "source": "urn:example:billing", "type": "payphone.payment.approved",
    "subject": "ten_01920000000070008000000000000001", "time": "2026-11-22T10:14:00Z", "data": {"quantity": 1},
}))]
#[expect(
    dead_code,
    reason = "it describes what is read member by member, so that every refusal has its reason"
)]
struct UsageEvent {
    /// `1.0`.
    specversion: String,
    /// 1 to 256 characters; with `source` the name of the event for ever.
    id: String,
    /// 1 to 256 characters.
    source: String,
    /// What is counted: `payphone.payment.approved` or `payphone.capture.completed`.
    r#type: String,
    /// Whose it is: your tenant's id (`ten_…`), which means its default licence, or the ARN of a licence of yours.
    subject: String,
    /// When it happened: at most 14 days ago and 5 minutes ahead.
    time: chrono::DateTime<chrono::Utc>,
    /// How many.
    data: UsageEventData,
}

/// What an event says beyond its envelope.
#[derive(ToSchema)]
#[expect(dead_code, reason = "as above")]
struct UsageEventData {
    /// How many were used.
    #[schema(minimum = 0, maximum = 1_000_000)]
    quantity: u32,
}

/// What became of one event.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsageResult {
    /// The event's `id`.
    id: Option<String>,
    /// The event's `source`.
    source: Option<String>,
    /// `accepted`, `duplicate` or `refused`.
    status: &'static str,
    /// Why, as a stable code.
    reason: Option<&'static str>,
    /// Why, in words.
    message: Option<String>,
}

impl UsageResult {
    fn of(result: usage::EventResult) -> Self {
        let status = match result.status {
            usage::Status::Accepted => "accepted",
            usage::Status::Duplicate => "duplicate",
            usage::Status::Refused => "refused",
        };
        let (reason, message) = result.reason.unzip();
        Self {
            id: result.id,
            source: result.source,
            status,
            reason,
            message,
        }
    }
}

/// Takes one CloudEvents 1.0 event or a batch of up to 1000. `source` and `id` together are the idempotency key, for ever.
#[utoipa::path(post, path = "/api/v1/usage-events", operation_id = "recordUsageEvents", tag = "usage",
    request_body(content(
        (UsageEvent = "application/cloudevents+json"),
        (Vec<UsageEvent> = "application/cloudevents-batch+json"),
    )),
    responses((status = 200, body = Page<UsageResult>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create(
    Caller(cx): Caller,
    request: Request,
) -> Result<Json<Page<UsageResult>>, ApiError> {
    take(&cx, request).await
}

/// The handler's body, for the internal port as well.
pub(crate) async fn take(cx: &Cx, request: Request) -> Result<Json<Page<UsageResult>>, ApiError> {
    if *cx.actor() == domain::policy::Actor::Anonymous {
        // Before the body is read: nobody we know has no business sending us a megabyte.
        cx.own_tenant()?;
    }
    let headers = request.headers().clone();
    let body = extract::body(request).await?;
    let events = read(&headers, &body)?;
    let results = usage::record(cx, &events).await?;
    Ok(Json(Page::whole(
        results.into_iter().map(UsageResult::of).collect(),
    )))
}

fn read(headers: &HeaderMap, body: &Bytes) -> Result<Vec<Value>, Error> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let (single, batch) = match essence.as_str() {
        "application/cloudevents+json" => (true, false),
        "application/cloudevents-batch+json" => (false, true),
        "application/json" => (true, true),
        _ => {
            return Err(Error::new(
                ErrorKind::UnsupportedMedia,
                "unsupported_media_type",
                "Send `application/cloudevents+json` for one event or `application/cloudevents-batch+json` for a list.",
            ));
        }
    };
    match serde_json::from_slice::<Value>(body) {
        Ok(Value::Array(events)) if batch && events.len() > MAX_BATCH => Err(Error::new(
            ErrorKind::TooLarge,
            "batch_too_large",
            format!("A batch takes at most {MAX_BATCH} events. Send the rest in another one."),
        )),
        Ok(Value::Array(events)) if batch => Ok(events),
        Ok(event @ Value::Object(_)) if single => Ok(vec![event]),
        Ok(_) => Err(Error::new(
            ErrorKind::Malformed,
            "not_cloud_events",
            "The body is neither an event nor a list of events, as its content type says.",
        )),
        Err(error) => Err(Error::new(
            ErrorKind::Malformed,
            "malformed_json",
            format!(
                "The body is not JSON: line {}, column {}.",
                error.line(),
                error.column()
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use domain::usage::read_cloud_event;
    use serde_json::json;

    /// The description is of what is read: its example is taken, and what it says is needed is.
    #[test]
    fn an_event_is_described_as_it_is_read() {
        let document = serde_json::to_value(crate::app::document()).unwrap();
        let schema = &document["components"]["schemas"]["UsageEvent"];
        let example = &schema["example"];
        let now = "2026-11-22T10:15:00Z".parse().unwrap();
        assert!(read_cloud_event(example, now).is_ok(), "{example}");
        let needed = schema["required"].as_array().unwrap();
        assert_eq!(
            needed.len(),
            schema["properties"].as_object().unwrap().len()
        );
        for member in needed {
            let mut event = example.clone();
            event
                .as_object_mut()
                .unwrap()
                .remove(member.as_str().unwrap());
            assert!(read_cloud_event(&event, now).is_err(), "{member}");
        }
        let quantity =
            &document["components"]["schemas"]["UsageEventData"]["properties"]["quantity"];
        for (bound, beyond) in [("minimum", -1), ("maximum", 1)] {
            let mut event = example.clone();
            let bound = quantity[bound].as_i64().unwrap();
            event["data"] = json!({"quantity": bound});
            assert!(read_cloud_event(&event, now).is_ok(), "{bound}");
            event["data"] = json!({"quantity": bound + beyond});
            assert!(read_cloud_event(&event, now).is_err(), "{bound}");
        }
    }
}
