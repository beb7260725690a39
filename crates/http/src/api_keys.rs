//! `/api/v1/api-keys`: make, list and revoke API keys. A secret is in the answer that made it and nowhere else.

use axum::{
    extract::{FromRequest, Request, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use control::api_key::NewApiKey;
use domain::{
    Mode,
    api_key::{ApiKey, Scope},
    id::ApiKeyId,
    policy::Action,
    time::rfc3339,
};
use runtime::{
    extract::{Json, Path, Query},
    problem::ApiError,
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Http,
    csv_answer::{self, FormatQuery, wants_csv},
    idempotency::{IdempotencyHeader, Once},
    page::Page,
    problem::Problem,
    who::Caller,
};

/// An API key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiKeyView {
    /// `apk_…`
    id: String,
    /// What its owner calls it.
    name: String,
    /// `test` or `live`.
    mode: &'static str,
    /// What it may do.
    scopes: Vec<&'static str>,
    /// The public beginning of its text.
    prefix: String,
    /// When it was made.
    created_at: String,
    /// Last use, to the minute.
    last_used_at: Option<String>,
    /// When it was revoked.
    revoked_at: Option<String>,
}

impl ApiKeyView {
    fn of(key: ApiKey) -> Self {
        Self {
            id: key.id.to_string(),
            name: key.name,
            mode: key.mode.as_str(),
            scopes: key.scopes.iter().map(|scope| scope.as_str()).collect(),
            prefix: key.prefix,
            created_at: rfc3339(key.created_at),
            last_used_at: key.last_used_at.map(rfc3339),
            revoked_at: key.revoked_at.map(rfc3339),
        }
    }
}

/// What the key shall be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewApiKeyBody {
    /// What you call it, 1 to 80 characters.
    name: String,
    /// `test` or `live`.
    #[schema(value_type = String)]
    mode: Mode,
    /// At least one of `usage:write`, `usage:read`, `capture`, `payments:read`, `payments:write`, `admin:read`.
    #[schema(value_type = Vec<String>)]
    scopes: Vec<Scope>,
}

/// The key with its secret, this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreatedApiKey {
    /// The whole text to send as `Authorization: Bearer`; it is not shown again.
    secret: String,
    #[serde(flatten)]
    key: ApiKeyView,
}

/// Newest first, as JSON or CSV.
#[utoipa::path(get, path = "/api/v1/api-keys", operation_id = "listApiKeys", tag = "api-keys", params(FormatQuery),
    responses((status = 200, body = Page<ApiKeyView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    Caller(cx): Caller,
    headers: HeaderMap,
    Query(query): Query<FormatQuery>,
) -> Result<Response, ApiError> {
    let keys = control::api_key::list(&cx, cx.own_tenant()?).await?;
    let keys: Vec<_> = keys.into_iter().map(ApiKeyView::of).collect();
    if wants_csv(&headers, query.format) {
        return Ok(csv_answer::answer("api-keys.csv", &keys)?);
    }
    Ok(Json(Page::whole(keys)).into_response())
}

#[utoipa::path(post, path = "/api/v1/api-keys", operation_id = "createApiKey", tag = "api-keys", request_body = NewApiKeyBody, params(IdempotencyHeader),
    responses((status = 201, body = CreatedApiKey, headers(("Idempotency-Replayed" = bool, description = "`true` if this is the answer to an earlier request"))), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create(
    Caller(cx): Caller,
    State(http): State<Http>,
    request: Request,
) -> Result<Response, ApiError> {
    // Before the body is read: nobody learns how to ask without saying who they are.
    let tenant = cx.own_tenant()?;
    let (once, request) = Once::of(request).await?;
    let Json(body) = Json::<NewApiKeyBody>::from_request(request, &()).await?;
    let new = NewApiKey {
        name: body.name,
        mode: body.mode,
        scopes: body.scopes,
    };
    once.create(cx, &http, Action::CreateApiKey, async move |cx| {
        let created = control::api_key::create(&cx, tenant, new).await?;
        Ok(CreatedApiKey {
            secret: created.secret.expose_secret().to_owned(),
            key: ApiKeyView::of(created.key),
        })
    })
    .await
}

#[utoipa::path(delete, path = "/api/v1/api-keys/{id}", operation_id = "revokeApiKey", tag = "api-keys", params(("id" = String, Path, description = "`apk_…`")),
    responses((status = 200, body = ApiKeyView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn revoke(
    Caller(cx): Caller,
    Path(id): Path<ApiKeyId>,
) -> Result<Json<ApiKeyView>, ApiError> {
    let key = control::api_key::revoke(&cx, cx.own_tenant()?, id).await?;
    Ok(Json(ApiKeyView::of(key)))
}
