//! `GET /api/v1/agreements`: the tenant's licences and the agreements behind them.

use domain::{licence::Licence, time::rfc3339};
use runtime::{extract::Json, problem::ApiError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{page::Page, problem::Problem, who::Caller};

/// A licence and its agreement.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AgreementView {
    /// `lic_…`
    id: String,
    /// AWS's ARN, as AWS spelled it.
    license_arn: String,
    /// AWS's agreement id, once known.
    agreement_id: Option<String>,
    /// The listing's product code.
    product_code: String,
    /// The buyer's AWS account.
    customer_aws_account_id: String,
    /// `subscription` or `contract`; null until AWS told.
    pricing: Option<&'static str>,
    /// `unconfirmed`, `active` or `ended`.
    state: &'static str,
    /// Whether the buyer came with a free trial.
    free_trial: bool,
    /// In force since.
    since: Option<String>,
    /// Over since.
    ended_at: Option<String>,
}

impl AgreementView {
    fn of(licence: Licence) -> Self {
        Self {
            id: licence.id.to_string(),
            license_arn: licence.arn.to_string(),
            agreement_id: licence.agreement_id,
            product_code: licence.product_code,
            customer_aws_account_id: licence.account.as_str().to_owned(),
            pricing: licence.pricing.map(domain::licence::Pricing::as_str),
            state: licence.standing.as_str(),
            free_trial: licence.free_trial,
            since: licence.standing.since().map(rfc3339),
            ended_at: licence.standing.ended_at().map(rfc3339),
        }
    }
}

#[utoipa::path(get, path = "/api/v1/agreements", operation_id = "listAgreements", tag = "tenant",
    responses((status = 200, body = Page<AgreementView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(Caller(cx): Caller) -> Result<Json<Page<AgreementView>>, ApiError> {
    let licences = control::tenant::agreements(&cx, cx.own_tenant()?).await?;
    Ok(Json(Page::whole(
        licences.into_iter().map(AgreementView::of).collect(),
    )))
}
