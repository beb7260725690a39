//! What the end of a subscription means, and what to do about it: the same words wherever it matters.

use domain::Timestamp;
use leptos::prelude::*;

use super::When;

/// The whole of it, for a page that has nothing else to say.
#[component]
pub(crate) fn Ended(
    /// When it ended.
    at: Timestamp,
) -> impl IntoView {
    view! {
        <p>"AWS Marketplace gives its end as " <When at=at/> ". This is what it means:"</p>
        <ul class="plain-steps">
            <li>"Usage is no longer taken: usage events are refused."</li>
            <li>"The last hours are still sent to AWS, which puts them on the last bill."</li>
            <li>"Your data stays readable."</li>
        </ul>
        <p>
            "To use Payphone again, subscribe again in AWS Marketplace and press " <strong>"Set up your account"</strong>
            " there. A new subscription starts a new account."
        </p>
    }
}

/// One sentence on top of a page about something else.
#[component]
pub(crate) fn EndedNotice(
    /// When it ended.
    at: Timestamp,
    /// What that means for this page.
    meaning: &'static str,
) -> impl IntoView {
    view! {
        <p class="alert ended">
            <span>
                <strong>"Your subscription has ended"</strong> " (" <When at=at/> "). " {meaning} " "
                <a href="/">"What this means"</a>
            </span>
        </p>
    }
}
