//! `GET /api/v1/usage`: what was used, by hour and meter, with what AWS knows of it. JSON, or CSV by `Accept: text/csv`.

use std::collections::HashMap;

use axum::{
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use control::{Cx, metering, usage};
use domain::{Error, hour::Hour, metering::MeteringRecord};
use runtime::{
    extract::{Json, Query},
    problem::ApiError,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    csv_answer,
    format::wants_csv,
    page::Page,
    problem::Problem,
    span::SpanQuery,
    who::{Caller, tenant_of},
};

/// What was used in one hour, by meter.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UsageView {
    /// The hour it is billed in, by its start.
    hour: String,
    /// `lic_…`
    licence_id: String,
    /// The listing's dimension.
    dimension: &'static str,
    /// The CloudEvents type.
    meter: &'static str,
    /// How many events.
    events: i64,
    /// How many units.
    quantity: i64,
    /// How many of the units belong to earlier hours that were sealed already.
    late: i64,
    /// The hour's state in the ledger.
    state: &'static str,
    /// AWS's id for the hour's record, once accepted.
    metering_record_id: Option<String>,
}

/// Hours with usage, newest first; at most 31 days at once.
#[utoipa::path(get, path = "/api/v1/usage", operation_id = "listUsage", tag = "usage", params(SpanQuery),
    responses((status = 200, body = Page<UsageView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    Caller(cx): Caller,
    headers: HeaderMap,
    Query(query): Query<SpanQuery>,
) -> Result<Response, ApiError> {
    let tenant = tenant_of(&cx, query.tenant.as_deref()).await?;
    let (from, until) = query.span(cx.now())?;
    let items = views(&cx, tenant, from, until).await?;
    if wants_csv(&headers, query.format) {
        return Ok(csv_answer::answer("usage.csv", &items)?);
    }
    Ok(Json(Page::whole(items)).into_response())
}

async fn views(
    cx: &Cx,
    tenant: domain::id::TenantId,
    from: Hour,
    until: Hour,
) -> Result<Vec<UsageView>, Error> {
    let usage = usage::by_hour(cx, tenant, from, until).await?;
    let filter = metering::Filter {
        from: Some(from),
        until: Some(until),
        ..metering::Filter::default()
    };
    // 31 days of every dimension for a dozen licences; a longer list would be cut from its oldest end.
    let records = metering::list(cx, tenant, &filter, None, 30_000).await?;
    let records: HashMap<_, MeteringRecord> = records
        .into_iter()
        .map(|record| ((record.licence, record.dimension, record.hour), record))
        .collect();
    Ok(usage
        .into_iter()
        .map(|used| {
            let record = records.get(&(used.licence, used.dimension, used.hour));
            UsageView {
                hour: used.hour.to_string(),
                licence_id: used.licence.to_string(),
                dimension: used.dimension.as_str(),
                meter: used.meter.as_str(),
                events: used.events,
                quantity: used.quantity,
                late: used.late,
                state: record.map_or("open", |record| record.state.as_str()),
                metering_record_id: record.and_then(|record| record.metering_record_id.clone()),
            }
        })
        .collect())
}
