//! `/api/v1/api-keys`: make, list and revoke API keys. A secret is in the answer that made it and nowhere else.

use axum::{
    extract::{FromRequest, Request, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use control::{
    Cx,
    api_key::{self, NewApiKey},
};
use domain::{
    Mode,
    api_key::{ApiKey, Scope},
    id::{ApiKeyId, TenantId},
    policy::Action,
    time::rfc3339,
};
use runtime::{
    extract::{Json, Path, Query},
    problem::ApiError,
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    Http,
    csv_answer::{self, BATCH},
    format::{Format, wants_csv},
    idempotency::{IdempotencyHeader, Once},
    page::{Page, cursor_of, limit_of, word_of},
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

/// Which keys.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct KeysQuery {
    /// How many items, 1 to 200; 50 if not given. More is cut to 200.
    limit: Option<u64>,
    /// `next` of the page before, in the same order.
    cursor: Option<String>,
    /// Only keys of this mode: `test` or `live`.
    #[param(value_type = Option<String>)]
    mode: Option<Mode>,
    /// Only `used` keys, which are good, or only `revoked` ones.
    state: Option<String>,
    /// `newest` first, `oldest` first, or by `name`; `newest` if not given.
    sort: Option<String>,
    /// `csv` or `json`; decides before `Accept` does.
    format: Option<Format>,
}

/// One page. As CSV it is every key from the cursor on.
#[utoipa::path(get, path = "/api/v1/api-keys", operation_id = "listApiKeys", tag = "api-keys", params(KeysQuery),
    responses((status = 200, body = Page<ApiKeyView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    Caller(cx): Caller,
    headers: HeaderMap,
    Query(query): Query<KeysQuery>,
) -> Result<Response, ApiError> {
    let tenant = cx.own_tenant()?;
    let (cursor, limit) = (query.cursor.clone(), limit_of(query.limit));
    if wants_csv(&headers, query.format) {
        let fetch = move |cursor| page(cx.clone(), tenant, query.clone(), cursor, BATCH);
        return Ok(csv_answer::whole("api-keys.csv", cursor, fetch).await?);
    }
    let page = page(cx, tenant, query, cursor, limit).await?;
    Ok(Json(page).into_response())
}

async fn page(
    cx: Cx,
    tenant: TenantId,
    query: KeysQuery,
    cursor: Option<String>,
    limit: u64,
) -> Result<Page<ApiKeyView>, domain::Error> {
    let asked = api_key::Query {
        state: word_of("state", query.state.as_deref())?,
        mode: query.mode,
        sort: word_of("sort", query.sort.as_deref())?.unwrap_or_default(),
        after: cursor_of(cursor.as_deref())?,
    };
    let found = api_key::page(&cx, tenant, &asked, limit + 1).await?;
    let place = |last: &ApiKey| last.id.to_string();
    Ok(Page::cut(found, limit, place, ApiKeyView::of))
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
