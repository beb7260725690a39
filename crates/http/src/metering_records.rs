//! `GET /api/v1/metering-records`: the ledger, one record for each licence, dimension and hour.

use axum::{
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use control::{Cx, metering};
use domain::{
    ErrorKind, Mode,
    hour::Hour,
    id::{LicenceId, MeteringId, TenantId},
    list::bad_cursor,
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
    csv_answer::{self, BATCH},
    format::{Format, wants_csv},
    page::{Page, limit_of},
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
    /// When the quantity was frozen; null while it is open.
    sealed_at: Option<String>,
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
            sealed_at: record.sealed_at.map(rfc3339),
            changed_at: rfc3339(record.changed_at),
        }
    }
}

/// In which order.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sort {
    /// The newest hour first.
    Newest,
    /// The oldest hour first.
    Oldest,
}

/// What the list is narrowed by.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RecordsQuery {
    /// How many items, 1 to 200; 50 if not given, but all of them as CSV. More is cut to 200.
    limit: Option<u64>,
    /// `next` of the page before, in the same order.
    cursor: Option<String>,
    /// `newest` hour first, or `oldest`; `newest` if not given.
    sort: Option<Sort>,
    /// Only this licence: `lic_…`.
    licence: Option<String>,
    /// Only dimensions of this mode: `test` or `live`.
    #[param(value_type = Option<String>)]
    mode: Option<Mode>,
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
            mode: self.mode,
            dimension,
            state,
            from,
            until,
            order: match self.sort {
                Some(Sort::Oldest) => metering::Order::Oldest,
                Some(Sort::Newest) | None => metering::Order::Newest,
            },
        })
    }
}

/// One page, by the hour. As CSV without a limit it is all records from the cursor on, in one answer, however many they are.
#[utoipa::path(get, path = "/api/v1/metering-records", operation_id = "listMeteringRecords", tag = "usage", params(RecordsQuery),
    responses((status = 200, body = Page<MeteringRecordView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    Caller(cx): Caller,
    headers: HeaderMap,
    Query(query): Query<RecordsQuery>,
) -> Result<Response, ApiError> {
    let tenant = tenant_of(&cx, query.tenant.as_deref()).await?;
    let filter = query.filter()?;
    let is_csv = wants_csv(&headers, query.format);
    if is_csv && query.limit.is_none() {
        let fetch = move |cursor| {
            let (cx, filter) = (cx.clone(), filter.clone());
            async move { page(&cx, tenant, &filter, cursor, BATCH).await }
        };
        return Ok(csv_answer::whole(FILE, query.cursor, fetch).await?);
    }
    let limit = limit_of(query.limit);
    let page = page(&cx, tenant, &filter, query.cursor, limit).await?;
    if is_csv {
        return Ok(csv_answer::answer(FILE, &page.items)?);
    }
    Ok(Json(page).into_response())
}

/// What the CSV is saved as.
const FILE: &str = "metering-records.csv";

type Cursor = (Hour, MeteringId);

async fn page(
    cx: &Cx,
    tenant: TenantId,
    filter: &metering::Filter,
    cursor: Option<String>,
    limit: u64,
) -> Result<Page<MeteringRecordView>, domain::Error> {
    let after = cursor.as_deref().map(read_cursor).transpose()?;
    let found = metering::list(cx, tenant, filter, after, limit + 1).await?;
    Ok(Page::cut(
        found,
        limit,
        |last| format!("{}.{}", last.hour.number(), last.id),
        MeteringRecordView::of,
    ))
}

fn read_cursor(text: &str) -> Result<Cursor, domain::Error> {
    let (hour, id) = text.split_once('.').ok_or_else(bad_cursor)?;
    let hour = hour
        .parse()
        .map(Hour::from_number)
        .map_err(|_| bad_cursor())?;
    Ok((hour, id.parse().map_err(|_| bad_cursor())?))
}
