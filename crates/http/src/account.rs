//! `/api/v1/account`: what a signed-in person sees of themselves, and what they do about it. API keys have no account.

use axum::{
    extract::{FromRequest, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use control::cx::About;
use domain::{
    id::{SessionId, TenantId},
    policy::Action,
    session::Session,
    time::rfc3339,
};
use runtime::{
    extract::{Json, Path},
    problem::ApiError,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Http,
    idempotency::{IdempotencyHeader, Once},
    problem::Problem,
    session_cookie, sign_in,
    who::Caller,
};

/// The signed-in person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountView {
    /// `usr_…`
    id: String,
    /// The address they sign in with.
    email: String,
    /// What they are called.
    name: String,
    /// Where they belong.
    tenants: Vec<AccountTenant>,
    /// The tenant this session looks at.
    tenant_id: Option<String>,
    /// Their signed-in browsers, the one used last first.
    sessions: Vec<SessionView>,
    /// How many recovery codes are left.
    recovery_codes: u64,
}

/// A tenant that the person belongs to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountTenant {
    /// `ten_…`
    id: String,
    /// What it is called.
    name: String,
    /// As what the person belongs to it.
    role: &'static str,
}

/// A signed-in browser.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionView {
    /// `ses_…`
    id: String,
    /// Whether it is the one that asks.
    current: bool,
    /// When it signed in.
    created_at: String,
    /// The last request, to the minute.
    seen_at: String,
    /// The browser's own words about itself.
    user_agent: String,
    /// The address it signed in from.
    address: String,
}

impl SessionView {
    fn of(session: Session, current: SessionId) -> Self {
        Self {
            current: session.id == current,
            id: session.id.to_string(),
            created_at: rfc3339(session.created_at),
            seen_at: rfc3339(session.seen_at),
            user_agent: session.user_agent,
            address: session.address,
        }
    }
}

/// Which tenant to look at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TenantChoice {
    /// `ten_…`, one of the person's own.
    #[schema(value_type = String)]
    tenant_id: TenantId,
}

/// New recovery codes, this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    /// Ten codes, each good once. They are not shown again; the ones before stop working.
    codes: Vec<String>,
}

#[utoipa::path(get, path = "/api/v1/account", operation_id = "getAccount", tag = "account",
    responses((status = 200, body = AccountView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(Caller(cx): Caller) -> Result<Json<AccountView>, ApiError> {
    let account = control::session::account(&cx).await?;
    let current = account.current;
    Ok(Json(AccountView {
        id: account.user.id.to_string(),
        email: account.user.email.as_str().to_owned(),
        name: account.user.name,
        tenants: account
            .tenants
            .into_iter()
            .map(|(membership, tenant)| AccountTenant {
                id: tenant.id.to_string(),
                name: tenant.name,
                role: membership.role.as_str(),
            })
            .collect(),
        tenant_id: cx.actor().tenant().map(|tenant| tenant.to_string()),
        sessions: account
            .sessions
            .into_iter()
            .map(|session| SessionView::of(session, current))
            .collect(),
        recovery_codes: account.recovery_codes,
    }))
}

/// Looks at another of one's own tenants, from the next request on.
#[utoipa::path(put, path = "/api/v1/account/tenant", operation_id = "selectTenant", tag = "account", request_body = TenantChoice,
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn select_tenant(
    Caller(cx): Caller,
    request: Request,
) -> Result<StatusCode, ApiError> {
    cx.permit_own(Action::SelectTenant, About::default())
        .await?;
    let Json(body) = Json::<TenantChoice>::from_request(request, &()).await?;
    control::session::select_tenant(&cx, body.tenant_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/api/v1/account/sessions/{id}", operation_id = "endSession", tag = "account", params(("id" = String, Path, description = "`ses_…`")),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn end_session(
    Caller(cx): Caller,
    State(http): State<Http>,
    Path(id): Path<SessionId>,
) -> Result<StatusCode, ApiError> {
    if let Some(token) = control::session::end(&cx, id).await? {
        sign_in::revoke(&http, &token).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Signs out everywhere: every session of one's own ends, this one among them, here and at the sign-in service.
#[utoipa::path(delete, path = "/api/v1/account/sessions", operation_id = "endSessions", tag = "account",
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn end_sessions(Caller(cx): Caller) -> Result<Response, ApiError> {
    control::session::end_everywhere(&cx).await?;
    let mut headers = HeaderMap::new();
    if let Some(cookie) = session_cookie::clear() {
        headers.append(header::SET_COOKIE, cookie);
    }
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// Makes ten recovery codes for a lost authenticator.
#[utoipa::path(post, path = "/api/v1/account/recovery-codes", operation_id = "createRecoveryCodes", tag = "account", params(IdempotencyHeader),
    responses((status = 201, body = RecoveryCodes, headers(("Idempotency-Replayed" = bool, description = "`true` if this is the answer to an earlier request"))), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn make_recovery_codes(
    Caller(cx): Caller,
    State(http): State<Http>,
    request: Request,
) -> Result<Response, ApiError> {
    let action = Action::MakeRecoveryCodes;
    cx.permit_own(action, About::default()).await?;
    let (once, _) = Once::of(request).await?;
    once.create(cx, &http, action, async move |cx| {
        let codes = control::recovery_code::make(&cx).await?;
        Ok(RecoveryCodes { codes })
    })
    .await
}
