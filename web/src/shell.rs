//! What stands around every page: head, skip link, brand, navigation, support.
//! Two frames: the console with its navigation, and one narrow column for who is not in yet.

#![expect(
    unreachable_pub,
    reason = "the macro behind `#[component]` writes `pub`, whatever stands there"
)]

use std::sync::Arc;

use leptos::prelude::*;

use crate::{assets, ui::Brand};

/// What the console's frame says about the tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    /// What the tenant is called.
    pub(crate) org: String,
    /// Where people write to.
    pub(crate) support: Arc<str>,
}

/// The entries of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    SetUp,
    Keys,
    Usage,
    ApiKeys,
}

const NAVIGATION: [(&str, Place, &str, &str); 4] = [
    ("Start", Place::SetUp, "/", "Set up"),
    ("Amazon Connect", Place::Keys, "/keys", "Keys"),
    ("Billing", Place::Usage, "/usage", "Usage"),
    ("Account", Place::ApiKeys, "/api-keys", "API keys"),
];

/// A whole document around a body.
#[component]
fn Document(
    /// Shown in the tab, before the product's name.
    title: &'static str,
    /// Whether the page looks again by itself every two seconds.
    #[prop(optional)]
    refresh: bool,
    /// What follows the skip link.
    children: Children,
) -> impl IntoView {
    view! {
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                {refresh.then(|| view! { <meta http-equiv="refresh" content="2"/> })}
                <title>{format!("{title} · Payphone")}</title>
                <link rel="icon" type="image/svg+xml" href=assets::icon_url()/>
                <link rel="stylesheet" href=assets::css_url()/>
            </head>
            <body>
                <a class="skip" href="#main">"Skip to content"</a>
                {children()}
            </body>
        </html>
    }
}

/// The console's frame.
#[component]
pub(crate) fn Console(
    /// The page's title.
    title: &'static str,
    /// About the tenant.
    frame: Frame,
    /// Where in the navigation the page stands.
    place: Place,
    /// Whether the page looks again by itself.
    #[prop(optional)]
    refresh: bool,
    /// The page's content.
    children: Children,
) -> impl IntoView {
    let groups = NAVIGATION.map(|(group, entry, href, label)| {
        let current = (entry == place).then_some("page");
        view! {
            <p class="group">{group}</p>
            <ul>
                <li>
                    <a href=href aria-current=current>
                        {label}
                    </a>
                </li>
            </ul>
        }
    });
    view! {
        <Document title=title refresh=refresh>
            <div class="app">
                <header class="top">
                    <Brand href="/"/>
                    <span class="org">{frame.org}</span>
                    <div class="grow"></div>
                    <span class="pill wait">"Test mode"</span>
                </header>
                <aside class="side">
                    <nav aria-label="Main">{groups.collect_view()}</nav>
                </aside>
                <main id="main" tabindex="-1">
                    {children()}
                    <Help support=frame.support/>
                </main>
            </div>
        </Document>
    }
}

/// One narrow column, for arrivals and errors.
#[component]
pub(crate) fn Narrow(
    /// The page's title.
    title: &'static str,
    /// Where people write to.
    support: Arc<str>,
    /// The page's content.
    children: Children,
) -> impl IntoView {
    view! {
        <Document title=title>
            <div class="center">
                <main class="narrow" id="main" tabindex="-1">
                    <Brand/>
                    {children()}
                    <Help support=support/>
                </main>
            </div>
        </Document>
    }
}

/// Where to ask.
#[component]
fn Help(support: Arc<str>) -> impl IntoView {
    view! {
        <footer class="quiet small">
            "Stuck? Write to " <a href=format!("mailto:{support}")>{support.to_string()}</a> "."
        </footer>
    }
}
