//! `GET /api/v1/operator/registrations`: every arrival from AWS Marketplace, and the step that holds it up.

use axum::{http::HeaderMap, response::Response};
use control::{
    Cx,
    registration::{self, Progress},
};
use domain::{
    Error,
    registration::{StepState, held_up_by},
    time::rfc3339,
};
use runtime::{extract::Query, problem::ApiError};
use serde::Serialize;
use utoipa::ToSchema;

use super::List;
use crate::{
    page::{ListQuery, Page},
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

/// A registration as a line of a file: without its steps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RegistrationLine {
    id: String,
    tenant_id: String,
    licence_id: String,
    license_arn: String,
    state: &'static str,
    message: String,
    created_at: String,
    completed_at: Option<String>,
}

impl RegistrationView {
    fn of(progress: Progress) -> Self {
        let Progress {
            registration,
            licence,
            steps,
        } = progress;
        let held_up_by = held_up_by(&steps);
        let state = held_up_by.map_or(StepState::Done, |record| record.state);
        let message = held_up_by
            .or(steps.last())
            .map(|record| record.message.clone())
            .unwrap_or_default();
        Self {
            id: registration.id.to_string(),
            tenant_id: registration.tenant.to_string(),
            licence_id: registration.licence.to_string(),
            license_arn: licence.arn.to_string(),
            state: state.as_str(),
            message,
            steps: steps.into_iter().map(SetupItem::of).collect(),
            created_at: rfc3339(registration.created_at),
            completed_at: registration.completed_at.map(rfc3339),
        }
    }

    fn line(self) -> RegistrationLine {
        RegistrationLine {
            id: self.id,
            tenant_id: self.tenant_id,
            licence_id: self.licence_id,
            license_arn: self.license_arn,
            state: self.state,
            message: self.message,
            created_at: self.created_at,
            completed_at: self.completed_at,
        }
    }
}

/// Narrowed by `state`: `failed`, `waiting` or `done`; sorted by `sort`: `newest` or `oldest`.
#[utoipa::path(get, path = "/api/v1/operator/registrations", operation_id = "listRegistrations", tag = "operator", params(ListQuery),
    responses((status = 200, body = Page<RegistrationView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    Caller(cx): Caller,
    headers: HeaderMap,
    Query(query): Query<ListQuery>,
) -> Result<Response, ApiError> {
    let list = List {
        file: "registrations.csv",
        place: |last: &Progress| last.registration.id.to_string(),
        item: RegistrationView::of,
        line: |progress| RegistrationView::of(progress).line(),
    };
    list.answer(cx, &headers, query, read).await
}

async fn read(cx: Cx, asked: registration::Query, most: u64) -> Result<Vec<Progress>, Error> {
    registration::list_all(&cx, &asked, most).await
}
