//! Things said at the top of a page: what was done, and what was wrong with a form.

use leptos::prelude::*;

use crate::{form::Faults, words::say};

/// What was done, said once.
#[component]
pub(crate) fn Notice(
    /// The sentence.
    text: String,
) -> impl IntoView {
    view! {
        <p class="alert info" role="status">
            {text}
        </p>
    }
}

/// Everything that is wrong with a form, each a link to its field. It takes the focus when the page opens.
#[component]
pub(crate) fn ErrorSummary(
    /// What is wrong.
    faults: Faults,
) -> impl IntoView {
    (!faults.is_empty()).then(|| {
        let heading = say!("frame-errors", count = faults.fields.len());
        let links = faults.fields.into_iter().map(|(name, detail)| {
            view! {
                <li>
                    <a href=format!("#{name}")>{detail}</a>
                </li>
            }
        });
        let list = links.collect_view();
        view! {
            <div
                class="alert"
                role="alert"
                tabindex="-1"
                autofocus=true
                aria-labelledby="errors-heading"
            >
                <h2 id="errors-heading">{heading}</h2>
                {faults.whole.map(|text| view! { <p>{text}</p> })}
                {(!list.is_empty()).then(|| view! { <ul>{list}</ul> })}
            </div>
        }
    })
}
