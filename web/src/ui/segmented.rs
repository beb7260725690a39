//! A few views of the same thing side by side, one of which is shown. Each is a link.

use leptos::prelude::*;

#[component]
pub(crate) fn Segmented(
    /// What is chosen among.
    #[prop(into)]
    label: String,
    /// Each view's address and name, and whether it is the one that is shown.
    views: Vec<(String, String, bool)>,
) -> impl IntoView {
    let views: Vec<_> = views
        .into_iter()
        .map(|(href, name, shown)| {
            view! {
                <a href=href aria-current=shown.then_some("true")>
                    {name}
                </a>
            }
        })
        .collect();
    view! {
        <nav class="segmented no-print" aria-label=label>
            {views}
        </nav>
    }
    .into_any()
}
