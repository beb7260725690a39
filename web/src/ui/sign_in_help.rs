//! What to do when signing in does not work: the same lines wherever that can be noticed.

use leptos::prelude::*;

#[component]
pub(crate) fn SignInHelp() -> impl IntoView {
    view! {
        <ul class="plain-steps quiet small">
            <li>"Forgot your password? The sign-in page has a link for that."</li>
            <li>
                "Lost your authenticator? " <a href="/recover">"Use a recovery code"</a>
                ", or ask an owner of your account to reset it."
            </li>
            <li>
                "No mail with a first password, or it is too old? " <a href="/login/help">"Have it sent again"</a> "."
            </li>
        </ul>
    }
}
