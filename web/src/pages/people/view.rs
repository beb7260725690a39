//! The list of people, and the form to invite one more.

use control::user::Sort;
use domain::{
    Timestamp,
    id::UserId,
    invitation::Invitation,
    membership::{Member, may_change},
    policy::Action,
    role::Role,
    user::Known,
};
use leptos::prelude::*;

use super::{Filter, invited};
use crate::{
    form::Faults,
    pages::list::sort_word,
    shell::{Console, Frame, Place},
    ui::{
        Button, Card, Choice, Direction, DocsLink, Empty, ErrorSummary, Export, Fieldset, Filters,
        Kind, LinkButton, Notice, PageHead, Pager, Pill, Search, Select, Table, TextField, Tone,
        When, head,
    },
    words::{local, say},
};

/// The page.
#[derive(Debug, Clone)]
pub(crate) struct People {
    /// The frame.
    pub(crate) frame: Frame,
    /// Who looks.
    pub(crate) me: UserId,
    /// The members of this page.
    pub(crate) members: Vec<Member>,
    /// Behind which member the next page begins, if there is one.
    pub(crate) more: Option<String>,
    /// What is asked for.
    pub(crate) filter: Filter,
    /// Who is invited, newest first.
    pub(crate) invitations: Vec<Invitation>,
    /// Behind which invitation the next page of them begins, if there is one.
    pub(crate) more_invitations: Option<String>,
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
    let invitations = (!page.invitations.is_empty() || may_invite).then(|| {
        let first = page.filter.invited_after.map(|_| page.filter.address(&[]));
        let next = page.more_invitations;
        let next = next.map(|id| page.filter.address(&[("invited_after", &id)]));
        invited::list(page.invitations, (first, next), &frame, now)
    });
    let invite = may_invite.then(|| invite(page.form, &page.faults, &frame));
    let (first, next) = (page.filter.first_page(), page.more);
    let next = next.map(|id| page.filter.address(&[("after", &id)]));
    let csv = (!page.members.is_empty()).then(|| {
        view! { <Export href=page.filter.file() narrow=page.filter.is_narrow()/> }
    });
    let filters = filters(&page.filter);
    let members = if page.members.is_empty() {
        view! {
            <Empty words=say!("people-nobody")>
                <LinkButton href="/people" label=say!("people-everybody") kind=Kind::Usual/>
            </Empty>
        }
        .into_any()
    } else {
        members(page.members, &page.filter, &frame, page.me)
    };
    let to_form = may_invite.then(|| {
        view! { <LinkButton href="#invite" label=say!("people-invite") kind=Kind::Usual/> }
    });
    view! {
        <Console title=say!("people-title") frame=page.frame place=Place::People>
            <PageHead
                title=say!("people-title")
                intro=say!("people-intro")
            >
                <DocsLink page="people" label=say!("people-docs")/>
                {csv}
                {to_form}
            </PageHead>
            {page.done.map(|text| view! { <Notice text=text/> })}
            <ErrorSummary faults=page.faults/>
            <Card title=say!("people-members")>
                {filters}
                {members}
                <Pager first=first next=next/>
            </Card>
            {invitations}
            {invite}
        </Console>
    }
}

fn filters(filter: &Filter) -> AnyView {
    let roles = Role::ALL.map(|role| (role.as_str().to_owned(), local(role.title()).into_owned()));
    let kept = vec![("sort", sort_word(filter.sort).to_owned())];
    let (text, role) = (filter.text.clone(), filter.role_word());
    view! {
        <Filters action="/people" kept=kept>
            <Search name="q" label=say!("people-search") value=text/>
            <Select
                name="of"
                label=say!("people-role")
                any=say!("people-any-role")
                options=roles.to_vec()
                chosen=role
            />
        </Filters>
    }
    .into_any()
}

/// Whether the reader may do something about a member with this role.
pub(in crate::pages) fn may_manage(frame: &Frame, role: Role) -> bool {
    let own = frame.role();
    frame.may(Action::ChangeRole)
        && own.is_some_and(|own| may_change(own, Some(role), Some(role)).is_ok())
}

