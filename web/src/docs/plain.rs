//! The documentation for programs: each page as Markdown, and `llms.txt` with a line about each. The same for everybody, so it may be
//! kept for a while and asked for by its tag.

use std::fmt::Write;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use http_api::Http;

use super::{
    guide::{Page, pages},
    samples::{self, Ids},
};
use crate::assets;

/// How long it may be kept without asking: texts change with releases alone.
const KEPT: &str = "public, max-age=300";

/// `GET /docs/{page}.md`
pub(super) fn page(page: &Page, public_url: &str, asked: &HeaderMap) -> Response {
    let text = markdown(page.source, &Ids::of_nobody(public_url));
    answer("text/markdown; charset=utf-8", text, asked)
}

/// `GET /llms.txt`, in the form of <https://llmstxt.org>.
pub(crate) async fn llms(State(http): State<Http>, asked: HeaderMap) -> Response {
    answer("text/plain; charset=utf-8", list(&http.public_url), &asked)
}

fn list(public_url: &str) -> String {
    let mut text = String::from(
        "# Payphone\n\n> Card payments by phone for Amazon Connect, sold on AWS Marketplace: no agent, recording or AWS account of the customer touches a card number.\n",
    );
    let mut group = "";
    for page in pages() {
        if group != page.group {
            group = page.group;
            let _ = write!(text, "\n## {group}\n\n");
        }
        let (title, slug) = (page.title, page.slug);
        let line = page.in_one_line();
        let _ = writeln!(text, "- [{title}]({public_url}/docs/{slug}.md): {line}");
    }
    let _ = writeln!(
        text,
        "\n## Machine-readable\n\n- [OpenAPI document]({public_url}/openapi.json): every operation of the REST API."
    );
    text
}

/// A page's text with every sample written out.
fn markdown(source: &str, ids: &Ids) -> String {
    let mut text = String::new();
    let mut parts = source.split("```sample\n");
    text += parts.next().unwrap_or_default();
    for part in parts {
        let (name, rest) = part.split_once("\n```").unwrap_or((part, ""));
        let written = samples::find(name.trim())
            .into_iter()
            .flatten()
            .map(|sample| {
                let code = ids.fill(sample.text);
                format!("{}:\n\n```{}\n{code}```", sample.language, sample.fence)
            });
        text += &written.collect::<Vec<_>>().join("\n\n");
        text += rest;
    }
    text
}

fn answer(kind: &'static str, text: String, asked: &HeaderMap) -> Response {
    let tag = format!("\"{:016x}\"", assets::hash(&text));
    let known = asked
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value == "*"
                || value
                    .split(',')
                    .any(|one| one.trim().trim_start_matches("W/") == tag)
        });
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CACHE_CONTROL, KEPT.to_owned()),
        (header::ETAG, tag),
    ];
    if known {
        (StatusCode::NOT_MODIFIED, headers).into_response()
    } else {
        (headers, text).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_written_out_and_every_page_is_listed() {
        let url = "https://console.payphone.example";
        let text = markdown(
            "a\n\n```sample\nlist-usage\n```\n\nb\n",
            &Ids::of_nobody(url),
        );
        assert!(text.starts_with("a\n\ncurl:\n\n```sh\ncurl -sS"), "{text}");
        assert!(text.ends_with("}\n```\n\nb\n"), "{text}");
        assert!(
            !text.contains("{{") && text.contains("```python\n"),
            "{text}"
        );
        let list = list(url);
        for page in pages() {
            assert!(
                list.contains(&format!("({url}/docs/{}.md): ", page.slug)),
                "{list}"
            );
        }
    }

    #[test]
    fn whoever_has_it_is_told_so() {
        let mut asked = HeaderMap::new();
        let first = answer("text/plain", "text".to_owned(), &asked);
        assert_eq!(first.status(), StatusCode::OK);
        let tag = first.headers()[header::ETAG].clone();
        for value in [
            tag.to_str().unwrap().to_owned(),
            format!("\"x\", W/{}", tag.to_str().unwrap()),
        ] {
            asked.insert(header::IF_NONE_MATCH, value.parse().unwrap());
            let again = answer("text/plain", "text".to_owned(), &asked);
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
            assert_eq!(again.headers()[header::ETAG], tag);
        }
        let changed = answer("text/plain", "texts".to_owned(), &asked);
        assert_eq!(changed.status(), StatusCode::OK);
    }
}
