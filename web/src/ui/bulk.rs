//! Doing one thing to several rows: a box in each, one button, and the page that asks before it is done. No script takes part.

use leptos::prelude::*;

use super::{Button, Kind};

/// The form around a table; its button leads to the question.
#[component]
pub(crate) fn Bulk(
    /// Where the question is.
    action: &'static str,
    /// What the button says.
    #[prop(into)]
    button: String,
    /// What it does, beside it.
    #[prop(into)]
    hint: String,
    /// The table.
    children: Children,
) -> impl IntoView {
    view! {
        <form class="bulk" method="get" action=action>
            {children()}
            <div class="row no-print">
                <Button label=button kind=Kind::Usual/>
                <span class="quiet small">{hint}</span>
            </div>
        </form>
    }
    .into_any()
}

/// The box of one row.
#[component]
pub(crate) fn Pick(
    /// The box's name in the form.
    name: &'static str,
    /// What it stands for.
    value: String,
    /// What it chooses, for who does not see the row.
    label: String,
) -> impl IntoView {
    view! {
        <label class="pick">
            <input type="checkbox" name=name value=value/>
            <span class="unseen">{label}</span>
        </label>
    }
    .into_any()
}

/// What was chosen, once more, for the form that does it.
#[component]
pub(crate) fn Picked(
    /// The box's name in the form.
    name: &'static str,
    /// What was chosen.
    values: Vec<String>,
) -> impl IntoView {
    values
        .into_iter()
        .map(|value| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
        .into_any()
}
