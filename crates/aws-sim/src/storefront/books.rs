//! The metering books for people.

use axum::extract::State;

use super::{
    Page,
    html::{self, esc},
};
use crate::{quantity, server::App, world::MeteringRow};

/// How many lines the page shows; the control route has them all.
const SHOWN: usize = 500;

/// `GET /storefront/books`.
pub(super) async fn show(State(sim): State<App>) -> Page {
    let mut rows: Vec<MeteringRow> = sim.read(|w| w.metering.values().cloned().collect());
    rows.sort_by(|a, b| (b.timestamp_ms, &a.key).cmp(&(a.timestamp_ms, &b.key)));
    let total = rows.len();
    let lines: String = rows.iter().take(SHOWN).map(line).collect();
    let content = if total == 0 {
        "<section class=\"card empty\"><h2>Nothing metered yet</h2><p>Records that the product sends with BatchMeterUsage appear here. An hour is sent some minutes after it has passed: advance the clock by 65 minutes.</p></section>".to_owned()
    } else {
        format!(
            "<section class=\"card\"><div class=\"table\" tabindex=\"0\" role=\"region\" aria-labelledby=\"all\"><table><caption id=\"all\">{} of {total} records, latest hour first</caption><thead><tr>\
             <th scope=\"col\">Hour</th><th scope=\"col\">Dimension</th><th scope=\"col\" class=\"num\">Quantity</th><th scope=\"col\">Status</th><th scope=\"col\">AWS account</th><th scope=\"col\">Licence</th>\
             <th scope=\"col\" class=\"num\">Sent</th><th scope=\"col\">Region</th><th scope=\"col\">Record</th></tr></thead><tbody>{lines}</tbody></table></div></section>",
            total.min(SHOWN)
        )
    };
    let body = format!(
        "<div class=\"page-head\"><div><h1>Books</h1><p>What AWS would bill: every metering record received, by its own rules.</p></div></div>{content}"
    );
    Page::ok(html::page(&sim, "Books", "/storefront/books", &body))
}

fn line(row: &MeteringRow) -> String {
    let class = match row.status.as_str() {
        "Success" => "ok",
        "DuplicateRecord" => "wait",
        _ => "bad",
    };
    let twice = if row.billed_twice {
        " <span class=\"pill bad\">Billed twice</span>"
    } else {
        ""
    };
    let license = row.license_arn.rsplit(':').next().unwrap_or_default();
    format!(
        "<tr><td>{time}</td><td><code>{dimension}</code></td><td class=\"num\">{quantity}</td><td><span class=\"pill {class}\">{status}</span>{twice}</td><td><code>{account}</code></td>\
         <td><code>{license}</code></td><td class=\"num\">{attempts}×</td><td>{region}</td><td><code>{record}</code></td></tr>",
        time = html::time(row.timestamp_ms),
        dimension = esc(&row.dimension),
        quantity = quantity::to_text(row.quantity),
        status = esc(&row.status),
        account = esc(&row.customer_aws_account_id),
        license = esc(license),
        attempts = row.attempts,
        region = esc(&row.region),
        record = esc(row.metering_record_id.as_deref().unwrap_or("–")),
    )
}
