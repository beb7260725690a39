//! Every tenant, and where its licences stand. None of its people, keys or payments.

use domain::{
    licence::{Licence, Pricing},
    lifecycle::Standing,
    list::NamedOrder,
    tenant::{Tenant, TenantState},
};
use leptos::prelude::*;

use super::{
    events,
    list::{List, Page, Paths, narrowed},
    registrations,
};
use crate::{
    shell::{Frame, Place, org},
    ui::{Pill, Tone, When, head},
    words::say,
};

pub(crate) const PATHS: Paths = Paths {
    page: "/operator/tenants",
    file: "/api/v1/operator/tenants",
};

pub(crate) fn view(
    frame: Frame,
    list: List<(Tenant, Vec<Licence>), TenantState, NamedOrder>,
) -> impl IntoView {
    let filter = &list.filter;
    let order = match filter.sort {
        NamedOrder::Newest => say!("operator-by-newest"),
        NamedOrder::Oldest => say!("operator-by-oldest"),
        NamedOrder::Name => say!("operator-by-name"),
    };
    let page = Page {
        title: say!("operator-tenants"),
        place: Place::AllTenants,
        intro: say!("operator-tenants-intro"),
        empty: say!("operator-tenants-empty"),
        search: say!("operator-search"),
        state: |state| match state {
            TenantState::Provisioning => say!("operator-tenants-only-set-up"),
            TenantState::Active => say!("operator-tenants-only-active"),
            TenantState::Ended => say!("operator-tenants-only-ended"),
        },
        caption: format!("{order} {}", say!("operator-tenants-caption")),
        heads: vec![
            filter
                .sorting(say!("operator-tenants-tenant"), NamedOrder::Name)
                .name(),
            head(say!("operator-state")),
            head(say!("operator-tenants-licences")),
            filter.turning(
                say!("operator-tenants-since"),
                NamedOrder::Newest,
                NamedOrder::Oldest,
            ),
        ],
        done: None,
    };
    page.view(frame, list, row)
}

fn row((tenant, licences): (Tenant, Vec<Licence>)) -> AnyView {
    let (tone, word) = match tenant.state {
        TenantState::Provisioning => (Tone::Wait, say!("operator-tenants-set-up")),
        TenantState::Active => (Tone::Ok, say!("operator-tenants-active")),
        TenantState::Ended => (Tone::Plain, say!("operator-tenants-ended")),
    };
    let licences: Vec<_> = licences.into_iter().map(licence).collect();
    let id = tenant.id.to_string();
    let (came, sent) = (
        narrowed(registrations::PATHS.page, &id),
        narrowed(events::PATHS.page, &id),
    );
    view! {
        <tr>
            <th scope="row" class="name">
                {org(&tenant.name, tenant.id)} <br/>
                <span class="mono quiet">{id}</span> <br/>
                <a href=came>{say!("operator-registrations")}</a> " · " <a href=sent>{say!("operator-events")}</a>
            </th>
            <td data-label=say!("operator-state")><Pill tone=tone word=word/></td>
            <td class="id" data-label=say!("operator-tenants-licences")>{licences}</td>
            <td data-label=say!("operator-tenants-since")><When at=tenant.created_at day=true/></td>
        </tr>
    }
    .into_any()
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
