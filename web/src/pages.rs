//! The console's pages, and the table of their routes.

pub(crate) mod account;
pub(crate) mod activity;
pub(crate) mod api_keys;
pub(crate) mod example;
pub(crate) mod help;
pub(crate) mod home;
pub(crate) mod invitation;
pub(crate) mod keys;
pub(crate) mod list;
pub(crate) mod operator;
pub(crate) mod overview;
pub(crate) mod people;
pub(crate) mod setup;
pub(crate) mod subscription;
pub(crate) mod usage;
pub(crate) mod welcome;

use axum::{
    Router,
    middleware::from_fn,
    routing::{any, get, post},
};
use http_api::Http;
use runtime::stack::body_limit;

use self::{
    account::{codes, tenants},
    people::member,
};
use crate::{assets, docs, error_page, form, live, mode, request_id, sign_in, theme};

/// Every page of the console.
pub fn router() -> Router<Http> {
    public()
        .merge(members())
        .merge(people())
        .merge(account())
        .merge(for_the_operator())
        .merge(documentation())
        .merge(sign_in::router())
        .route("/theme", post(theme::choose))
        .route("/mode", post(mode::choose))
        .route("/favicon.ico", get(assets::favicon))
        .route("/assets/{name}", get(assets::show))
        .route("/{*path}", any(error_page::nowhere))
        .layer(body_limit(form::LIMIT))
        .layer(from_fn(error_page::in_console))
        .layer(from_fn(request_id::keep))
}

/// For who is not signed in: buyers, the invited, and who cannot get in.
fn public() -> Router<Http> {
    Router::new()
        .route("/welcome", get(welcome::show).post(welcome::submit))
        .route("/welcome/attach", post(welcome::attach))
        .route(
            "/invitations/{secret}",
            get(invitation::show).post(invitation::submit),
        )
        .route("/recover", get(help::show_recover).post(help::recover))
        .route(
            "/login/help",
            get(help::show_first_password).post(help::first_password),
        )
}

/// What a tenant has.
fn members() -> Router<Http> {
    Router::new()
        .route("/", get(home::show))
        .route("/setup", get(setup::show))
        .route("/setup/check", post(setup::check))
        .route("/keys", get(keys::list))
        .route("/api-keys", get(api_keys::list).post(api_keys::create))
        .route(
            "/api-keys/revoke",
            get(api_keys::several::confirm).post(api_keys::several::revoke),
        )
        .route(
            "/api-keys/{id}/revoke",
            get(api_keys::confirm).post(api_keys::revoke),
        )
        .route("/usage", get(usage::list))
        .route("/usage/{record}", get(usage::record::show))
        .route("/subscription", get(subscription::show))
        .route("/activity", get(activity::list))
        .route("/live", get(live::show))
}

/// Who belongs to a tenant.
fn people() -> Router<Http> {
    Router::new()
        .route("/people", get(people::list))
        .route("/people/invitations", post(people::invite))
        .route("/people/invitations/{id}/resend", post(people::resend))
        .route("/people/invitations/{id}/revoke", post(people::revoke))
        .route("/people/{id}", get(member::show))
        .route("/people/{id}/role", post(member::change_role))
        .route(
            "/people/{id}/resend-password",
            post(member::resend_password),
        )
        .route(
            "/people/{id}/reset-authenticator",
            get(member::ask_reset).post(member::reset_authenticator),
        )
        .route(
            "/people/{id}/remove",
            get(member::ask_remove).post(member::remove),
        )
}

/// For everybody: what to do, and what answers mean.
fn documentation() -> Router<Http> {
    Router::new()
        .route("/docs", get(docs::index))
        .route("/docs/{page}", get(docs::show))
        .route("/docs/problems/{code}", get(docs::problem))
        .route("/llms.txt", get(docs::llms))
}

/// What belongs to the person.
fn account() -> Router<Http> {
    Router::new()
        .route("/account", get(account::show))
        .route("/account/tenant", post(account::select_tenant))
        .route("/account/sessions/{id}/end", post(account::end_session))
        .route(
            "/account/sign-out-everywhere",
            post(account::sign_out_everywhere),
        )
        .route("/account/recovery-codes", get(codes::ask).post(codes::make))
        .route("/tenants", get(tenants::list))
}

/// What the vendor's operator sees of all tenants.
fn for_the_operator() -> Router<Http> {
    Router::new()
        .route("/operator/registrations", get(operator::registrations))
        .route("/operator/tenants", get(operator::tenants))
        .route("/operator/events", get(operator::events))
        .route("/operator/jobs", get(operator::jobs))
        .route("/operator/jobs/{work}/{item}/rerun", post(operator::rerun))
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_two_routes_are_in_each_others_way() {
        let all = super::router().merge(crate::landing::router());
        drop(all.merge(crate::design::router()));
    }
}
