//! `GET /api/v1/operator/tenants`: who is a customer, and what each has bought.

use axum::{http::HeaderMap, response::Response};
use control::{Cx, tenant};
use domain::{
    Error,
    licence::{Licence, Pricing},
    tenant::Tenant,
    time::rfc3339,
};
use runtime::{extract::Query, problem::ApiError};
use serde::Serialize;
use utoipa::ToSchema;

use super::List;
use crate::{
    page::{ListQuery, Page},
    problem::Problem,
    who::Caller,
};

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

/// A tenant as a line of a file: its licences and agreements by their ids, a space between them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TenantLine {
    id: String,
    name: String,
    state: &'static str,
    licence_ids: Vec<String>,
    agreement_ids: Vec<String>,
    created_at: String,
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

    fn line(self) -> TenantLine {
        let licences = || self.licences.iter();
        TenantLine {
            licence_ids: licences().map(|licence| licence.id.clone()).collect(),
            agreement_ids: licences()
                .filter_map(|licence| licence.agreement_id.clone())
                .collect(),
            id: self.id,
            name: self.name,
            state: self.state,
            created_at: self.created_at,
        }
    }
}

/// Narrowed by `state`: `provisioning`, `active` or `ended`; sorted by `sort`: `newest`, `oldest` or `name`.
#[utoipa::path(get, path = "/api/v1/operator/tenants", operation_id = "listTenants", tag = "operator", params(ListQuery),
    responses((status = 200, body = Page<OperatorTenantView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    Caller(cx): Caller,
    headers: HeaderMap,
    Query(query): Query<ListQuery>,
) -> Result<Response, ApiError> {
    let list = List {
        file: "tenants.csv",
        place: |(last, _): &Row| last.id.to_string(),
        item: OperatorTenantView::of,
        line: |row| OperatorTenantView::of(row).line(),
    };
    list.answer(cx, &headers, query, read).await
}

type Row = (Tenant, Vec<Licence>);

async fn read(cx: Cx, asked: tenant::Query, most: u64) -> Result<Vec<Row>, Error> {
    tenant::list_all(&cx, &asked, most).await
}
