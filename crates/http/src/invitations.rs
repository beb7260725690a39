//! `/api/v1/invitations`: invite, send again, take back. The link is in the mail and in no answer.

use axum::{
    extract::{FromRequest, Request, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    Error,
    id::InvitationId,
    invitation::Invitation,
    policy::Action,
    registration::Email,
    role::Role,
    time::{Timestamp, rfc3339},
};
use runtime::{
    extract::{Json, Path, Query},
    problem::ApiError,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Http,
    idempotency::{IdempotencyHeader, Once},
    page::{Page, PageQuery, cursor_of, limit_of},
    problem::Problem,
    who::Caller,
};

/// An invitation, without its link.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvitationView {
    /// `inv_…`
    id: String,
    /// Who is invited.
    email: String,
    /// As what.
    role: &'static str,
    /// `open`, `accepted`, `revoked` or `expired`.
    state: &'static str,
    /// Since when.
    created_at: String,
    /// Until when the link is good.
    expires_at: String,
}

impl InvitationView {
    fn of(invitation: &Invitation, now: Timestamp) -> Self {
        Self {
            id: invitation.id.to_string(),
            email: invitation.email.as_str().to_owned(),
            role: invitation.role.as_str(),
            state: invitation.state(now).as_str(),
            created_at: rfc3339(invitation.created_at),
            expires_at: rfc3339(invitation.expires_at),
        }
    }
}

/// Who shall be invited.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInvitation {
    /// The address.
    email: String,
    /// `owner`, `admin`, `developer`, `agent` or `auditor`. Only owners invite owners.
    #[schema(value_type = String)]
    role: Role,
}

/// Those that were neither accepted nor taken back, newest first.
#[utoipa::path(get, path = "/api/v1/invitations", operation_id = "listInvitations", tag = "users", params(PageQuery),
    responses((status = 200, body = Page<InvitationView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    Caller(cx): Caller,
    State(http): State<Http>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<InvitationView>>, ApiError> {
    let tenant = cx.own_tenant()?;
    let asked = control::invitation::Query {
        after: cursor_of(query.cursor.as_deref())?,
        ..Default::default()
    };
    let limit = limit_of(query.limit);
    let found = control::invitation::pending(&cx, tenant, &asked, limit + 1).await?;
    let now = http.app.real.now();
    Ok(Json(Page::cut(
        found,
        limit,
        |last| last.id.to_string(),
        |found| InvitationView::of(&found, now),
    )))
}

/// Mails a link that is good for three days and once.
#[utoipa::path(post, path = "/api/v1/invitations", operation_id = "createInvitation", tag = "users", request_body = NewInvitation, params(IdempotencyHeader),
    responses((status = 201, body = InvitationView, headers(("Idempotency-Replayed" = bool, description = "`true` if this is the answer to an earlier request"))), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create(
    Caller(cx): Caller,
    State(http): State<Http>,
    request: Request,
) -> Result<Response, ApiError> {
    let tenant = cx.own_tenant()?;
    let (once, request) = Once::of(request).await?;
    let Json(body) = Json::<NewInvitation>::from_request(request, &()).await?;
    let email: Email = body
        .email
        .parse()
        .map_err(|fault| Error::field("bad_email", "/email", fault))?;
    // The role decides too: whoever could invite an owner yesterday and may not today gets no answer of yesterday.
    control::invitation::may_create(&cx, tenant, body.role).await?;
    once.create(cx, &http, Action::InviteUser, async move |cx| {
        let made = control::invitation::create(&cx, tenant, &email, body.role).await?;
        Ok(InvitationView::of(&made, cx.real_now()))
    })
    .await
}

/// Sends it again, good for three more days; the links sent before stop working.
#[utoipa::path(post, path = "/api/v1/invitations/{id}/resend", operation_id = "resendInvitation", tag = "users", params(("id" = String, Path, description = "`inv_…`")),
    responses((status = 200, body = InvitationView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn resend(
    Caller(cx): Caller,
    State(http): State<Http>,
    Path(id): Path<InvitationId>,
) -> Result<Json<InvitationView>, ApiError> {
    let sent = control::invitation::resend(&cx, cx.own_tenant()?, id).await?;
    Ok(Json(InvitationView::of(&sent, http.app.real.now())))
}

/// Takes it back.
#[utoipa::path(delete, path = "/api/v1/invitations/{id}", operation_id = "revokeInvitation", tag = "users", params(("id" = String, Path, description = "`inv_…`")),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn revoke(
    Caller(cx): Caller,
    Path(id): Path<InvitationId>,
) -> Result<StatusCode, ApiError> {
    control::invitation::revoke(&cx, cx.own_tenant()?, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
