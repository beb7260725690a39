//! `POST /csp-reports`: what browsers blocked on our pages. Each is counted and written to the log: none is expected, so each is either
//! a slip of ours or somebody's attempt.
//! Anybody can post here, so nothing is believed or kept, and what is logged is cut to what cannot do harm.

use axum::{Router, extract::Request, http::StatusCode, routing::post};
use runtime::stack::body_limit;
use serde_json::Value;

use crate::Http;

const LIMIT: usize = 16 * 1024;
/// How many reports of one post are looked at.
const MOST: usize = 10;
/// The directives of our policies; other words are counted as one.
const DIRECTIVES: [&str; 9] = [
    "script-src",
    "style-src",
    "img-src",
    "font-src",
    "connect-src",
    "form-action",
    "base-uri",
    "frame-ancestors",
    "default-src",
];

/// Stands outside the CSRF layer: it changes nothing, and browsers send reports in their own way.
pub(crate) fn router() -> Router<Http> {
    Router::new().route("/csp-reports", post(take).layer(body_limit(LIMIT)))
}

/// 204 whatever it was: there is nothing a browser could do about it.
async fn take(request: Request) -> StatusCode {
    let Ok(body) = runtime::extract::body(request).await else {
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    for report in read(&body) {
        metrics::counter!("csp_reports_total", "directive" => report.directive).increment(1);
        tracing::warn!(
            csp.directive = report.directive,
            csp.page = report.page,
            csp.blocked = report.blocked,
            "a browser blocked something on a page of ours"
        );
    }
    StatusCode::NO_CONTENT
}

#[derive(Debug, PartialEq, Eq)]
struct Report {
    directive: &'static str,
    page: String,
    blocked: String,
}

/// Both forms: `report-uri`'s single object and the Reporting API's list (CSP Level 3, 5.3 and 5.5).
fn read(body: &[u8]) -> Vec<Report> {
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        return Vec::new();
    };
    let one = |report: &Value, names: [&str; 3]| {
        let text = |name: &str| report[name].as_str().unwrap_or_default();
        let word = text(names[0])
            .split(['-', ' '])
            .take(2)
            .collect::<Vec<_>>()
            .join("-");
        Report {
            directive: DIRECTIVES
                .into_iter()
                .find(|known| *known == word)
                .unwrap_or("other"),
            page: path(text(names[1])),
            blocked: path(text(names[2])),
        }
    };
    match &value {
        Value::Array(reports) => reports
            .iter()
            .filter(|report| report["type"] == "csp-violation")
            .take(MOST)
            .map(|report| {
                one(
                    &report["body"],
                    ["effectiveDirective", "documentURL", "blockedURL"],
                )
            })
            .collect(),
        Value::Object(_) if value["csp-report"].is_object() => vec![one(
            &value["csp-report"],
            ["effective-directive", "document-uri", "blocked-uri"],
        )],
        _ => Vec::new(),
    }
}

/// An address without its query, which may hold somebody's data, and with plain characters only. The secret of an invitation's link is
/// part of a path, so paths are cut to their first step.
fn path(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    rest.split('/')
        .take(2)
        .collect::<Vec<_>>()
        .join("/")
        .chars()
        .filter(char::is_ascii_graphic)
        .take(80)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_forms_are_read_and_cut_to_what_does_no_harm() {
        let report = |directive, page: &str, blocked: &str| Report {
            directive,
            page: page.to_owned(),
            blocked: blocked.to_owned(),
        };
        let old = json!({"csp-report": {"effective-directive": "script-src-elem", "document-uri": "https://console.example/invitations/SECRET?a=b", "blocked-uri": "inline"}});
        assert_eq!(
            read(old.to_string().as_bytes()),
            [report(
                "script-src",
                "console.example/invitations",
                "inline"
            )]
        );
        let new = json!([
            {"type": "csp-violation", "body": {"effectiveDirective": "img-src", "documentURL": "https://console.example/", "blockedURL": "https://evil.example/x?card=4111"}},
            {"type": "deprecation", "body": {}},
            {"type": "csp-violation", "body": {"effectiveDirective": "x\ny"}},
        ]);
        assert_eq!(
            read(new.to_string().as_bytes()),
            [
                report("img-src", "console.example/", "evil.example/x"),
                report("other", "", ""),
            ]
        );
        for junk in ["", "[]", "{}", "1", "{\"csp-report\": 1}", "[[[["] {
            assert_eq!(read(junk.as_bytes()), []);
        }
    }
}
