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
    ui::{Button, Card, Empty, Kind, PageHead, Pill, Table, Tone, When, head, set_up},
    words::{local, say},
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
        (true, _) => (say!("tenants-none"), say!("tenants-none-means")),
        (false, None) => (say!("tenants-choose"), say!("tenants-choose-means")),
        (false, Some(_)) => (say!("tenants-switch"), say!("tenants-switch-means")),
    };
    let content = if none {
        view! {
            <Card label=say!("tenants-help")>
                <p>{say!("tenants-help-removed")}</p>
                <p>{say!("tenants-help-subscribed"; button = set_up())}</p>
                <p>{say!("tenants-help-address")}</p>
                <form method="post" action="/logout">
                    <button class="btn primary" type="submit">
                        {say!("account-sign-out")}
                    </button>
                </form>
            </Card>
        }
        .into_any()
    } else {
        view! {
            <Card title=say!("tenants-yours")>
                {table(page.own, page.current)}
            </Card>
        }
        .into_any()
    };
    view! {
        <Console title=say!("tenants-title") frame=page.frame place=Place::Tenants>
            <PageHead title=heading intro=words/>
            {content}
        </Console>
    }
}

/// The tenants with the person's role in each, and a button to look at it.
pub(super) fn table(tenants: Vec<(Membership, Tenant)>, current: Option<TenantId>) -> AnyView {
    if tenants.is_empty() {
        return view! { <Empty words=say!("tenants-none-here")/> }.into_any();
    }
    let rows: Vec<_> = tenants.into_iter().map(|one| row(one, current)).collect();
    let heads = vec![
        head(say!("tenants-account")).name(),
        head(say!("tenants-role")),
        head(say!("tenants-since")),
        head(say!("tenants-action")),
    ];
    view! {
        <Table
            label=say!("tenants-yours")
            caption=say!("tenants-caption")
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
        view! { <Pill tone=Tone::Ok word=say!("tenants-current")/> }.into_any()
    } else {
        let about = say!("tenants-open-one", tenant = name.clone());
        view! {
            <form method="post" action="/account/tenant">
                <input type="hidden" name="tenant" value=tenant.id.to_string()/>
                <Button label=say!("tenants-open") kind=Kind::Small about=about/>
            </form>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row" class="name">
                {name}
            </th>
            <td data-label=say!("tenants-role")>{local(membership.role.title())}</td>
            <td data-label=say!("tenants-since")>
                <When at=membership.created_at day=true/>
            </td>
            <td data-label=say!("tenants-action")>{action}</td>
        </tr>
    }
    .into_any()
}
