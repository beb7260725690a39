//! `/api/v1/operator/…`: where every registration stands and why, and the event inbox. For the vendor's operator alone.

use control::{inbox, registration::Progress};
use domain::{
    id::{InboxId, RegistrationId},
    time::rfc3339,
};
use runtime::{
    extract::{Json, Query},
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
    let found = inbox::list(&cx, page.cursor::<InboxId>()?, limit + 1).await?;
    Ok(Json(Page::cut(
        found,
        limit,
        |last| last.id.to_string(),
        EventView::of,
    )))
}
