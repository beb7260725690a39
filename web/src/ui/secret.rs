//! A secret that is shown once: covered where scripts run, and copied by its button.

use leptos::prelude::*;

use super::Snippet;

#[component]
pub(crate) fn Secret(
    /// What it is, as within a sentence: "API key".
    #[prop(into)]
    label: String,
    /// Its id on the page.
    id: &'static str,
    /// The secret.
    text: String,
) -> impl IntoView {
    view! { <Snippet label=label id=id secret=true text=text/> }.into_any()
}
