//! The page about one member, and the questions before something is taken away.

use domain::{
    membership::Member,
    user::{Known, User},
};
use leptos::prelude::*;

use crate::{
    form::Faults,
    pages::people::view::{may_manage, roles, state},
    shell::{Console, Frame, Place},
    ui::{
        Button, Card, Confirm, DocsLink, ErrorSummary, Fact, Facts, Fieldset, Kind, LinkButton,
        PageHead, When,
    },
    words::{local, say},
};

/// The page about one member.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// The frame.
    pub(crate) frame: Frame,
    /// Who.
    pub(crate) member: Member,
    /// Whether it is the reader.
    pub(crate) is_me: bool,
    /// Whether it is the last owner who can sign in, who can neither go nor become less.
    pub(crate) stays: bool,
    /// The role that is chosen in the form.
    pub(crate) role: String,
    /// What was wrong.
    pub(crate) faults: Faults,
}

/// What is asked before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    Remove,
    ResetAuthenticator,
}

pub(crate) fn view(page: Page) -> impl IntoView {
    let manages = may_manage(&page.frame, page.member.membership.role);
    let state = state(&page.member);
    let content = if manages {
        let form = role_form(&page);
        let help = help(&page);
        // First what gets somebody in who cannot come in.
        let (first, then) = if is_held_up(&page.member.user) {
            (help, form)
        } else {
            (form, help)
        };
        view! {
            {first}
            {then}
        }
        .into_any()
    } else {
        view! {
            <Card label=say!("people-member-locked")>
                <p>{say!("people-member-locked-why")}</p>
                <p>
                    <LinkButton href="/people" label=say!("people-member-back") kind=Kind::Usual/>
                </p>
            </Card>
        }
        .into_any()
    };
    let Member {
        membership, user, ..
    } = page.member;
    let last = match user.last_signed_in_at {
        Some(at) => view! { <When at=at/> }.into_any(),
        None => say!("people-never").into_any(),
    };
    view! {
        <Console title=say!("people-member") frame=page.frame place=Place::People>
            <PageHead
                title=user.name
                intro=user.email.as_str().to_owned()
                up=("/people", say!("people-title"))
            >
                <DocsLink page="people" label=say!("people-docs")/>
            </PageHead>
            <ErrorSummary faults=page.faults/>
            <Card label=say!("people-member-about")>
                <Facts>
                    <Fact name=say!("people-role")>{local(membership.role.title())}</Fact>
                    <Fact name=say!("people-state")>{state}</Fact>
                    <Fact name=say!("people-member-since")>
                        <When at=membership.created_at day=true/>
                    </Fact>
                    <Fact name=say!("people-last-sign-in")>{last}</Fact>
                </Facts>
            </Card>
            {content}
        </Console>
    }
}

