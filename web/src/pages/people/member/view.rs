//! The page about one member, and the questions before something is taken away.

use domain::membership::Member;
use leptos::prelude::*;

use crate::{
    form::Faults,
    pages::people::view::{may_manage, roles, state},
    shell::{Console, Frame, Place},
    ui::{
        Button, Card, Confirm, DocsLink, ErrorSummary, Fact, Facts, Fieldset, Kind, LinkButton,
        PageHead, When,
    },
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
        view! {
            {form}
            {help}
        }
        .into_any()
    } else {
        view! {
            <Card label="Who may change this">
                <p>"Only an owner can change an owner. Ask one of yours."</p>
                <p>
                    <LinkButton href="/people" label="Back to people" kind=Kind::Usual/>
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
        None => "never".into_any(),
    };
    view! {
        <Console title="Member" frame=page.frame place=Place::People>
            <PageHead title=user.name intro=user.email.as_str().to_owned() up=("/people", "People".to_owned())><DocsLink page="people" label="People and roles"/></PageHead>
            <ErrorSummary faults=page.faults/>
            <Card label="About this member">
                <Facts>
                    <Fact name="Role">{membership.role.title()}</Fact>
                    <Fact name="State">{state}</Fact>
                    <Fact name="Member since">
                        <When at=membership.created_at day=true/>
                    </Fact>
                    <Fact name="Last sign-in">{last}</Fact>
                </Facts>
            </Card>
            {content}
        </Console>
    }
}

fn role_form(page: &Page) -> AnyView {
    let path = format!("/people/{}/role", page.member.user.id);
    let action = page.frame.action(&path);
    let fault = page.faults.about("role");
    let roles = roles(&page.frame, &page.role);
    let own = page.is_me.then(|| {
        view! { <p class="quiet">"This is you: with less, you may not be able to undo it yourself."</p> }
    });
    view! {
        <Card title="Change the role">
            {own}
            <p class="quiet">"Invitations they sent that are still open are taken back: they can be sent again."</p>
            <form class="form" method="post" action=action novalidate=true>
                <Fieldset name="role" legend="What they may do" fault=fault>
                    {roles}
                </Fieldset>
                <div>
                    <Button label="Change the role" kind=Kind::Primary/>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

/// Getting in again, and leaving.
fn help(page: &Page) -> AnyView {
    let Page { member, is_me, .. } = page;
    let to = |verb: &str| format!("/people/{}/{verb}", member.user.id);
    let never = member.user.first_signed_in_at.is_none();
    let mail = page.frame.action(&to("resend-password"));
    let password = never.then(|| {
        let answer = view! {
            <form method="post" action=mail>
                <Button label="Mail a password" kind=Kind::Usual/>
            </form>
        };
        prompt(
            "Mail a new temporary password",
            "If the mail got lost, or its seven days are over. The one before stops working.",
            answer.into_any(),
        )
    });
    let authenticator = (!never).then(|| {
        let href = to("reset-authenticator");
        prompt(
            "Reset the authenticator",
            "If the phone with it is lost or new. The password stays.",
            view! { <LinkButton href=href label="Reset" kind=Kind::Usual/> }.into_any(),
        )
    });
    let (title, words, label) = if *is_me {
        (
            "Leave",
            "You can no longer come in, until somebody invites you again.",
            "Leave",
        )
    } else {
        (
            "Remove from this account",
            "They can no longer come in. What they did stays in the activity log.",
            "Remove",
        )
    };
    let href = to("remove");
    let remove = view! { <LinkButton href=href label=label kind=Kind::Danger/> }.into_any();
    view! {
        <Card title="Getting in, and leaving">
            <ul class="prompts">
                {password} {authenticator} {prompt(title, words, remove)}
            </ul>
        </Card>
    }
    .into_any()
}

/// Something that can be done, with what it means.
fn prompt(title: &'static str, words: &'static str, answer: AnyView) -> AnyView {
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
            "Remove a member",
            format!("Remove {name}?"),
            "They are out with their next click, in every browser. If they are in no other account, their sign-in is closed as well. Invitations they sent that are still open are taken back. You can invite them again later.",
            "Remove",
        ),
        (Question::Remove, true) => (
            "Leave",
            "Leave this account?".to_owned(),
            "You are out at once and cannot undo it yourself: somebody has to invite you again. Invitations you sent that are still open are taken back.",
            "Leave",
        ),
        (Question::ResetAuthenticator, false) => (
            "Reset an authenticator",
            format!("Reset the authenticator of {name}?"),
            "They are signed out everywhere. At the next sign-in, after their password, they set up a new authenticator. Make sure that it is really them who asked: call them, do not answer a mail.",
            "Reset the authenticator",
        ),
        (Question::ResetAuthenticator, true) => (
            "Reset an authenticator",
            "Reset your own authenticator?".to_owned(),
            "You are signed out everywhere, here as well. At the next sign-in, after your password, you set up a new authenticator.",
            "Reset the authenticator",
        ),
    };
    let action = frame.action(&match question {
        Question::Remove => format!("{back}/remove"),
        Question::ResetAuthenticator => format!("{back}/reset-authenticator"),
    });
    let words = if nothing {
        "They have never signed in, so there is no authenticator yet: nothing to reset. If they cannot get in, mail them a new temporary password."
    } else {
        words
    };
    let answers = if nothing {
        view! {
            <p>
                <LinkButton href=back label="Back" kind=Kind::Usual/>
            </p>
        }
        .into_any()
    } else {
        view! { <Confirm action=action yes=button kind=Kind::Danger back=back no="Cancel"/> }
            .into_any()
    };
    view! {
        <Console title=title frame=frame place=Place::People>
            <PageHead title=heading intro=words/>
            <Card label="Who it is about">
                <Facts>
                    <Fact name="Name">{name}</Fact>
                    <Fact name="E-mail">{user.email.as_str().to_owned()}</Fact>
                    <Fact name="Role">{member.membership.role.title()}</Fact>
                </Facts>
                {answers}
            </Card>
        </Console>
    }
}
