//! The foot of every page: where to ask, and the same page in the other languages.
//! The vendor's own operators are told no address: it is theirs.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    here,
    words::{Language, say},
};

#[component]
pub(crate) fn Foot(
    /// Where people write to; none for those who are written to.
    #[prop(into)]
    support: Option<Arc<str>>,
) -> impl IntoView {
    let help = support.map(|support| {
        let link = view! { <a href=format!("mailto:{support}")>{support.to_string()}</a> };
        view! { <p>{say!("frame-help"; support = link)}</p> }
    });
    view! {
        <footer class="quiet small">
            {help}
            {here::query().map(|query| languages(&query))}
        </footer>
    }
}

/// The same page in the other languages, with everything its address asks for.
fn languages(query: &str) -> impl IntoView + use<> {
    let others = Language::ALL
        .into_iter()
        .filter(|language| *language != Language::now())
        .map(|language| {
            let tag = language.tag();
            view! {
                <a href=language.added_to(query) lang=tag hreflang=tag>
                    {language.name()}
                </a>
            }
        });
    view! { <nav class="row" aria-label=say!("frame-language")>{others.collect_view()}</nav> }
}
