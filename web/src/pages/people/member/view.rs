//! The page about one member, and the questions before something is taken away.

use domain::membership::Member;
use leptos::prelude::*;

use crate::{
    form::Faults,
    pages::people::view::{may_manage, roles, state},
    shell::{Console, Frame, Place},
    ui::{DocsLink, ErrorSummary, FieldError, When},
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
            <section class="card">
                <p>"Only an owner can change an owner. Ask one of yours."</p>
                <p><a class="btn" href="/people">"Back to people"</a></p>
            </section>
        }
        .into_any()
    };
    let Member {
        membership, user, ..
    } = page.member;
    view! {
        <Console title="Member" frame=page.frame place=Place::People>
            <div class="page-head">
                <div>
                    <p class="small back">
                        <a href="/people">"← People"</a>
                    </p>
                    <h1>{user.name}</h1>
                    <p class="wrap">{user.email.as_str().to_owned()}</p>
                </div>
                <DocsLink page="people" label="People and roles"/>
            </div>
            <ErrorSummary faults=page.faults/>
            <section class="card" aria-label="About this member">
                <dl class="facts">
                    <dt>"Role"</dt>
                    <dd>{membership.role.title()}</dd>
                    <dt>"State"</dt>
                    <dd>{state}</dd>
                    <dt>"Member since"</dt>
                    <dd>
                        <When at=membership.created_at day=true/>
                    </dd>
                    <dt>"Last sign-in"</dt>
                    <dd>
                        {match user.last_signed_in_at {
                            Some(at) => view! { <When at=at/> }.into_any(),
                            None => "never".into_any(),
                        }}
                    </dd>
                </dl>
            </section>
            {content}
        </Console>
    }
}

fn role_form(page: &Page) -> impl IntoView + use<> {
    let path = format!("/people/{}/role", page.member.user.id);
    let action = page.frame.action(&path);
    view! {
        <section class="card">
            <h2>"Change the role"</h2>
            {page
                .is_me
                .then(|| {
                    view! { <p class="quiet">"This is you: with less, you may not be able to undo it yourself."</p> }
                })}
            <p class="quiet">"Invitations they sent that are still open are taken back: they can be sent again."</p>
            <form class="form" method="post" action=action novalidate=true>
                <fieldset id="role" tabindex="-1">
                    <legend>"What they may do"</legend>
                    <FieldError name="role" fault=page.faults.about("role")/>
                    <div class="choices">{roles(&page.frame, &page.role)}</div>
                </fieldset>
                <div>
                    <button class="btn primary" type="submit">
                        "Change the role"
                    </button>
                </div>
            </form>
        </section>
    }
}

/// Getting in again, and leaving.
fn help(page: &Page) -> impl IntoView + use<> {
    let Page { member, is_me, .. } = page;
    let to = |verb: &str| format!("/people/{}/{verb}", member.user.id);
    let mail = page.frame.action(&to("resend-password"));
    let never = member.user.first_signed_in_at.is_none();
    let password = never.then(|| {
        view! {
            <li class="prompt">
                <div>
                    <h3>"Mail a new temporary password"</h3>
                    <p class="quiet">"If the mail got lost, or its seven days are over. The one before stops working."</p>
                </div>
                <form method="post" action=mail>
                    <button class="btn" type="submit">
                        "Mail a password"
                    </button>
                </form>
            </li>
        }
    });
    let authenticator = (!never).then(|| {
        view! {
            <li class="prompt">
                <div>
                    <h3>"Reset the authenticator"</h3>
                    <p class="quiet">"If the phone with it is lost or new. The password stays."</p>
                </div>
                <a class="btn" href=to("reset-authenticator")>
                    "Reset"
                </a>
            </li>
        }
    });
    let (title, words) = if *is_me {
        (
            "Leave",
            "You can no longer come in, until somebody invites you again.",
        )
    } else {
        (
            "Remove from this account",
            "They can no longer come in. What they did stays in the activity log.",
        )
    };
    view! {
        <section class="card">
            <h2>"Getting in, and leaving"</h2>
            <ul class="prompts">
                {password}
                {authenticator}
                <li class="prompt">
                    <div>
                        <h3>{title}</h3>
                        <p class="quiet">{words}</p>
                    </div>
                    <a class="btn danger" href=to("remove")>
                        {if *is_me { "Leave" } else { "Remove" }}
                    </a>
                </li>
            </ul>
        </section>
    }
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
                <a class="btn" href=back>
                    "Back"
                </a>
            </p>
        }
        .into_any()
    } else {
        view! {
            <form class="row" method="post" action=action>
                <button class="btn danger" type="submit">
                    {button}
                </button>
                <a class="btn" href=back>
                    "Cancel"
                </a>
            </form>
        }
        .into_any()
    };
    view! {
        <Console title=title frame=frame place=Place::People>
            <div class="page-head">
                <div>
                    <h1>{heading}</h1>
                    <p>{words}</p>
                </div>
            </div>
            <section class="card">
                <dl class="facts">
                    <dt>"Name"</dt>
                    <dd>{name}</dd>
                    <dt>"E-mail"</dt>
                    <dd>{user.email.as_str().to_owned()}</dd>
                    <dt>"Role"</dt>
                    <dd>{member.membership.role.title()}</dd>
                </dl>
                {answers}
            </section>
        </Console>
    }
}
