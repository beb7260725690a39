//! The way in, in steps: for everybody who arrives without it.

use leptos::prelude::*;

use crate::words::say;

#[component]
pub(crate) fn SetUpAgain() -> impl IntoView {
    let manage = view! { <strong>{say!("aws-manage")}</strong> };
    let product = view! { <strong>"Payphone"</strong> };
    view! {
        <ol class="plain-steps">
            <li>{say!("set-up-again-open"; manage = manage)}</li>
            <li>{say!("set-up-again-choose"; product = product)}</li>
            <li>{say!("set-up-again-press"; button = set_up())}</li>
        </ol>
    }
}

/// The button in AWS Marketplace that leads here.
pub(crate) fn set_up() -> impl IntoView {
    view! { <strong>{say!("aws-set-up")}</strong> }
}
