//! `/oauth2/token` and `/oauth2/revoke`, where the client's back end calls.
//!
//! Source: developer guide, "The token issuer endpoint" and "The revoke endpoint": errors are 400 with `error` alone.
//! Invariant: nothing that came in or goes out is written to any log.

use std::collections::BTreeMap;

use axum::{
    body::Bytes,
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use super::{json_response, member, members, struck};
use crate::{
    cognito::{
        PoolSettings, codes, sessions,
        tokens::{self, Refused, Tokens},
    },
    connection::Wire,
    server::App,
    sim::Sim,
};

type Form = BTreeMap<String, String>;

fn refused(error: &str) -> Response {
    json_response(StatusCode::BAD_REQUEST, &json!({ "error": error }))
}

/// Reads the form and authenticates the client, by `Authorization: Basic` or by members of the form.
fn client_form(
    settings: &PoolSettings,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Form, &'static str> {
    let text = |name: header::HeaderName| {
        headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
    };
    if !text(header::CONTENT_TYPE).starts_with("application/x-www-form-urlencoded") {
        return Err("invalid_request");
    }
    let form = members(body);
    let basic = text(header::AUTHORIZATION)
        .strip_prefix("Basic ")
        .map(|encoded| {
            let decoded = STANDARD.decode(encoded.trim()).unwrap_or_default();
            String::from_utf8(decoded).unwrap_or_default()
        });
    let (id, secret) = match &basic {
        Some(pair) => pair.split_once(':').unwrap_or_default(),
        None => (
            member(&form, "client_id").unwrap_or_default(),
            member(&form, "client_secret").unwrap_or_default(),
        ),
    };
    // RFC 6749 section 2.3.1 has both parts form-encoded, which many clients leave out.
    let decoded = |text: &str| {
        form_urlencoded::parse(text.as_bytes())
            .next()
            .map(|(name, _)| name.into_owned())
            .unwrap_or_default()
    };
    let known = id == settings.client_id || decoded(id) == settings.client_id;
    let agreed = member(&form, "client_id").is_none_or(|named| named == settings.client_id);
    if known && agreed && (settings.is_secret(secret) || settings.is_secret(&decoded(secret))) {
        Ok(form)
    } else {
        Err("invalid_client")
    }
}

/// `POST /oauth2/token`.
pub(super) async fn token(
    State(sim): State<App>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let lost = match struck(&sim, &wire, "Token").await {
        Ok(lost) => lost,
        Err(struck) => return struck.into_response(),
    };
    let response = match client_form(&sim.settings.pool, &headers, &body) {
        Ok(form) => exchange(&sim, &form).await,
        Err(error) => refused(error),
    };
    if lost {
        wire.cut();
    }
    response
}

async fn exchange(sim: &Sim, form: &Form) -> Response {
    match member(form, "grant_type") {
        Some("authorization_code") => {
            let (Some(code), Some(redirect_uri)) =
                (member(form, "code"), member(form, "redirect_uri"))
            else {
                return refused("invalid_request");
            };
            let verifier = member(form, "code_verifier");
            sim.change(|c| codes::redeem(sim, c, code, redirect_uri, verifier))
                .await
                .map_or_else(|| refused("invalid_grant"), |issued| granted(&issued))
        }
        Some("refresh_token") => {
            let Some(token) = member(form, "refresh_token") else {
                return refused("invalid_request");
            };
            match sim.change(|c| tokens::refresh(sim, c, token)).await {
                Ok(issued) => granted(&issued),
                Err(Refused::Broken) => json_response(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    &json!({"error": "server_error"}),
                ),
                Err(_) => refused("invalid_grant"),
            }
        }
        Some("client_credentials") => refused("unauthorized_client"),
        Some(_) => refused("unsupported_grant_type"),
        None => refused("invalid_request"),
    }
}

fn granted(issued: &Tokens) -> Response {
    let mut answer = json!({
        "access_token": issued.access,
        "expires_in": tokens::ACCESS_SECONDS,
        "token_type": "Bearer",
    });
    if let Some(id) = &issued.id {
        answer["id_token"] = json!(id);
    }
    if let Some(token) = &issued.refresh {
        answer["refresh_token"] = json!(token);
    }
    json_response(StatusCode::OK, &answer)
}

/// `POST /oauth2/revoke`: a token that was never issued is no error (RFC 7009).
pub(super) async fn revoke(State(sim): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    let form = match client_form(&sim.settings.pool, &headers, &body) {
        Ok(form) => form,
        Err(error) => return refused(error),
    };
    let Some(token) = member(&form, "token") else {
        return refused("invalid_request");
    };
    if sessions::is_jwt(token) {
        return refused("unsupported_token_type");
    }
    sim.change(|c| {
        if let Some(id) = tokens::grant_of(&c.pool, token).map(|g| g.id.clone()) {
            sessions::revoke_grant(c, &id);
        }
    })
    .await;
    StatusCode::OK.into_response()
}
