//! Signing in and out at managed login: what `/login`, `/callback` and `/logout` do, without their pages.
//! The way is authorization code with PKCE, state and nonce (RFC 10017's backend for frontend): no token ever reaches the browser.
//! State, nonce and verifier travel in a sealed cookie, so an answer counts only in the browser that asked (security 10, 11).
//! `GET /login` and `GET /callback` are the only GETs that change anything; state and PKCE guard them (security 44).

use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use control::{
    Cx,
    session::{self, SignIn, check},
};
use domain::{
    Error, ErrorKind,
    audit::{Chain, Outcome},
    id::SessionId,
    identity::Username,
    policy::Action,
    session::Session,
};
use oidc::{Challenge, LoginError, Prompt, SignInError};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{Http, session_cookie};

/// The cookie that remembers a sign-in while the browser is away.
pub const NAME: &str = "__Host-sign-in";
/// The vendor's operators, by their group in the user pool (contract).
const OPERATORS: &str = "operators";

/// What a sign-in begins with.
#[derive(Debug)]
pub struct Begun {
    /// Where the browser goes.
    pub url: String,
    /// What it takes along.
    pub cookie: HeaderValue,
}

/// What a finished sign-in answers with.
#[derive(Debug)]
pub struct Finished {
    /// Where the person wanted to go: a path of our own.
    pub next: String,
    /// The cookies to set.
    pub cookies: Vec<HeaderValue>,
}

#[derive(Serialize, Deserialize)]
struct Remembered {
    challenge: String,
    next: String,
}

/// What managed login sends the browser back with.
#[derive(Debug, Default)]
pub struct Callback<'a> {
    /// The code.
    pub code: &'a str,
    /// Our state.
    pub state: &'a str,
    /// Why there is no code.
    pub error: &'a str,
}

/// Begins a sign-in; nothing is written anywhere but into the browser's own cookie. `again` asks the person to prove who they are even
/// if managed login still knows them.
pub fn begin(http: &Http, next: &str, again: bool) -> Result<Begun, Error> {
    let prompt = if again {
        Prompt::SignInAgain
    } else {
        Prompt::SignIn
    };
    let begun = http.sign_in.begin(prompt);
    let remembered = Remembered {
        challenge: begun.challenge.to_text().expose_secret().to_owned(),
        next: own_path(next).to_owned(),
    };
    let text = serde_json::to_string(&remembered).map_err(Error::internal)?;
    let sealed = http.cookie_key.sign_in().seal(&*http.app.ids, &text)?;
    Ok(Begun {
        url: begun.url,
        cookie: cookie(&sealed, cookie::time::Duration::minutes(30))?,
    })
}

/// Finishes a sign-in with what the browser brought back. Whatever comes of it, the remembered cookie is to be cleared ([`forget`]).
///
/// # Errors
/// 400 for everything that is not the end of what this browser began; `no_membership` (403); 503 while managed login is away.
pub async fn finish(
    http: &Http,
    cx: &Cx,
    headers: &HeaderMap,
    callback: &Callback<'_>,
    before: Option<SessionId>,
) -> Result<Finished, Error> {
    let remembered = remembered(http, headers).ok_or_else(|| {
        wrong(
            "sign_in_lost",
            "This sign-in was not begun in this browser, or it took too long. Start again.",
        )
    })?;
    let challenge =
        Challenge::from_text(&SecretString::from(remembered.challenge)).ok_or_else(|| {
            wrong(
                "sign_in_lost",
                "This sign-in cannot be finished. Start again.",
            )
        })?;
    if !challenge.is_state(callback.state) {
        return Err(sign_in_error(SignInError::State));
    }
    if !callback.error.is_empty() {
        return Err(wrong(
            "sign_in_refused",
            "The sign-in page sent you back without signing you in. Start again.",
        ));
    }
    let code = SecretString::from(callback.code);
    let signed_in = match http.sign_in.finish(&code, callback.state, &challenge).await {
        Ok(signed_in) => signed_in,
        Err(error) => {
            note_refusal(cx, &error).await;
            return Err(sign_in_error(error));
        }
    };
    let claims = signed_in.claims;
    let refresh_token = signed_in
        .tokens
        .refresh_token
        .map(|token| {
            http.cookie_key
                .refresh_token()
                .seal(&*http.app.ids, token.expose_secret())
        })
        .transpose()?;
    let operator = is_operator(&claims);
    let username = claims.username.unwrap_or_else(|| claims.sub.clone());
    let given = SignIn {
        username: Username(username),
        subject: claims.sub,
        email: claims.email.and_then(|email| email.parse().ok()),
        operator,
        // The pool asks everybody for a second factor; whoever comes through another provider was asked there or not, which we cannot see.
        mfa: !claims.federated,
        authenticated_at: claims.auth_time.unwrap_or(claims.issued_at),
        user_agent: headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned(),
        refresh_token,
        before,
    };
    let given_token = given.refresh_token.clone();
    let opened = match session::sign_in(cx, given).await {
        Ok(opened) => opened,
        Err(error) => {
            // Nobody came in, so nothing shall outlive the attempt.
            if let Some(sealed) = given_token {
                revoke(http, &sealed).await;
            }
            return Err(error);
        }
    };
    if let Some(old) = opened.revoke {
        revoke(http, &old).await;
    }
    let cookies = [session_cookie::make(&opened.secret), forget()]
        .into_iter()
        .flatten()
        .collect();
    Ok(Finished {
        next: remembered.next,
        cookies,
    })
}

