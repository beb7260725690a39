//! Where AWS Marketplace sends buyers: the token is resolved in the request that brought it, and then forgotten.
//! Invariant: the token is in no address, cookie, log line or page; what stays is a signed cookie that names the licence.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{FromRequest, Multipart, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use control::{Cx, registration::register};
use domain::{Error, ErrorKind, policy::Actor};
use http_api::{Http, registration_cookie};
use leptos::prelude::*;
use runtime::{client_address::ClientAddress, stack::body_limit};
use secrecy::SecretString;

use crate::{
    error_page,
    form::{Form, LIMIT, essence, not_a_form},
    reader::Reader,
    render,
    shell::Narrow,
    ui::SetUpAgain,
    words::say,
};

const TOKEN: &str = "x-amzn-marketplace-token";
/// AWS sends it along for trials alone, with the word `free-trial`.
const OFFER_TYPE: &str = "x-amzn-marketplace-offer-type";

/// What AWS Marketplace has the buyer's browser send.
struct Sent {
    token: SecretString,
    free_trial: bool,
}

/// The one route that a foreign site may post to; it stands outside the CSRF layer and changes nothing for anybody signed in.
pub fn router() -> Router<Http> {
    Router::new().route(
        "/marketplace/register",
        get(explain).post(arrive).layer(body_limit(LIMIT)),
    )
}

async fn explain(reader: Reader) -> Response {
    render::page(StatusCode::OK, || start_page(reader.support))
}

async fn arrive(State(http): State<Http>, reader: Reader, request: Request) -> Response {
    match welcome(&http, &reader, request).await {
        Ok(response) => response,
        Err(error) => error_page::answer_arrival(&reader, &error),
    }
}

async fn welcome(http: &Http, reader: &Reader, request: Request) -> Result<Response, Error> {
    let address = ClientAddress::of(request.extensions()).0;
    let Sent { token, free_trial } = read_form(request).await?;
    let cx = Cx::new(
        Arc::clone(&http.app),
        Actor::System("marketplace-landing"),
        &reader.request_id,
    )
    .from_address(Some(address));
    let registered = register(&cx, &token, free_trial).await?;
    let cookie = registration_cookie::make(
        &http.cookie_key,
        registered.tenant,
        registered.licence,
        http.app.real.now(),
        http.is_https(),
    )
    .ok_or_else(|| Error::internal("the registration cookie could not be signed"))?;
    let cookie = HeaderValue::from_str(&cookie.to_string()).map_err(Error::internal)?;
    let headers = [(header::SET_COOKIE, cookie)];
    Ok((headers, Redirect::to("/welcome")).into_response())
}

/// Either kind of form. Every other field is only a hint, and ignored.
async fn read_form(request: Request) -> Result<Sent, Error> {
    let kind = essence(request.headers());
    let content_type = request.headers().get(header::CONTENT_TYPE).cloned();
    if kind != "application/x-www-form-urlencoded" && kind != "multipart/form-data" {
        return Err(not_a_form());
    }
    let body = runtime::extract::body(request)
        .await
        .map_err(|refused| refused.0)?;
    let form = if kind == "multipart/form-data" {
        let mut again = Request::new(Body::from(body));
        if let Some(value) = content_type {
            again.headers_mut().insert(header::CONTENT_TYPE, value);
        }
        read_multipart(again).await?
    } else {
        Form::parse(&body)
    };
    let free_trial = form.get(OFFER_TYPE).eq_ignore_ascii_case("free-trial");
    form.given(TOKEN)
        .map(|text| Sent {
            token: SecretString::from(text.trim()),
            free_trial,
        })
        .ok_or_else(|| {
            Error::new(
                ErrorKind::Malformed,
                "token_missing",
                "This address only works with what AWS Marketplace sends along when you press Set up your account there.",
            )
        })
}

/// The two fields that count.
async fn read_multipart(request: Request) -> Result<Form, Error> {
    // The causes are left out on purpose: they may quote the body.
    let unreadable = || {
        Error::new(
            ErrorKind::Malformed,
            "malformed",
            "The form did not arrive whole. Come in again from AWS Marketplace:",
        )
    };
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| unreadable())?;
    let mut read = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|_| unreadable())? {
        let known = [TOKEN, OFFER_TYPE]
            .into_iter()
            .find(|name| field.name() == Some(name));
        if let Some(name) = known {
            let text = field.text().await.map_err(|_| unreadable())?;
            read.push((name.to_owned(), text));
        }
    }
    Ok(Form::of(read))
}

/// What people see who open the address by hand.
pub(crate) fn start_page(support: Arc<str>) -> impl IntoView {
    view! {
        <Narrow title=say!("landing-title") support=support>
            <section class="card">
                <h1>{say!("landing-heading")}</h1>
                <p>{say!("landing-what")}</p>
                <h2>{say!("landing-subscribed")}</h2>
                <SetUpAgain/>
            </section>
        </Narrow>
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    async fn read(content_type: &'static str, body: &'static str) -> Result<String, &'static str> {
        let mut request = Request::new(Body::from(body));
        request
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        match read_form(request).await {
            Ok(sent) if sent.free_trial => Ok(format!("{} on trial", sent.token.expose_secret())),
            Ok(sent) => Ok(sent.token.expose_secret().to_owned()),
            Err(error) => {
                assert!(!format!("{error} {}", error.private()).contains("secret"));
                Err(error.code())
            }
        }
    }

    #[tokio::test]
    async fn the_token_is_read_from_either_kind_of_form_and_nothing_else() {
        const FORM: &str = "application/x-www-form-urlencoded";
        const PARTS: &str = "multipart/form-data; boundary=b";
        for (content_type, body, answer) in [
            (FORM, "x-amzn-marketplace-token=a%2Bb%3D", Ok("a+b=")),
            (
                "Application/X-WWW-form-urlencoded; charset=UTF-8",
                "x-amzn-marketplace-offer-type=free-trial&x-amzn-marketplace-token=t",
                Ok("t on trial"),
            ),
            (
                FORM,
                "x-amzn-marketplace-token=t&x-amzn-marketplace-offer-type=other",
                Ok("t"),
            ),
            (FORM, "x-amzn-marketplace-token=", Err("token_missing")),
            (FORM, "token=secret", Err("token_missing")),
            (
                PARTS,
                "--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\n1\r\n--b\r\nContent-Disposition: form-data; name=\"x-amzn-marketplace-token\"\r\n\r\na+b=\r\n--b\r\nContent-Disposition: form-data; name=\"x-amzn-marketplace-offer-type\"\r\n\r\nfree-trial\r\n--b--\r\n",
                Ok("a+b= on trial"),
            ),
            (
                PARTS,
                "--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nsecret\r\n--b--\r\n",
                Err("token_missing"),
            ),
            (
                PARTS,
                "--b\r\nContent-Disposition: form-data; name=\"x-amzn-marketplace-token\"\r\n\r\nsecret",
                Err("malformed"),
            ),
            ("multipart/form-data", "secret", Err("malformed")),
            (
                "application/json",
                "{\"x-amzn-marketplace-token\": \"secret\"}",
                Err("unsupported_media_type"),
            ),
        ] {
            let found = read(content_type, body).await;
            assert_eq!(found.as_deref().map_err(|code| *code), answer, "{body}");
        }
    }
}
