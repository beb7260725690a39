//! Test or live: always in sight, and a form, because it changes what this browser looks at. Never by colour alone.

use domain::Mode;
use leptos::prelude::*;

use crate::words::say;

#[component]
pub(crate) fn ModeSwitch(
    /// What is looked at.
    chosen: Mode,
) -> impl IntoView {
    let modes = [
        (Mode::Test, say!("parts-mode-test")),
        (Mode::Live, say!("parts-mode-live")),
    ];
    let modes = modes.map(|(mode, label)| {
        let pressed = if mode == chosen { "true" } else { "false" };
        view! {
            <button type="submit" name="mode" value=mode.as_str() aria-pressed=pressed>
                {label}
            </button>
        }
    });
    view! {
        <form class="switch" method="post" action="/mode">
            <div class="mode" data-mode=chosen.as_str() role="group" aria-label=say!("parts-mode")>
                {modes.collect_view()}
            </div>
        </form>
    }
    .into_any()
}
