//! How the console looks: as the system does, light, or dark. A form, because it changes what this browser keeps.

use http_api::theme_cookie::Theme;
use leptos::prelude::*;

use crate::words::say;

#[component]
pub(crate) fn ThemeSwitch(
    /// What was chosen, if not the system's.
    chosen: Option<Theme>,
) -> impl IntoView {
    let views = [
        ("system", say!("parts-look-system"), None),
        ("light", say!("parts-look-light"), Some(Theme::Light)),
        ("dark", say!("parts-look-dark"), Some(Theme::Dark)),
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
        <form method="post" action="/theme">
            <div class="segmented" role="group" aria-label=say!("parts-look")>
                {views.collect_view()}
            </div>
        </form>
    }
    .into_any()
}
