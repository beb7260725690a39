//! `GET /api/v1/audit-log`: the tenant's trail with its hashes, as JSON or CSV, so that it can be kept and proved elsewhere.
//! How a line's hash is made is told at `domain::audit::hash`.

use std::sync::Arc;

use axum::{
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use control::{Cx, audit};
use domain::{audit::Line, id::TenantId, list::Order, time::rfc3339};
use runtime::{
    extract::{Json, Query},
    problem::ApiError,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    csv_answer::{self, BATCH},
    format::{Format, wants_csv},
    page::{Page, cursor_of, limit_of, word_of},
    problem::Problem,
    who::Caller,
};

/// One line.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditView {
    /// Its place in the chain: 1, 2, 3 and so on.
    seq: i64,
    /// `aud_…`
    id: String,
    /// When.
    at: String,
    /// Who: `user:usr_…`, `apiKey:apk_…`, `buyer:lic_…`, `operator…`, `system:…`.
    actor: String,
    /// What, such as `apiKey.create`.
    action: String,
    /// `done` or `refused`.
    outcome: &'static str,
    /// To which thing, by its id.
    target: Option<String>,
    /// What changed, or why it was refused.
    detail: Option<String>,
    /// The network address it came from.
    address: Option<String>,
    /// In which request.
    request_id: String,
    /// The hash of the line before, in hex.
    previous: String,
    /// Its own hash, in hex.
    hash: String,
}

impl AuditView {
    fn of(line: Line) -> Self {
        let entry = line.entry;
        Self {
            seq: line.seq,
            id: entry.id.to_string(),
            at: rfc3339(entry.at),
            actor: entry.actor,
            action: entry.action,
            outcome: entry.outcome.as_str(),
            target: entry.target,
            detail: entry.detail,
            address: entry.address,
            request_id: entry.request_id,
            previous: line.previous,
            hash: line.hash,
        }
    }
}

/// What the list is narrowed by.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// How many items, 1 to 200; 50 if not given. More is cut to 200.
    limit: Option<u64>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Only this action.
    action: Option<String>,
    /// Only this actor.
    actor: Option<String>,
    /// `done` or `refused`.
    outcome: Option<String>,
    /// `newest` first, or `oldest`; `newest` if not given.
    sort: Option<String>,
    /// `csv` or `json`; decides before `Accept` does.
    format: Option<Format>,
}

impl AuditQuery {
    fn narrowed(&self, after: Option<i64>) -> Result<audit::Query<'_>, domain::Error> {
        Ok(audit::Query {
            order: word_of::<Order>("sort", self.sort.as_deref())?.unwrap_or_default(),
            after,
            action: self.action.as_deref(),
            actor: self.actor.as_deref(),
            outcome: self.outcome.as_deref(),
        })
    }
}

/// Newest first, unless it is asked for in the other order. As CSV it is the whole trail from the cursor on, in one answer, however long it is.
#[utoipa::path(get, path = "/api/v1/audit-log", operation_id = "listAuditLog", tag = "audit-log", params(AuditQuery),
    responses((status = 200, body = Page<AuditView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    Caller(cx): Caller,
    headers: HeaderMap,
    Query(query): Query<AuditQuery>,
) -> Result<Response, ApiError> {
    let tenant = cx.own_tenant()?;
    if wants_csv(&headers, query.format) {
        let (cursor, query) = (query.cursor.clone(), Arc::new(query));
        let fetch = move |cursor: Option<String>| {
            let (cx, query) = (cx.clone(), Arc::clone(&query));
            async move { page(&cx, tenant, &query, cursor.as_deref(), BATCH).await }
        };
        return Ok(csv_answer::whole("audit-log.csv", cursor, fetch).await?);
    }
    let limit = limit_of(query.limit);
    let page = page(&cx, tenant, &query, query.cursor.as_deref(), limit).await?;
    Ok(Json(page).into_response())
}

async fn page(
    cx: &Cx,
    tenant: TenantId,
    query: &AuditQuery,
    cursor: Option<&str>,
    limit: u64,
) -> Result<Page<AuditView>, domain::Error> {
    let narrowed = query.narrowed(cursor_of(cursor)?)?;
    let found = audit::list(cx, tenant, &narrowed, limit + 1).await?;
    Ok(Page::cut(
        found,
        limit,
        |last| last.seq.to_string(),
        AuditView::of,
    ))
}
