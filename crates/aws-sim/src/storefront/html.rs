//! The frame of every page, and escaping.
//!
//! Invariant: every value that is not written here by hand goes through [`esc`].

use crate::{
    clock::moment,
    sim::Sim,
    world::{Agreement, Pricing},
};

/// Text or attribute value, safe between tags and inside double quotes.
pub(crate) fn esc(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// A page with navigation and clock. `here` is the path of the page, where the clock's form comes back to.
pub(super) fn page(sim: &Sim, title: &str, here: &str, body: &str) -> String {
    let link = |href: &str, name: &str| {
        let current = if here == href {
            " aria-current=\"page\""
        } else {
            ""
        };
        format!("<li><a href=\"{href}\"{current}>{name}</a></li>")
    };
    let nav: String = [
        ("/storefront", "Listing"),
        ("/storefront/subscriptions", "Subscriptions"),
        ("/storefront/books", "Books"),
        ("/mailbox", "Mailbox"),
        ("/authenticator", "Authenticator"),
    ]
    .map(|(href, name)| link(href, name))
    .concat();
    let now = sim.clock.business_ms();
    let button = |seconds: u32, name: &str| {
        format!(
            "<button class=\"btn small\" name=\"advanceSeconds\" value=\"{seconds}\">{name}</button>"
        )
    };
    let content = format!(
        "<header class=\"top\"><a class=\"brand\" href=\"/storefront\">{LOGO}<span>Marketplace</span></a>\
         <span class=\"pill\">Simulator</span><nav aria-label=\"Main\"><ul>{nav}</ul></nav></header>\
         <form class=\"clock\" method=\"post\" action=\"/storefront/clock\" aria-label=\"Clock\">\
         <p>Business time <time datetime=\"{stamp}\">{shown}</time></p>\
         <input type=\"hidden\" name=\"back\" value=\"{back}\">\
         <div class=\"row\"><span class=\"quiet\">Advance</span>{hour}{hour5}{day}</div></form>\
         <main id=\"main\">{body}</main>",
        stamp = crate::clock::rfc3339_seconds(now),
        shown = time(now),
        back = esc(here),
        hour = button(3600, "1 hour"),
        hour5 = button(3900, "65 minutes"),
        day = button(86_400, "1 day"),
    );
    document(title, SITE, &content)
}

/// A page without anything around it.
pub(super) fn bare(title: &str, text: &str) -> String {
    let body = format!(
        "<main id=\"main\"><h1>{}</h1><p>{}</p><p><a href=\"/storefront\">To the storefront</a></p></main>",
        esc(title),
        esc(text)
    );
    document(title, SITE, &body)
}

/// A narrow page with one card, for signing in; `content` is HTML.
pub(crate) fn sheet(title: &str, content: &str) -> String {
    let body = format!(
        "<main id=\"main\" class=\"narrow\"><p class=\"brand\">{LOGO}<span>Payphone</span></p><section class=\"card\">{content}</section>\
         <p class=\"quiet\">A stand-in for Amazon Cognito: use no password that you use elsewhere.</p></main>"
    );
    document(title, "Payphone sign-in", &body)
}

const SITE: &str = "Marketplace simulator";

fn document(title: &str, site: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{} – {site}</title><link rel=\"stylesheet\" href=\"/storefront/storefront.css\"></head>\
         <body><a class=\"skip\" href=\"#main\">Skip to the content</a>{body}</body></html>\n",
        esc(title)
    )
}

const LOGO: &str = "<svg viewBox=\"0 0 24 24\" aria-hidden=\"true\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke-linecap=\"round\">\
    <path d=\"M4 9l1.5-5h13L20 9M4 9v11h16V9M4 9a2.7 2.7 0 0 0 5.3 0 2.7 2.7 0 0 0 5.4 0A2.7 2.7 0 0 0 20 9M10 20v-6h4v6\"/></svg>";

/// A moment for people, always UTC.
pub(super) fn time(ms: i64) -> String {
    moment(ms).format("%-d %b %Y, %H:%M:%S UTC").to_string()
}

/// The name of a pricing model.
pub(super) fn pricing(pricing: Pricing) -> &'static str {
    match pricing {
        Pricing::Subscription => "Pay as you go",
        Pricing::Contract => "Contract",
        Pricing::ContractWithConsumption => "Contract with consumption",
    }
}

/// The state of an agreement as a coloured label.
pub(super) fn status(agreement: &Agreement) -> String {
    let class = match agreement.status.as_str() {
        "ACTIVE" => "ok",
        "RENEWED" | "REPLACED" => "",
        _ => "bad",
    };
    format!(
        "<span class=\"pill {class}\">{}</span>",
        esc(&sentence(&agreement.status))
    )
}

/// `CANCELLED` → `Cancelled`.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_string() + &chars.as_str().to_lowercase()
    })
}

/// A term and its value in a list of facts; the value is HTML.
pub(super) fn fact(term: &str, value: &str) -> String {
    format!("<dt>{}</dt><dd>{value}</dd>", esc(term))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_leave_their_place() {
        assert_eq!(
            esc("<a href=\"x\" b='y'>&"),
            "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;"
        );
        assert_eq!(sentence("CANCELLED"), "Cancelled");
        assert_eq!(time(0), "1 Jan 1970, 00:00:00 UTC");
    }
}
