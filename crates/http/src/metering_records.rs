//! `GET /api/v1/metering-records`: the ledger, one record for each licence, dimension and hour.

use axum::{
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use control::metering;
use domain::{
    ErrorKind,
    hour::Hour,
    id::{LicenceId, MeteringId},
    metering::{MeteringRecord, RecordState},
    time::rfc3339,
    usage::Dimension,
};
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
    who::{Caller, tenant_of},
};

/// One licence, dimension and hour.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MeteringRecordView {
    /// `met_…`
    id: String,
    /// `lic_…`
    licence_id: String,
    /// The listing's dimension.
    dimension: &'static str,
    /// The hour, by its start.
    hour: String,
    /// Units; frozen once sealed.
    quantity: i64,
    /// `open`, `sealed`, `sending`, `accepted`, or why it ended otherwise.
    state: &'static str,
    /// AWS's id for it, once accepted.
    metering_record_id: Option<String>,
    /// How often it was sent.
    attempts: i32,
    /// Why it stands where it stands, and what happens next.
    note: Option<String>,
    /// The last change.
    changed_at: String,
}

impl MeteringRecordView {
    fn of(record: MeteringRecord) -> Self {
        Self {
            id: record.id.to_string(),
            licence_id: record.licence.to_string(),
            dimension: record.dimension.as_str(),
            hour: record.hour.to_string(),
            quantity: record.quantity,
            state: record.state.as_str(),
            metering_record_id: record.metering_record_id,
            attempts: record.attempts,
            note: record.note,
            changed_at: rfc3339(record.changed_at),
        }
    }
}

/// What the list is narrowed by.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RecordsQuery {
    /// How many items, 1 to 200; 50 if not given. More is cut to 200.
    limit: Option<u64>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Only this licence: `lic_…`.
    licence: Option<String>,
    /// Only this dimension.
    dimension: Option<String>,
    /// Only this state.
    state: Option<String>,
    /// From the hour of this moment on (RFC 3339).
    from: Option<DateTime<Utc>>,
    /// Before the hour of this moment (RFC 3339).
    until: Option<DateTime<Utc>>,
    /// Whose records: `ten_…`. The operator has to say; anybody else may, if it is their own.
    tenant: Option<String>,
    /// `csv` or `json`; decides before `Accept` does.
    format: Option<Format>,
}

impl RecordsQuery {
    fn filter(&self) -> Result<metering::Filter, domain::Error> {
        let bad = |what: &'static str| {
            domain::Error::new(
                ErrorKind::Malformed,
                "bad_filter",
                format!("`{what}` is not one we know."),
            )
        };
        let licence = self
            .licence
            .as_deref()
            .map(str::parse::<LicenceId>)
            .transpose()
            .map_err(|_| bad("licence"))?;
        let dimension = self
            .dimension
            .as_deref()
            .map(str::parse::<Dimension>)
            .transpose()
            .map_err(|_| bad("dimension"))?;
        let state = self
            .state
            .as_deref()
            .map(str::parse::<RecordState>)
            .transpose()
            .map_err(|_| bad("state"))?;
        let (from, until) = (
            self.from.map(Hour::containing),
            self.until.map(Hour::containing),
        );
        Ok(metering::Filter {
            licence,
            dimension,
            state,
            from,
            until,
        })
    }
}

/// Newest hour first.
#[utoipa::path(get, path = "/api/v1/metering-records", operation_id = "listMeteringRecords", tag = "usage", params(RecordsQuery),
    responses((status = 200, body = Page<MeteringRecordView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    Caller(cx): Caller,
    headers: HeaderMap,
    Query(query): Query<RecordsQuery>,
) -> Result<Response, ApiError> {
    let tenant = tenant_of(&cx, query.tenant.as_deref()).await?;
    let after = query.cursor.as_deref().map(read_cursor).transpose()?;
    let limit = limit_of(query.limit);
    let found = metering::list(&cx, tenant, &query.filter()?, after, limit + 1).await?;
    let page = Page::cut(
        found,
        limit,
        |last| format!("{}.{}", last.hour.number(), last.id),
        MeteringRecordView::of,
    );
    if wants_csv(&headers, query.format) {
        return Ok(csv_answer::answer("metering-records.csv", &page.items)?);
    }
    Ok(Json(page).into_response())
}

fn read_cursor(text: &str) -> Result<(Hour, MeteringId), domain::Error> {
    let (hour, id) = text.split_once('.').ok_or_else(bad_cursor)?;
    let hour = hour
        .parse()
        .map(Hour::from_number)
        .map_err(|_| bad_cursor())?;
    Ok((hour, id.parse().map_err(|_| bad_cursor())?))
}
