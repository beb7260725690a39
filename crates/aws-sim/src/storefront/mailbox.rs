//! The mailbox for people: every mail that left for anyone.

use std::fmt::Write as _;

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
    let from = mail
        .from
        .as_ref()
        .map(|from| format!(" from {}", esc(from)))
        .unwrap_or_default();
    format!(
        "<article class=\"card\"><header><h2>{}</h2><span class=\"quiet\">{}</span></header><p class=\"quiet\">To {}{from}</p><pre>{}</pre></article>",
        esc(&mail.subject),
        esc(&mail.at),
        esc(&mail.to),
        linked(&mail.body)
    )
}

/// A text with its addresses as links; the rest is escaped, and so are the addresses.
fn linked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = ["http://", "https://"]
        .iter()
        .filter_map(|scheme| rest.find(scheme))
        .min()
    {
        let (before, from) = rest.split_at(at);
        let end = from
            .find(|c: char| c.is_whitespace() || "<>\"'".contains(c))
            .unwrap_or(from.len());
        // A full stop or a bracket behind an address belongs to the sentence.
        let url = from[..end].trim_end_matches(['.', ',', ')', ';', ':', '!', '?']);
        out += &esc(before);
        // Writing to a string cannot fail.
        let _ = write!(out, "<a href=\"{0}\" rel=\"noopener\">{0}</a>", esc(url));
        rest = &from[url.len()..];
    }
    out + &esc(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_links_and_nothing_else_does() {
        assert_eq!(
            linked("See https://a.example/x?b=1&c=2. <b>"),
            "See <a href=\"https://a.example/x?b=1&amp;c=2\" rel=\"noopener\">https://a.example/x?b=1&amp;c=2</a>. &lt;b&gt;"
        );
        assert_eq!(linked("javascript:alert(1)"), "javascript:alert(1)");
        assert_eq!(
            linked("http://h/\"onclick=x"),
            "<a href=\"http://h/\" rel=\"noopener\">http://h/</a>&quot;onclick=x"
        );
    }
}
