//! Several choices under one question, with what is wrong with the answer.

use leptos::prelude::*;

use super::FieldError;

/// The question; inside are its choices.
#[component]
pub(crate) fn Fieldset(
    /// The group's name in the form, which is its id.
    name: &'static str,
    /// The question.
    #[prop(into)]
    legend: String,
    /// What is wrong with the answer.
    fault: Option<String>,
    /// The choices.
    children: Children,
) -> impl IntoView {
    view! {
        <fieldset id=name tabindex="-1">
            <legend>{legend}</legend>
            <FieldError name=name fault=fault/>
            <div class="choices">{children()}</div>
        </fieldset>
    }
    .into_any()
}
