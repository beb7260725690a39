//! `/api/v1/operator/jobs`: what was begun and has not ended, and the way to let what is quarantined run again.

use axum::{
    http::{HeaderMap, StatusCode},
    response::Response,
};
use control::{
    Cx,
    job::{self, Place},
};
use domain::{Error, job::Job, list::Word, time::rfc3339};
use runtime::{
    extract::{Path, Query},
    problem::ApiError,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::List;
use crate::{
    page::{ListQuery, Page},
    problem::Problem,
    who::Caller,
};

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
            state: job.state().word(),
            item: job.item,
            attempts: job.attempts,
            begun_at: rfc3339(job.begun_at),
            quarantined_at: job.quarantined_at.map(rfc3339),
        }
    }
}

/// What runs this very moment, what ended the process that ran it, and what is quarantined for that. Narrowed by `state`: `quarantined`,
/// `suspect` or `running`; sorted by `sort`: `quarantined` first (if not given), or the beginning, `newest` or `oldest` first.
#[utoipa::path(get, path = "/api/v1/operator/jobs", operation_id = "listJobs", tag = "operator", params(ListQuery),
    responses((status = 200, body = Page<JobView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    Caller(cx): Caller,
    headers: HeaderMap,
    Query(query): Query<ListQuery>,
) -> Result<Response, ApiError> {
    let list = List {
        file: "jobs.csv",
        place: |last: &Job| Place::of(last).to_string(),
        item: JobView::of,
        line: JobView::of,
    };
    list.answer(cx, &headers, query, read).await
}

async fn read(cx: Cx, asked: job::Query, most: u64) -> Result<Vec<Job>, Error> {
    job::list(&cx, &asked, most).await
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
    job::rerun(&cx, &work, &item).await?;
    Ok(StatusCode::NO_CONTENT)
}
