//! The demo authenticator: the present code of everybody who has one, or is setting one up, so that a demo needs no phone.
//!
//! The page loads itself again when the codes change.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};

use super::{
    Page,
    html::{self, esc},
};
use crate::{
    cognito::{
        state::User,
        totp::{self, STEP_MS},
    },
    server::App,
};

/// `GET /authenticator`.
pub(super) async fn show(State(sim): State<App>) -> Response {
    let now = sim.clock.real_ms();
    let left = (STEP_MS - now.rem_euclid(STEP_MS)).div_euclid(1000) + 1;
    let users: Vec<User> = sim.read(|w| w.pool.users.values().cloned().collect());
    let rows: String = users.iter().filter_map(|u| row(u, now)).collect();
    let content = if rows.is_empty() {
        "<section class=\"card empty\"><h2>No authenticator yet</h2><p>Sign in for the first time, and its code will be here.</p></section>".to_owned()
    } else {
        format!(
            "<section class=\"card\"><div class=\"table\" tabindex=\"0\" role=\"region\" aria-labelledby=\"all\"><table><caption id=\"all\">The next codes come in {left} s</caption><thead><tr>\
             <th scope=\"col\">E-mail</th><th scope=\"col\">Code</th><th scope=\"col\">State</th></tr></thead><tbody>{rows}</tbody></table></div></section>"
        )
    };
    let body = format!(
        "<div class=\"page-head\"><div><h1>Authenticator</h1><p>What the phones of the demo's people would show.</p></div></div>{content}"
    );
    let page = html::page(&sim, "Authenticator", "/authenticator", &body);
    let mut response = Page::ok(page).into_response();
    if let Ok(value) = HeaderValue::from_str(&left.to_string()) {
        response.headers_mut().insert(header::REFRESH, value);
    }
    response
}

fn row(user: &User, now: i64) -> Option<String> {
    let pending = user.totp_pending.as_ref();
    let secret = pending.or(user.totp.as_ref().filter(|_| user.mfa_enabled))?;
    let step = totp::step(now);
    let code = totp::code(secret, step)?;
    let (class, state) = if pending.is_some() {
        ("wait", "being set up")
    } else if step <= user.totp_step {
        ("bad", "used, wait for the next")
    } else {
        ("ok", "ready")
    };
    Some(format!(
        "<tr><td>{}</td><td><code class=\"otp\">{code}</code></td><td><span class=\"pill {class}\">{state}</span></td></tr>",
        esc(user.email())
    ))
}
