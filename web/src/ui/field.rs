//! Form controls with their labels always in sight, and what is wrong with them tied to them for assistive technology.

use leptos::prelude::*;

/// A line of text with its label, hint and fault. The control's id is its name.
#[component]
pub(crate) fn TextField(
    /// Its name in the form.
    name: &'static str,
    /// Its label.
    #[prop(into)]
    label: String,
    /// What it is for.
    #[prop(into)]
    hint: String,
    /// `text` or `email`.
    kind: &'static str,
    /// What the browser may fill in.
    autocomplete: &'static str,
    /// What stands in it.
    value: String,
    /// What is wrong with it.
    fault: Option<String>,
) -> impl IntoView {
    let described = match fault {
        Some(_) => format!("{name}-hint {name}-fault"),
        None => format!("{name}-hint"),
    };
    view! {
        <div class="control">
            <label for=name>{label}</label>
            <p class="hint" id=format!("{name}-hint")>
                {hint}
            </p>
            <FieldError name=name fault=fault.clone()/>
            <input
                id=name
                name=name
                type=kind
                autocomplete=autocomplete
                required=true
                value=value
                aria-describedby=described
                aria-invalid=fault.is_some().then_some("true")
            />
        </div>
    }
}

/// What is wrong with one field, beside it.
#[component]
pub(crate) fn FieldError(
    /// The field.
    name: &'static str,
    /// What is wrong with it.
    fault: Option<String>,
) -> impl IntoView {
    fault.map(|fault| {
        view! {
            <p class="fault" id=format!("{name}-fault")>
                {fault}
            </p>
        }
    })
}

/// A radio button or a check box with its label and what choosing it means.
#[component]
pub(crate) fn Choice(
    /// `radio` or `checkbox`.
    kind: &'static str,
    /// The group's name.
    name: &'static str,
    /// What it stands for.
    value: &'static str,
    /// Its label.
    #[prop(into)]
    label: String,
    /// What choosing it means.
    #[prop(into)]
    hint: String,
    /// Whether it is chosen.
    checked: bool,
) -> impl IntoView {
    let id = format!("{name}-{}", value.replace(':', "-"));
    let hint_id = format!("{id}-hint");
    view! {
        <div class="choice">
            <input
                id=id.clone()
                type=kind
                name=name
                value=value
                checked=checked
                aria-describedby=hint_id.clone()
            />
            <label for=id>{label}</label>
            <p class="hint" id=hint_id>
                {hint}
            </p>
        </div>
    }
}
