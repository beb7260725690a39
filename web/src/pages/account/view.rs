//! The account page.

use control::session::Account;
use domain::{
    id::{SessionId, TenantId},
    session::Session,
};
use leptos::prelude::*;

use super::{browser, tenants};
use crate::{
    shell::{Console, Frame, Place},
    ui::{
        Button, Card, DocsLink, Fact, Facts, Kind, Notice, PageHead, Pill, Table, Tone, When, head,
    },
    words::say,
};

/// The page.
#[derive(Debug, Clone)]
pub(crate) struct AccountPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// The tenant that is looked at.
    pub(crate) tenant: Option<TenantId>,
    /// Everything about the person.
    pub(crate) account: Account,
    /// What was just done.
    pub(crate) done: Option<String>,
}

pub(crate) fn view(page: AccountPage) -> impl IntoView {
    let Account {
        user,
        tenants,
        mut sessions,
        current,
        recovery_codes,
    } = page.account;
    // This one on top.
    sessions.sort_by_key(|session| (session.id != current, std::cmp::Reverse(session.seen_at)));
    let person = person(page.frame.name.clone(), &user, sessions.first());
    let belongs = !page.frame.is_operator() || !tenants.is_empty();
    let tenants = belongs.then(|| {
        view! {
            <Card title=say!("account-belong")>
                {tenants::table(tenants, page.tenant)}
            </Card>
        }
    });
    view! {
        <Console title=say!("account-title") frame=page.frame place=Place::Account>
            <PageHead title=say!("account-title") intro=say!("account-intro")><DocsLink page="access" label=say!("account-access")/>
                    <form method="post" action="/logout">
                        <button class="btn" type="submit">
                            {say!("account-sign-out")}
                        </button>
                    </form></PageHead>
            {page.done.map(|text| view! { <Notice text=text/> })}
            <div class="halves">{person} {codes(recovery_codes)}</div>
            {tenants}
            {browsers(sessions, current)}
        </Console>
    }
}

fn person(name: String, user: &domain::user::User, session: Option<&Session>) -> AnyView {
    let factor = match session.map(|session| session.mfa) {
        Some(true) => view! { <Pill tone=Tone::Ok word=say!("account-factor")/> }.into_any(),
        _ => view! { <Pill tone=Tone::Wait word=say!("account-factor-none")/> }.into_any(),
    };
    let email = user.email.as_str().to_owned();
    let first = match user.first_signed_in_at {
        Some(at) => view! { <When at=at/> }.into_any(),
        None => say!("account-never").into_any(),
    };
    view! {
        <Card title=say!("account-you")>
            <Facts>
                <Fact name=say!("account-name")>{name}</Fact>
                <Fact name=say!("account-email")>{email}</Fact>
                <Fact name=say!("account-signed-in")>{factor}</Fact>
                <Fact name=say!("account-first")>{first}</Fact>
            </Facts>
            <p class="quiet small">{say!("account-how")}</p>
        </Card>
    }
    .into_any()
}

fn codes(left: u64) -> impl IntoView {
    let (tone, word, words, label) = match left {
        0 => (
            Tone::Wait,
            say!("account-codes-none"),
            say!("account-codes-none-means"),
            say!("account-codes-first"),
        ),
        1..=3 => (
            Tone::Wait,
            say!("account-codes-left", count = left),
            say!("account-codes-few-means"),
            say!("account-codes-new"),
        ),
        _ => (
            Tone::Ok,
            say!("account-codes-left", count = left),
            say!("account-codes-means"),
            say!("account-codes-new"),
        ),
    };
    view! {
        <Card title=say!("account-codes") id="recovery-codes" aside=view! { <Pill tone=tone word=word/> }.into_any()>
            <p>{words}</p>
            <p>
                <a class=if left == 0 { "btn primary" } else { "btn" } href="/account/recovery-codes">
                    {label}
                </a>
            </p>
        </Card>
    }
}

fn browsers(sessions: Vec<Session>, current: SessionId) -> AnyView {
    let rows: Vec<_> = sessions
        .into_iter()
        .map(|session| row(session, current))
        .collect();
    let heads = vec![
        head(say!("account-browser")).name(),
        head(say!("account-address")),
        head(say!("account-signed-in")),
        head(say!("account-last-seen")),
        head(say!("account-action")),
    ];
    view! {
        <Card title=say!("account-browsers")>
            <Table
                label=say!("account-browsers-list")
                caption=say!("account-browsers-caption")
                heads=heads
            >
                {rows}
            </Table>
            <form class="row" method="post" action="/account/sign-out-everywhere">
                <Button label=say!("account-everywhere") kind=Kind::Danger/>
                <span class="quiet small">{say!("account-everywhere-means")}</span>
            </form>
        </Card>
    }
    .into_any()
}

fn row(session: Session, current: SessionId) -> AnyView {
    let words = browser::words(&session.user_agent);
    let end = if session.id == current {
        view! { <Pill tone=Tone::Ok word=say!("account-this-browser")/> }.into_any()
    } else {
        let action = format!("/account/sessions/{}/end", session.id);
        let about = say!("account-browser-end", browser = words.clone());
        view! {
            <form method="post" action=action>
                <Button label=say!("account-sign-out") kind=Kind::Small about=about/>
            </form>
        }
        .into_any()
    };
    let address = Some(session.address).filter(|address| !address.is_empty());
    view! {
        <tr>
            <th scope="row" class="name">
                {words}
                <br/>
                <span class="quiet small wrap">{session.user_agent}</span>
            </th>
            <td class="mono" data-label=say!("account-address")>{address.unwrap_or_else(|| "–".to_owned())}</td>
            <td data-label=say!("account-signed-in")>
                <When at=session.created_at/>
            </td>
            <td data-label=say!("account-last-seen")>
                <When at=session.seen_at/>
            </td>
            <td data-label=say!("account-action")>{end}</td>
        </tr>
    }
    .into_any()
}
