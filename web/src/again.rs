//! The ways to the sign-in page, and the page that asks to sign in again before something sensitive.
//! What was typed travels along in the address to come back to, so that nothing is lost; a secret never does.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use std::sync::Arc;

use crate::{form::Form, reader::Reader, render, shell::Narrow, ui::SignInHelp, words::say};

/// The longest address to come back to; beyond it what was typed stays behind.
const LONGEST: usize = 1500;

/// The way to the sign-in page, and back to `next`.
pub(crate) fn sign_in(next: &str) -> String {
    format!("/login?next={}", encode(next))
}

/// The same, asking for the password even if the sign-in page still knows the person.
pub(crate) fn sign_in_again(next: &str) -> String {
    format!("/login?again=1&next={}", encode(next))
}

/// A page with the fields of a form in its address, for forms that fill themselves in from there.
pub(crate) fn with_fields(page: &str, form: &Form) -> String {
    let mut fields = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form.pairs() {
        // Somebody may paste a key into the wrong field.
        if !value.contains("ppk_test_") && !value.contains("ppk_live_") {
            fields.append_pair(name, value);
        }
    }
    let fields = fields.finish();
    if fields.is_empty() || page.len() + fields.len() > LONGEST {
        return page.to_owned();
    }
    format!("{page}?{fields}")
}

fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Why somebody has to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// What they want to do is sensitive, and it is long since they did.
    Sensitive,
    /// Nobody is signed in any more.
    SignedOut,
}

/// To the sign-in page, for a look at something. A form's answer must not lead there: browsers hold `form-action` against redirects.
pub(crate) fn redirect(way: &str) -> Response {
    Redirect::to(way).into_response()
}

/// An extension of the answer that nobody is signed in any more: who was told.
#[derive(Clone)]
struct SignedOut(Reader);

/// The answer to a form that came too late or from nobody: what was typed is there again after signing in.
pub(crate) fn keeping(refused: Response, page: &str, form: &Form) -> Response {
    match refused.extensions().get::<SignedOut>() {
        Some(SignedOut(reader)) => ask(reader, Why::SignedOut, &with_fields(page, form)),
        None => refused,
    }
}

/// The page with the link, for a form's answer.
pub(crate) fn ask(reader: &Reader, why: Why, next: &str) -> Response {
    let support = Arc::clone(&reader.support);
    let way = match why {
        Why::Sensitive => sign_in_again(next),
        Why::SignedOut => sign_in(next),
    };
    let mut response = render::page(StatusCode::UNAUTHORIZED, || view(why, way, support));
    response
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    if why == Why::SignedOut {
        response.extensions_mut().insert(SignedOut(reader.clone()));
    }
    response
}

pub(crate) fn view(why: Why, way: String, support: Arc<str>) -> impl IntoView {
    let (title, words) = match why {
        Why::Sensitive => (say!("again-sensitive"), say!("again-sensitive-why")),
        Why::SignedOut => (say!("again-signed-out"), say!("again-signed-out-why")),
    };
    view! {
        <Narrow title=title.clone() support=support>
            <section class="card">
                <h1>{title}</h1>
                <p>{words}</p>
                <a class="btn primary big" href=way>
                    {say!("sign-in")}
                </a>
                <SignInHelp/>
            </section>
        </Narrow>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_comes_back_and_a_key_does_not() {
        let form = Form::parse(b"name=J%C3%BCrgen+%26+Co&scopes=a%3Ab&scopes=c&oops=ppk_live_123");
        let page = with_fields("/api-keys", &form);
        assert_eq!(
            page,
            "/api-keys?name=J%C3%BCrgen+%26+Co&scopes=a%3Ab&scopes=c"
        );
        let way = sign_in_again(&page);
        let query = way.split_once('?').unwrap().1;
        assert_eq!(Form::parse(query.as_bytes()).get("next"), page);
        assert_eq!(http_api::sign_in::own_path(&page), page);
    }

    #[test]
    fn a_form_that_is_too_long_leaves_only_its_page() {
        let form = Form::parse(format!("name={}", "x".repeat(2000)).as_bytes());
        assert_eq!(with_fields("/people", &form), "/people");
        assert_eq!(with_fields("/people", &Form::default()), "/people");
    }
}
