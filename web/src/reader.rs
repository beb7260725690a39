//! Who reads the page: anybody, with the request's id and where to ask for help; somebody signed in; a visitor, who is in a tenant.
//! Pages are for people: whoever is not signed in goes to sign in and comes back, and API keys have the API.

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{Extensions, Method, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use control::{Cx, session::Account};
use domain::{
    Error, ErrorKind, Mode,
    id::TenantId,
    policy::{self, Action, Actor, Person},
};
use http_api::{Http, mode_cookie, who::Caller};
use runtime::request_id::RequestId;

use crate::{
    again::{self, Why},
    error_page::{self, ErrorPage},
    form::Form,
    other_tenant,
    shell::Frame,
    words::say,
};

/// Anybody, and nothing about who it is.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    /// Where people write to.
    pub(crate) support: Arc<str>,
    /// The request's id, for support.
    pub(crate) request_id: String,
}

impl Reader {
    pub(crate) fn new(extensions: &Extensions, http: &Http) -> Self {
        let request_id = extensions
            .get::<RequestId>()
            .map(ToString::to_string)
            .unwrap_or_default();
        Self {
            support: Arc::clone(&http.support_email),
            request_id,
        }
    }
}

impl FromRequestParts<Http> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, http: &Http) -> Result<Self, Infallible> {
        Ok(Self::new(&parts.extensions, http))
    }
}

/// Whoever calls, signed in or not.
pub(crate) struct Anybody {
    /// The context of the request.
    pub(crate) cx: Cx,
    /// Where people reach us, without trailing slash.
    pub(crate) public_url: Arc<str>,
    /// The buyer behind the `registration` cookie, whoever else the browser is signed in as.
    pub(crate) buyer: Option<Actor>,
    pub(crate) reader: Reader,
    /// What the browser looks at.
    mode: Mode,
    method: Method,
    /// Path and query, as they came.
    here: String,
}

impl FromRequestParts<Http> for Anybody {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, http: &Http) -> Result<Self, Response> {
        let reader = Reader::new(&parts.extensions, http);
        let Caller(cx) = Caller::from_request_parts(parts, http)
            .await
            .map_err(|refused| error_page::answer(&reader, &refused.0))?;
        Ok(Self {
            cx,
            public_url: Arc::clone(&http.public_url),
            buyer: http_api::who::buyer(http, &parts.headers),
            reader,
            mode: mode_cookie::read(&parts.headers),
            method: parts.method.clone(),
            here: parts
                .uri
                .path_and_query()
                .map_or_else(|| "/".to_owned(), ToString::to_string),
        })
    }
}

impl Anybody {
    /// Where to come back to after signing in: this very page, or the one whose form this is.
    pub(crate) fn page(&self) -> String {
        if self.is_look() {
            return self.here.clone();
        }
        let first = self.here.split(['/', '?']).nth(1).unwrap_or_default();
        format!("/{first}")
    }

    /// The tenant that a form says it was shown for.
    fn meant(&self) -> Option<String> {
        let query = self.here.split_once('?').map(|(_, query)| query)?;
        let query = Form::parse(query.as_bytes());
        query.given("tenant").map(str::to_owned)
    }

    fn is_look(&self) -> bool {
        self.method == Method::GET || self.method == Method::HEAD
    }

    /// The page, or the page about what went wrong.
    pub(crate) fn answer(&self, result: Result<Response, Error>) -> Response {
        result.unwrap_or_else(|error| self.refuse(&error, &self.page()))
    }

    fn refuse(&self, error: &Error, next: &str) -> Response {
        if error.code() != "reauth_required" {
            let page = ErrorPage::of_member(&self.reader, error, self.cx.actor());
            return error_page::answer_in_console(&self.cx, error, page);
        }
        if self.is_look() {
            return again::redirect(&again::sign_in_again(next));
        }
        again::ask(&self.reader, Why::Sensitive, next)
    }
}

/// A person who is signed in, whether or not a tenant is chosen.
pub(crate) struct SignedIn {
    /// The context of the request.
    pub(crate) cx: Cx,
    /// Who it is.
    pub(crate) person: Person,
    pub(crate) any: Anybody,
}

impl FromRequestParts<Http> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, http: &Http) -> Result<Self, Response> {
        Self::of(Anybody::from_request_parts(parts, http).await?).map_err(|other| *other)
    }
}

impl SignedIn {
    /// A name for one showing of a form.
    pub(crate) fn once(&self) -> String {
        self.cx.app().ids.uuid().to_string()
    }

    /// The person among anybody; for everybody else the way to become one.
    pub(crate) fn of(any: Anybody) -> Result<Self, Box<Response>> {
        match any.cx.actor() {
            Actor::User(person) | Actor::Operator(Some(person)) => Ok(Self {
                cx: any.cx.clone(),
                person: person.clone(),
                any,
            }),
            Actor::Anonymous | Actor::Buyer { .. } | Actor::Invitee { .. } if any.is_look() => {
                Err(Box::new(again::redirect(&again::sign_in(&any.page()))))
            }
            Actor::Anonymous | Actor::Buyer { .. } | Actor::Invitee { .. } => Err(Box::new(
                again::ask(&any.reader, Why::SignedOut, &any.page()),
            )),
            _ => {
                let error = Error::new(
                    ErrorKind::Forbidden,
                    "people_only",
                    say!("frame-people-only"),
                );
                Err(Box::new(error_page::answer(&any.reader, &error)))
            }
        }
    }

