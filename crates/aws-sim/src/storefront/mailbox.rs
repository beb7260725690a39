//! The mailbox for people: every mail that left for anyone.

use axum::extract::State;

use super::{
    Page,
    html::{self, esc},
};
use crate::{server::App, world::Mail};

/// `GET /mailbox`.
pub(super) async fn show(State(sim): State<App>) -> Page {
    let mails: Vec<Mail> = sim.read(|w| w.mailbox.iter().rev().cloned().collect());
    let content: String = if mails.is_empty() {
        "<section class=\"card empty\"><h2>No mail yet</h2><p>Invitations and other mails arrive here, whoever they are addressed to.</p></section>".to_owned()
    } else {
        mails.iter().map(mail).collect()
    };
    let body = format!(
        "<div class=\"page-head\"><div><h1>Mailbox</h1><p>Nothing leaves this machine.</p></div></div>{content}"
    );
    Page::ok(html::page(&sim, "Mailbox", "/mailbox", &body))
}

fn mail(mail: &Mail) -> String {
    format!(
        "<article class=\"card\"><header><h2>{}</h2><span class=\"quiet\">{}</span></header><p class=\"quiet\">To {}</p><pre>{}</pre></article>",
        esc(&mail.subject),
        esc(&mail.at),
        esc(&mail.to),
        esc(&mail.body)
    )
}
