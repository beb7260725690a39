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
            <Card title="Where you belong">
                {tenants::table(tenants, page.tenant)}
            </Card>
        }
    });
    view! {
        <Console title="Account" frame=page.frame place=Place::Account>
            <PageHead title="Account" intro="Who you are here, where you are signed in, and how you get back in."><DocsLink page="access" label="Losing access"/>
                    <form method="post" action="/logout">
                        <button class="btn" type="submit">
                            "Sign out"
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
        Some(true) => view! { <Pill tone=Tone::Ok word="with an authenticator"/> }.into_any(),
        _ => view! { <Pill tone=Tone::Wait word="password alone: you can look, not change"/> }
            .into_any(),
    };
    let email = user.email.as_str().to_owned();
    let first = match user.first_signed_in_at {
        Some(at) => view! { <When at=at/> }.into_any(),
        None => "never".into_any(),
    };
    view! {
        <Card title="You">
            <Facts>
                <Fact name="Name">{name}</Fact>
                <Fact name="E-mail">{email}</Fact>
                <Fact name="Signed in">{factor}</Fact>
                <Fact name="First signed in">{first}</Fact>
            </Facts>
            <p class="quiet small">"A new password: “Forgot your password?” on the sign-in page. A new phone: use a recovery code, or ask an owner to reset your authenticator; you set up the new one when you next sign in."</p>
        </Card>
    }
    .into_any()
}

fn codes(left: u64) -> impl IntoView {
    let (tone, word, words, label) = match left {
        0 => (
            Tone::Wait,
            "none".to_owned(),
            "You have none. If you lose your authenticator, only an owner can let you back in.",
            "Make recovery codes",
        ),
        1..=3 => (
            Tone::Wait,
            format!("{left} left"),
            "They run low. Each lets you back in once if you lose your authenticator.",
            "Make new ones",
        ),
        _ => (
            Tone::Ok,
            format!("{left} left"),
            "Each lets you back in once if you lose your authenticator.",
            "Make new ones",
        ),
    };
    view! {
        <Card title="Recovery codes" id="recovery-codes" aside=view! { <Pill tone=tone word=word/> }.into_any()>
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
        head("Browser").name(),
        head("Address"),
        head("Signed in"),
        head("Last seen"),
        head("Action"),
    ];
    view! {
        <Card title="Where you are signed in">
            <Table
                label="Browsers"
                caption="A browser is signed out by itself after half an hour without use, and after twelve hours in any case."
                heads=heads
            >
                {rows}
            </Table>
            <form class="row" method="post" action="/account/sign-out-everywhere">
                <Button label="Sign out everywhere" kind=Kind::Danger/>
                <span class="quiet small">"Ends all of them, this one as well, and what the sign-in page remembers."</span>
            </form>
        </Card>
    }
    .into_any()
}

fn row(session: Session, current: SessionId) -> AnyView {
    let words = browser::words(&session.user_agent);
    let end = if session.id == current {
        view! { <Pill tone=Tone::Ok word="this browser"/> }.into_any()
    } else {
        let action = format!("/account/sessions/{}/end", session.id);
        let about = format!("Sign out {words}");
        view! {
            <form method="post" action=action>
                <Button label="Sign out" kind=Kind::Small about=about/>
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
            <td class="mono" data-label="Address">{address.unwrap_or_else(|| "–".to_owned())}</td>
            <td data-label="Signed in">
                <When at=session.created_at/>
            </td>
            <td data-label="Last seen">
                <When at=session.seen_at/>
            </td>
            <td data-label="Action">{end}</td>
        </tr>
    }
    .into_any()
}
