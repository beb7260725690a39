//! `GET /api/v1/operator/events`: what AWS sent, as it came, and what came of it.

use axum::{http::HeaderMap, response::Response};
use control::{Cx, inbox};
use domain::{Error, time::rfc3339};
use runtime::{extract::Query, problem::ApiError};
use serde::Serialize;
use utoipa::ToSchema;

use super::List;
use crate::{
    page::{ListQuery, Page},
    problem::Problem,
    who::Caller,
};

/// One message of the inbox.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventView {
    /// `evt_…`
    id: String,
    /// Where it came from.
    source: String,
    /// The source's id of it.
    message_id: String,
    /// `new`, `applied`, `unmatched`, `duplicate`, `unknown` or `unreadable`.
    state: String,
    /// Why it does not count, if it does not.
    note: Option<String>,
    /// AWS's detail-type, without the role.
    detail_type: Option<String>,
    /// When it happened, by AWS.
    time: Option<String>,
    /// AWS's agreement id.
    agreement_id: Option<String>,
    /// When it arrived.
    received_at: String,
    /// The body, as it came.
    body: String,
}

impl EventView {
    fn of(message: inbox::Message) -> Self {
        Self {
            id: message.id.to_string(),
            source: message.source,
            message_id: message.message_id,
            state: message.state,
            note: message.note,
            detail_type: message.detail_type,
            time: message.event_time.map(rfc3339),
            agreement_id: message.agreement_id,
            received_at: rfc3339(message.received_at),
            body: message.body,
        }
    }
}

/// Narrowed by `state`; sorted by `sort`: `newest` or `oldest`.
#[utoipa::path(get, path = "/api/v1/operator/events", operation_id = "listEvents", tag = "operator", params(ListQuery),
    responses((status = 200, body = Page<EventView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    Caller(cx): Caller,
    headers: HeaderMap,
    Query(query): Query<ListQuery>,
) -> Result<Response, ApiError> {
    let list = List {
        file: "events.csv",
        place: |last: &inbox::Message| last.id.to_string(),
        item: EventView::of,
        line: EventView::of,
    };
    list.answer(cx, &headers, query, read).await
}

async fn read(cx: Cx, asked: inbox::Query, most: u64) -> Result<Vec<inbox::Message>, Error> {
    inbox::list(&cx, &asked, most).await
}
