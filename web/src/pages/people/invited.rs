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
    ui::{Button, Card, Empty, Kind, Pill, Table, Tone, When, head},
};

pub(super) fn list(invitations: Vec<Invitation>, frame: &Frame, now: Timestamp) -> AnyView {
    let content = if invitations.is_empty() {
        view! { <Empty words="Nobody is invited at the moment."/> }.into_any()
    } else {
        table(invitations, frame, now)
    };
    view! { <Card title="Invitations">{content}</Card> }.into_any()
}

fn table(invitations: Vec<Invitation>, frame: &Frame, now: Timestamp) -> AnyView {
    let rows: Vec<_> = invitations
        .into_iter()
        .map(|invitation| row(invitation, frame, now))
        .collect();
    let mut heads = vec![
        head("Address").name(),
        head("Role"),
        head("State"),
        head("Good until"),
    ];
    if frame.may(Action::InviteUser) {
        heads.push(head("Action"));
    }
    view! {
        <Table
            label="Invitations"
            caption="Newest first. A link is good once, for three days; sending again replaces it."
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
            let again = format!("Send again to {email}");
            let back = format!("Take back the invitation of {email}");
            view! {
                <div class="row actions">
                    <form method="post" action=to("resend")>
                        <Button label="Send again" kind=Kind::Small about=again/>
                    </form>
                    <form method="post" action=to("revoke")>
                        <Button label="Take back" kind=Kind::Small about=back/>
                    </form>
                </div>
            }
        });
        view! { <td data-label="Action">{actions}</td> }
    });
    view! {
        <tr>
            <th scope="row" class="name wide wrap">
                {email}
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
    .into_any()
}
