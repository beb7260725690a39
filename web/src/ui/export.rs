//! The way to a list as a file, which has all pages of what is asked for.

use leptos::prelude::*;

use super::{Kind, LinkButton};
use crate::words::say;

#[component]
pub(crate) fn Export(
    /// The file's address.
    #[prop(into)]
    href: String,
    /// Whether something is asked for; a page of the whole list is none of that.
    narrow: bool,
) -> impl IntoView {
    let label = if narrow {
        say!("parts-export-matches")
    } else {
        say!("parts-export")
    };
    view! { <LinkButton href=href label=label kind=Kind::Usual/> }.into_any()
}
