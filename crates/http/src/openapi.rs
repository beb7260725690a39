//! The one list of REST routes, and the OpenAPI 3.1 document made from it.

use axum::routing::get;
use runtime::{extract::Json, stack::body_limit};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Http, account, agreements, api_keys, audit_log, entitlements, invitations, keys,
    metering_records, operator,
    problem::{Problem, ProblemField},
    session_cookie, setup, tenant, usage, usage_events, users,
};

#[derive(OpenApi)]
#[openapi(
    info(title = "Payphone", description = "The control plane's REST API. Errors are RFC 9457 problems with a stable `code`.", version = "1"),
    components(schemas(Problem, ProblemField)),
    modifiers(&Bearer),
    security(("bearer" = []), ("session" = []))
)]
struct Document;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API key: `ppk_test_…` or `ppk_live_…`."));
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", SecurityScheme::Http(scheme.build()));
        let cookie = ApiKeyValue::with_description(
            session_cookie::NAME,
            "A signed-in browser, for the console's own pages.",
        );
        let scheme = SecurityScheme::ApiKey(ApiKey::Cookie(cookie));
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("session", scheme);
    }
}

pub(crate) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(tenant::show))
        .routes(routes!(agreements::list))
        .routes(routes!(entitlements::list))
        .routes(routes!(setup::list))
        .routes(routes!(keys::list))
        .routes(routes!(keys::show))
        .routes(routes!(keys::public_key))
        .routes(routes!(keys::certificate))
        .routes(routes!(api_keys::list, api_keys::create))
        .routes(routes!(api_keys::revoke))
        .routes(routes!(users::list))
        .routes(routes!(users::change, users::remove))
        .routes(routes!(users::reset_authenticator))
        .routes(routes!(users::resend_password))
        .routes(routes!(invitations::list, invitations::create))
        .routes(routes!(invitations::resend))
        .routes(routes!(invitations::revoke))
        .routes(routes!(audit_log::list))
        .routes(routes!(account::show))
        .routes(routes!(account::select_tenant))
        .routes(routes!(account::end_sessions))
        .routes(routes!(account::end_session))
        .routes(routes!(account::make_recovery_codes))
        .routes(routes!(usage::list))
        .routes(routes!(metering_records::list))
        .routes(routes!(operator::registrations::list))
        .routes(routes!(operator::tenants::list))
        .routes(routes!(operator::events::list))
        .routes(routes!(operator::jobs::list))
        .routes(routes!(operator::jobs::rerun))
        .merge(usage_events())
        .route("/openapi.json", get(async || Json(document())))
}

/// A full batch of events is larger than what any other route takes.
fn usage_events() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(usage_events::create))
        .layer(body_limit(usage_events::MAX_BODY))
}

/// The OpenAPI document.
pub fn document() -> utoipa::openapi::OpenApi {
    routes().into_openapi()
}
