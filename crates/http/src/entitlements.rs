//! `GET /api/v1/entitlements`: what the tenant's contracts entitle to, as AWS Marketplace said in the last minutes.

use control::licence::Answer;
use domain::{licence::Licence, marketplace::Entitlement, time::rfc3339};
use runtime::{extract::Json, problem::ApiError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{page::Page, problem::Problem, who::Caller};

/// A contract in force and what it entitles to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContractView {
    /// `lic_…`, as in the list of agreements.
    licence_id: String,
    /// AWS's ARN, as AWS spelled it.
    license_arn: String,
    /// When AWS was asked; an answer is kept for five minutes, a refusal for half a minute.
    asked_at: String,
    /// AWS's answer; null if there is none.
    entitlements: Option<Vec<EntitlementView>>,
    /// Why there is none.
    message: Option<String>,
}

/// So much of a dimension.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EntitlementView {
    /// The contract's dimension, by AWS's name.
    dimension: String,
    /// The amount, as text whatever its type.
    value: String,
    /// The earliest end: a contract that renews itself goes on.
    expires_at: Option<String>,
}

impl ContractView {
    fn of((licence, answer): (Licence, Answer)) -> Self {
        let (entitlements, message) = match answer.found {
            Ok(found) => (
                Some(found.into_iter().map(EntitlementView::of).collect()),
                None,
            ),
            Err(why) => (None, Some(why)),
        };
        Self {
            licence_id: licence.id.to_string(),
            license_arn: licence.arn.to_string(),
            asked_at: rfc3339(answer.at),
            entitlements,
            message,
        }
    }
}

impl EntitlementView {
    fn of(one: Entitlement) -> Self {
        Self {
            dimension: one.dimension,
            value: one.value,
            expires_at: one.expires_at.map(rfc3339),
        }
    }
}

/// Contracts in force alone: paying as you go entitles to nothing that is counted ahead.
#[utoipa::path(get, path = "/api/v1/entitlements", operation_id = "listEntitlements", tag = "tenant",
    responses((status = 200, body = Page<ContractView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(Caller(cx): Caller) -> Result<Json<Page<ContractView>>, ApiError> {
    let contracts = control::licence::entitlements(&cx, cx.own_tenant()?).await?;
    Ok(Json(Page::whole(
        contracts.into_iter().map(ContractView::of).collect(),
    )))
}
