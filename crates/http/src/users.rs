//! `/api/v1/users`: who belongs to the tenant, their roles, and help for who cannot get in.

use axum::{
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use control::{Cx, user};
use domain::{
    id::{TenantId, UserId},
    list::Text,
    membership::Member,
    role::Role,
    time::rfc3339,
    user::Known,
};
use runtime::{
    extract::{Json, Path, Query},
    problem::ApiError,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    csv_answer::{self, BATCH},
    format::{Format, wants_csv},
    page::{Page, cursor_of, limit_of, word_of},
    problem::Problem,
    who::Caller,
};

/// A member of the tenant.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserView {
    /// `usr_…`
    id: String,
    /// The address they sign in with.
    email: String,
    /// What they are called.
    name: String,
    /// `owner`, `admin`, `developer`, `agent` or `auditor`.
    role: &'static str,
    /// `invited` (has not signed in yet), `active`, or `blocked` (something is in the way of the account).
    state: &'static str,
    /// What is in the way, in words.
    trouble: Option<String>,
    /// How many recovery codes are left.
    recovery_codes: u64,
    /// Member since.
    created_at: String,
    /// The last sign-in.
    last_signed_in_at: Option<String>,
}

impl UserView {
    fn of(member: Member) -> Self {
        let user = member.user;
        let state = match (&user.trouble, user.first_signed_in_at, user.known) {
            (Some(_), _, known) if known != Known::Enabled => "blocked",
            (_, None, _) => "invited",
            _ => "active",
        };
        Self {
            id: user.id.to_string(),
            email: user.email.as_str().to_owned(),
            name: user.name,
            role: member.membership.role.as_str(),
            state,
            trouble: user.trouble,
            recovery_codes: member.recovery_codes,
            created_at: rfc3339(member.membership.created_at),
            last_signed_in_at: user.last_signed_in_at.map(rfc3339),
        }
    }
}

/// What a member shall be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserChange {
    /// `owner`, `admin`, `developer`, `agent` or `auditor`. Only owners make and change owners.
    #[schema(value_type = String)]
    role: Role,
}

/// Which members.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UsersQuery {
    /// How many items, 1 to 200; 50 if not given. More is cut to 200.
    limit: Option<u64>,
    /// `next` of the page before, in the same order.
    cursor: Option<String>,
    /// Only members with this in their name or address.
    q: Option<String>,
    /// Only members with this role.
    #[param(value_type = Option<String>)]
    role: Option<Role>,
    /// By `role`, the mightiest first, by `name`, or the `newest` first; by `role` if not given.
    sort: Option<String>,
    /// `csv` or `json`; decides before `Accept` does.
    format: Option<Format>,
}

/// One page. As CSV it is every member from the cursor on.
#[utoipa::path(get, path = "/api/v1/users", operation_id = "listUsers", tag = "users", params(UsersQuery),
    responses((status = 200, body = Page<UserView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    Caller(cx): Caller,
    headers: HeaderMap,
    Query(query): Query<UsersQuery>,
) -> Result<Response, ApiError> {
    let tenant = cx.own_tenant()?;
    let (cursor, limit) = (query.cursor.clone(), limit_of(query.limit));
    if wants_csv(&headers, query.format) {
        let fetch = move |cursor| page(cx.clone(), tenant, query.clone(), cursor, BATCH);
        return Ok(csv_answer::whole("people.csv", cursor, fetch).await?);
    }
    let page = page(cx, tenant, query, cursor, limit).await?;
    Ok(Json(page).into_response())
}

async fn page(
    cx: Cx,
    tenant: TenantId,
    query: UsersQuery,
    cursor: Option<String>,
    limit: u64,
) -> Result<Page<UserView>, domain::Error> {
    let text = query.q.as_deref().map(Text::read).transpose()?.flatten();
    let asked = user::Query {
        role: query.role,
        text: text.map(|text| text.as_str().to_owned()),
        sort: word_of("sort", query.sort.as_deref())?.unwrap_or_default(),
        after: cursor_of(cursor.as_deref())?,
    };
    let found = user::page(&cx, tenant, &asked, limit + 1).await?;
    let place = |last: &Member| last.user.id.to_string();
    Ok(Page::cut(found, limit, place, UserView::of))
}

/// Gives a member another role, from their next request on.
#[utoipa::path(patch, path = "/api/v1/users/{id}", operation_id = "changeUser", tag = "users", request_body = UserChange, params(("id" = String, Path, description = "`usr_…`")),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn change(
    Caller(cx): Caller,
    Path(id): Path<UserId>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let tenant = cx.own_tenant()?;
    let Json(body) = Json::<UserChange>::from_request(request, &()).await?;
    user::change_role(&cx, tenant, id, body.role).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a member; what they have open is closed with the same commit.
#[utoipa::path(delete, path = "/api/v1/users/{id}", operation_id = "removeUser", tag = "users", params(("id" = String, Path, description = "`usr_…`")),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn remove(
    Caller(cx): Caller,
    Path(id): Path<UserId>,
) -> Result<StatusCode, ApiError> {
    user::remove(&cx, cx.own_tenant()?, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a member who lost their authenticator set up a new one at the next sign-in, after the password.
#[utoipa::path(post, path = "/api/v1/users/{id}/authenticator-reset", operation_id = "resetAuthenticator", tag = "users", params(("id" = String, Path, description = "`usr_…`")),
    responses((status = 202), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn reset_authenticator(
    Caller(cx): Caller,
    Path(id): Path<UserId>,
) -> Result<StatusCode, ApiError> {
    user::reset_authenticator(&cx, cx.own_tenant()?, id).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Mails a member who never signed in a new temporary password.
#[utoipa::path(post, path = "/api/v1/users/{id}/temporary-password", operation_id = "resendPassword", tag = "users", params(("id" = String, Path, description = "`usr_…`")),
    responses((status = 202), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn resend_password(
    Caller(cx): Caller,
    Path(id): Path<UserId>,
) -> Result<StatusCode, ApiError> {
    user::resend_password(&cx, cx.own_tenant()?, id).await?;
    Ok(StatusCode::ACCEPTED)
}