fn members(members: Vec<Member>, filter: &Filter, frame: &Frame, me: UserId) -> AnyView {
    let manages = frame.may(Action::ChangeRole);
    let rows: Vec<_> = members
        .into_iter()
        .map(|member| row(member, frame, me))
        .collect();
    let up = Some(Direction::Ascending);
    let (caption, by_role, by_name, by_age) = match filter.sort {
        Sort::Role => (say!("people-by-role"), up, None, None),
        Sort::Name => (say!("people-by-name"), None, up, None),
        Sort::Newest => {
            let down = Some(Direction::Descending);
            (say!("people-by-age"), None, None, down)
        }
    };
    let mut heads = vec![
        head(say!("people-name"))
            .name()
            .sorted(filter.by(Sort::Name), by_name),
        head(say!("people-role")).sorted(filter.by(Sort::Role), by_role),
        head(say!("people-state")),
        head(say!("people-since")).sorted(filter.by(Sort::Newest), by_age),
        head(say!("people-last-sign-in")),
    ];
    if manages {
        heads.push(head(say!("people-action")));
    }
    view! {
        <Table label=say!("people-members") caption=caption heads=heads>
            {rows}
        </Table>
    }
    .into_any()
}

fn row(member: Member, frame: &Frame, me: UserId) -> AnyView {
    let Member {
        membership, user, ..
    } = &member;
    let is_me = user.id == me;
    let action = frame.may(Action::ChangeRole).then(|| {
        let action = may_manage(frame, membership.role).then(|| {
            let href = format!("/people/{}", user.id);
            let about = say!("people-change-whom", name = user.name.as_str());
            view! { <LinkButton href=href label=say!("people-change") kind=Kind::Small about=about/> }
        });
        view! { <td data-label=say!("people-action")>{action}</td> }
    });
    let codes = is_me.then(|| own_codes(member.recovery_codes));
    let last = match user.last_signed_in_at {
        Some(at) => view! { <When at=at/> }.into_any(),
        None => say!("people-never").into_any(),
    };
    let name = view! { <span class="strong">{user.name.clone()}</span> }.into_any();
    let name = if is_me {
        say!("people-you"; name = name)
    } else {
        name
    };
    view! {
        <tr>
            <th scope="row" class="name wide">
                {name}
                <br/>
                <span class="quiet wrap">{user.email.as_str().to_owned()}</span>
            </th>
            <td data-label=say!("people-role")>{local(membership.role.title())}</td>
            <td class="note" data-label=say!("people-state")>
                {state(&member)}
                {codes}
            </td>
            <td data-label=say!("people-since")>
                <When at=membership.created_at day=true/>
            </td>
            <td class="when" data-label=say!("people-last-sign-in")>{last}</td>
            {action}
        </tr>
    }
    .into_any()
}

fn own_codes(left: u64) -> impl IntoView {
    view! {
        <p class="small">
            <a href="/account#recovery-codes">{say!("people-codes", count = left)}</a>
        </p>
    }
}

/// Whether the member can come in, and what is in the way.
pub(in crate::pages) fn state(member: &Member) -> AnyView {
    let user = &member.user;
    let (tone, word) = match (user.known, user.first_signed_in_at, &user.trouble) {
        (Known::Enabled, Some(_), _) => (Tone::Ok, say!("people-active")),
        (_, _, Some(_)) => (Tone::Bad, say!("people-held-up")),
        (Known::Enabled, None, _) => (Tone::Wait, say!("people-not-yet")),
        _ => (Tone::Wait, say!("people-being-made")),
    };
    let mailed = user.mailed_at.filter(|_| user.first_signed_in_at.is_none());
    let mailed = mailed.map(|at| {
        let at = view! { <When at=at/> };
        view! { <p class="small quiet">{say!("people-password-mailed"; at = at)}</p> }
    });
    let trouble = user.trouble.as_deref().map(|trouble| {
        view! { <p class="small quiet">{local(trouble).into_owned()}</p> }
    });
    view! {
        <Pill tone=tone word=word/>
        {trouble}
        {mailed}
    }
    .into_any()
}

fn invite(form: Invite, faults: &Faults, frame: &Frame) -> AnyView {
    let roles = roles(frame, &form.role);
    let action = frame.action("/people/invitations");
    let (email, role) = (faults.about("email"), faults.about("role"));
    view! {
        <Card title=say!("people-invite") id="invite">
            <form class="form" method="post" action=action novalidate=true>
                <TextField
                    name="email"
                    label=say!("people-invite-email")
                    hint=say!("people-invite-email-hint")
                    kind="email"
                    autocomplete="off"
                    value=form.email
                    fault=email
                />
                <Fieldset name="role" legend=say!("people-may") fault=role>
                    {roles}
                </Fieldset>
                <div>
                    <Button label=say!("people-invite-send") kind=Kind::Primary/>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

/// The roles that the reader may give, the given one chosen.
pub(in crate::pages) fn roles(frame: &Frame, chosen: &str) -> AnyView {
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
                    label=local(role.title())
                    hint=local(role.purpose())
                    checked=role.as_str() == chosen
                />
            }
        })
        .collect();
    roles.collect_view().into_any()
}
