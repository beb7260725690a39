//! `GET /api/v1/audit-log`: the tenant's trail with its hashes, as JSON or CSV, so that it can be kept and proved elsewhere.
//! How a line's hash is made is told at `domain::audit::hash`.

use axum::{
    BoxError,
    body::Body,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use control::{Cx, audit};
use domain::{audit::Line, id::TenantId, time::rfc3339};
use futures_util::{StreamExt, stream};
use runtime::{
    extract::{Json, Query},
    problem::ApiError,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    csv_answer::{self, Format, wants_csv},
    page::{Page, bad_cursor, limit_of},
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
    /// `csv` or `json`; decides before `Accept` does.
    format: Option<Format>,
}

impl AuditQuery {
    fn narrowed(&self, before: Option<i64>) -> audit::Query<'_> {
        audit::Query {
            before,
            action: self.action.as_deref(),
            actor: self.actor.as_deref(),
            outcome: self.outcome.as_deref(),
        }
    }
}

/// Newest first. As CSV it is the whole trail from the cursor on, in one answer, however long it is.
#[utoipa::path(get, path = "/api/v1/audit-log", operation_id = "listAuditLog", tag = "audit-log", params(AuditQuery),
    responses((status = 200, body = Page<AuditView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    Caller(cx): Caller,
    headers: HeaderMap,
    Query(query): Query<AuditQuery>,
) -> Result<Response, ApiError> {
    let tenant = cx.own_tenant()?;
    let before = query
        .cursor
        .as_deref()
        .map(|text| text.parse().map_err(|_| bad_cursor()))
        .transpose()?;
    if wants_csv(&headers, query.format) {
        return export(cx, tenant, query, before).await;
    }
    let narrowed = query.narrowed(before);
    let limit = limit_of(query.limit);
    let found = audit::list(&cx, tenant, &narrowed, limit + 1).await?;
    let page = Page::cut(found, limit, |last| last.seq.to_string(), AuditView::of);
    Ok(Json(page).into_response())
}

/// How many lines one look at the database fetches for an export.
const BATCH: u64 = 1_000;

/// The whole trail as a stream of CSV, so that its length is nobody's memory. The first batch is read before the answer begins, so that
/// refusals have their status.
async fn export(
    cx: Cx,
    tenant: TenantId,
    query: AuditQuery,
    before: Option<i64>,
) -> Result<Response, ApiError> {
    let first = batch(&cx, tenant, &query, before).await?;
    let first_rows = csv_answer::rows(&first.items, true)?;
    let rest = stream::try_unfold(
        (cx, query, first.next),
        move |(cx, query, next)| async move {
            let Some(next) = next else {
                return Ok::<_, BoxError>(None);
            };
            let found = batch(&cx, tenant, &query, Some(next)).await?;
            let rows = csv_answer::rows(&found.items, false)?;
            Ok(Some((rows, (cx, query, found.next))))
        },
    );
    let body = stream::once(async { Ok(first_rows) }).chain(rest);
    let headers = csv_answer::headers("audit-log.csv");
    Ok((headers, Body::from_stream(body)).into_response())
}

struct Batch {
    items: Vec<AuditView>,
    /// Before which place the next one begins.
    next: Option<i64>,
}

async fn batch(
    cx: &Cx,
    tenant: TenantId,
    query: &AuditQuery,
    before: Option<i64>,
) -> Result<Batch, domain::Error> {
    let narrowed = query.narrowed(before);
    let found = audit::list(cx, tenant, &narrowed, BATCH).await?;
    let next = found.last().map(|line| line.seq).filter(|seq| *seq > 1);
    Ok(Batch {
        items: found.into_iter().map(AuditView::of).collect(),
        next,
    })
}
