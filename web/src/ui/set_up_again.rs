//! The way in, in steps: for everybody who arrives without it.

use leptos::prelude::*;

#[component]
pub(crate) fn SetUpAgain() -> impl IntoView {
    view! {
        <ol class="plain-steps">
            <li>"In the AWS console, open AWS Marketplace and choose " <strong>"Manage subscriptions"</strong> "."</li>
            <li>"Choose " <strong>"Payphone"</strong> "."</li>
            <li>
                "Press " <strong>"Set up your account"</strong>
                ". It brings you to the same account, however often you press it."
            </li>
        </ol>
    }
}
