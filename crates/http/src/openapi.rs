//! The one list of REST routes, and the OpenAPI 3.1 document made from it.

use axum::routing::get;
use runtime::{extract::Json, stack::body_limit};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Http, agreements, api_keys, keys, metering_records, operator,
    problem::{Problem, ProblemField},
    setup, tenant, usage, usage_events,
};

#[derive(OpenApi)]
#[openapi(
    info(title = "Payphone", description = "The control plane's REST API. Errors are RFC 9457 problems with a stable `code`.", version = "1"),
    components(schemas(Problem, ProblemField)),
    modifiers(&Bearer),
    security(("bearer" = []))
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
    }
}

pub(crate) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(tenant::show))
        .routes(routes!(agreements::list))
        .routes(routes!(setup::list))
        .routes(routes!(keys::list))
        .routes(routes!(keys::show))
        .routes(routes!(keys::public_key))
        .routes(routes!(keys::certificate))
        .routes(routes!(api_keys::list, api_keys::create))
        .routes(routes!(api_keys::revoke))
        .routes(routes!(usage::list))
        .routes(routes!(metering_records::list))
        .routes(routes!(operator::registrations))
        .routes(routes!(operator::events))
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
