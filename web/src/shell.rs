//! What stands around every page: head, skip link, brand, navigation, support.
//! Two frames: the console with its navigation, and one narrow column for who is not in yet.

#![expect(
    unreachable_pub,
    reason = "the macro behind `#[component]` writes `pub`, whatever stands there"
)]

mod navigation;
mod open;

use std::sync::Arc;

use control::session::Account;
use domain::{
    Timestamp,
    id::TenantId,
    licence::Licence,
    policy::{Action, Actor},
    role::Role,
    tenant::Tenant,
};
use http_api::theme_cookie::Theme;
use leptos::prelude::*;

use self::navigation::groups;
pub(crate) use self::{navigation::Place, open::Open};
use crate::{
    assets,
    reader::may,
    theme,
    ui::{Brand, Initials, Kind, LinkButton, Menu, ThemeSwitch},
    words::{Language, local, say},
};

/// What the console's frame says: who is signed in, as what, and in which tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    /// What the tenant is called; none if none is chosen.
    pub(crate) org: Option<String>,
    /// Where people write to.
    pub(crate) support: Arc<str>,
    /// When the tenant's last licence ended, if none is left.
    pub(crate) ended: Option<Timestamp>,
    /// Who acts.
    pub(crate) actor: Actor,
    /// What they are called.
    pub(crate) name: String,
    /// What they sign in with.
    pub(crate) email: String,
    /// In how many tenants they are.
    pub(crate) tenants: usize,
    /// The other tenants they are in, as many as a menu holds.
    pub(crate) others: Vec<(TenantId, String)>,
}

/// How many other tenants the menu offers; all of them are on `/tenants`.
const MENU: usize = 8;

impl Frame {
    pub(crate) fn of(
        actor: Actor,
        account: &Account,
        tenancy: Option<&(Tenant, Vec<Licence>)>,
        support: Arc<str>,
    ) -> Self {
        let current = actor.tenant();
        let others = account.tenants.iter().map(|(_, tenant)| tenant);
        let others = others
            .filter(|tenant| Some(tenant.id) != current)
            .map(|tenant| (tenant.id, org(&tenant.name, tenant.id)))
            .take(MENU)
            .collect();
        let email = account.user.email.as_str().to_owned();
        Self {
            org: tenancy.map(|(tenant, _)| org(&tenant.name, tenant.id)),
            support,
            ended: tenancy.and_then(|(_, licences)| end_of(licences)),
            tenants: account.tenants.len(),
            others,
            actor,
            name: Some(account.user.name.trim())
                .filter(|name| !name.is_empty())
                .unwrap_or(&email)
                .to_owned(),
            email,
        }
    }

    /// What the person is in the tenant.
    pub(crate) fn role(&self) -> Option<Role> {
        match &self.actor {
            Actor::User(person) => person.membership.map(|(_, role)| role),
            _ => None,
        }
    }

    /// Where a form of this page is sent: with the tenant it was shown for, since another tab may choose another one meanwhile.
    pub(crate) fn action(&self, path: &str) -> String {
        match self.actor.tenant() {
            Some(tenant) => format!("{path}?tenant={tenant}"),
            None => path.to_owned(),
        }
    }

    /// Whether the person's role allows this.
    pub(crate) fn may(&self, action: Action) -> bool {
        may(&self.actor, action)
    }

    /// Whether the person is one of the vendor's operators.
    pub(crate) fn is_operator(&self) -> bool {
        matches!(self.actor, Actor::Operator(_))
    }
}

/// The end of the licence that ended last, if all have.
fn end_of(licences: &[Licence]) -> Option<Timestamp> {
    let ends: Option<Vec<Timestamp>> = licences
        .iter()
        .map(|licence| licence.standing.ended_at())
        .collect();
    ends?.into_iter().max()
}

