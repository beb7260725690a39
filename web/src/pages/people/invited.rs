//! Who is invited and has not answered yet.

use domain::{
    Timestamp,
    invitation::{Invitation, State},
    policy::Action,
};
use leptos::prelude::*;

use super::view::may_manage;
use crate::{
    shell::Frame,
    ui::{Button, Card, Empty, Kind, Pager, Pill, Table, Tone, When, head},
    words::{local, say},
};

/// One page of them, with the ways to the first and to the next one.
pub(super) fn list(
    invitations: Vec<Invitation>,
    (first, next): (Option<String>, Option<String>),
    frame: &Frame,
    now: Timestamp,
) -> AnyView {
    let content = if invitations.is_empty() {
        view! { <Empty words=say!("people-invitations-none")/> }.into_any()
    } else {
        table(invitations, frame, now)
    };
    view! {
        <Card title=say!("people-invitations")>
            {content}
            <Pager first=first next=next label=say!("people-invitations-pages")/>
        </Card>
    }
    .into_any()
}

fn table(invitations: Vec<Invitation>, frame: &Frame, now: Timestamp) -> AnyView {
    let rows: Vec<_> = invitations
        .into_iter()
        .map(|invitation| row(invitation, frame, now))
        .collect();
    let mut heads = vec![
        head(say!("people-invitations-address")).name(),
        head(say!("people-role")),
        head(say!("people-state")),
        head(say!("people-invitations-until")),
    ];
    if frame.may(Action::InviteUser) {
        heads.push(head(say!("people-action")));
    }
    view! {
        <Table
            label=say!("people-invitations")
            caption=say!("people-invitations-order")
            heads=heads
        >
            {rows}
        </Table>
    }
    .into_any()
}

fn row(invitation: Invitation, frame: &Frame, now: Timestamp) -> AnyView {
    let state = invitation.state(now);
    let tone = if state == State::Open {
        Tone::Wait
    } else {
        Tone::Bad
    };
    let email = invitation.email.as_str().to_owned();
    let actions = frame.may(Action::InviteUser).then(|| {
        let actions = may_manage(frame, invitation.role).then(|| {
            let to =
                |verb: &str| frame.action(&format!("/people/invitations/{}/{verb}", invitation.id));
            let again = say!("people-resend-whom", email = email.as_str());
            let back = say!("people-take-back-whom", email = email.as_str());
            view! {
                <div class="row actions">
                    <form method="post" action=to("resend")>
                        <Button label=say!("people-resend") kind=Kind::Small about=again/>
                    </form>
                    <form method="post" action=to("revoke")>
                        <Button label=say!("people-take-back") kind=Kind::Small about=back/>
                    </form>
                </div>
            }
        });
        view! { <td data-label=say!("people-action")>{actions}</td> }
    });
    view! {
        <tr>
            <th scope="row" class="name wide wrap">
                {email}
            </th>
            <td data-label=say!("people-role")>{local(invitation.role.title())}</td>
            <td data-label=say!("people-state")>
                <Pill tone=tone word=local(state.as_str())/>
            </td>
            <td data-label=say!("people-invitations-until")>
                <When at=invitation.expires_at/>
            </td>
            {actions}
        </tr>
    }
    .into_any()
}
