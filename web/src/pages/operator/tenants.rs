//! Every tenant, and where its licences stand. None of its people, keys or payments.

use domain::{
    licence::{Licence, Pricing},
    lifecycle::Standing,
    tenant::{Tenant, TenantState},
};
use leptos::prelude::*;

use super::{List, Page};
use crate::{
    shell::{Frame, Place, org},
    ui::{Pill, Table, Tone, When, head},
    words::say,
};

pub(crate) fn view(frame: Frame, list: List<(Tenant, Vec<Licence>)>) -> impl IntoView {
    let page = Page {
        title: say!("operator-tenants"),
        place: Place::AllTenants,
        path: "/operator/tenants",
        intro: say!("operator-tenants-intro"),
        empty: say!("operator-tenants-empty"),
        states: vec![
            ("provisioning", say!("operator-tenants-only-set-up")),
            ("active", say!("operator-tenants-only-active")),
            ("ended", say!("operator-tenants-only-ended")),
        ],
    };
    page.view(frame, list, |rows| table(rows).into_any())
}

fn table(rows: Vec<(Tenant, Vec<Licence>)>) -> impl IntoView {
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    let heads = vec![
        head(say!("operator-tenants-tenant")),
        head(say!("operator-state")),
        head(say!("operator-tenants-licences")),
        head(say!("operator-tenants-since")),
    ];
    view! {
        <Table label=say!("operator-tenants") caption=say!("operator-tenants-caption") heads=heads>
            {rows}
        </Table>
    }
}

fn row((tenant, licences): (Tenant, Vec<Licence>)) -> impl IntoView {
    let (tone, word) = match tenant.state {
        TenantState::Provisioning => (Tone::Wait, say!("operator-tenants-set-up")),
        TenantState::Active => (Tone::Ok, say!("operator-tenants-active")),
        TenantState::Ended => (Tone::Plain, say!("operator-tenants-ended")),
    };
    let licences: Vec<_> = licences.into_iter().map(licence).collect();
    view! {
        <tr>
            <th scope="row" class="name">
                {org(&tenant.name, tenant.id)} <br/>
                <span class="mono quiet">{tenant.id.to_string()}</span>
            </th>
            <td data-label=say!("operator-state")><Pill tone=tone word=word/></td>
            <td class="id" data-label=say!("operator-tenants-licences")>{licences}</td>
            <td data-label=say!("operator-tenants-since")><When at=tenant.created_at day=true/></td>
        </tr>
    }
}

fn licence(licence: Licence) -> impl IntoView {
    let standing = match licence.standing {
        Standing::Active { .. } => say!("operator-licence-in-force"),
        Standing::Ended { .. } => say!("operator-licence-ended"),
        Standing::Unconfirmed => say!("operator-licence-not-confirmed"),
    };
    let words = match licence.pricing {
        Some(Pricing::Subscription) => say!("operator-licence-by-usage", standing = standing),
        Some(Pricing::Contract) => say!("operator-licence-by-contract", standing = standing),
        None => standing,
    };
    let agreement = licence.agreement_id.map(|id| view! { <br/> {id} });
    view! {
        <p>
            {words} <br/>
            <span class="mono quiet">{licence.id.to_string()} {agreement}</span>
        </p>
    }
}
