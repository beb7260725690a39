//! What people read, in their language. Messages are written in Fluent (projectfluent.org) in `web/words/<language>/`, a file for each part
//! of the console, and compiled in.
//! The language of a request is the one its reader chose, else the first of `Accept-Language` (RFC 9110, 12.5.4) that we speak, else English.
//! Invariant: a message stands in every language, with the same variables (see `tests`); what is missing all the same comes in English.

mod below;
mod catalogue;
#[cfg(test)]
mod tests;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Uri, header},
    middleware::Next,
    response::Response,
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use cookie::time::Duration;
use fluent_bundle::FluentArgs;
use http_api::Http;
use leptos::prelude::*;

pub(crate) use self::below::local;
use crate::form::Form;

/// Where a reader's choice is kept.
const COOKIE: &str = "payphone-language";
/// What chooses one on any page.
const PARAMETER: &str = "language";

/// A language of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    German,
}

tokio::task_local! {
    static LANGUAGE: Language;
}

impl Language {
    /// All of them; the first is what everything is written in first.
    pub(crate) const ALL: [Self; 2] = [Self::English, Self::German];

    /// As BCP 47 has it, and as `lang` on a page.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// In itself.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    fn parse(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// Of the request; English outside of any.
    pub(crate) fn now() -> Self {
        LANGUAGE
            .try_with(|language| *language)
            .unwrap_or(Self::English)
    }

    fn of(headers: &HeaderMap) -> Self {
        let chosen = CookieJar::from_headers(headers);
        let chosen = chosen
            .get(COOKIE)
            .and_then(|cookie| Self::parse(cookie.value()));
        chosen
            .or_else(|| Self::accepted(headers))
            .unwrap_or(Self::English)
    }

    /// As `?language=` asks for it.
    fn asked(uri: &Uri) -> Option<Self> {
        Self::parse(Form::parse(uri.query()?.as_bytes()).given(PARAMETER)?)
    }

    /// The query that asks for the same page in this language.
    pub(crate) fn added_to(self, query: &str) -> String {
        let query = Form::parse(query.as_bytes());
        let kept = query.pairs().filter(|(name, _)| *name != PARAMETER);
        form_urlencoded::Serializer::for_suffix(String::from("?"), 1)
            .extend_pairs(kept)
            .append_pair(PARAMETER, self.tag())
            .finish()
    }

    /// Kept for a year. It tells nothing that the browser does not tell anyway, and changes nothing but words.
    fn cookie(self, is_https: bool) -> Cookie<'static> {
        Cookie::build((COOKIE, self.tag()))
            .path("/")
            .secure(is_https)
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(Duration::days(365))
            .build()
    }

    fn accepted(headers: &HeaderMap) -> Option<Self> {
        let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        // The best first; of a language's regions there is one catalogue.
        let tags = accept_language::parse(accepted);
        tags.iter()
            .find_map(|tag| Self::parse(tag.split('-').next()?))
    }

    /// Runs with this language.
    #[cfg(test)]
    pub(crate) fn with<T>(self, run: impl FnOnce() -> T) -> T {
        LANGUAGE.sync_scope(self, run)
    }

    /// The same for what is waited for.
    #[cfg(test)]
    pub(crate) async fn scope<T>(self, run: impl Future<Output = T>) -> T {
        LANGUAGE.scope(self, run).await
    }
}

/// The layer around every page: pages are in the reader's language, and every page takes `?language=`, which is kept.
pub(crate) async fn layer(State(http): State<Http>, request: Request, next: Next) -> Response {
    let asked = Language::asked(request.uri());
    let language = asked.unwrap_or_else(|| Language::of(request.headers()));
    let mut response = LANGUAGE.scope(language, next.run(request)).await;
    let headers = response.headers_mut();
    let kind = headers.get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
        return response;
    }
    // Whoever keeps a page must not show it to a reader of another language.
    let varies = HeaderValue::from_static("accept-language, cookie");
    headers.append(header::VARY, varies);
    let cookie = asked.map(|language| language.cookie(http.is_https()).to_string());
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::try_from(cookie).ok()) {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

/// The message, with its variables filled in.
pub(crate) fn message(id: &str, args: Option<&FluentArgs<'_>>) -> String {
    catalogue::message(Language::now(), id, args)
}

/// What stands for a view in a message while it is formatted: characters that Unicode leaves to private use.
const VIEW: [char; 2] = ['\u{e000}', '\u{e001}'];

/// The message as views: those given stand where the message names them. Variables that are no views come in `args`.
pub(crate) fn message_around(
    id: &str,
    mut args: FluentArgs<'_>,
    views: Vec<(&'static str, AnyView)>,
) -> AnyView {
    for (name, _) in &views {
        args.set(*name, format!("{}{name}{}", VIEW[0], VIEW[1]));
    }
    let text = message(id, Some(&args));
    let mut views: Vec<_> = views
        .into_iter()
        .map(|(name, view)| (name, Some(view)))
        .collect();
    // An empty text would be written out as a space.
    let words = |words: &str| Some(words.to_owned()).filter(|words| !words.is_empty());
    let pieces = text.split(VIEW[0]).map(|piece| {
        let Some((name, rest)) = piece.split_once(VIEW[1]) else {
            return words(piece).into_any();
        };
        // Each view once: HTML has no second copy of it to give.
        let view = views.iter_mut().find(|(known, _)| *known == name);
        let view = view.and_then(|(_, view)| view.take());
        (view, words(rest)).into_any()
    });
    pieces.collect_view().into_any()
}

/// `say!("id")`, `say!("id", name = value)`: the message as text. `say!("id"; name = view)`: as views, with text variables before the `;`.
macro_rules! say {
    ($id:literal) => {
        $crate::words::message($id, None)
    };
    ($id:literal, $($name:ident = $value:expr),+ $(,)?) => {{
        let mut args = fluent_bundle::FluentArgs::new();
        $(args.set(stringify!($name), $value);)+
        $crate::words::message($id, Some(&args))
    }};
    ($id:literal $(, $name:ident = $value:expr)*; $($part:ident = $view:expr),+ $(,)?) => {{
        let args: [(&str, fluent_bundle::FluentValue); _] = [$((stringify!($name), $value.into())),*];
        $crate::words::message_around(
            $id,
            args.into_iter().collect(),
            vec![$((stringify!($part), leptos::prelude::IntoAny::into_any($view))),+],
        )
    }};
}
pub(crate) use say;
