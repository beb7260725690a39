//! `/api/v1/users`: who belongs to the tenant, their roles, and help for who cannot get in.

use axum::{
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::{id::UserId, membership::Member, role::Role, time::rfc3339, user::Known};
use runtime::{
    extract::{Json, Path, Query},
    problem::ApiError,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    csv_answer::{self, FormatQuery, wants_csv},
    page::Page,
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

/// The mightiest role first, as JSON or CSV.
#[utoipa::path(get, path = "/api/v1/users", operation_id = "listUsers", tag = "users", params(FormatQuery),
    responses((status = 200, body = Page<UserView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    Caller(cx): Caller,
    headers: HeaderMap,
    Query(query): Query<FormatQuery>,
) -> Result<Response, ApiError> {
    let people = control::user::list(&cx, cx.own_tenant()?).await?;
    let members: Vec<_> = people.members.into_iter().map(UserView::of).collect();
    if wants_csv(&headers, query.format) {
        return Ok(csv_answer::answer("people.csv", &members)?);
    }
    Ok(Json(Page::whole(members)).into_response())
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
    control::user::change_role(&cx, tenant, id, body.role).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a member; what they have open is closed with the same commit.
#[utoipa::path(delete, path = "/api/v1/users/{id}", operation_id = "removeUser", tag = "users", params(("id" = String, Path, description = "`usr_…`")),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn remove(
    Caller(cx): Caller,
    Path(id): Path<UserId>,
) -> Result<StatusCode, ApiError> {
    control::user::remove(&cx, cx.own_tenant()?, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a member who lost their authenticator set up a new one at the next sign-in, after the password.
#[utoipa::path(post, path = "/api/v1/users/{id}/authenticator-reset", operation_id = "resetAuthenticator", tag = "users", params(("id" = String, Path, description = "`usr_…`")),
    responses((status = 202), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn reset_authenticator(
    Caller(cx): Caller,
    Path(id): Path<UserId>,
) -> Result<StatusCode, ApiError> {
    control::user::reset_authenticator(&cx, cx.own_tenant()?, id).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Mails a member who never signed in a new temporary password.
#[utoipa::path(post, path = "/api/v1/users/{id}/temporary-password", operation_id = "resendPassword", tag = "users", params(("id" = String, Path, description = "`usr_…`")),
    responses((status = 202), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn resend_password(
    Caller(cx): Caller,
    Path(id): Path<UserId>,
) -> Result<StatusCode, ApiError> {
    control::user::resend_password(&cx, cx.own_tenant()?, id).await?;
    Ok(StatusCode::ACCEPTED)
}
