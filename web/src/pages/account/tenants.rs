//! `/tenants`: which tenant to look at, for who is in several, or in none. The same list stands on `/account`.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{Error, id::TenantId, membership::Membership, tenant::Tenant};
use leptos::prelude::*;

use crate::{
    reader::SignedIn,
    render,
    shell::{Console, Frame, Place, org},
    ui::{Button, Card, Empty, Kind, PageHead, Pill, Table, Tone, When, head},
};

/// The page.
#[derive(Debug, Clone)]
pub(crate) struct Tenants {
    /// The frame.
    pub(crate) frame: Frame,
    /// The tenant that is looked at.
    pub(crate) current: Option<TenantId>,
    /// Where the person belongs.
    pub(crate) own: Vec<(Membership, Tenant)>,
}

/// `GET /tenants`
pub(in crate::pages) async fn list(signed_in: SignedIn) -> Response {
    signed_in.answer(page(&signed_in).await)
}

async fn page(signed_in: &SignedIn) -> Result<Response, Error> {
    let (frame, account) = signed_in.surroundings().await?;
    // Operators who are members as well come as operators, and choose.
    if frame.is_operator() && account.tenants.is_empty() {
        return Ok(Redirect::to("/").into_response());
    }
    let page = Tenants {
        frame,
        current: signed_in.cx.actor().tenant(),
        own: account.tenants,
    };
    Ok(render::page(StatusCode::OK, || view(page)))
}

pub(crate) fn view(page: Tenants) -> impl IntoView {
    let none = page.own.is_empty();
    let (heading, words) = match (none, page.current) {
        (true, _) => (
            "You belong to no account",
            "You are signed in, and no Payphone account has you as a member.",
        ),
        (false, None) => (
            "Choose an account",
            "You can switch at any time, at the top of every page.",
        ),
        (false, Some(_)) => ("Switch account", "Each has its own people, keys and usage."),
    };
    let content = if none {
        view! {
            <Card label="What to do">
                <p>"If you were removed by mistake, ask an owner to invite you again."</p>
                <p>
                    "If you have just subscribed, press " <strong>"Set up your account"</strong>
                    " in AWS Marketplace."
                </p>
                <p>"If you have another address, sign out and sign in with that one."</p>
                <form method="post" action="/logout">
                    <button class="btn primary" type="submit">
                        "Sign out"
                    </button>
                </form>
            </Card>
        }
        .into_any()
    } else {
        view! {
            <Card title="Your accounts">
                {table(page.own, page.current)}
            </Card>
        }
        .into_any()
    };
    view! {
        <Console title="Accounts" frame=page.frame place=Place::Tenants>
            <PageHead title=heading intro=words/>
            {content}
        </Console>
    }
}

/// The tenants with the person's role in each, and a button to look at it.
pub(super) fn table(tenants: Vec<(Membership, Tenant)>, current: Option<TenantId>) -> AnyView {
    if tenants.is_empty() {
        return view! { <Empty words="You belong to no account."/> }.into_any();
    }
    let rows: Vec<_> = tenants.into_iter().map(|one| row(one, current)).collect();
    let heads = vec![
        head("Account").name(),
        head("Your role"),
        head("Since"),
        head("Action"),
    ];
    view! {
        <Table
            label="Your accounts"
            caption="What you may do depends on your role, which may be another one in each."
            heads=heads
        >
            {rows}
        </Table>
    }
    .into_any()
}

fn row((membership, tenant): (Membership, Tenant), current: Option<TenantId>) -> AnyView {
    let name = org(&tenant.name, tenant.id);
    let action = if current == Some(tenant.id) {
        view! { <Pill tone=Tone::Ok word="open now"/> }.into_any()
    } else {
        let about = format!("Open {name}");
        view! {
            <form method="post" action="/account/tenant">
                <input type="hidden" name="tenant" value=tenant.id.to_string()/>
                <Button label="Open" kind=Kind::Small about=about/>
            </form>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row" class="name">
                {name}
            </th>
            <td data-label="Your role">{membership.role.title()}</td>
            <td data-label="Since">
                <When at=membership.created_at day=true/>
            </td>
            <td data-label="Action">{action}</td>
        </tr>
    }
    .into_any()
}
