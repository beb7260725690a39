//! CSV answers (RFC 4180). People name themselves and their keys, and a spreadsheet would run a name that begins like a formula: such a
//! value is written behind an apostrophe (ASVS 1.2.10).

use axum::{
    BoxError,
    body::Body,
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use domain::Error;
use futures_util::{StreamExt, stream};
use serde::Serialize;
use serde_json::Value;

use crate::page::Page;

/// The items as CSV, one column a member.
pub(crate) fn answer<T: Serialize>(name: &str, items: &[T]) -> Result<Response, Error> {
    Ok((headers(name), rows(items, true)?).into_response())
}

/// How many items one look at the database fetches for a whole list.
pub(crate) const BATCH: u64 = 1_000;

/// A whole list from the cursor on as a stream of CSV, so that its length is nobody's memory: `fetch` reads one page. The first is read
/// before the answer begins, so that refusals have their status.
pub(crate) async fn whole<T, F>(
    name: &str,
    cursor: Option<String>,
    fetch: impl Fn(Option<String>) -> F + Send + 'static,
) -> Result<Response, Error>
where
    T: Serialize,
    F: Future<Output = Result<Page<T>, Error>> + Send,
{
    let first = fetch(cursor).await?;
    let first_rows = rows(&first.items, true)?;
    let rest = stream::try_unfold((fetch, first.next), |(fetch, next)| async {
        let Some(next) = next else {
            return Ok::<_, BoxError>(None);
        };
        let found = fetch(Some(next)).await?;
        let rows = rows(&found.items, false)?;
        Ok(Some((rows, (fetch, found.next))))
    });
    let body = stream::once(async { Ok(first_rows) }).chain(rest);
    Ok((headers(name), Body::from_stream(body)).into_response())
}

/// The headers of a CSV answer that is saved under this name.
fn headers(name: &str) -> [(HeaderName, String); 2] {
    [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ]
}

/// The items as lines of CSV, behind a line with the members' names if this is where they begin.
fn rows<T: Serialize>(items: &[T], beginning: bool) -> Result<Vec<u8>, Error> {
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
