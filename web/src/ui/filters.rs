//! What a list is narrowed by: a form that only asks, so what it shows has an address that can be kept and sent.

use leptos::prelude::*;

use super::{Button, Kind};
use crate::words::say;

/// The form; inside are its fields.
#[component]
pub(crate) fn Filters(
    /// The list's address.
    action: &'static str,
    /// What the form keeps without showing it, such as the order.
    #[prop(optional)]
    kept: Vec<(&'static str, String)>,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let kept: Vec<_> = kept
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect();
    view! {
        <form class="filters no-print" method="get" action=action role="search" aria-label=say!("parts-filters")>
            {kept}
            {children()}
            <Button label=say!("parts-show") kind=Kind::Usual/>
        </form>
    }
    .into_any()
}

/// One of several words.
#[component]
pub(crate) fn Select(
    /// Its name in the form, which is its id.
    name: &'static str,
    /// Its label.
    #[prop(into)]
    label: String,
    /// What the first choice says, which stands for all of them.
    #[prop(into)]
    any: String,
    /// The others: the value and its words.
    options: Vec<(String, String)>,
    /// The value that is chosen; empty for the first.
    #[prop(into)]
    chosen: String,
) -> impl IntoView {
    let options: Vec<_> = options
        .into_iter()
        .map(|(value, words)| {
            let selected = value == chosen;
            view! {
                <option value=value selected=selected>
                    {words}
                </option>
            }
        })
        .collect();
    view! {
        <div class="control">
            <label for=name>{label}</label>
            <select id=name name=name>
                <option value="">{any}</option>
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// Words to look for.
#[component]
pub(crate) fn Search(
    /// Its name in the form, which is its id.
    name: &'static str,
    /// Its label.
    #[prop(into)]
    label: String,
    /// What stands in it.
    #[prop(into)]
    value: String,
    /// How many characters it takes.
    #[prop(default = 80)]
    most: usize,
) -> impl IntoView {
    view! {
        <div class="control">
            <label for=name>{label}</label>
            <input id=name name=name type="search" autocomplete="off" maxlength=most value=value/>
        </div>
    }
    .into_any()
}
