//! `GET /api/v1/tenant`: who am I.

use domain::time::rfc3339;
use runtime::{extract::Json, problem::ApiError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{problem::Problem, who::Caller};

/// The tenant that the credentials belong to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TenantView {
    /// `ten_…`
    id: String,
    /// What it is called.
    name: String,
    /// `provisioning`, `active` or `ended`.
    state: &'static str,
    /// When it was made.
    created_at: String,
}

#[utoipa::path(get, path = "/api/v1/tenant", operation_id = "getTenant", tag = "tenant",
    responses((status = 200, body = TenantView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(Caller(cx): Caller) -> Result<Json<TenantView>, ApiError> {
    let (tenant, _) = control::tenant::get(&cx, cx.own_tenant()?).await?;
    Ok(Json(TenantView {
        id: tenant.id.to_string(),
        name: tenant.name,
        state: tenant.state.as_str(),
        created_at: rfc3339(tenant.created_at),
    }))
}
