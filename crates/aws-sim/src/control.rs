//! The control routes under `/_sim/v1`: what a test or a demo turns, and what it looks at.
//!
//! JSON in and out, camelCase, lists as `{"items": […], "next": cursor or null}`; mistakes are RFC 9457 problems with a sentence.
//! Invariant: a route that changes something answers when the change is on disk.

use axum::{
    Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    agreements::{self, Refusal},
    clock::rfc3339,
    events, faults, quantity,
    server::App,
    sim::Sim,
    switches,
    world::{Entry, MeteringRow},
};

mod identity;
mod requests;

type Answer = Result<Response, Refusal>;

/// All control routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/_sim/v1/clock", get(clock).post(advance))
        .route("/_sim/v1/agreements", get(list_agreements).post(purchase))
        .route("/_sim/v1/agreements/{id}", get(show_agreement))
        .route("/_sim/v1/agreements/{id}/end", post(end))
        .route("/_sim/v1/agreements/{id}/renew", post(renew))
        .route("/_sim/v1/agreements/{id}/replace", post(replace))
        .route("/_sim/v1/tokens", post(mint))
        .route("/_sim/v1/events", get(list_events).post(put_events))
        .route("/_sim/v1/metering-records", get(list_metering))
        .route("/_sim/v1/requests", get(requests::list))
        .route("/_sim/v1/mailbox", get(list_mailbox))
        .route("/_sim/v1/users", get(identity::users))
        .route("/_sim/v1/jwks", get(identity::show_keys))
        .route("/_sim/v1/jwks/rotate", post(identity::rotate))
        .route(
            "/_sim/v1/faults",
            get(list_faults).post(put_fault).delete(clear_faults),
        )
        .route("/_sim/v1/faults/{id}", axum::routing::delete(clear_fault))
        .route("/_sim/v1/switches", get(show_switches).put(set_switches))
        .route("/_sim/v1/switches/help", get(describe_switches))
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0).unwrap_or(StatusCode::BAD_REQUEST);
        let code = match self.0 {
            404 => "not_found",
            409 => "conflict",
            _ => "invalid_request",
        };
        let body = json!({"type": "about:blank", "title": status.canonical_reason(), "status": self.0, "code": code, "detail": self.1});
        (
            status,
            [(header::CONTENT_TYPE, "application/problem+json")],
            body.to_string(),
        )
            .into_response()
    }
}

/// Query members of the lists.
#[derive(Debug, Deserialize)]
struct Page {
    limit: Option<usize>,
    cursor: Option<usize>,
}

/// A list, whole unless `limit` asks for pages.
fn items(all: Vec<Value>, page: &Page) -> Response {
    let from = page.cursor.unwrap_or(0).min(all.len());
    let to = page
        .limit
        .map_or(all.len(), |n| (from + n.max(1)).min(all.len()));
    let next = if to < all.len() {
        json!(to.to_string())
    } else {
        Value::Null
    };
    json_response(
        StatusCode::OK,
        &json!({"items": &all[from..to], "next": next}),
    )
}

fn json_response(status: StatusCode, value: &Value) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        value.to_string(),
    )
        .into_response()
}

/// Reads a JSON body; no body is an empty object.
fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refusal> {
    let bytes: &[u8] = if body.iter().all(u8::is_ascii_whitespace) {
        b"{}"
    } else {
        body
    };
    serde_json::from_slice(bytes)
        .map_err(|why| Refusal(400, format!("The body cannot be read: {why}.")))
}

fn time(sim: &Sim) -> Response {
    let value = json!({"now": rfc3339(sim.clock.business_ms()), "offsetSeconds": sim.clock.offset_ms() / 1000});
    json_response(StatusCode::OK, &value)
}

