//! The list of people, the open invitations, and the form for one more.

use domain::{
    Timestamp,
    id::UserId,
    invitation::{Invitation, State},
    membership::{Member, may_change},
    policy::Action,
    role::Role,
    user::Known,
};
use leptos::prelude::*;

use crate::{
    form::Faults,
    shell::{Console, Frame, Place},
    ui::{Choice, DocsLink, ErrorSummary, FieldError, Notice, Pill, TextField, Tone, When},
};

/// The page.
#[derive(Debug, Clone)]
pub(crate) struct People {
    /// The frame.
    pub(crate) frame: Frame,
    /// Who looks.
    pub(crate) me: UserId,
    /// Everybody, the mightiest role first.
    pub(crate) members: Vec<Member>,
    /// Who is invited, newest first.
    pub(crate) invitations: Vec<Invitation>,
    /// What stands in the form.
    pub(crate) form: Invite,
    /// What was wrong with it.
    pub(crate) faults: Faults,
    /// What was just done.
    pub(crate) done: Option<String>,
    /// Now (real time).
    pub(crate) now: Timestamp,
}

/// What stands in the form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Invite {
    pub(crate) email: String,
    pub(crate) role: String,
}

pub(crate) fn view(page: People) -> impl IntoView {
    let (frame, now) = (page.frame.clone(), page.now);
    let may_invite = frame.may(Action::InviteUser);
    let invitations = (!page.invitations.is_empty() || may_invite)
        .then(|| invitations(page.invitations, &frame, now));
    let invite = may_invite.then(|| invite(page.form, &page.faults, &frame));
    view! {
        <Console title="People" frame=page.frame place=Place::People>
            <div class="page-head">
                <div>
                    <h1>"People"</h1>
                    <p>"Who can come in, and what they may do here. Role changes, removals, resets and re-sent passwords are mailed to the owners."</p>
                </div>
                <DocsLink page="people" label="People and roles"/>
                {may_invite.then(|| view! { <a class="btn" href="#invite">"Invite somebody"</a> })}
            </div>
            {page.done.map(|text| view! { <Notice text=text/> })}
            <ErrorSummary faults=page.faults/>
            <section class="card">
                <h2>"Members"</h2>
                {members(page.members, &frame, page.me)}
            </section>
            {invitations}
            {invite}
        </Console>
    }
}

/// Whether the reader may do something about a member with this role.
pub(in crate::pages) fn may_manage(frame: &Frame, role: Role) -> bool {
    let own = frame.role();
    frame.may(Action::ChangeRole)
        && own.is_some_and(|own| may_change(own, Some(role), Some(role)).is_ok())
}

