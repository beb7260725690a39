//! The buyer's subscriptions: the list, the page of one with *Set up your account*, and cancelling.
//!
//! Invariant: the registration token stands in a hidden field of a form that posts to the fulfilment URL, never in an address.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};

use super::{
    Page,
    html::{self, esc, fact},
};
use crate::{
    agreements::{self, End},
    events::product_id,
    server::App,
    sim::Sim,
    switches,
    world::{Agreement, License},
};

/// `GET /storefront/subscriptions`.
pub(super) async fn list(State(sim): State<App>) -> Page {
    let mut all: Vec<Agreement> = sim.read(|w| w.agreements.values().cloned().collect());
    all.sort_by_key(|a| std::cmp::Reverse(a.start_ms));
    let rows = all
        .iter()
        .fold(String::new(), |out, a| {
            out + &format!(
                "<tr><td><a href=\"/storefront/subscriptions/{id}\">{id}</a></td><td><code>{account}</code></td><td>{pricing}</td><td>{start}</td><td>{status}</td></tr>",
                id = esc(&a.agreement_id),
                account = esc(&a.account_id),
                pricing = html::pricing(a.pricing),
                start = html::time(a.start_ms),
                status = html::status(a),
            )
        });
    let content = if all.is_empty() {
        "<section class=\"card empty\"><h2>No subscription yet</h2><p>Subscribe on the listing, and it will be here.</p><p><a class=\"btn primary\" href=\"/storefront\">To the listing</a></p></section>".to_owned()
    } else {
        format!(
            "<section class=\"card\"><div class=\"table\" tabindex=\"0\" role=\"region\" aria-labelledby=\"all\"><table><caption id=\"all\">All demo accounts, latest first</caption><thead><tr>\
             <th scope=\"col\">Agreement</th><th scope=\"col\">AWS account</th><th scope=\"col\">Pricing</th><th scope=\"col\">Accepted</th><th scope=\"col\">Status</th></tr></thead><tbody>{rows}</tbody></table></div></section>"
        )
    };
    let body = format!(
        "<div class=\"page-head\"><div><h1>Subscriptions</h1><p>What the demo accounts have bought.</p></div></div>{content}"
    );
    Page::ok(html::page(
        &sim,
        "Subscriptions",
        "/storefront/subscriptions",
        &body,
    ))
}

/// `GET /storefront/subscriptions/{id}`.
pub(super) async fn show(State(sim): State<App>, Path(id): Path<String>) -> Page {
    let found = sim.read(|w| {
        w.agreements
            .get(&id)
            .and_then(|a| Some((a.clone(), w.licenses.get(&a.license_arn)?.clone())))
    });
    let Some((agreement, license)) = found else {
        return Page::plain(
            StatusCode::NOT_FOUND,
            "No such subscription",
            "There is no agreement of that id.",
        );
    };
    let (set_up, cancel) = if agreement.status == "ACTIVE" {
        (set_up(&sim, &agreement).await, cancel_form(&agreement))
    } else {
        (String::new(), String::new())
    };
    let body = format!(
        "<div class=\"page-head\"><div><h1>Your subscription to Payphone</h1><p>{pricing}, AWS account <code>{account}</code></p></div>{status}</div>\
         <div class=\"cols\"><section class=\"card\" aria-labelledby=\"facts\"><h2 id=\"facts\">Agreement</h2>{facts}</section>{set_up}</div>{cancel}",
        pricing = html::pricing(agreement.pricing),
        account = esc(&agreement.account_id),
        status = html::status(&agreement),
        facts = facts(&sim, &agreement, &license),
    );
    let here = format!("/storefront/subscriptions/{id}");
    Page {
        status: StatusCode::OK,
        html: html::page(&sim, "Your subscription", &here, &body),
        form_target: origin(&sim.settings.fulfilment_url),
    }
}

