//! In what a list is answered: JSON, or CSV for spreadsheets.

use axum::http::{HeaderMap, header};
use serde::Deserialize;
use utoipa::ToSchema;

/// `?format=`, for links, which cannot set `Accept`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// JSON.
    Json,
    /// CSV.
    Csv,
}

/// Whether the client asks for CSV rather than JSON: by `format`, or else by `Accept`.
pub(crate) fn wants_csv(headers: &HeaderMap, format: Option<Format>) -> bool {
    if let Some(format) = format {
        return format == Format::Csv;
    }
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| {
            accept
                .split(',')
                .any(|part| part.trim().starts_with("text/csv"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_parameter_outweighs_accept() {
        let mut headers = HeaderMap::new();
        assert!(!wants_csv(&headers, None));
        assert!(wants_csv(&headers, Some(Format::Csv)));
        headers.insert(header::ACCEPT, "text/csv".parse().unwrap());
        assert!(wants_csv(&headers, None));
        assert!(!wants_csv(&headers, Some(Format::Json)));
    }
}