/// The tenant's name. One that is only an AWS account is cut to what need not be hidden, with enough of the tenant's id to tell two
/// tenants of one account apart.
pub(crate) fn org(name: &str, tenant: TenantId) -> String {
    let digits = name
        .strip_prefix("AWS account ")
        .map(|rest| rest.strip_prefix("ending ").unwrap_or(rest))
        .filter(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()));
    let Some(digits) = digits else {
        return name.to_owned();
    };
    let last = |text: &str, count: usize| {
        text.get(text.len().saturating_sub(count)..)
            .unwrap_or_default()
            .to_owned()
    };
    say!(
        "frame-aws-account",
        digits = last(digits, 4),
        tenant = last(&tenant.to_string(), 6)
    )
}

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
    let mode = frame
        .org
        .is_some()
        .then(|| view! { <span class="pill wait">{say!("frame-test-mode")}</span> });
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
                    <Help support=frame.support/>
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
            <Menu button=org>
                <p class="small quiet">{say!("frame-switch")}</p>
                <div class="items">{others}</div>
                <a href="/tenants">{say!("frame-all-accounts")}</a>
            </Menu>
        </div>
    };
    Some(switch.into_any())
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
    view! {
        <Menu button=button.into_any() at_end=true>
            <p class="small">
                <span class="wrap">{email}</span>
                {role.map(|role| view! { <br/> <span class="quiet">{role}</span> })}
            </p>
            <ThemeSwitch chosen=theme::chosen()/>
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
                    <Help support=support/>
                </main>
            </div>
        </Document>
    }
}

/// Where to ask.
#[component]
fn Help(support: Arc<str>) -> impl IntoView {
    let link = view! { <a href=format!("mailto:{support}")>{support.to_string()}</a> };
    view! {
        <footer class="quiet small">
            <p>{say!("frame-help"; support = link)}</p>
            {languages()}
        </footer>
    }
}

/// The same page in the other languages.
fn languages() -> impl IntoView {
    let others = Language::ALL
        .into_iter()
        .filter(|language| *language != Language::now())
        .map(|language| {
            let tag = language.tag();
            view! {
                <a href=format!("?language={tag}") lang=tag hreflang=tag>
                    {language.name()}
                </a>
            }
        });
    view! { <nav class="row" aria-label=say!("frame-language")>{others.collect_view()}</nav> }
}

#[cfg(test)]
mod tests {
    use domain::{
        id::LicenceId,
        licence::{AwsAccountId, LicenseArn},
        lifecycle::Standing,
    };
    use uuid::Uuid;

    use super::*;
    use crate::samples::{now, tenant};

    #[test]
    fn an_account_in_a_name_is_cut_to_its_last_digits() {
        for (name, shown) in [
            (
                "AWS account 294406894417",
                "AWS account ending 4417, tenant …ff0001",
            ),
            (
                "AWS account ending 4417",
                "AWS account ending 4417, tenant …ff0001",
            ),
            ("Harbour Ltd", "Harbour Ltd"),
            ("AWS account of Ann", "AWS account of Ann"),
            ("AWS account ", "AWS account "),
        ] {
            assert_eq!(org(name, tenant()), shown);
        }
        let german = Language::German.with(|| org("AWS account ending 4417", tenant()));
        assert_eq!(german, "AWS-Konto mit der Endung 4417, Konto …ff0001");
    }

    #[test]
    fn a_tenant_has_ended_when_its_last_licence_has() {
        let licence = |standing| Licence {
            id: LicenceId::from_uuid(Uuid::from_u128(8)),
            tenant: tenant(),
            arn: "arn:aws:license-manager::294406894417:license:l-0a1b2c3d4e5f60718293a4b5c6d7e8f9"
                .parse::<LicenseArn>()
                .unwrap(),
            product_code: "p".to_owned(),
            account: "294406894417".parse::<AwsAccountId>().unwrap(),
            agreement_id: None,
            pricing: None,
            standing,
            free_trial: false,
            created_at: now(),
        };
        let since = now() - chrono::Duration::days(2);
        let ended = |at| {
            licence(Standing::Ended {
                since: Some(since),
                at,
            })
        };
        let active = licence(Standing::Active { since });
        assert_eq!(end_of(&[]), None);
        assert_eq!(end_of(&[ended(since), active]), None);
        assert_eq!(end_of(&[ended(since), ended(now())]), Some(now()));
    }
}
