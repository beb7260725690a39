//! The OpenAPI document of the public routes under `/v1`. There are none yet; the internal ones are nobody else's business.

use utoipa::{OpenApi, openapi};

#[derive(OpenApi)]
#[openapi(info(
    title = "Payphone card plane",
    description = "Capture of card data keyed on a phone, for Amazon Connect flows and the agent page."
))]
struct Document;

/// The document.
pub fn document() -> openapi::OpenApi {
    Document::openapi()
}
