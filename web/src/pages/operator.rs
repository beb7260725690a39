//! `/operator/…`: how all tenants are doing, for the vendor's operator: registrations, tenants, AWS's events, jobs. To anybody else these
//! pages do not exist, which is the operations' affair.

pub(crate) mod events;
pub(crate) mod jobs;
pub(crate) mod registrations;
pub(crate) mod tenants;

use std::str::FromStr;

use axum::{http::StatusCode, response::Response};
use control::inbox::InboxState;
use domain::{
    Error,
    id::{InboxId, RegistrationId, TenantId},
    tenant::TenantState,
};
use runtime::extract::Path;

use leptos::prelude::*;

use super::list::{READ, address, asked, cut};
use crate::{
    flash::{self, Flash},
    form::{Form, Query},
    reader::SignedIn,
    render,
    shell::{Console, Frame, Place},
    ui::{Card, Empty, PageHead, Pager, Segmented},
    words::say,
};

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
    /// The state that it is narrowed to; empty for all.
    pub(crate) state: &'static str,
}

impl<T> List<T> {
    /// Cuts what was read, which is one row more than a page if there are more.
    fn cut(
        mut rows: Vec<T>,
        moved: bool,
        state: Option<&'static str>,
        id: impl Fn(&T) -> String,
    ) -> Self {
        Self {
            older: cut(&mut rows, id),
            rows,
            moved,
            state: state.unwrap_or_default(),
        }
    }

    /// The first page and the next one, at that path.
    fn pages(&self, path: &str) -> (Option<String>, Option<String>) {
        let at = |before: &str| address(path, &[("state", self.state), ("before", before)]);
        (self.moved.then(|| at("")), self.older.as_deref().map(at))
    }
}

/// What stands around a list.
pub(crate) struct Page {
    title: String,
    place: Place,
    path: &'static str,
    intro: String,
    /// What is said when there is nothing in it.
    empty: String,
    /// What it may be narrowed to, and how that reads.
    states: Vec<(&'static str, String)>,
}

impl Page {
    fn view<T>(
        self,
        frame: Frame,
        list: List<T>,
        table: impl FnOnce(Vec<T>) -> AnyView,
    ) -> impl IntoView {
        let (newest, older) = list.pages(self.path);
        let states = (!self.states.is_empty()).then(|| states(self.path, self.states, list.state));
        let content = match (list.rows.is_empty(), list.state) {
            (false, _) => table(list.rows),
            (true, "") => view! { <Empty words=self.empty/> }.into_any(),
            (true, _) => view! { <Empty words=say!("operator-state-none")/> }.into_any(),
        };
        view! {
            <Console title=self.title.clone() frame=frame place=self.place>
                <PageHead title=self.title intro=self.intro/>
                <Card title=say!("operator-newest-first")>
                    {states}
                    {content}
                    <Pager newest=newest older=older/>
                </Card>
            </Console>
        }
    }
}

fn states(path: &str, states: Vec<(&'static str, String)>, shown: &str) -> AnyView {
    let all = ("", say!("operator-state-all"));
    let views = std::iter::once(all).chain(states).map(|(state, name)| {
        let href = address(path, &[("state", state)]);
        (href, name, state == shown)
    });
    view! { <Segmented label=say!("operator-state") views=views.collect()/> }.into_any()
}

/// The row that the page begins after; none for the newest.
fn before<T: FromStr>(query: &Form) -> Result<Option<T>, Error> {
    asked(query, "before", |word| word.parse().ok())
}

/// `GET /operator/registrations`
pub(super) async fn registrations(signed_in: SignedIn, Query(query): Query) -> Response {
    let page = async {
        let before = before::<RegistrationId>(&query)?;
        let found = control::registration::list_all(&signed_in.cx, before, READ).await?;
        let list = List::cut(found, before.is_some(), None, |last| {
            last.registration.id.to_string()
        });
        let frame = signed_in.frame().await?;
        Ok(render::page(StatusCode::OK, || {
            registrations::view(frame, list)
        }))
    };
    signed_in.answer(page.await)
}

/// `GET /operator/tenants`, narrowed by `state`
pub(super) async fn tenants(signed_in: SignedIn, Query(query): Query) -> Response {
    let page = async {
        let before = before::<TenantId>(&query)?;
        let state = asked(&query, "state", |word| word.parse::<TenantState>().ok())?;
        let found = control::tenant::list_all(&signed_in.cx, before, state, READ).await?;
        let word = state.map(TenantState::as_str);
        let list = List::cut(found, before.is_some(), word, |(tenant, _)| {
            tenant.id.to_string()
        });
        let frame = signed_in.frame().await?;
        Ok(render::page(StatusCode::OK, || tenants::view(frame, list)))
    };
    signed_in.answer(page.await)
}

/// `GET /operator/events`, narrowed by `state`
pub(super) async fn events(signed_in: SignedIn, Query(query): Query) -> Response {
    let page = async {
        let before = before::<InboxId>(&query)?;
        let state = asked(&query, "state", |word| {
            let mut states = InboxState::ALL.into_iter();
            states.find(|state| state.as_str() == word)
        })?;
        let found = control::inbox::list(&signed_in.cx, before, state, READ).await?;
        let word = state.map(InboxState::as_str);
        let list = List::cut(found, before.is_some(), word, |last| last.id.to_string());
        let frame = signed_in.frame().await?;
        Ok(render::page(StatusCode::OK, || events::view(frame, list)))
    };
    signed_in.answer(page.await)
}

/// `GET /operator/jobs`
pub(super) async fn jobs(signed_in: SignedIn, flash: Flash) -> Response {
    let page = async {
        let found = control::job::list(&signed_in.cx, MOST_JOBS).await?;
        let done = flash
            .done
            .given("again")
            .map(|_| say!("operator-jobs-again-done"));
        let frame = signed_in.frame().await?;
        Ok(render::page(StatusCode::OK, || {
            jobs::view(frame, found, done)
        }))
    };
    let page = page.await;
    flash.shown(signed_in.answer(page))
}

/// `POST /operator/jobs/{work}/{item}/rerun`
pub(super) async fn rerun(
    signed_in: SignedIn,
    Path((work, item)): Path<(String, String)>,
) -> Response {
    let outcome = control::job::rerun(&signed_in.cx, &work, &item).await;
    let answer = outcome.map(|()| flash::redirect("/operator/jobs", "again=1"));
    signed_in.answer_form(answer, "/operator/jobs", &Form::default())
}
