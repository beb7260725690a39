//! `/operator/…`: how all tenants are doing, for the vendor's operator: registrations, tenants, AWS's events, jobs. To anybody else these
//! pages do not exist, which is the operations' affair.

pub(crate) mod events;
pub(crate) mod jobs;
pub(crate) mod registrations;
pub(crate) mod tenants;

use std::str::FromStr;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    Error, ErrorKind,
    id::{InboxId, RegistrationId, TenantId},
};
use runtime::extract::Path;

use leptos::prelude::*;

use crate::{
    form::{Form, Query},
    reader::SignedIn,
    render,
    shell::{Console, Frame, Place},
    ui::Pager,
};

const ROWS: usize = 50;
/// There are none in most moments.
const MOST_JOBS: u64 = 200;

/// One page of a list, newest first.
#[derive(Debug, Clone)]
pub(crate) struct List<T> {
    /// The rows.
    pub(crate) rows: Vec<T>,
    /// Whether it begins somewhere else than at the newest.
    pub(crate) moved: bool,
    /// Where the next page begins, if there is one.
    pub(crate) older: Option<String>,
}

impl<T> List<T> {
    /// Cuts what was read, which is one row more than a page if there are more.
    fn cut(mut rows: Vec<T>, moved: bool, id: impl Fn(&T) -> String) -> Self {
        let more = rows.len() > ROWS;
        rows.truncate(ROWS);
        Self {
            older: rows.last().filter(|_| more).map(id),
            rows,
            moved,
        }
    }

    /// The first page and the next one, at that path.
    fn pages(&self, path: &str) -> (Option<String>, Option<String>) {
        let older = self.older.as_ref();
        (
            self.moved.then(|| path.to_owned()),
            older.map(|id| format!("{path}?before={id}")),
        )
    }
}

/// What stands around a list.
pub(crate) struct Page {
    title: &'static str,
    place: Place,
    path: &'static str,
    intro: &'static str,
    /// What is said when there is nothing in it.
    empty: &'static str,
}

impl Page {
    fn view<T>(
        self,
        frame: Frame,
        list: List<T>,
        table: impl FnOnce(Vec<T>) -> AnyView,
    ) -> impl IntoView {
        let (newest, older) = list.pages(self.path);
        let content = if list.rows.is_empty() {
            view! { <p class="quiet">{self.empty}</p> }.into_any()
        } else {
            table(list.rows)
        };
        view! {
            <Console title=self.title frame=frame place=self.place>
                <div class="page-head">
                    <div>
                        <h1>{self.title}</h1>
                        <p>{self.intro}</p>
                    </div>
                </div>
                <section class="card">
                    <h2>"Newest first"</h2>
                    {content}
                    <Pager newest=newest older=older/>
                </section>
            </Console>
        }
    }
}

/// The row that the page begins after; none for the newest.
fn before<T: FromStr>(query: &Form) -> Result<Option<T>, Error> {
    let given = query.given("before").map(|word| {
        word.parse().map_err(|_: T::Err| {
            let words = "The address asks for a page that does not exist. Open the list again from the navigation.";
            Error::new(ErrorKind::Malformed, "bad_filter", words)
        })
    });
    given.transpose()
}

/// `GET /operator/registrations`
pub(super) async fn registrations(signed_in: SignedIn, Query(query): Query) -> Response {
    let page = async {
        let before = before::<RegistrationId>(&query)?;
        let found = control::registration::list_all(&signed_in.cx, before, ROWS as u64 + 1).await?;
        let list = List::cut(found, before.is_some(), |last| {
            last.registration.id.to_string()
        });
        let frame = signed_in.frame().await?;
        Ok(render::page(StatusCode::OK, || {
            registrations::view(frame, list)
        }))
    };
    signed_in.answer(page.await)
}

/// `GET /operator/tenants`
pub(super) async fn tenants(signed_in: SignedIn, Query(query): Query) -> Response {
    let page = async {
        let before = before::<TenantId>(&query)?;
        let found = control::tenant::list_all(&signed_in.cx, before, ROWS as u64 + 1).await?;
        let list = List::cut(found, before.is_some(), |(tenant, _)| tenant.id.to_string());
        let frame = signed_in.frame().await?;
        Ok(render::page(StatusCode::OK, || tenants::view(frame, list)))
    };
    signed_in.answer(page.await)
}

/// `GET /operator/events`
pub(super) async fn events(signed_in: SignedIn, Query(query): Query) -> Response {
    let page = async {
        let before = before::<InboxId>(&query)?;
        let found = control::inbox::list(&signed_in.cx, before, ROWS as u64 + 1).await?;
        let list = List::cut(found, before.is_some(), |last| last.id.to_string());
        let frame = signed_in.frame().await?;
        Ok(render::page(StatusCode::OK, || events::view(frame, list)))
    };
    signed_in.answer(page.await)
}

/// `GET /operator/jobs`; `?again=1` after one was let go.
pub(super) async fn jobs(signed_in: SignedIn, Query(query): Query) -> Response {
    let page = async {
        let found = control::job::list(&signed_in.cx, MOST_JOBS).await?;
        let done = query
            .given("again")
            .map(|_| "It runs again within a second.".to_owned());
        let frame = signed_in.frame().await?;
        Ok(render::page(StatusCode::OK, || {
            jobs::view(frame, found, done)
        }))
    };
    signed_in.answer(page.await)
}

/// `POST /operator/jobs/{work}/{item}/rerun`
pub(super) async fn rerun(
    signed_in: SignedIn,
    Path((work, item)): Path<(String, String)>,
) -> Response {
    let outcome = control::job::rerun(&signed_in.cx, &work, &item).await;
    let answer = outcome.map(|()| Redirect::to("/operator/jobs?again=1").into_response());
    signed_in.answer_form(answer, "/operator/jobs", &Form::default())
}
