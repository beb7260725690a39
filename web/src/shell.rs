//! What stands around every page: head, skip link, brand, navigation, support.
//! Two frames: the console with its navigation, and one narrow column for who is not in yet.

#![expect(
    unreachable_pub,
    reason = "the macro behind `#[component]` writes `pub`, whatever stands there"
)]

mod foot;
mod frame;
mod navigation;
mod open;

use std::sync::Arc;

use domain::{Mode, id::TenantId};
use http_api::theme_cookie::Theme;
use leptos::prelude::*;

use self::{foot::Foot, navigation::groups};
pub(crate) use self::{
    frame::{Frame, org},
    navigation::Place,
    open::Open,
};
use crate::{
    assets, here, theme,
    ui::{Brand, Initials, Kind, LinkButton, Menu, ModeSwitch, Pill, ThemeSwitch, Tone},
    words::{Language, local, say},
};

/// A whole document around a body.
#[component]
fn Document(
    /// Shown in the tab, before the product's name.
    #[prop(into)]
    title: String,
    /// Whether the page looks again by itself every two seconds.
    #[prop(optional)]
    refresh: bool,
    /// What follows the skip link.
    children: Children,
) -> impl IntoView {
    let theme = theme::chosen();
    view! {
        <html lang=Language::now().tag() data-theme=theme.map(Theme::as_str)>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content=theme.map_or("light dark", Theme::as_str)/>
                {refresh.then(|| view! { <meta http-equiv="refresh" content="2"/> })}
                <title>{format!("{title} · Payphone")}</title>
                <link rel="icon" type="image/svg+xml" href=assets::icon_url()/>
                <link rel="stylesheet" href=assets::css_url()/>
            </head>
            <body>
                <a class="skip" href="#main">{say!("frame-skip")}</a>
                {children()}
            </body>
        </html>
    }
}

/// The console's frame.
#[component]
pub(crate) fn Console(
    /// The page's title.
    #[prop(into)]
    title: String,
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
    let groups = groups(&frame, place);
    let mode = frame.org.is_some().then(|| mode(frame.mode));
    let support = (!frame.is_operator()).then(|| Arc::clone(&frame.support));
    view! {
        <Document title=title refresh=refresh>
            <div class="app">
                <header class="top">
                    <Brand href="/"/>
                    {tenant(frame.org.clone(), frame.others.clone())}
                    <div class="grow"></div>
                    {mode}
                    {menu(&frame)}
                </header>
                <aside class="side">
                    <nav aria-label=say!("frame-main")>{groups}</nav>
                </aside>
                <main id="main" tabindex="-1">
                    {children()}
                    <Foot support=support/>
                </main>
            </div>
        </Document>
    }
}

/// Which tenant is looked at, and the way to the others.
fn tenant(org: Option<String>, others: Vec<(TenantId, String)>) -> Option<AnyView> {
    let org = view! { <span class="org-name">{org?}</span> }.into_any();
    if others.is_empty() {
        return Some(view! { <div class="org">{org}</div> }.into_any());
    }
    let others: Vec<_> = others
        .into_iter()
        .map(|(id, name)| {
            let label = say!("frame-switch-to", name = name.as_str());
            view! {
                <form method="post" action="/account/tenant">
                    <input type="hidden" name="tenant" value=id.to_string()/>
                    <button class="item" type="submit" aria-label=label>
                        {name}
                    </button>
                </form>
            }
        })
        .collect();
    let switch = view! {
        <div class="org">
            <Menu id="tenants-menu" button=org>
                <p class="small quiet">{say!("frame-switch")}</p>
                <div class="items">{others}</div>
                <a href="/tenants">{say!("frame-all-accounts")}</a>
            </Menu>
        </div>
    };
    Some(switch.into_any())
}

/// Which mode is looked at. Sent from the answer to a form, the switch would come back to another page: there it only says so.
fn mode(mode: Mode) -> AnyView {
    if here::query().is_some() {
        return view! { <ModeSwitch chosen=mode/> }.into_any();
    }
    let (tone, words) = match mode {
        Mode::Test => (Tone::Wait, say!("frame-test-mode")),
        Mode::Live => (Tone::Ok, say!("frame-live-mode")),
    };
    view! { <Pill tone=tone word=words/> }.into_any()
}

/// Who is signed in, how it looks here, and the way out.
fn menu(frame: &Frame) -> AnyView {
    let (name, email) = (frame.name.clone(), frame.email.clone());
    let role = match (frame.role(), frame.is_operator()) {
        (Some(role), _) => Some(local(role.title()).into_owned()),
        (None, true) => Some(say!("frame-operator")),
        (None, false) => None,
    };
    let button = view! {
        <Initials name=name.clone()/>
        <span class="who">{name}</span>
    };
    // Sent from the answer to a form, it would come back to another page.
    let look = here::query().map(|_| view! { <ThemeSwitch chosen=theme::chosen()/> });
    view! {
        <Menu id="account-menu" button=button.into_any() at_end=true>
            <p class="small">
                <span class="wrap">{email}</span>
                {role.map(|role| view! { <br/> <span class="quiet">{role}</span> })}
            </p>
            {look}
            <LinkButton href="/account" label=say!("frame-account") kind=Kind::Usual/>
            <form method="post" action="/logout">
                <button class="btn" type="submit">
                    {say!("frame-sign-out")}
                </button>
            </form>
        </Menu>
    }
    .into_any()
}

/// One narrow column, for arrivals and errors.
#[component]
pub(crate) fn Narrow(
    /// The page's title.
    #[prop(into)]
    title: String,
    /// Where people write to.
    support: Arc<str>,
    /// Whether the page looks again by itself.
    #[prop(optional)]
    refresh: bool,
    /// The page's content.
    children: Children,
) -> impl IntoView {
    view! {
        <Document title=title refresh=refresh>
            <div class="center">
                <main class="narrow" id="main" tabindex="-1">
                    <Brand/>
                    {children()}
                    <Foot support=support/>
                </main>
            </div>
        </Document>
    }
}
