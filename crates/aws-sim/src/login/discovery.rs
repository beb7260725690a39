//! What anyone may know: discovery document and JWK set; and `/oauth2/userInfo` for who holds an access token.

use std::sync::atomic::Ordering;

use axum::{
    extract::{ConnectInfo, Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{json_response, struck};
use crate::{
    cognito::{issuer, keys, tokens},
    connection::Wire,
    server::App,
    sim::Sim,
};

fn no_pool() -> Response {
    json_response(
        StatusCode::NOT_FOUND,
        &json!({"message": "User pool does not exist."}),
    )
}

fn public(value: &Value) -> Response {
    let mut response = json_response(StatusCode::OK, value);
    let headers = response.headers_mut();
    headers.remove(header::PRAGMA);
    // A day, as Cognito says; a client that meets an unknown key must ask again all the same.
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=86400"),
    );
    response
}

/// `GET /{pool}/.well-known/openid-configuration`.
pub(super) async fn configuration(State(sim): State<App>, Path(pool): Path<String>) -> Response {
    if pool != sim.settings.pool.id {
        return no_pool();
    }
    let (issuer, base) = (issuer(&sim), format!("http://{}", sim.settings.host));
    public(&json!({
        "authorization_endpoint": format!("{base}/oauth2/authorize"),
        "end_session_endpoint": format!("{base}/logout"),
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "response_types_supported": ["code"],
        "revocation_endpoint": format!("{base}/oauth2/revoke"),
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint": format!("{base}/oauth2/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "userinfo_endpoint": format!("{base}/oauth2/userInfo"),
    }))
}

/// `GET /{pool}/.well-known/jwks.json`.
pub(super) async fn jwks(
    State(sim): State<App>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    Path(pool): Path<String>,
) -> Response {
    sim.jwks_fetches.fetch_add(1, Ordering::SeqCst);
    match struck(&sim, &wire, "Jwks").await {
        Ok(lost) => {
            if lost {
                wire.cut();
            }
        }
        Err(struck) => return struck.into_response(),
    }
    if pool != sim.settings.pool.id {
        return no_pool();
    }
    public(&sim.read(|w| keys::jwks(&w.pool)))
}

/// `GET` or `POST /oauth2/userInfo`.
pub(super) async fn user_info(State(sim): State<App>, headers: HeaderMap) -> Response {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.strip_prefix("Bearer "));
    if let Some(claims) = token.and_then(|t| who(&sim, t)) {
        return json_response(StatusCode::OK, &claims);
    }
    let why = "Access token is expired, disabled, or deleted, or the user has globally signed out.";
    let mut response = json_response(
        StatusCode::UNAUTHORIZED,
        &json!({"error": "invalid_token", "error_description": why}),
    );
    let challenge = format!("Bearer error=\"invalid_token\", error_description=\"{why}\"");
    if let Ok(value) = HeaderValue::from_str(&challenge) {
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, value);
    }
    response
}

/// The claims that a good access token with the scope `openid` gives.
fn who(sim: &Sim, token: &str) -> Option<Value> {
    sim.read(|w| {
        let claims = keys::verify(&w.pool, token)?;
        let scope = claims["scope"].as_str()?;
        let live = claims["token_use"] == "access"
            && claims["exp"].as_i64()? > sim.clock.real_ms() / 1000
            && tokens::has_scope(scope, "openid");
        let grant = w.pool.grants.get(claims["origin_jti"].as_str()?)?;
        if !live || grant.revoked {
            return None;
        }
        let user = tokens::live_user(&w.pool, &grant.username)?;
        let mut out = tokens::attributes(&user, scope);
        // This endpoint alone spells truth as text.
        for (name, value) in &mut out {
            if name.ends_with("_verified") {
                *value = json!(value.as_bool().unwrap_or(false).to_string());
            }
        }
        out.insert("sub".into(), json!(user.username));
        out.insert("username".into(), json!(user.username));
        Some(Value::Object(out))
    })
}
