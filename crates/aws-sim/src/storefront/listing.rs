//! The listing with its prices, and *Subscribe*.

use std::collections::BTreeSet;

use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{
    Page,
    html::{self, esc},
};
use crate::{
    agreements::{self, Purchase},
    server::App,
    sim::Sim,
    world::Pricing,
};

/// What the dimensions of the demo listing are called and cost; a dimension that is not here is shown by its API name.
const PRICES: &[(&str, &str, &str)] = &[
    ("payments", "Payment taken", "$0.10 each"),
    ("captures", "Card captured without a charge", "$0.04 each"),
    ("test_payments", "Payment in test mode", "free"),
    ("seats", "Agent seat, for a year", "$120.00 each"),
];

/// `GET /storefront`.
pub(super) async fn show(State(sim): State<App>) -> Page {
    Page::ok(render(&sim, None))
}

fn render(sim: &Sim, complaint: Option<&str>) -> String {
    let row = |name: &String, kind: &str| {
        let (label, price) = PRICES
            .iter()
            .find(|(n, ..)| n == name)
            .map_or((name.as_str(), "on request"), |(_, label, price)| {
                (*label, *price)
            });
        format!(
            "<tr><td>{}<br><code>{}</code></td><td>{kind}</td><td class=\"num\">{price}</td></tr>",
            esc(label),
            esc(name)
        )
    };
    let metered: String = sim
        .settings
        .dimensions
        .iter()
        .map(|n| row(n, "metered hourly"))
        .collect();
    let contract: String = sim
        .settings
        .contract_dimensions
        .iter()
        .map(|n| row(n, "contract"))
        .collect();
    let accounts: BTreeSet<String> = sim.read(|w| {
        w.agreements
            .values()
            .map(|a| a.account_id.clone())
            .collect()
    });
    let accounts: String = accounts.iter().fold(String::new(), |out, a| {
        out + &format!("<option value=\"{0}\">{0}</option>", esc(a))
    });
    let alert = complaint
        .map(|text| format!("<p class=\"alert\" role=\"alert\">{}</p>", esc(text)))
        .unwrap_or_default();
    let body = format!(
        "<div class=\"page-head\"><div><h1>Payphone</h1><p>Card payments by phone for Amazon Connect. Sold by the demo seller, product code <code>{code}</code>.</p></div></div>\
         <div class=\"cols\"><section class=\"card\" aria-labelledby=\"about\"><h2 id=\"about\">What you get</h2>\
         <p>Take card payments on a call while agents, recordings and your AWS account never touch a card number. Your account is ready as soon as you have set it up.</p>\
         <div class=\"table\" tabindex=\"0\" role=\"region\" aria-labelledby=\"prices\"><table class=\"wrap\"><caption id=\"prices\">Prices</caption>\
         <thead><tr><th scope=\"col\">Dimension</th><th scope=\"col\">Billed</th><th scope=\"col\" class=\"num\">Price</th></tr></thead><tbody>{metered}{contract}</tbody></table></div></section>\
         <section class=\"card\" aria-labelledby=\"subscribe\"><h2 id=\"subscribe\">Subscribe</h2>{alert}\
         <form class=\"fields\" method=\"post\" action=\"/storefront/subscriptions\">\
         <label for=\"account\">AWS account<select id=\"account\" name=\"accountId\"><option value=\"new\">A new demo account</option>{accounts}</select></label>\
         <label for=\"pricing\">Pricing model<select id=\"pricing\" name=\"pricing\"><option value=\"subscription\">Pay as you go</option>\
         <option value=\"contract\">Contract: 10 seats for a year</option><option value=\"contractWithConsumption\">Contract with consumption</option></select></label>\
         <label class=\"check\" for=\"trial\"><input type=\"checkbox\" id=\"trial\" name=\"freeTrial\" value=\"yes\"> Start with a free trial of 30 days</label>\
         <button class=\"btn primary big\">Subscribe</button>\
         <p class=\"quiet\">Nothing is charged: this is a stand-in for AWS Marketplace.</p></form></section></div>",
        code = esc(&sim.settings.product_code),
    );
    html::page(sim, "Payphone", "/storefront", &body)
}

/// The form.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Subscribe {
    #[serde(default)]
    account_id: String,
    pricing: Pricing,
    #[serde(default)]
    free_trial: Option<String>,
}

/// `POST /storefront/subscriptions`.
pub(super) async fn subscribe(State(sim): State<App>, Form(form): Form<Subscribe>) -> Response {
    let request = Purchase {
        account_id: Some(form.account_id).filter(|a| !a.is_empty() && a != "new"),
        pricing: Some(form.pricing),
        free_trial_days: form.free_trial.map(|_| 30),
        ..Purchase::default()
    };
    match sim.change(|c| agreements::purchase(&sim, c, request)).await {
        Ok(bought) => {
            let id = bought["agreementId"].as_str().unwrap_or_default();
            Redirect::to(&format!("/storefront/subscriptions/{id}")).into_response()
        }
        Err(refusal) => Page {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            html: render(&sim, Some(&refusal.1)),
            form_target: None,
        }
        .into_response(),
    }
}