fn members(members: Vec<Member>, frame: &Frame, me: UserId) -> impl IntoView + use<> {
    let manages = frame.may(Action::ChangeRole);
    let rows = members.into_iter().map(|member| {
        let Member {
            membership, user, ..
        } = &member;
        let is_me = user.id == me;
        let action = manages.then(|| {
            let action = may_manage(frame, membership.role).then(|| {
                let href = format!("/people/{}", user.id);
                let label = format!("Change {}", user.name);
                view! {
                    <a class="btn small" href=href aria-label=label>
                        "Change"
                    </a>
                }
            });
            view! { <td data-label="Action">{action}</td> }
        });
        let codes = is_me.then(|| own_codes(member.recovery_codes));
        view! {
            <tr>
                <th scope="row" class="name wide">
                    <span class="strong">{user.name.clone()}</span>
                    {is_me.then_some(" (you)")}
                    <br/>
                    <span class="quiet wrap">{user.email.as_str().to_owned()}</span>
                </th>
                <td data-label="Role">{membership.role.title()}</td>
                <td class="note" data-label="State">
                    {state(&member)}
                    {codes}
                </td>
                <td data-label="Last sign-in">
                    {match user.last_signed_in_at {
                        Some(at) => view! { <When at=at/> }.into_any(),
                        None => "never".into_any(),
                    }}
                </td>
                {action}
            </tr>
        }
    });
    view! {
        <div class="table cards" tabindex="0" role="region" aria-label="Members">
            <table>
                <caption>
                    <p>"The mightiest role first. A changed role counts from the next click."</p>
                </caption>
                <thead>
                    <tr>
                        <th scope="col" class="name">
                            "Name"
                        </th>
                        <th scope="col">"Role"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Last sign-in"</th>
                        {manages.then(|| view! { <th scope="col">"Action"</th> })}
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

fn own_codes(left: u64) -> impl IntoView {
    let words = match left {
        0 => "No recovery codes".to_owned(),
        1 => "1 recovery code left".to_owned(),
        many => format!("{many} recovery codes left"),
    };
    view! {
        <p class="small">
            <a href="/account#recovery-codes">{words}</a>
        </p>
    }
}

/// Whether the member can come in, and what is in the way.
pub(in crate::pages) fn state(member: &Member) -> impl IntoView + use<> {
    let user = &member.user;
    let (tone, word) = match (user.known, user.first_signed_in_at, &user.trouble) {
        (Known::Enabled, Some(_), _) => (Tone::Ok, "active"),
        (_, _, Some(_)) => (Tone::Bad, "held up"),
        (Known::Enabled, None, _) => (Tone::Wait, "has not signed in yet"),
        _ => (Tone::Wait, "sign-in is being made"),
    };
    let mailed = user.mailed_at.filter(|_| user.first_signed_in_at.is_none());
    let mailed = mailed.map(|at| {
        view! { <p class="small quiet">"Password mailed " <When at=at/></p> }
    });
    let trouble = user
        .trouble
        .clone()
        .map(|trouble| view! { <p class="small quiet">{trouble}</p> });
    view! {
        <Pill tone=tone word=word/>
        {trouble}
        {mailed}
    }
}

fn invitations(
    invitations: Vec<Invitation>,
    frame: &Frame,
    now: Timestamp,
) -> impl IntoView + use<> {
    let content = if invitations.is_empty() {
        view! { <p class="quiet">"Nobody is invited at the moment."</p> }.into_any()
    } else {
        invitation_table(invitations, frame, now).into_any()
    };
    view! {
        <section class="card">
            <h2>"Invitations"</h2>
            {content}
        </section>
    }
}

fn invitation_table(
    invitations: Vec<Invitation>,
    frame: &Frame,
    now: Timestamp,
) -> impl IntoView + use<> {
    let manages = frame.may(Action::InviteUser);
    let rows = invitations.into_iter().map(|invitation| {
        let state = invitation.state(now);
        let tone = if state == State::Open {
            Tone::Wait
        } else {
            Tone::Bad
        };
        let email = invitation.email.as_str().to_owned();
        let actions = manages.then(|| {
            let actions = may_manage(frame, invitation.role).then(|| {
                let to = |verb: &str| {
                    frame.action(&format!("/people/invitations/{}/{verb}", invitation.id))
                };
                view! {
                    <div class="row actions">
                        <form method="post" action=to("resend")>
                            <button
                                class="btn small"
                                type="submit"
                                aria-label=format!("Send again to {email}")
                            >
                                "Send again"
                            </button>
                        </form>
                        <form method="post" action=to("revoke")>
                            <button
                                class="btn small"
                                type="submit"
                                aria-label=format!("Take back the invitation of {email}")
                            >
                                "Take back"
                            </button>
                        </form>
                    </div>
                }
            });
            view! { <td data-label="Action">{actions}</td> }
        });
        view! {
            <tr>
                <th scope="row" class="name wide wrap">
                    {email.clone()}
                </th>
                <td data-label="Role">{invitation.role.title()}</td>
                <td data-label="State">
                    <Pill tone=tone word=state.as_str()/>
                </td>
                <td data-label="Good until">
                    <When at=invitation.expires_at/>
                </td>
                {actions}
            </tr>
        }
    });
    view! {
        <div class="table cards" tabindex="0" role="region" aria-label="Invitations">
            <table>
                <caption>
                    <p>"Newest first. A link is good once, for three days; sending again replaces it."</p>
                </caption>
                <thead>
                    <tr>
                        <th scope="col" class="name">
                            "Address"
                        </th>
                        <th scope="col">"Role"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Good until"</th>
                        {manages.then(|| view! { <th scope="col">"Action"</th> })}
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

fn invite(form: Invite, faults: &Faults, frame: &Frame) -> impl IntoView + use<> {
    let roles = roles(frame, &form.role);
    let action = frame.action("/people/invitations");
    view! {
        <section class="card" id="invite">
            <h2>"Invite somebody"</h2>
            <form class="form" method="post" action=action novalidate=true>
                <TextField
                    name="email"
                    label="Their e-mail"
                    hint="They get a link there, good for three days. Nothing happens until they accept."
                    kind="email"
                    autocomplete="off"
                    value=form.email
                    fault=faults.about("email")
                />
                <fieldset id="role" tabindex="-1">
                    <legend>"What they may do"</legend>
                    <FieldError name="role" fault=faults.about("role")/>
                    <div class="choices">{roles}</div>
                </fieldset>
                <div>
                    <button class="btn primary" type="submit">
                        "Send the invitation"
                    </button>
                </div>
            </form>
        </section>
    }
}

/// The roles that the reader may give, the given one chosen.
pub(in crate::pages) fn roles(frame: &Frame, chosen: &str) -> impl IntoView + use<> {
    let own = frame.role();
    let roles: Vec<_> = Role::ALL
        .into_iter()
        .filter(|role| own.is_some_and(|own| may_change(own, None, Some(*role)).is_ok()))
        .map(|role| {
            view! {
                <Choice
                    kind="radio"
                    name="role"
                    value=role.as_str()
                    label=role.title()
                    hint=role.purpose()
                    checked=role.as_str() == chosen
                />
            }
        })
        .collect();
    roles.collect_view()
}
