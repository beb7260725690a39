//! How far something is, in words and as a bar; and its steps one below the other.

use leptos::prelude::*;

use crate::words::say;

#[component]
pub(crate) fn Progress(
    /// How many parts are done.
    done: usize,
    /// Of how many.
    all: usize,
    /// Of what.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let words = say!("parts-progress", done = done, all = all);
    view! {
        <div class="stack">
            <p class="quiet small">{words.clone()}</p>
            <progress max=all.to_string() value=done.to_string() aria-label=label>
                {words}
            </progress>
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
    /// Where it stands.
    standing: Standing,
    /// What it is.
    #[prop(into)]
    title: String,
    /// What there is to say about it.
    #[prop(into)]
    note: String,
) -> impl IntoView {
    let (class, word) = match standing {
        Standing::Done => ("step done", say!("parts-step-done")),
        Standing::Now => ("step now", say!("parts-step-now")),
        Standing::Failed => ("step failed", say!("parts-step-failed")),
        Standing::Later => ("step", say!("parts-step-later")),
    };
    view! {
        <li class=class>
            <span class="dot" aria-hidden="true">
                {number}
            </span>
            <div class="body">
                <h3>{title}</h3>
                <p class="note">{note}</p>
            </div>
            <span class="small quiet">{word}</span>
        </li>
    }
    .into_any()
}
