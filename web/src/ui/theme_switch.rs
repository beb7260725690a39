//! How the console looks: as the system does, light, or dark. A form, because it changes what this browser keeps.

use http_api::theme_cookie::Theme;
use leptos::prelude::*;

#[component]
pub(crate) fn ThemeSwitch(
    /// What was chosen, if not the system's.
    chosen: Option<Theme>,
) -> impl IntoView {
    let views = [
        ("system", "System", None),
        ("light", "Light", Some(Theme::Light)),
        ("dark", "Dark", Some(Theme::Dark)),
    ]
    .map(|(word, label, theme)| {
        let pressed = if theme == chosen { "true" } else { "false" };
        view! {
            <button type="submit" name="theme" value=word aria-pressed=pressed>
                {label}
            </button>
        }
    });
    view! {
        <form class="segmented" method="post" action="/theme" role="group" aria-label="Look">
            {views.collect_view()}
        </form>
    }
    .into_any()
}
