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
            "Lost your authenticator?",
            "A recovery code takes its place once. You set up a new authenticator at the next sign-in, after your password, and are signed out everywhere else.",
            "/recover",
            "Use the code",
        ),
        Help::FirstPassword => (
            "No first password?",
            "If the mail with your temporary password never came, or its seven days are over, we send another one. It is only for who has never signed in.",
            "/login/help",
            "Send it again",
        ),
    };
    let code = (page.help == Help::Authenticator).then(|| {
        view! {
            <TextField
                name="code"
                label="Recovery code"
                hint="One of the ten you kept, such as k7m2p-x9qrt-4hvwz. Capitals and hyphens do not matter."
                kind="text"
                autocomplete="off"
                value=String::new()
                fault=page.faults.about("code")
            />
        }
    });
    let other = match page.help {
        Help::Authenticator => view! {
            <h2>"No code at hand?"</h2>
            <ol class="plain-steps quiet small">
                <li>"Ask another owner of your account, or an admin if you are no owner: they reset your authenticator on their page People, and you set up a new one."</li>
                <li>"If you are the only owner, one of your recovery codes is the way back. Look where you keep passwords, and on paper."</li>
                <li>"If there is neither, write to us. We first have to make sure that the account is yours."</li>
            </ol>
        }
        .into_any(),
        Help::FirstPassword => view! {
            <ul class="plain-steps quiet small">
                <li>"Signed in before? The sign-in page has a link for a forgotten password."</li>
                <li>"Lost your authenticator? " <a href="/recover">"Use a recovery code"</a> "."</li>
            </ul>
        }
        .into_any(),
    };
    view! {
        <Narrow title=title support=page.support>
            <section class="card">
                <div>
                    <h1>{title}</h1>
                    <p class="quiet">{words}</p>
                </div>
                <ErrorSummary faults=page.faults.clone()/>
                <form class="form" method="post" action=action novalidate=true>
                    <TextField
                        name="email"
                        label="Your e-mail"
                        hint="The address you sign in with."
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
                    <a href="/login">"Back to the sign-in page"</a>
                    " · "
                    <DocsLink page="access" label="Losing access"/>
                </p>
            </section>
        </Narrow>
    }
}

/// The answer, whoever asked.
pub(crate) fn done(help: Help, support: Arc<str>) -> impl IntoView {
    let (title, words, more) = match help {
        Help::Authenticator => (
            "Now sign in",
            "If address and code belong together, your authenticator is forgotten within a minute, and the code is used up. Sign in with your password; you are then asked to set up a new authenticator.",
            "If you are still asked for a code of the old one, the address or the recovery code was not right: try again, or use another code.",
        ),
        Help::FirstPassword => (
            "Look into your mail",
            "If somebody with this address has never signed in, a new temporary password is on its way. The one before stops working.",
            "Nothing after two minutes? Look into the spam folder. If you have signed in before, the sign-in page has a link for a forgotten password.",
        ),
    };
    view! {
        <Narrow title=title support=support>
            <section class="card">
                <h1>{title}</h1>
                <p>{words}</p>
                <p class="quiet">{more}</p>
                <a class="btn primary big" href="/login">
                    "Sign in"
                </a>
            </section>
        </Narrow>
    }
}