/// The cookie that forgets a sign-in which is over, however it ended.
pub fn forget() -> Option<HeaderValue> {
    cookie("", cookie::time::Duration::ZERO).ok()
}

/// Asks managed login whether a session may go on, when it is time to, and ends it if it may not.
///
/// While managed login does not answer, sessions go on: who is in a call with a caller must not fall out because AWS has a bad minute.
pub async fn recheck(http: &Http, cx: &Cx, session: &Session) -> Result<(), Error> {
    let Some(sealed) = check::claim(cx, session).await? else {
        return Ok(());
    };
    let token = sealed.and_then(|sealed| http.cookie_key.refresh_token().open(&sealed));
    let Some(token) = token.map(SecretString::from) else {
        // Nothing to ask with: the session key was changed, or managed login gave no token. It ends by idleness or age.
        return Ok(());
    };
    match http.sign_in.refresh(&session.subject, &token).await {
        Ok(signed_in) => {
            let next = signed_in.tokens.refresh_token.unwrap_or(token);
            let seal = http.cookie_key.refresh_token();
            let sealed = seal.seal(&*http.app.ids, next.expose_secret())?;
            let operator = is_operator(&signed_in.claims);
            if !check::go_on(cx, session, &sealed, operator).await? {
                revoke(http, &sealed).await;
            }
            Ok(())
        }
        Err(SignInError::Login(LoginError::Busy(_) | LoginError::Misconfigured(_))) => Ok(()),
        Err(error) => {
            tracing::info!(
                error.code = error.code(),
                "a session ended at the sign-in service"
            );
            check::ended_elsewhere(cx, session).await
        }
    }
}

fn is_operator(claims: &oidc::Claims) -> bool {
    claims.groups.iter().any(|group| group == OPERATORS)
}

/// Revokes a sealed refresh token over there. Best effort: the session here has ended already.
pub async fn revoke(http: &Http, sealed: &str) {
    let Some(token) = http.cookie_key.refresh_token().open(sealed) else {
        return;
    };
    if let Err(error) = http.sign_in.revoke(&SecretString::from(token)).await {
        tracing::warn!(error.cause = %error, "a refresh token could not be revoked; it ends by itself");
    }
}

/// Where to go to end the sign-in page's own memory of the person.
pub fn logout_url(http: &Http) -> String {
    http.sign_in.logout_url()
}

/// A path of our own, or the first page (security 46). What browsers may take for another host is none: `//`, `/\`, and whatever has
/// a control character in it, since they drop those.
pub fn own_path(next: &str) -> &str {
    let second = next.as_bytes().get(1);
    let good = next.starts_with('/')
        && !matches!(second, Some(b'/' | b'\\'))
        && next.len() <= 2048
        && next.bytes().all(|byte| byte.is_ascii_graphic())
        && !next.contains('\\')
        // Coming back to these would go round in circles.
        && !["/login", "/callback", "/logout"].iter().any(|path| next.starts_with(path));
    if good { next } else { "/" }
}

