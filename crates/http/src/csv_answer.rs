//! CSV answers (RFC 4180). People name themselves and their keys, and a spreadsheet would run a name that begins like a formula: such a
//! value is written behind an apostrophe (ASVS 1.2.10).

use axum::{
    http::{HeaderMap, HeaderName, header},
    response::{IntoResponse, Response},
};
use domain::Error;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// `?format=`, for links, which cannot set `Accept`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// JSON.
    Json,
    /// CSV.
    Csv,
}

/// For lists that are narrowed by nothing else.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FormatQuery {
    /// `csv` or `json`; decides before `Accept` does.
    pub(crate) format: Option<Format>,
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

/// The items as CSV, one column a member.
pub(crate) fn answer<T: Serialize>(name: &str, items: &[T]) -> Result<Response, Error> {
    Ok((headers(name), rows(items, true)?).into_response())
}

/// The headers of a CSV answer that is saved under this name.
pub(crate) fn headers(name: &str) -> [(HeaderName, String); 2] {
    [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ]
}

/// The items as lines of CSV, behind a line with the members' names if this is where they begin.
pub(crate) fn rows<T: Serialize>(items: &[T], beginning: bool) -> Result<Vec<u8>, Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for (index, item) in items.iter().enumerate() {
        let Value::Object(members) = serde_json::to_value(item).map_err(Error::internal)? else {
            return Err(Error::internal("only objects become CSV"));
        };
        if index == 0 && beginning {
            writer
                .write_record(members.keys())
                .map_err(Error::internal)?;
        }
        writer
            .write_record(members.values().map(cell))
            .map_err(Error::internal)?;
    }
    writer
        .into_inner()
        .map_err(|e| Error::internal(e.to_string()))
}

/// What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection): the wide forms as well, which some of them narrow.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    };
    let number = text.parse::<f64>().is_ok();
    if !number && text.starts_with(FORMULA) {
        format!("'{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_format_parameter_outweighs_accept() {
        let mut headers = HeaderMap::new();
        assert!(!wants_csv(&headers, None));
        assert!(wants_csv(&headers, Some(Format::Csv)));
        headers.insert(header::ACCEPT, "text/csv".parse().unwrap());
        assert!(wants_csv(&headers, None));
        assert!(!wants_csv(&headers, Some(Format::Json)));
    }

    #[test]
    fn what_could_be_a_formula_is_disarmed() {
        for (value, written) in [
            (json!("=1+1"), "'=1+1"),
            (json!("@x"), "'@x"),
            (json!("＝1+1"), "'＝1+1"),
            (json!("-1+cmd"), "'-1+cmd"),
            (json!(["usage:read", "=x"]), "usage:read '=x"),
            (json!(-5), "-5"),
            (json!("2026-11-22T10:00:00Z"), "2026-11-22T10:00:00Z"),
            (json!(null), ""),
        ] {
            assert_eq!(cell(&value), written);
        }
    }
}
