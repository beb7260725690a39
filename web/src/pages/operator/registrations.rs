//! Where every registration stands, and why.

use control::registration::Progress;
use domain::{
    list::Order,
    registration::{StepState, held_up_by},
};
use leptos::prelude::*;

use super::{
    list::{List, Page, Paths, narrowed, order},
    tenants,
};
use crate::{
    shell::{Frame, Place},
    ui::{Pill, Tone, When, head, moment},
    words::{local, say},
};

pub(crate) const PATHS: Paths = Paths {
    page: "/operator/registrations",
    file: "/api/v1/operator/registrations",
};

pub(crate) fn view(frame: Frame, list: List<Progress, StepState, Order>) -> impl IntoView {
    let filter = &list.filter;
    let order = order(filter.sort);
    let page = Page {
        title: say!("operator-registrations"),
        place: Place::Registrations,
        intro: say!("operator-registrations-intro"),
        empty: say!("operator-registrations-empty"),
        search: say!("operator-search"),
        state: |state| match state {
            StepState::Failed => say!("operator-registrations-only-failed"),
            StepState::Waiting => say!("operator-registrations-only-waiting"),
            StepState::Done => say!("operator-registrations-only-done"),
        },
        caption: format!("{order} {}", say!("operator-registrations-caption")),
        heads: vec![
            filter.turning(
                say!("operator-registrations-came"),
                Order::Newest,
                Order::Oldest,
            ),
            head(say!("operator-registrations-account")),
            head(say!("operator-state")),
            head(say!("operator-registrations-waits")),
            head(say!("operator-registrations-tenant")),
        ],
        done: None,
    };
    page.view(frame, list, row)
}

fn row(progress: Progress) -> AnyView {
    let Progress {
        registration,
        licence,
        steps,
    } = progress;
    let (tone, word) = match held_up_by(&steps).map(|step| step.state) {
        Some(StepState::Failed) => (Tone::Bad, say!("operator-registrations-failed")),
        Some(_) => (Tone::Wait, say!("operator-registrations-waiting")),
        None => (Tone::Ok, say!("operator-registrations-done")),
    };
    let message = held_up_by(&steps).map(|step| {
        let at = view! { <When at=step.checked_at/> };
        let looked = match step.failures {
            0 => say!("operator-registrations-looked"; at = at),
            count => say!("operator-registrations-looked-failed", count = count; at = at),
        };
        view! {
            <p>{local(&step.message).into_owned()}</p>
            <p class="quiet small">{looked}</p>
        }
    });
    let tenant = registration.tenant.to_string();
    let to_tenant = narrowed(tenants::PATHS.page, &tenant);
    view! {
        <tr>
            <th scope="row" data-label=say!("operator-registrations-came")>{moment(registration.created_at)}</th>
            <td data-label=say!("operator-registrations-account")>{format!("…{}", licence.account.last4())}</td>
            <td data-label=say!("operator-state")><Pill tone=tone word=word/></td>
            <td class="note" data-label=say!("operator-registrations-waits-short")>{message}</td>
            <td class="mono id whole" data-label=say!("operator-registrations-tenant")>
                <a href=to_tenant>{tenant}</a> <br/>
                <span class="quiet">{registration.id.to_string()}</span>
            </td>
        </tr>
    }
    .into_any()
}