fn remembered(http: &Http, headers: &HeaderMap) -> Option<Remembered> {
    let jar = CookieJar::from_headers(headers);
    let text = http.cookie_key.sign_in().open(jar.get(NAME)?.value())?;
    serde_json::from_str(&text).ok()
}

fn cookie(value: &str, age: cookie::time::Duration) -> Result<HeaderValue, Error> {
    let cookie = Cookie::build((NAME, value.to_owned()))
        .path("/")
        .secure(true)
        .http_only(true)
        // The way back is a top-level GET from the sign-in page's site, on which Lax cookies travel.
        .same_site(SameSite::Lax)
        .max_age(age)
        .build();
    let mut value = HeaderValue::from_str(&cookie.to_string()).map_err(Error::internal)?;
    value.set_sensitive(true);
    Ok(value)
}

fn wrong(code: &'static str, message: &'static str) -> Error {
    Error::new(ErrorKind::Malformed, code, message)
}

fn sign_in_error(error: SignInError) -> Error {
    match &error {
        SignInError::State => wrong(
            "wrong_state",
            "This answer belongs to another sign-in. Start again.",
        ),
        SignInError::TooLate => wrong(
            "sign_in_too_late",
            "Signing in took more than half an hour. Start again.",
        ),
        SignInError::NotFresh => wrong(
            "sign_in_not_fresh",
            "The sign-in page did not ask you for your password again. Start again.",
        ),
        SignInError::Login(LoginError::SignInAgain) => wrong(
            "sign_in_used",
            "This sign-in was used already, or it is too old. Start again.",
        ),
        SignInError::OtherPerson | SignInError::Refused(_) => wrong(
            "sign_in_refused",
            "The sign-in service's answer does not hold. Start again; if it stays, write to support.",
        )
        .because(error),
        SignInError::Login(LoginError::Busy(_)) => Error::new(
            ErrorKind::Unavailable,
            "login_busy",
            "The sign-in service does not answer right now. Try again in a minute.",
        )
        .because(error),
        SignInError::Login(LoginError::Misconfigured(_)) => Error::new(
            ErrorKind::Internal,
            "login_misconfigured",
            "Something is wrong on our side with signing in. We have been told. Try again later.",
        )
        .because(error),
    }
}

/// Answers that do not hold are written down in the vendor's trail: nobody's tenant is concerned. What is merely old or another
/// browser's is not, since anybody could fill the trail with it.
async fn note_refusal(cx: &Cx, error: &SignInError) {
    tracing::info!(error.code = error.code(), "a sign-in was refused");
    if !matches!(
        error,
        SignInError::Refused(_) | SignInError::OtherPerson | SignInError::NotFresh
    ) {
        return;
    }
    let cx = cx.as_system("sign-in");
    let noted = async {
        let tx = cx.app().db.system_write().await?;
        let about = control::cx::About::default().detail(error.code());
        cx.audit(
            &tx,
            Action::SignIn,
            Outcome::Refused,
            &[Chain::Vendor],
            about,
        )
        .await?;
        tx.commit().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(
            error.code = error.code(),
            error.cause = error.private(),
            "a refused sign-in could not be written down"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Security 46.
    #[test]
    fn only_paths_of_our_own_are_gone_back_to() {
        for good in [
            "/",
            "/people",
            "/api-keys?name=till&mode=test",
            "/usage#hour",
        ] {
            assert_eq!(own_path(good), good);
        }
        for bad in [
            "",
            "people",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/a\\b",
            "\\\\evil.example",
            "/a\nb",
            "/ä",
            "javascript:alert(1)",
            "/login?next=/login",
            "/callback?code=1",
            "/logout",
            &format!("/{}", "a".repeat(2048)),
        ] {
            assert_eq!(own_path(bad), "/", "{bad:?}");
        }
    }
}
