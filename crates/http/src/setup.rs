//! `GET /api/v1/setup`: the set-up checklist, each item as the last look found it.

use domain::{
    registration::{Step, StepRecord, StepState},
    time::rfc3339,
};
use runtime::{extract::Json, problem::ApiError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{page::Page, problem::Problem, who::Caller};

/// One item of the checklist.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SetupItem {
    /// `tenant`, `administrator`, `licence`, `keyPair`, `activation`, `apiKey` or `usage`.
    name: &'static str,
    /// `done`, `waiting` or `failed`.
    state: &'static str,
    /// The last look.
    checked_at: String,
    /// What was found.
    message: String,
    /// What to do, if there is something to do.
    help: Option<&'static str>,
}

impl SetupItem {
    pub(crate) fn of(record: StepRecord) -> Self {
        Self {
            name: record.step.as_str(),
            state: record.state.as_str(),
            checked_at: rfc3339(record.checked_at),
            help: help(record.step, record.state),
            message: record.message,
        }
    }
}

fn help(step: Step, state: StepState) -> Option<&'static str> {
    match (step, state) {
        (_, StepState::Done) => None,
        (Step::Administrator, _) => Some("Open /welcome and give your name and e-mail address."),
        (Step::Licence, StepState::Waiting) => Some(
            "Nothing to do. If it takes longer than ten minutes, look at the subscription's state in AWS Marketplace.",
        ),
        (Step::Licence | Step::Activation, StepState::Failed) => {
            Some("Subscribe again in AWS Marketplace.")
        }
        (Step::Activation, StepState::Waiting) => Some("Nothing to do: it follows by itself."),
        (Step::ApiKey, _) => Some("Make an API key, and try it with the command beside it."),
        (Step::Usage, StepState::Waiting) => {
            Some("Send a usage event with your API key. The page about usage has the command.")
        }
        (Step::Usage, StepState::Failed) => {
            Some("Open the page about usage and look at the hours that AWS did not take.")
        }
        _ => Some(
            "Nothing to do: we try again by ourselves, and look into it if that does not help.",
        ),
    }
}

#[utoipa::path(get, path = "/api/v1/setup", operation_id = "listSetupItems", tag = "tenant",
    responses((status = 200, body = Page<SetupItem>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(Caller(cx): Caller) -> Result<Json<Page<SetupItem>>, ApiError> {
    let progress = control::registration::checklist(&cx, cx.own_tenant()?).await?;
    Ok(Json(Page::whole(
        progress.steps.into_iter().map(SetupItem::of).collect(),
    )))
}
