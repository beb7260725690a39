//! The top of a page: where it stands, what it is, one sentence about it, and what can be done here.

use leptos::prelude::*;

use crate::words::say;

/// The beginning of a page. What is inside are its actions, the primary one last.
#[component]
pub(crate) fn PageHead(
    /// The page's name.
    #[prop(into)]
    title: String,
    /// One sentence, or two short ones.
    #[prop(into, optional)]
    intro: Option<String>,
    /// The page above it: its address and its name.
    #[prop(optional)]
    up: Option<(&'static str, String)>,
    /// The actions.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let up = up.map(|(href, name)| view! { <Crumbs href=href name=name/> });
    let actions = children.map(|children| view! { <div class="row no-print">{children()}</div> });
    view! {
        <div class="page-head">
            <div>
                {up}
                <h1>{title}</h1>
                {intro.map(|intro| view! { <p>{intro}</p> })}
            </div>
            {actions}
        </div>
    }
    .into_any()
}

/// The way up.
#[component]
pub(crate) fn Crumbs(
    /// The page above.
    href: &'static str,
    /// What it is called.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    view! {
        <nav class="crumbs small" aria-label=say!("parts-crumbs")>
            <a href=href>
                <span aria-hidden="true">"← "</span>
                {name}
            </a>
        </nav>
    }
    .into_any()
}
