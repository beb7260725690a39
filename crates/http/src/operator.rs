//! `/api/v1/operator/…`: where every registration stands and why, tenants, the event inbox, and jobs. For the vendor's operator alone.

use axum::http::StatusCode;
use control::{inbox, registration::Progress};
use domain::{
    id::{InboxId, RegistrationId, TenantId},
    job::Job,
    licence::{Licence, Pricing},
    tenant::Tenant,
    time::rfc3339,
};
use runtime::{
    extract::{Json, Path, Query},
    problem::ApiError,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    page::{Page, PageQuery},
    problem::Problem,
    setup::SetupItem,
    who::Caller,
};

/// Where one registration stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RegistrationView {
    /// `reg_…`
    id: String,
    /// `ten_…`
    tenant_id: String,
    /// `lic_…`
    licence_id: String,
    /// AWS's ARN of the licence.
    license_arn: String,
    /// `waiting`, `failed` or `done`: the state of the step that holds it up.
    state: &'static str,
    /// Why, in words.
    message: String,
    /// Each step.
    steps: Vec<SetupItem>,
    /// When the buyer first came.
    created_at: String,
    /// When the last step was done.
    completed_at: Option<String>,
}

impl RegistrationView {
    fn of(progress: Progress) -> Self {
        use domain::registration::StepState;
        let Progress {
            registration,
            licence,
            steps,
        } = progress;
        let blocking = steps
            .iter()
            .find(|record| record.state == StepState::Failed)
            .or_else(|| {
                steps
                    .iter()
                    .find(|record| record.state == StepState::Waiting)
            });
        let state = blocking.map_or("done", |record| record.state.as_str());
        let message = blocking
            .or(steps.last())
            .map(|record| record.message.clone())
            .unwrap_or_default();
        Self {
            id: registration.id.to_string(),
            tenant_id: registration.tenant.to_string(),
            licence_id: registration.licence.to_string(),
            license_arn: licence.arn.to_string(),
            state,
            message,
            steps: steps.into_iter().map(SetupItem::of).collect(),
            created_at: rfc3339(registration.created_at),
            completed_at: registration.completed_at.map(rfc3339),
        }
    }
}

/// Newest first.
#[utoipa::path(get, path = "/api/v1/operator/registrations", operation_id = "listRegistrations", tag = "operator", params(PageQuery),
    responses((status = 200, body = Page<RegistrationView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn registrations(
    Caller(cx): Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<RegistrationView>>, ApiError> {
    let limit = page.limit();
    let found =
        control::registration::list_all(&cx, page.cursor::<RegistrationId>()?, limit + 1).await?;
    Ok(Json(Page::cut(
        found,
        limit,
        |last| last.registration.id.to_string(),
        RegistrationView::of,
    )))
}

/// One tenant.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OperatorTenantView {
    /// `ten_…`
    id: String,
    /// What it is called; until somebody names it, after its AWS account.
    name: String,
    /// `provisioning`, `active` or `ended`.
    state: &'static str,
    /// Its licences, oldest first.
    licences: Vec<OperatorLicenceView>,
    /// When it was made.
    created_at: String,
}

/// One licence of a tenant.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OperatorLicenceView {
    /// `lic_…`
    id: String,
    /// AWS's ARN of it.
    license_arn: String,
    /// AWS's agreement id, once AWS named it.
    agreement_id: Option<String>,
    /// `subscription` or `contract`; null until it is confirmed.
    pricing: Option<&'static str>,
    /// `unconfirmed`, `active` or `ended`.
    standing: &'static str,
}

impl OperatorTenantView {
    fn of((tenant, licences): (Tenant, Vec<Licence>)) -> Self {
        let licence = |licence: Licence| OperatorLicenceView {
            id: licence.id.to_string(),
            license_arn: licence.arn.to_string(),
            agreement_id: licence.agreement_id,
            pricing: licence.pricing.map(Pricing::as_str),
            standing: licence.standing.as_str(),
        };
        Self {
            id: tenant.id.to_string(),
            name: tenant.name,
            state: tenant.state.as_str(),
            licences: licences.into_iter().map(licence).collect(),
            created_at: rfc3339(tenant.created_at),
        }
    }
}

/// Newest first.
#[utoipa::path(get, path = "/api/v1/operator/tenants", operation_id = "listTenants", tag = "operator", params(PageQuery),
    responses((status = 200, body = Page<OperatorTenantView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn tenants(
    Caller(cx): Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<OperatorTenantView>>, ApiError> {
    let limit = page.limit();
    let found = control::tenant::list_all(&cx, page.cursor::<TenantId>()?, None, limit + 1).await?;
    Ok(Json(Page::cut(
        found,
        limit,
        |(last, _)| last.id.to_string(),
        OperatorTenantView::of,
    )))
}

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

/// Newest first.
#[utoipa::path(get, path = "/api/v1/operator/events", operation_id = "listEvents", tag = "operator", params(PageQuery),
    responses((status = 200, body = Page<EventView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn events(
    Caller(cx): Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<EventView>>, ApiError> {
    let limit = page.limit();
    let found = inbox::list(&cx, page.cursor::<InboxId>()?, None, limit + 1).await?;
    Ok(Json(Page::cut(
        found,
        limit,
        |last| last.id.to_string(),
        EventView::of,
    )))
}

/// A job that was begun and has not ended.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobView {
    /// `event`, `registration`, `user` or `mail`.
    work: &'static str,
    /// At what, by its id.
    item: String,
    /// `running`, `suspect` (it was begun before and never ended), or `quarantined` (five times, and it is begun no more).
    state: &'static str,
    /// How often it was begun since it last ended.
    attempts: i32,
    /// When it was begun last.
    begun_at: String,
    /// Since when it is quarantined.
    quarantined_at: Option<String>,
}

impl JobView {
    fn of(job: Job) -> Self {
        Self {
            work: job.work.as_str(),
            item: job.item,
            state: match (job.quarantined_at, job.attempts) {
                (Some(_), _) => "quarantined",
                (None, ..=1) => "running",
                (None, _) => "suspect",
            },
            attempts: job.attempts,
            begun_at: rfc3339(job.begun_at),
            quarantined_at: job.quarantined_at.map(rfc3339),
        }
    }
}

/// The most that are listed: there are none in most moments.
const MOST_JOBS: u64 = 200;

/// What runs this very moment, what ended the process that ran it, and what is quarantined for that; the quarantined first.
#[utoipa::path(get, path = "/api/v1/operator/jobs", operation_id = "listJobs", tag = "operator",
    responses((status = 200, body = Page<JobView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn jobs(Caller(cx): Caller) -> Result<Json<Page<JobView>>, ApiError> {
    let found = control::job::list(&cx, MOST_JOBS).await?;
    let page = Page::cut(found, MOST_JOBS, |_| String::new(), JobView::of);
    Ok(Json(page))
}

/// Lets a quarantined job run again, as if it had never been begun; 404 if it is not quarantined.
#[utoipa::path(post, path = "/api/v1/operator/jobs/{work}/{item}/rerun", operation_id = "rerunJob", tag = "operator",
    params(("work" = String, Path, description = "`event`, `registration`, `user` or `mail`"), ("item" = String, Path, description = "the item's id")),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn rerun(
    Caller(cx): Caller,
    Path((work, item)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    // Before what it is about: whoever may not do this learns nothing of what there is.
    control::job::rerun(&cx, &work, &item).await?;
    Ok(StatusCode::NO_CONTENT)
}