    /// Whether it is one of the vendor's operators.
    pub(crate) fn is_operator(&self) -> bool {
        matches!(self.cx.actor(), Actor::Operator(_))
    }

    /// What stands around the page, and the account it was made from.
    pub(crate) async fn surroundings(&self) -> Result<(Frame, Account), Error> {
        surroundings(&self.cx, self.support(), self.any.mode).await
    }

    /// What stands around the page.
    pub(crate) async fn frame(&self) -> Result<Frame, Error> {
        Ok(self.surroundings().await?.0)
    }

    /// Where people write to.
    pub(crate) fn support(&self) -> Arc<str> {
        Arc::clone(&self.any.reader.support)
    }

    /// The page, or the page about what went wrong.
    pub(crate) fn answer(&self, result: Result<Response, Error>) -> Response {
        self.any.answer(result)
    }

    /// The answer to a form that stands on `page`: what was typed is kept if the person has to sign in again first.
    pub(crate) fn answer_form(
        &self,
        result: Result<Response, Error>,
        page: &str,
        form: &Form,
    ) -> Response {
        result.unwrap_or_else(|error| self.any.refuse(&error, &again::with_fields(page, form)))
    }
}

/// Somebody who looks at a tenant of theirs. Nobody else gets past the extractor.
pub(crate) struct Visitor {
    /// The context of the request.
    pub(crate) cx: Cx,
    /// The tenant.
    pub(crate) tenant: TenantId,
    /// Test or live: of what belongs to one of them, the other is left out.
    pub(crate) mode: Mode,
    /// Where people reach us, without trailing slash.
    pub(crate) public_url: Arc<str>,
    pub(crate) signed_in: SignedIn,
}

impl FromRequestParts<Http> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, http: &Http) -> Result<Self, Response> {
        let visitor =
            Self::of(SignedIn::from_request_parts(parts, http).await?).map_err(|other| *other)?;
        // A form of another tab may be about another tenant than the one that is looked at now.
        match visitor.signed_in.any.meant() {
            Some(meant)
                if !visitor.signed_in.any.is_look() && meant != visitor.tenant.to_string() =>
            {
                Err(visitor.answer(other_tenant::page(&visitor, &meant).await))
            }
            _ => Ok(visitor),
        }
    }
}

impl Visitor {
    /// A name for one showing of a form.
    pub(crate) fn once(&self) -> String {
        self.signed_in.once()
    }

    /// The visitor among people who are signed in; the others choose a tenant first.
    pub(crate) fn of(signed_in: SignedIn) -> Result<Self, Box<Response>> {
        match signed_in.cx.actor().tenant() {
            Some(tenant) => Ok(Self {
                cx: signed_in.cx.clone(),
                tenant,
                mode: signed_in.any.mode,
                public_url: Arc::clone(&signed_in.any.public_url),
                signed_in,
            }),
            None if signed_in.is_operator() => Err(Box::new(Redirect::to("/").into_response())),
            None => Err(Box::new(Redirect::to("/tenants").into_response())),
        }
    }

    /// Whether the visitor may do this at all; how long ago they signed in is asked when they do it.
    pub(crate) fn may(&self, action: Action) -> bool {
        may(self.cx.actor(), action)
    }

    /// That the visitor may do this right now, for a page that only leads up to it.
    pub(crate) async fn check(&self, action: Action) -> Result<(), Error> {
        self.cx.permit(action, self.tenant).await
    }

    /// What stands around the page.
    pub(crate) async fn frame(&self) -> Result<Frame, Error> {
        self.signed_in.frame().await
    }

    /// The page, or the page about what went wrong.
    pub(crate) fn answer(&self, result: Result<Response, Error>) -> Response {
        self.signed_in.answer(result)
    }

    /// The answer to a form that stands on `page`.
    pub(crate) fn answer_form(
        &self,
        result: Result<Response, Error>,
        page: &str,
        form: &Form,
    ) -> Response {
        self.signed_in.answer_form(result, page, form)
    }
}

/// What stands around a page of the person in the context, and the account it was made from.
pub(crate) async fn surroundings(
    cx: &Cx,
    support: Arc<str>,
    mode: Mode,
) -> Result<(Frame, Account), Error> {
    let account = control::session::account(cx).await?;
    let tenancy = match cx.actor().tenant() {
        Some(tenant) => Some(control::tenant::get(cx, tenant).await?),
        None => None,
    };
    let frame = Frame::of(
        cx.actor().clone(),
        &account,
        tenancy.as_ref(),
        support,
        mode,
    );
    Ok((frame, account))
}

/// Whether the actor's role allows this, leaving out how and when they signed in.
pub(crate) fn may(actor: &Actor, action: Action) -> bool {
    let (Actor::User(person), Some(tenant)) = (actor, actor.tenant()) else {
        return false;
    };
    let ideal = Actor::User(Person {
        mfa: true,
        ..person.clone()
    });
    policy::permit(&ideal, action, tenant, person.authenticated_at).is_ok()
}
