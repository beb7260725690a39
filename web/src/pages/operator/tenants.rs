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
};

pub(crate) fn view(frame: Frame, list: List<(Tenant, Vec<Licence>)>) -> impl IntoView {
    let page = Page {
        title: "Tenants",
        place: Place::AllTenants,
        path: "/operator/tenants",
        intro: "Who is a customer, and what each has bought. Nothing of their people, keys or payments is shown here.",
        empty: "There is none yet. The first buyer makes the first.",
        states: &[
            ("provisioning", "Being set up"),
            ("active", "Active"),
            ("ended", "Ended"),
        ],
    };
    page.view(frame, list, |rows| table(rows).into_any())
}

fn table(rows: Vec<(Tenant, Vec<Licence>)>) -> impl IntoView {
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    let heads = vec![
        head("Tenant"),
        head("State"),
        head("Licences"),
        head("Since"),
    ];
    view! {
        <Table label="Tenants" caption="A licence that has ended stays in the list: its hours may still be on their way to AWS." heads=heads>
            {rows}
        </Table>
    }
}

fn row((tenant, licences): (Tenant, Vec<Licence>)) -> impl IntoView {
    let (tone, word) = match tenant.state {
        TenantState::Provisioning => (Tone::Wait, "being set up"),
        TenantState::Active => (Tone::Ok, "active"),
        TenantState::Ended => (Tone::Plain, "ended"),
    };
    let licences: Vec<_> = licences.into_iter().map(licence).collect();
    view! {
        <tr>
            <th scope="row" class="name">
                {org(&tenant.name, tenant.id)} <br/>
                <span class="mono quiet">{tenant.id.to_string()}</span>
            </th>
            <td data-label="State"><Pill tone=tone word=word/></td>
            <td class="id" data-label="Licences">{licences}</td>
            <td data-label="Since"><When at=tenant.created_at day=true/></td>
        </tr>
    }
}

fn licence(licence: Licence) -> impl IntoView {
    let standing = match licence.standing {
        Standing::Active { .. } => "in force",
        Standing::Ended { .. } => "ended",
        Standing::Unconfirmed => "not confirmed yet",
    };
    let pricing = match licence.pricing {
        Some(Pricing::Subscription) => ", by usage",
        Some(Pricing::Contract) => ", by contract",
        None => "",
    };
    let agreement = licence.agreement_id.map(|id| view! { <br/> {id} });
    view! {
        <p>
            {standing} {pricing} <br/>
            <span class="mono quiet">{licence.id.to_string()} {agreement}</span>
        </p>
    }
}
