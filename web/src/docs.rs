//! The documentation: `/docs` and what is under it, for everybody; who is signed in sees it inside the console, with their own ids in
//! the samples. The text is Markdown in `docs/guide`; the API reference is made from the OpenAPI document.

mod guide;
mod markdown;
mod plain;
mod reference;
mod samples;
mod view;

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, State},
    http::{StatusCode, request::Parts},
    response::Response,
};
use domain::{Error, policy::Actor};
use http_api::Http;
use runtime::{extract::Path, problem::log_private};

pub(crate) use self::plain::llms;
use self::{guide::find, samples::Ids};
use crate::{
    again,
    reader::{Anybody, SignedIn},
    render,
    shell::Frame,
};

/// Who reads.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    /// The console's frame, if they are signed in.
    pub(crate) frame: Option<Frame>,
    /// Where people write to.
    pub(crate) support: Arc<str>,
    /// Where to sign in and come back from.
    pub(crate) sign_in: String,
    /// What samples are filled with.
    pub(crate) ids: Ids,
}

impl Visit {
    /// The reader as the documentation sees them: whatever hinders the look at their account, the page is there.
    async fn of(any: Anybody) -> Self {
        let tenant = match any.cx.actor() {
            Actor::User(person) => person.membership.map(|(tenant, _)| tenant),
            _ => None,
        };
        let ids = Ids::of(&any.public_url, tenant, any.cx.now());
        let support = Arc::clone(&any.reader.support);
        let sign_in = again::sign_in(&any.page());
        let frame = match SignedIn::of(any) {
            Ok(signed_in) => signed_in.frame().await.inspect_err(log_private).ok(),
            Err(_) => None,
        };
        Self {
            frame,
            support,
            sign_in,
            ids,
        }
    }
}

/// `GET /docs`
pub(crate) async fn index(any: Anybody) -> Response {
    let visit = Visit::of(any).await;
    render::page(StatusCode::OK, || view::index(visit))
}

/// `GET /docs/{page}`, and with `.md` behind it the Markdown.
pub(crate) async fn show(
    Path(name): Path<String>,
    State(http): State<Http>,
    mut parts: Parts,
) -> Response {
    if let Some((page, _, _)) = name.strip_suffix(".md").and_then(find) {
        return plain::page(page, &http.public_url, &parts.headers);
    }
    let found = find(&name);
    answer(&http, &mut parts, found, |visit, (page, before, after)| {
        render::page(StatusCode::OK, || view::page(visit, page, before, after))
    })
    .await
}

/// `GET /docs/problems/{code}`
pub(crate) async fn problem(
    Path(code): Path<String>,
    State(http): State<Http>,
    mut parts: Parts,
) -> Response {
    let found = guide::problem(&code);
    answer(&http, &mut parts, found, |visit, problem| {
        render::page(StatusCode::OK, || view::problem(visit, problem))
    })
    .await
}

/// Whether the problem with this code has its page.
pub fn explains(code: &str) -> bool {
    guide::problem(code).is_some()
}

async fn answer<T>(
    http: &Http,
    parts: &mut Parts,
    found: Option<T>,
    show: impl FnOnce(Visit, T) -> Response,
) -> Response {
    match (Anybody::from_request_parts(parts, http).await, found) {
        (Ok(any), Some(found)) => show(Visit::of(any).await, found),
        (Ok(any), None) => any.answer(Err(Error::not_found("page"))),
        (Err(refused), _) => refused,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Ids, Visit, find, guide, view};
    use crate::{
        render::html,
        samples::{frame_of, now, tenant},
    };
    use domain::role::Role;

    fn visit(signed_in: bool) -> Visit {
        let frame = frame_of(Role::Owner);
        let url = "https://console.payphone.example";
        Visit {
            support: frame.support.clone(),
            sign_in: "/login?next=%2Fdocs".to_owned(),
            ids: Ids::of(url, signed_in.then(tenant), now()),
            frame: signed_in.then_some(frame),
        }
    }

    /// Every page, by name, for the rules of pages.
    pub(crate) fn all() -> Vec<(&'static str, String)> {
        let page = |slug: &str, signed_in| {
            let (page, before, after) = find(slug).unwrap();
            html(|| view::page(visit(signed_in), page, before, after))
        };
        let problem = guide::problem("bad_cursor").unwrap();
        let mut pages = vec![
            ("docs", html(|| view::index(visit(true)))),
            ("docs-public", html(|| view::index(visit(false)))),
            ("docs-usage-events-public", page("usage-events", false)),
            ("docs-problem", html(|| view::problem(visit(true), problem))),
            (
                "docs-problem-public",
                html(|| view::problem(visit(false), problem)),
            ),
        ];
        for found in guide::pages() {
            let name: &'static str = Box::leak(format!("docs-{}", found.slug).into_boxed_str());
            pages.push((name, page(found.slug, true)));
        }
        pages
    }
}
