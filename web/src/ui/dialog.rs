//! Something small that is asked or told over the page, without a script: the browser opens it, and Escape or a press beside it closes it.
//! What cannot be undone has a page of its own instead.

use leptos::prelude::*;

use crate::words::say;

#[component]
pub(crate) fn Dialog(
    /// Its id on the page.
    id: &'static str,
    /// What the button that opens it says.
    #[prop(into)]
    button: String,
    /// Its heading.
    #[prop(into)]
    title: String,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-title");
    let labelled = heading.clone();
    view! {
        <button class="btn" type="button" popovertarget=id>
            {button}
        </button>
        <div class="dialog" id=id popover="auto" role="dialog" aria-labelledby=labelled>
            <h2 id=heading>{title}</h2>
            {children()}
            <div class="row">
                <button class="btn" type="button" popovertarget=id popovertargetaction="hide">
                    {say!("parts-close")}
                </button>
            </div>
        </div>
    }
    .into_any()
}
