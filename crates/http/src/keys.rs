//! `/api/v1/keys`: public halves of the tenant's key pairs.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use domain::{id::KeyId, key::PublicKey, time::rfc3339};
use runtime::{
    extract::{Json, Path},
    problem::ApiError,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{page::Page, problem::Problem, who::Caller};

/// A key pair, as far as it is public.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyView {
    /// `key_…`
    id: String,
    /// `test` or `live`.
    mode: &'static str,
    /// RSA modulus length.
    bits: u32,
    /// `active`, `retiring` or `retired`.
    state: &'static str,
    /// SHA-256 of the public key.
    fingerprint: String,
    /// Amazon Connect's id for it; null until known.
    connect_key_id: Option<String>,
    /// The certificate holds from.
    not_before: String,
    /// The certificate holds until.
    not_after: String,
    /// The last message opened with it.
    last_used_at: Option<String>,
}

impl KeyView {
    fn of(key: PublicKey) -> Self {
        Self {
            id: key.id.to_string(),
            mode: key.mode.as_str(),
            bits: key.bits,
            state: key.state.as_str(),
            fingerprint: key.fingerprint,
            connect_key_id: key.connect_key_id,
            not_before: rfc3339(key.not_before),
            not_after: rfc3339(key.not_after),
            last_used_at: key.last_used_at.map(rfc3339),
        }
    }
}

#[utoipa::path(get, path = "/api/v1/keys", operation_id = "listKeys", tag = "keys",
    responses((status = 200, body = Page<KeyView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(Caller(cx): Caller) -> Result<Json<Page<KeyView>>, ApiError> {
    let keys = control::public_key::list(&cx, cx.own_tenant()?).await?;
    Ok(Json(Page::whole(
        keys.into_iter().map(KeyView::of).collect(),
    )))
}

#[utoipa::path(get, path = "/api/v1/keys/{id}", operation_id = "getKey", tag = "keys", params(("id" = String, Path, description = "`key_…`")),
    responses((status = 200, body = KeyView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(
    Caller(cx): Caller,
    Path(id): Path<KeyId>,
) -> Result<Json<KeyView>, ApiError> {
    let key = control::public_key::get(&cx, cx.own_tenant()?, id).await?;
    Ok(Json(KeyView::of(key)))
}

#[utoipa::path(get, path = "/api/v1/keys/{id}/public-key.pem", operation_id = "getPublicKey", tag = "keys", params(("id" = String, Path, description = "`key_…`")),
    responses((status = 200, body = String, content_type = "application/x-pem-file"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn public_key(
    Caller(cx): Caller,
    Path(id): Path<KeyId>,
) -> Result<Response, ApiError> {
    let key = control::public_key::get(&cx, cx.own_tenant()?, id).await?;
    Ok(pem(format!("{id}-public-key.pem"), key.public_key_pem))
}

#[utoipa::path(get, path = "/api/v1/keys/{id}/certificate.pem", operation_id = "getCertificate", tag = "keys", params(("id" = String, Path, description = "`key_…`")),
    responses((status = 200, body = String, content_type = "application/x-pem-file"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn certificate(
    Caller(cx): Caller,
    Path(id): Path<KeyId>,
) -> Result<Response, ApiError> {
    let key = control::public_key::get(&cx, cx.own_tenant()?, id).await?;
    Ok(pem(format!("{id}-certificate.pem"), key.certificate_pem))
}

fn pem(name: String, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, "application/x-pem-file".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, text).into_response()
}
