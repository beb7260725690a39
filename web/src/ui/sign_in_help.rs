//! What to do when signing in does not work: the same lines wherever that can be noticed.

use leptos::prelude::*;

use crate::words::say;

#[component]
pub(crate) fn SignInHelp() -> impl IntoView {
    let lost = view! { <a href="/recover">{say!("sign-in-lost-link")}</a> };
    let no_mail = view! { <a href="/login/help">{say!("sign-in-no-mail-link")}</a> };
    view! {
        <ul class="plain-steps quiet small">
            <li>{say!("sign-in-forgot")}</li>
            <li>{say!("sign-in-lost"; link = lost)}</li>
            <li>{say!("sign-in-no-mail"; link = no_mail)}</li>
        </ul>
    }
}
