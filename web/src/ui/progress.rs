//! How far something is, in words and as a bar; and its steps one below the other.

use leptos::prelude::*;

#[component]
pub(crate) fn Progress(
    /// How many parts are done.
    done: usize,
    /// Of how many.
    all: usize,
    /// The same in words.
    #[prop(into)]
    words: String,
) -> impl IntoView {
    view! {
        <div class="so-far">
            <progress max=all.to_string() value=done.to_string() aria-label=words.clone()></progress>
            <span class="quiet">{words}</span>
        </div>
    }
    .into_any()
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Done,
    Now,
    Failed,
    Later,
}

/// Steps; inside are [`Step`]s.
#[component]
pub(crate) fn Steps(children: Children) -> impl IntoView {
    view! { <ol class="steps">{children()}</ol> }.into_any()
}

#[component]
pub(crate) fn Step(
    /// Its place, from 1 on.
    number: usize,
    /// Where it stands, which its mark says.
    standing: Standing,
    /// What it is.
    #[prop(into)]
    title: String,
    /// Where it stands, in a word.
    #[prop(optional)]
    state: Option<AnyView>,
    /// What can be done about it.
    #[prop(default = None)]
    action: Option<AnyView>,
    /// What there is to say about it.
    children: Children,
) -> impl IntoView {
    let (class, mark) = match standing {
        Standing::Done => ("step done", "✓".to_owned()),
        Standing::Now => ("step now", number.to_string()),
        Standing::Failed => ("step failed", "!".to_owned()),
        Standing::Later => ("step", number.to_string()),
    };
    view! {
        <li class=class>
            <span class="dot" aria-hidden="true">
                {mark}
            </span>
            <div class="body">
                <div class="row">
                    <h2>{title}</h2>
                    {state}
                </div>
                {children()}
            </div>
            <div>{action}</div>
        </li>
    }
    .into_any()
}