async fn clock(State(sim): State<App>) -> Response {
    time(&sim)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Advance {
    advance_seconds: i64,
}

async fn advance(State(sim): State<App>, body: Bytes) -> Answer {
    let Advance { advance_seconds } = read(&body)?;
    advance_clock(&sim, advance_seconds).await?;
    Ok(time(&sim))
}

/// Moves business time ahead and delivers what falls due.
pub(crate) async fn advance_clock(sim: &Sim, seconds: i64) -> Result<(), Refusal> {
    // The offset survives restarts, so a slip of the finger must not end in the year 9999.
    if !(0..=315_360_000).contains(&seconds) {
        return Err(Refusal(
            400,
            format!(
                "advanceSeconds is a whole number from 0 to 315360000 (ten years), not {seconds}; business time never goes back."
            ),
        ));
    }
    sim.change(|c| {
        sim.clock.advance(seconds * 1000);
        c.put(Entry::Offset(sim.clock.offset_ms()));
        events::deliver_due(sim, c);
    })
    .await;
    Ok(())
}

async fn purchase(State(sim): State<App>, body: Bytes) -> Answer {
    let request = read(&body)?;
    let value = sim
        .change(|c| agreements::purchase(&sim, c, request))
        .await?;
    Ok(json_response(StatusCode::CREATED, &value))
}

async fn list_agreements(State(sim): State<App>, Query(page): Query<Page>) -> Response {
    items(
        sim.read(|w| {
            w.agreements
                .values()
                .map(|a| agreements::described(w, a))
                .collect()
        }),
        &page,
    )
}

async fn show_agreement(State(sim): State<App>, Path(id): Path<String>) -> Answer {
    let found = sim.read(|w| w.agreements.get(&id).map(|a| agreements::described(w, a)));
    found
        .map(|v| json_response(StatusCode::OK, &v))
        .ok_or_else(|| Refusal(404, format!("There is no agreement {id:?}.")))
}

async fn end(State(sim): State<App>, Path(id): Path<String>, body: Bytes) -> Answer {
    let request = read(&body)?;
    let value = sim
        .change(|c| agreements::end(&sim, c, &id, request))
        .await?;
    Ok(json_response(StatusCode::OK, &value))
}

async fn renew(State(sim): State<App>, Path(id): Path<String>, body: Bytes) -> Answer {
    let request = read(&body)?;
    let value = sim
        .change(|c| agreements::succeed(&sim, c, &id, "RENEW", request))
        .await?;
    Ok(json_response(StatusCode::CREATED, &value))
}

async fn replace(State(sim): State<App>, Path(id): Path<String>, body: Bytes) -> Answer {
    let request = read(&body)?;
    let value = sim
        .change(|c| agreements::succeed(&sim, c, &id, "REPLACE", request))
        .await?;
    Ok(json_response(StatusCode::CREATED, &value))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Mint {
    license_arn: String,
    #[serde(default)]
    minted_by: Option<String>,
}

async fn mint(State(sim): State<App>, body: Bytes) -> Answer {
    let Mint {
        license_arn,
        minted_by,
    } = read(&body)?;
    let by_api = match minted_by.as_deref() {
        None | Some("console") => false,
        Some("agreementApi") => true,
        Some(other) => {
            return Err(Refusal(
                400,
                format!("mintedBy is console or agreementApi, not {other:?}."),
            ));
        }
    };
    let token = sim
        .change(|c| agreements::mint(&sim, c, &license_arn, by_api))
        .await?;
    let expires = sim.read(|w| agreements::expires_ms(w, &token));
    let value = json!({
        "registrationToken": token.token,
        "licenseArn": token.license_arn,
        "agreementId": token.agreement_id,
        "expiresAt": rfc3339(expires),
    });
    Ok(json_response(StatusCode::CREATED, &value))
}

/// One envelope is delivered byte for byte; a list of envelopes one by one.
async fn put_events(State(sim): State<App>, body: Bytes) -> Answer {
    let bodies = match read::<Value>(&body)? {
        Value::Object(_) => vec![String::from_utf8_lossy(&body).trim().to_owned()],
        Value::Array(list) if list.iter().all(Value::is_object) => {
            list.iter().map(Value::to_string).collect()
        }
        _ => {
            return Err(Refusal(
                400,
                "The body is an EventBridge envelope or a list of envelopes.".into(),
            ));
        }
    };
    let now = sim.clock.business_ms();
    let (accepted, delivered) = sim
        .change(|c| {
            let accepted = bodies.len();
            for body in bodies {
                events::schedule(c, "", body, now);
            }
            (accepted, events::deliver_due(&sim, c))
        })
        .await;
    Ok(json_response(
        StatusCode::ACCEPTED,
        &json!({"accepted": accepted, "delivered": delivered}),
    ))
}

/// Events that wait for their moment.
async fn list_events(State(sim): State<App>, Query(page): Query<Page>) -> Response {
    let shown = sim.read(|w| {
        w.scheduled.values().map(|e| json!({"name": e.name, "due": rfc3339(e.due_ms), "held": e.held, "event": serde_json::from_str::<Value>(&e.body).unwrap_or_default()})).collect()
    });
    items(shown, &page)
}

async fn list_metering(State(sim): State<App>, Query(page): Query<Page>) -> Response {
    let mut rows: Vec<MeteringRow> = sim.read(|w| w.metering.values().cloned().collect());
    rows.sort_by(|a, b| {
        (a.timestamp_ms, a.received_ms, &a.key).cmp(&(b.timestamp_ms, b.received_ms, &b.key))
    });
    items(rows.iter().map(metering_record).collect(), &page)
}

fn metering_record(row: &MeteringRow) -> Value {
    json!({
        "licenseArn": row.license_arn,
        "customerAwsAccountId": row.customer_aws_account_id,
        "dimension": row.dimension,
        "timestamp": crate::clock::rfc3339_seconds(row.timestamp_ms),
        "quantity": quantity::to_json(row.quantity),
        "status": row.status,
        "meteringRecordId": row.metering_record_id,
        "attempts": row.attempts,
        "region": row.region,
        "billedTwice": row.billed_twice,
        "receivedAt": rfc3339(row.received_ms),
        "usageAllocations": row.usage_allocations,
    })
}

async fn list_mailbox(State(sim): State<App>, Query(page): Query<Page>) -> Response {
    items(
        sim.read(|w| w.mailbox.iter().map(|m| json!(m)).collect()),
        &page,
    )
}

async fn put_fault(State(sim): State<App>, body: Bytes) -> Answer {
    let request: faults::Request = read(&body)?;
    let fault = sim
        .change(|c| {
            let fault = request.into_fault(c.next_seq)?;
            c.put(Entry::Fault(fault.clone()));
            Ok(fault)
        })
        .await
        .map_err(|text: String| Refusal(400, text))?;
    Ok(json_response(StatusCode::CREATED, &json!(fault)))
}

async fn list_faults(State(sim): State<App>, Query(page): Query<Page>) -> Response {
    items(
        sim.read(|w| w.faults.values().map(|f| json!(f)).collect()),
        &page,
    )
}

async fn clear_faults(State(sim): State<App>) -> StatusCode {
    sim.change(|c| {
        let ids: Vec<u64> = c.faults.keys().copied().collect();
        for id in ids {
            c.put(Entry::FaultGone(id));
        }
    })
    .await;
    StatusCode::NO_CONTENT
}

async fn clear_fault(State(sim): State<App>, Path(id): Path<u64>) -> Result<StatusCode, Refusal> {
    let known = sim.read(|w| w.faults.contains_key(&id));
    if !known {
        return Err(Refusal(404, format!("There is no fault {id}.")));
    }
    sim.change(|c| c.put(Entry::FaultGone(id))).await;
    Ok(StatusCode::NO_CONTENT)
}

async fn show_switches(State(sim): State<App>) -> Response {
    json_response(StatusCode::OK, &sim.read(switches::values))
}

async fn describe_switches(State(sim): State<App>) -> Response {
    items(
        sim.read(switches::describe),
        &Page {
            limit: None,
            cursor: None,
        },
    )
}

/// Sets all the switches named, or none of them.
async fn set_switches(State(sim): State<App>, body: Bytes) -> Answer {
    let asked: serde_json::Map<String, Value> = read(&body)?;
    let checked = asked
        .iter()
        .map(|(name, value)| Ok((name.clone(), switches::check(name, value)?)))
        .collect::<Result<Vec<_>, String>>();
    let checked = checked.map_err(|text| Refusal(400, text))?;
    let value = sim
        .change(|c| {
            for (name, value) in checked {
                c.put(Entry::Switch(name, value));
            }
            switches::values(c)
        })
        .await;
    Ok(json_response(StatusCode::OK, &value))
}