fn facts(sim: &Sim, agreement: &Agreement, license: &License) -> String {
    let code = |text: &str| format!("<code>{}</code>", esc(text));
    let mut rows = vec![
        fact("Agreement", &code(&agreement.agreement_id)),
        fact("Licence", &code(&license.arn)),
        fact("Product code", &code(&agreement.product_code)),
        fact("Accepted", &html::time(agreement.start_ms)),
        fact("Licence active from", &html::time(license.active_from_ms)),
    ];
    if let Some(end) = agreement.term_end_ms {
        rows.push(fact("Term ends", &html::time(end)));
    }
    if let Some(days) = agreement.free_trial_days {
        rows.push(fact("Free trial", &format!("{days} days")));
    }
    for e in &license.entitlements {
        rows.push(fact(
            "Entitlement",
            &format!("{} × {}", esc(&e.value.to_string()), esc(&e.dimension)),
        ));
    }
    if let Some(end) = license.ended_ms {
        rows.push(fact("Ended", &html::time(end)));
    }
    if let Some(end) = license.deprovisioned_ms {
        let minutes = sim.read(|w| switches::number(w, "finalWindowMinutes"));
        rows.push(fact(
            "Deprovisioned",
            &format!(
                "{}, then {minutes} minutes for final metering",
                html::time(end)
            ),
        ));
    }
    if let Some(previous) = &agreement.previous_agreement_id {
        rows.push(fact(
            "Follows",
            &format!(
                "<a href=\"/storefront/subscriptions/{0}\">{0}</a>",
                esc(previous)
            ),
        ));
    }
    format!("<dl class=\"facts\">{}</dl>", rows.concat())
}

/// The form that AWS Marketplace shows after a purchase, with a token minted for this very page.
async fn set_up(sim: &Sim, agreement: &Agreement) -> String {
    let Ok(token) = sim
        .change(|c| agreements::mint(sim, c, &agreement.license_arn, false))
        .await
    else {
        return String::new();
    };
    let hidden = |name: &str, value: &str| {
        format!(
            "<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
            esc(value)
        )
    };
    let mut fields = hidden("x-amzn-marketplace-token", &token.token);
    if agreement.free_trial_days.is_some() {
        fields += &hidden("x-amzn-marketplace-offer-type", "free-trial");
    }
    // Undocumented, but seen by several integrators.
    if sim.read(|w| switches::is(w, "formExtraFields", "present")) {
        fields += &hidden("x-amzn-marketplace-agreement-id", &agreement.agreement_id);
        fields += &hidden(
            "x-amzn-marketplace-product-id",
            &product_id(&agreement.product_code),
        );
        fields += &hidden(
            "x-amzn-marketplace-fulfillment-url",
            &sim.settings.fulfilment_url,
        );
    }
    format!(
        "<section class=\"card\" aria-labelledby=\"next\"><h2 id=\"next\">One step to go</h2><p>You will be taken to the seller's site to set up your account there.</p>\
         <form method=\"post\" action=\"{url}\">{fields}<button class=\"btn primary big\">Set up your account</button></form>\
         <p class=\"quiet\">Opens <code>{url}</code></p></section>",
        url = esc(&sim.settings.fulfilment_url),
    )
}

fn cancel_form(agreement: &Agreement) -> String {
    format!(
        "<section class=\"card\" aria-labelledby=\"cancel\"><h2 id=\"cancel\">Cancel the subscription</h2><p>The agreement ends at once, and its licence is deprovisioned.</p>\
         <form method=\"post\" action=\"/storefront/subscriptions/{}/cancel\"><button class=\"btn danger\">Cancel subscription</button></form></section>",
        esc(&agreement.agreement_id)
    )
}

/// `POST /storefront/subscriptions/{id}/cancel`.
pub(super) async fn cancel(State(sim): State<App>, Path(id): Path<String>) -> Response {
    match sim
        .change(|c| agreements::end(&sim, c, &id, End::default()))
        .await
    {
        // Pressing the button twice has cancelled once.
        Ok(_) | Err(agreements::Refusal(409, _)) => {
            Redirect::to(&format!("/storefront/subscriptions/{id}")).into_response()
        }
        Err(refusal) => {
            Page::plain(StatusCode::NOT_FOUND, "No such subscription", &refusal.1).into_response()
        }
    }
}

/// `http://host:port` of a URL.
fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    Some(format!(
        "{scheme}://{}",
        rest.split(['/', '?', '#']).next()?
    ))
}
