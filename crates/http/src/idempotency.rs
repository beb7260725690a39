//! `Idempotency-Key` on creating POSTs (draft-ietf-httpapi-idempotency-key-header-07): optional, and without it nothing is different.
//! A request with a key runs to its end even if its client goes away: the answer waits for whoever asks again.
//! Invariant: what is kept is sealed, and given only to whoever may do the thing now.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use control::{Cx, idempotency};
use domain::{
    Error, ErrorKind,
    idempotency::{Claim, Fingerprint, IdempotencyKey, Verdict, bad_key},
    policy::Action,
};
use runtime::{
    extract::{self, Json},
    problem::ApiError,
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::oneshot;
use utoipa::IntoParams;

use crate::Http;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The header, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its description is used")]
pub(crate) struct IdempotencyHeader {
    /// A name for this request, 1 to 255 printable ASCII characters, such as a new UUID. Whoever repeats the request unchanged under the
    /// same name within seven days gets the first answer again, with `Idempotency-Replayed: true`, and nothing is made twice. Another
    /// request under it is 422 `idempotency_key_reused`; while the first one runs, a repetition is 409 `idempotency_in_progress`.
    /// Refusals free the name. If our process dies on the way, or the answer is 503 `outcome_unknown`, a repetition runs anew after a
    /// minute: look first what is there.
    #[param(rename = "Idempotency-Key", value_type = String, required = false, min_length = 1, max_length = 255)]
    idempotency_key: (),
}

/// What a creating request says about being repeated.
pub(crate) struct Once(Option<(IdempotencyKey, Fingerprint)>);

impl Once {
    /// Reads the key; the request comes back whole.
    ///
    /// # Errors
    /// `bad_idempotency_key` (400).
    pub(crate) async fn of(request: Request) -> Result<(Self, Request), ApiError> {
        let Some(key) = key(request.headers())? else {
            return Ok((Self(None), request));
        };
        let (parts, body) = request.into_parts();
        let body = extract::body(Request::from_parts(parts.clone(), body)).await?;
        let fingerprint = Fingerprint::of(parts.method.as_str(), parts.uri.path(), &body);
        let request = Request::from_parts(parts, Body::from(body));
        Ok((Self(Some((key, fingerprint))), request))
    }

    /// Runs the operation unless it ran before, and answers 201 with what it made.
    pub(crate) async fn create<T, F>(
        self,
        cx: Cx,
        http: &Http,
        action: Action,
        operation: impl FnOnce(Cx) -> F,
    ) -> Result<Response, ApiError>
    where
        T: Serialize + Send,
        F: Future<Output = Result<T, ApiError>> + Send + 'static,
    {
        let operation = operation(cx.clone());
        let Some(request) = self.0 else {
            return Ok((StatusCode::CREATED, Json(operation.await?)).into_response());
        };
        Ok(match claimed(cx, http, action, request, operation).await? {
            Answer::Made(body) => created(body),
            Answer::Again(body) => ([(REPLAYED, "true")], created(body)).into_response(),
            Answer::InProgress => {
                ([(header::RETRY_AFTER, "1")], ApiError(in_progress())).into_response()
            }
        })
    }
}

/// The same for a form of a page, which carries its own name and has what was made shown once: whoever sends the very same form again, by
/// loading the answer anew, is shown the same again. A form without a name makes anew each time.
///
/// # Errors
/// The operation's own; `idempotency_in_progress` (409) while the form sent first is under way, `idempotency_key_reused` (422) if the
/// form says something else than before.
pub async fn form_once<T, F>(
    cx: Cx,
    http: &Http,
    action: Action,
    form: Option<(IdempotencyKey, Fingerprint)>,
    operation: F,
) -> Result<T, Error>
where
    T: Serialize + DeserializeOwned + Send,
    F: Future<Output = Result<T, Error>> + Send + 'static,
{
    let Some(form) = form else {
        return operation.await;
    };
    let operation = async { operation.await.map_err(ApiError) };
    let answer = claimed(cx, http, action, form, operation).await;
    match answer.map_err(|refused| refused.0)? {
        Answer::Made(body) | Answer::Again(body) => {
            serde_json::from_str(&body).map_err(Error::internal)
        }
        Answer::InProgress => Err(in_progress()),
    }
}

/// What comes of a request that has a name.
enum Answer {
    /// It ran: what it made.
    Made(String),
    /// It ran before: what it made then.
    Again(String),
    /// It runs at this moment.
    InProgress,
}

async fn claimed<T, F>(
    cx: Cx,
    http: &Http,
    action: Action,
    (key, fingerprint): (IdempotencyKey, Fingerprint),
    operation: F,
) -> Result<Answer, ApiError>
where
    T: Serialize + Send,
    F: Future<Output = Result<T, ApiError>> + Send + 'static,
{
    let sealing = http.clone();
    let (tell, told) = oneshot::channel();
    http.lifecycle.spawn_small("create once", async move {
        let claimed = idempotency::claim(&cx, action, key, fingerprint).await;
        let answer = match claimed {
            Ok((claim, Verdict::Run)) => run(&cx, &sealing, &claim, operation).await,
            Ok((_, Verdict::Wait)) => Ok(Answer::InProgress),
            Ok((_, Verdict::Replay(sealed))) => replay(&sealing, &sealed),
            Err(error) => Err(error.into()),
        };
        // Nobody listens any more, if the client went away.
        let _ = tell.send(answer);
    });
    told.await.map_err(Error::internal)?
}

fn key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Error> {
    let mut values = headers.get_all(KEY).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => IdempotencyKey::parse(value.as_bytes()).map(Some),
        // Which of the two would it be?
        (Some(_), Some(_)) => Err(bad_key()),
    }
}

async fn run<T: Serialize>(
    cx: &Cx,
    http: &Http,
    claim: &Claim,
    operation: impl Future<Output = Result<T, ApiError>>,
) -> Result<Answer, ApiError> {
    let (answer, settled) = match operation.await {
        Ok(made) => {
            let body = serde_json::to_string(&made).map_err(Error::internal)?;
            let sealed = http.cookie_key.idempotency().seal(&*http.app.ids, &body)?;
            let settled = idempotency::keep(cx, claim, &sealed).await;
            (Ok(Answer::Made(body)), settled)
        }
        // Whoever repeats it must not make it twice: the claim stays, and runs out by itself.
        Err(lost) if lost.0.is_outcome_unknown() => (Err(lost), Ok(())),
        Err(refused) => (Err(refused), idempotency::release(cx, claim).await),
    };
    if let Err(error) = settled {
        // The answer itself matters more. A repetition waits a minute and runs anew.
        tracing::warn!(
            error.code = error.code(),
            error.cause = error.private(),
            "the answer to a request with an idempotency key could not be kept"
        );
    }
    answer
}

fn created(body: String) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (StatusCode::CREATED, json, body).into_response()
}

fn replay(http: &Http, sealed: &str) -> Result<Answer, ApiError> {
    let body = http.cookie_key.idempotency().open(sealed).ok_or_else(|| {
        // Sealed by a session key that was replaced since. To run it anew would make it twice.
        Error::new(
            ErrorKind::Conflict,
            "idempotency_answer_lost",
            "This was done before, but its answer can no longer be read. Look what is there, and take a new `Idempotency-Key` for a new request.",
        )
    })?;
    Ok(Answer::Again(body))
}

fn in_progress() -> Error {
    Error::new(
        ErrorKind::Conflict,
        "idempotency_in_progress",
        "The first request with this `Idempotency-Key` is still running. Repeat yours in a moment.",
    )
}
