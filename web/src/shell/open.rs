//! The frame of pages that anybody may read: a bar with the way in, and room for a long text.

use std::sync::Arc;

use leptos::prelude::*;

use super::{Document, Foot};
use crate::{ui::Brand, words::say};

#[component]
pub(crate) fn Open(
    /// The page's title.
    #[prop(into)]
    title: String,
    /// Where people write to.
    support: Arc<str>,
    /// Where to sign in and come back from.
    sign_in: String,
    /// The page's content.
    children: Children,
) -> impl IntoView {
    view! {
        <Document title=title>
            <header class="top">
                <Brand href="/docs"/>
                <div class="grow"></div>
                <a class="btn" href=sign_in>
                    {say!("sign-in")}
                </a>
            </header>
            <main class="open" id="main" tabindex="-1">
                {children()}
                <Foot support=support/>
            </main>
        </Document>
    }
}
