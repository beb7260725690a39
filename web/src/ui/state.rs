//! A place with nothing to show: because there is nothing, because it did not work, or because it is not there yet.

use leptos::prelude::*;

use crate::words::say;

/// There is nothing, and what to do about it.
#[component]
pub(crate) fn Empty(
    /// That there is nothing, and why.
    #[prop(into)]
    words: String,
    /// The way on, if there is one.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p>{words}</p>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}

/// It did not work: what happened, and what to do.
#[component]
pub(crate) fn Failure(
    /// What happened.
    #[prop(into)]
    what: String,
    /// What to do.
    #[prop(into)]
    advice: String,
    /// The request's id, for whoever writes to us.
    #[prop(into, optional)]
    request_id: Option<String>,
) -> impl IntoView {
    view! {
        <div class="alert">
            <p><strong>{what}</strong></p>
            <p>{advice}</p>
            {request_id
                .map(|id| {
                    let id = view! { <code class="wrap">{id}</code> };
                    view! { <p class="small">{say!("parts-request"; id = id)}</p> }
                })}
        </div>
    }
    .into_any()
}

/// It is on its way.
#[component]
pub(crate) fn Waiting(
    /// What is on its way, and how long that takes.
    #[prop(into)]
    words: String,
) -> impl IntoView {
    view! { <p class="waiting">{words}</p> }.into_any()
}
