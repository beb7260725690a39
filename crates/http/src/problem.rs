//! The shape of a problem for the OpenAPI document; the answers themselves are made by `runtime::problem`.

use serde::Serialize;
use utoipa::ToSchema;

/// An RFC 9457 problem.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Problem {
    /// A page about this code.
    r#type: String,
    /// The kind of trouble.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What happened and what to do.
    detail: String,
    /// The stable code.
    code: String,
    /// For support.
    request_id: String,
    /// The members that were refused, if it was about members.
    errors: Option<Vec<ProblemField>>,
}

/// One member that was refused.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProblemField {
    /// JSON pointer.
    pointer: String,
    /// What is wrong with it.
    detail: String,
}
