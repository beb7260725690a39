//! Help for who cannot sign in: `/recover` for a lost authenticator, `/login/help` for a first password that never came.
//! Invariant: the answer is the same whether there is such a person, such a code, or neither.

use std::sync::Arc;

use axum::{http::StatusCode, response::Response};
use domain::{Error, registration::Email};
use leptos::prelude::*;

use crate::{
    form::{Faults, Form},
    reader::Anybody,
    render,
    shell::Narrow,
    ui::{DocsLink, ErrorSummary, TextField},
    words::say,
};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Help {
    /// `/recover`
    Authenticator,
    /// `/login/help`
    FirstPassword,
}

/// What stands on the page.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// Which of the two.
    pub(crate) help: Help,
    /// What stands in the form.
    pub(crate) email: String,
    /// What was wrong with it.
    pub(crate) faults: Faults,
    /// Where people write to.
    pub(crate) support: Arc<str>,
}

/// `GET /recover`
pub(super) async fn show_recover(any: Anybody) -> Response {
    form_page(
        &any,
        Help::Authenticator,
        String::new(),
        Faults::default(),
        StatusCode::OK,
    )
}

/// `POST /recover`, with `email` and `code`.
pub(super) async fn recover(any: Anybody, form: Form) -> Response {
    let outcome = async {
        let email = read_email(&form)?;
        control::recovery_code::recover(&any.cx, &email, form.get("code")).await
    };
    answer(&any, Help::Authenticator, &form, outcome.await)
}

/// `GET /login/help`
pub(super) async fn show_first_password(any: Anybody) -> Response {
    form_page(
        &any,
        Help::FirstPassword,
        String::new(),
        Faults::default(),
        StatusCode::OK,
    )
}

/// `POST /login/help`, with `email`.
pub(super) async fn first_password(any: Anybody, form: Form) -> Response {
    let outcome = async {
        let email = read_email(&form)?;
        control::user::ask_for_password(&any.cx, &email).await
    };
    answer(&any, Help::FirstPassword, &form, outcome.await)
}

/// What is no address at all is said, since that is known without looking anybody up.
fn read_email(form: &Form) -> Result<Email, Error> {
    form.get("email")
        .parse()
        .map_err(|fault: &'static str| Error::field("invalid_email", "email", fault))
}

fn answer(any: &Anybody, help: Help, form: &Form, outcome: Result<(), Error>) -> Response {
    let error = match outcome {
        Ok(()) => {
            let support = Arc::clone(&any.reader.support);
            return render::page(StatusCode::OK, || done(help, support));
        }
        Err(error) => error,
    };
    match Faults::of(&error) {
        Some(faults) => {
            let status = runtime::problem::status_of(error.kind()).0;
            // The code is not shown again: it is as good as a secret.
            form_page(any, help, form.get("email").to_owned(), faults, status)
        }
        None => any.answer(Err(error)),
    }
}

fn form_page(
    any: &Anybody,
    help: Help,
    email: String,
    faults: Faults,
    status: StatusCode,
) -> Response {
    let page = Page {
        help,
        email,
        faults,
        support: Arc::clone(&any.reader.support),
    };
    render::page(status, || view(page))
}

pub(crate) fn view(page: Page) -> impl IntoView {
    let (title, words, action, button) = match page.help {
        Help::Authenticator => (
            say!("help-authenticator"),
            say!("help-authenticator-intro"),
            "/recover",
            say!("help-authenticator-send"),
        ),
        Help::FirstPassword => (
            say!("help-password"),
            say!("help-password-intro"),
            "/login/help",
            say!("help-password-send"),
        ),
    };
    let code = (page.help == Help::Authenticator).then(|| {
        view! {
            <TextField
                name="code"
                label=say!("help-code")
                hint=say!("help-code-hint", example = "k7m2p-x9qrt-4hvwz")
                kind="text"
                autocomplete="off"
                value=String::new()
                fault=page.faults.about("code")
            />
        }
    });
    let other = match page.help {
        Help::Authenticator => view! {
            <h2>{say!("help-authenticator-no-code")}</h2>
            <ol class="plain-steps quiet small">
                <li>{say!("help-authenticator-ask")}</li>
                <li>{say!("help-authenticator-alone")}</li>
                <li>{say!("help-authenticator-write")}</li>
            </ol>
        }
        .into_any(),
        Help::FirstPassword => {
            let link = view! { <a href="/recover">{say!("sign-in-lost-link")}</a> };
            view! {
                <ul class="plain-steps quiet small">
                    <li>{say!("help-password-known")}</li>
                    <li>{say!("help-password-lost"; link = link)}</li>
                </ul>
            }
            .into_any()
        }
    };
    view! {
        <Narrow title=title.clone() support=page.support>
            <section class="card">
                <div>
                    <h1>{title}</h1>
                    <p class="quiet">{words}</p>
                </div>
                <ErrorSummary faults=page.faults.clone()/>
                <form class="form" method="post" action=action novalidate=true>
                    <TextField
                        name="email"
                        label=say!("help-email")
                        hint=say!("help-email-hint")
                        kind="email"
                        autocomplete="email"
                        value=page.email
                        fault=page.faults.about("email")
                    />
                    {code}
                    <button class="btn primary big" type="submit">
                        {button}
                    </button>
                </form>
                {other}
                <p>
                    <a href="/login">{say!("help-back")}</a>
                    " · "
                    <DocsLink page="access" label=say!("account-access")/>
                </p>
            </section>
        </Narrow>
    }
}

/// The answer, whoever asked.
pub(crate) fn done(help: Help, support: Arc<str>) -> impl IntoView {
    let (title, words, more) = match help {
        Help::Authenticator => (
            say!("help-authenticator-done"),
            say!("help-authenticator-done-how"),
            say!("help-authenticator-done-else"),
        ),
        Help::FirstPassword => (
            say!("help-password-done"),
            say!("help-password-done-how"),
            say!("help-password-done-else"),
        ),
    };
    view! {
        <Narrow title=title.clone() support=support>
            <section class="card">
                <h1>{title}</h1>
                <p>{words}</p>
                <p class="quiet">{more}</p>
                <a class="btn primary big" href="/login">
                    {say!("sign-in")}
                </a>
            </section>
        </Narrow>
    }
}