fn role_form(page: &Page) -> AnyView {
    if page.stays {
        return view! {
            <Card title=say!("people-member-last")>
                <p>{say!("people-member-last-why")}</p>
                <p>
                    <LinkButton href="/people#invite" label=say!("setup-owner-invite") kind=Kind::Usual/>
                </p>
            </Card>
        }
        .into_any();
    }
    let path = format!("/people/{}/role", page.member.user.id);
    let action = page.frame.action(&path);
    let fault = page.faults.about("role");
    let roles = roles(&page.frame, &page.role);
    let own = page.is_me.then(|| {
        view! { <p class="quiet">{say!("people-member-role-yours")}</p> }
    });
    view! {
        <Card title=say!("people-member-role")>
            {own}
            <p class="quiet">{say!("people-member-role-invitations")}</p>
            <form class="form" method="post" action=action novalidate=true>
                <Fieldset name="role" legend=say!("people-may") fault=fault>
                    {roles}
                </Fieldset>
                <div>
                    <Button label=say!("people-member-role") kind=Kind::Primary/>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

/// Whether the account cannot be made, so that there is none whose password could be mailed.
fn is_held_up(user: &User) -> bool {
    user.known == Known::None && user.trouble.is_some()
}

/// Getting in again, and leaving.
fn help(page: &Page) -> AnyView {
    let Page { member, is_me, .. } = page;
    let to = |verb: &str| format!("/people/{}/{verb}", member.user.id);
    let never = member.user.first_signed_in_at.is_none();
    let mail = page.frame.action(&to("resend-password"));
    let held_up = is_held_up(&member.user);
    let password = (never && !held_up).then(|| {
        let answer = view! {
            <form method="post" action=mail>
                <Button label=say!("people-member-mail-button") kind=Kind::Usual/>
            </form>
        };
        prompt(
            say!("people-member-mail"),
            say!("people-member-mail-when").into_any(),
            answer.into_any(),
        )
    });
    let authenticator = (!never).then(|| {
        let href = to("reset-authenticator");
        prompt(
            say!("people-member-reset"),
            say!("people-member-reset-when").into_any(),
            view! { <LinkButton href=href label=say!("people-member-reset-button") kind=Kind::Usual/> }
            .into_any(),
        )
    });
    let (title, words, label) = if *is_me {
        (
            say!("people-member-leave"),
            say!("people-member-leave-means").into_any(),
            say!("people-member-leave"),
        )
    } else if held_up {
        // The sign-in service knows a person by the address, so another address is another person.
        let invite = view! {
            <a href="/people#invite">{say!("people-member-address-invite")}</a>
        };
        (
            say!("people-member-address"),
            say!("people-member-address-how"; invite = invite),
            say!("people-member-remove-button"),
        )
    } else {
        (
            say!("people-member-remove"),
            say!("people-member-remove-means").into_any(),
            say!("people-member-remove-button"),
        )
    };
    let remove = (!page.stays).then(|| {
        let href = to("remove");
        let answer = view! { <LinkButton href=href label=label kind=Kind::Danger/> }.into_any();
        prompt(title, words, answer)
    });
    view! {
        <Card title=say!("people-member-ways")>
            <ul class="prompts">
                {password} {authenticator} {remove}
            </ul>
        </Card>
    }
    .into_any()
}

/// Something that can be done, with what it means.
fn prompt(title: String, words: AnyView, answer: AnyView) -> AnyView {
    view! {
        <li class="prompt">
            <div>
                <h3>{title}</h3>
                <p class="quiet">{words}</p>
            </div>
            {answer}
        </li>
    }
    .into_any()
}

/// The question.
pub(crate) fn confirm(
    frame: Frame,
    member: Member,
    is_me: bool,
    question: Question,
) -> impl IntoView {
    let user = member.user;
    // Who never signed in has no authenticator.
    let nothing = question == Question::ResetAuthenticator && user.first_signed_in_at.is_none();
    let (name, back) = (user.name.clone(), format!("/people/{}", user.id));
    let (title, heading, words, button) = match (question, is_me) {
        (Question::Remove, false) => (
            say!("people-remove-title"),
            say!("people-remove-question", name = name.as_str()),
            say!("people-remove-means"),
            say!("people-member-remove-button"),
        ),
        (Question::Remove, true) => (
            say!("people-member-leave"),
            say!("people-leave-question"),
            say!("people-leave-means"),
            say!("people-member-leave"),
        ),
        (Question::ResetAuthenticator, false) => (
            say!("people-reset-title"),
            say!("people-reset-question", name = name.as_str()),
            say!("people-reset-means"),
            say!("people-member-reset"),
        ),
        (Question::ResetAuthenticator, true) => (
            say!("people-reset-title"),
            say!("people-reset-own-question"),
            say!("people-reset-own-means"),
            say!("people-member-reset"),
        ),
    };
    let action = frame.action(&match question {
        Question::Remove => format!("{back}/remove"),
        Question::ResetAuthenticator => format!("{back}/reset-authenticator"),
    });
    let words = if nothing {
        say!("people-reset-nothing")
    } else {
        words
    };
    let answers = if nothing {
        view! {
            <p>
                <LinkButton href=back label=say!("people-question-back") kind=Kind::Usual/>
            </p>
        }
        .into_any()
    } else {
        view! {
            <Confirm
                action=action
                yes=button
                kind=Kind::Danger
                back=back
                no=say!("people-question-cancel")
            />
        }
        .into_any()
    };
    view! {
        <Console title=title frame=frame place=Place::People>
            <PageHead title=heading intro=words/>
            <Card label=say!("people-question-about")>
                <Facts>
                    <Fact name=say!("people-name")>{name}</Fact>
                    <Fact name=say!("people-email")>{user.email.as_str().to_owned()}</Fact>
                    <Fact name=say!("people-role")>{local(member.membership.role.title())}</Fact>
                </Facts>
                {answers}
            </Card>
        </Console>
    }
}
