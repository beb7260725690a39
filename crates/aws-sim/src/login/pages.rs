//! The pages of managed login.
//!
//! Invariant: every value goes through `esc`, and forms may lead to our own address and the client's alone.

use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use super::{found, origin, qr, set_cookie};
use crate::{
    cognito::{
        password::MIN_LENGTH,
        state::{AuthRequest, Login},
    },
    sim::Sim,
    storefront::{
        Page,
        html::{self, esc},
    },
};

/// What the browser shows next.
pub(super) enum Screen {
    /// The sign-in page again, with the address and why.
    SignIn(AuthRequest, String, &'static str),
    /// After a forgotten password was changed: the sign-in page with the address.
    Changed(AuthRequest, String),
    /// A new password in place of the temporary one.
    NewPassword(Login, String, Option<String>),
    /// A new authenticator with its secret.
    SetUp(Login, String, String, Option<&'static str>),
    /// A code of the authenticator.
    Code(Login, String, Option<&'static str>),
    /// The mailed code and a new password.
    Reset(Login, Option<String>),
    /// The form's session is over.
    Expired,
    /// Back to the client, with the cookie.
    Done(String, String),
}

/// Renders a screen; one with a complaint is a 400.
pub(super) fn render(sim: &Sim, screen: Screen) -> Response {
    match screen {
        Screen::SignIn(request, email, why) => sign_in(sim, &request, &email, Some(("alert", why))),
        Screen::Changed(request, email) => sign_in(
            sim,
            &request,
            &email,
            Some(("status", "Your password is changed. Sign in with it.")),
        ),
        Screen::NewPassword(login, email, why) => new_password(sim, &login, &email, why.as_deref()),
        Screen::SetUp(login, email, secret, why) => set_up(sim, &login, &email, &secret, why),
        Screen::Code(login, email, why) => code(sim, &login, &email, why),
        Screen::Reset(login, why) => reset(sim, &login, why.as_deref()),
        Screen::Expired => plain(
            StatusCode::BAD_REQUEST,
            "This page has expired",
            "Invalid session for the user, session is expired. Go back to the application and sign in again.",
        ),
        Screen::Done(location, cookie) => {
            let mut response = found(&location);
            set_cookie(&mut response, Some(&cookie));
            response
        }
    }
}

fn sheet(sim: &Sim, title: &str, complaint: bool, content: &str) -> Response {
    let settings = &sim.settings.pool;
    // Browsers hold a form to this list through every redirect that follows it.
    let mut targets: Vec<String> = settings
        .callback_urls
        .iter()
        .chain(&settings.logout_urls)
        .filter_map(|url| origin(url))
        .collect();
    targets.sort();
    targets.dedup();
    Page {
        status: if complaint {
            StatusCode::BAD_REQUEST
        } else {
            StatusCode::OK
        },
        html: html::sheet(title, content),
        form_target: Some(targets.join(" ")).filter(|t| !t.is_empty()),
    }
    .into_response()
}

fn plain(status: StatusCode, title: &str, text: &str) -> Response {
    let content = format!("<h1>{}</h1><p>{}</p>", esc(title), esc(text));
    Page {
        status,
        html: html::sheet(title, &content),
        form_target: None,
    }
    .into_response()
}

/// The error page.
pub(super) fn error(status: StatusCode, code: &str) -> Response {
    let text = format!(
        "An error was encountered with the requested page: {code}. Go back to the application and try again."
    );
    plain(status, "Sign-in is not possible", &text)
}

fn alert(why: Option<&str>) -> String {
    notice(why.map(|text| ("alert", text)))
}

fn notice(message: Option<(&str, &str)>) -> String {
    message.map_or_else(String::new, |(role, text)| {
        let class = if role == "alert" {
            "alert"
        } else {
            "alert good"
        };
        format!(
            "<p class=\"{class}\" role=\"{role}\" id=\"message\">{}</p>",
            esc(text)
        )
    })
}

/// The sign-in page; it is reached by address, so it has no session.
pub(super) fn sign_in(
    sim: &Sim,
    request: &AuthRequest,
    email: &str,
    message: Option<(&str, &str)>,
) -> Response {
    // The cursor waits where something is missing.
    let (first, second) = if email.is_empty() {
        (" autofocus", "")
    } else {
        ("", " autofocus")
    };
    let query = esc(&request.query);
    let content = format!(
        "<h1>Sign in</h1>{message}<form class=\"fields\" method=\"post\" action=\"/login?{query}\">\
         <label for=\"username\">E-mail<input id=\"username\" name=\"username\" type=\"email\" autocomplete=\"username\" required{first} value=\"{email}\"></label>\
         <label for=\"password\">Password<input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"current-password\" required{second}></label>\
         <button class=\"btn primary big\">Sign in</button>\
         <p><a href=\"/forgotPassword?{query}\">Forgot your password?</a></p></form>",
        message = notice(message),
        email = esc(email),
    );
    let complaint = message.is_some_and(|(role, _)| role == "alert");
    sheet(sim, "Sign in", complaint, &content)
}

/// Two fields for a new password.
fn new_password_fields() -> String {
    format!(
        "<label for=\"password\">New password<input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"new-password\" minlength=\"{MIN_LENGTH}\" maxlength=\"256\" required aria-describedby=\"policy\"></label>\
         <p class=\"quiet\" id=\"policy\">At least {MIN_LENGTH} characters.</p>\
         <label for=\"confirm_password\">The same again<input id=\"confirm_password\" name=\"confirm_password\" type=\"password\" autocomplete=\"new-password\" minlength=\"{MIN_LENGTH}\" maxlength=\"256\" required></label>"
    )
}

fn hidden(login: &Login) -> String {
    format!(
        "<input type=\"hidden\" name=\"session\" value=\"{}\">",
        esc(&login.session)
    )
}

fn code_field() -> &'static str {
    "<label for=\"code\">Code<input id=\"code\" name=\"code\" type=\"text\" inputmode=\"numeric\" autocomplete=\"one-time-code\" pattern=\"[0-9 ]*\" maxlength=\"7\" required autofocus></label>"
}

/// Tells a password manager whose password this is.
fn whose(email: &str) -> String {
    format!(
        "<label for=\"username\">E-mail<input id=\"username\" name=\"username\" type=\"email\" autocomplete=\"username\" readonly value=\"{}\"></label>",
        esc(email)
    )
}

fn new_password(sim: &Sim, login: &Login, email: &str, why: Option<&str>) -> Response {
    let content = format!(
        "<h1>Choose a password</h1><p>Your temporary password has done its work. Choose one of your own.</p>{alert}\
         <form class=\"fields\" method=\"post\" action=\"/login/new-password\">{hidden}{whose}{fields}\
         <button class=\"btn primary big\">Continue</button></form>",
        alert = alert(why),
        hidden = hidden(login),
        whose = whose(email),
        fields = new_password_fields(),
    );
    sheet(sim, "Choose a password", why.is_some(), &content)
}

const DEMO: &str = "<p class=\"quiet\">No phone at hand? <a href=\"/authenticator\" target=\"_blank\" rel=\"noopener\">The demo authenticator shows the code</a>.</p>";

fn set_up(sim: &Sim, login: &Login, email: &str, secret: &str, why: Option<&str>) -> Response {
    let uri = key_uri(email, secret);
    let content = format!(
        "<h1>Set up your authenticator</h1><p>Scan the code with an authenticator app, or enter the key by hand. Then type the six digits that it shows.</p>{alert}{qr}\
         <dl class=\"facts\"><dt>Key</dt><dd><code id=\"secret\">{secret}</code></dd></dl>\
         <p><a id=\"otpauth\" href=\"{uri}\">Open an authenticator on this device</a></p>\
         <form class=\"fields\" method=\"post\" action=\"/login/authenticator-setup\">{hidden}{field}\
         <button class=\"btn primary big\">Continue</button></form>{DEMO}",
        alert = alert(why),
        qr = qr::svg(&uri),
        secret = esc(secret),
        uri = esc(&uri),
        hidden = hidden(login),
        field = code_field(),
    );
    sheet(sim, "Set up your authenticator", why.is_some(), &content)
}

/// The address that authenticator apps read (Key Uri Format).
fn key_uri(email: &str, secret: &str) -> String {
    let label: String = form_urlencoded::byte_serialize(email.as_bytes()).collect();
    format!("otpauth://totp/Payphone:{label}?secret={secret}&issuer=Payphone")
}

fn code(sim: &Sim, login: &Login, email: &str, why: Option<&str>) -> Response {
    let content = format!(
        "<h1>Enter your code</h1><p>Signing in as {email}. Type the six digits that your authenticator shows.</p>{alert}\
         <form class=\"fields\" method=\"post\" action=\"/login/authenticator\">{hidden}{field}\
         <button class=\"btn primary big\">Sign in</button></form>{DEMO}",
        email = esc(email),
        alert = alert(why),
        hidden = hidden(login),
        field = code_field(),
    );
    sheet(sim, "Enter your code", why.is_some(), &content)
}

/// Asks for the address that a code is mailed to.
pub(super) fn forgot(sim: &Sim, request: &AuthRequest) -> Response {
    let query = esc(&request.query);
    let content = format!(
        "<h1>Forgot your password?</h1><p>We mail you a code, and you choose a new one.</p>\
         <form class=\"fields\" method=\"post\" action=\"/forgotPassword?{query}\">\
         <label for=\"username\">E-mail<input id=\"username\" name=\"username\" type=\"email\" autocomplete=\"username\" required autofocus></label>\
         <button class=\"btn primary big\">Mail me a code</button><p><a href=\"/login?{query}\">Back to sign-in</a></p></form>"
    );
    sheet(sim, "Forgot your password?", false, &content)
}

fn reset(sim: &Sim, login: &Login, why: Option<&str>) -> Response {
    let content = format!(
        "<h1>Choose a new password</h1><p>If the address belongs to an account, a code is on its way to it (<a href=\"/mailbox\" target=\"_blank\" rel=\"noopener\">mailbox of the demo</a>).</p>{alert}\
         <form class=\"fields\" method=\"post\" action=\"/confirmforgotPassword\">{hidden}{field}{fields}\
         <button class=\"btn primary big\">Change the password</button></form>",
        alert = alert(why),
        hidden = hidden(login),
        field = code_field(),
        fields = new_password_fields(),
    );
    sheet(sim, "Choose a new password", why.is_some(), &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authenticator_app_can_read_the_address() {
        assert_eq!(
            key_uri("ann+1@example.com", "ABC"),
            "otpauth://totp/Payphone:ann%2B1%40example.com?secret=ABC&issuer=Payphone"
        );
        assert!(notice(Some(("alert", "<b>"))).contains("&lt;b&gt;"));
    }
}
