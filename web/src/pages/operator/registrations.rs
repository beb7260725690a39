//! Where every registration stands, and why.

use control::registration::Progress;
use domain::registration::{StepRecord, StepState};
use leptos::prelude::*;

use super::{List, Page};
use crate::{
    shell::{Frame, Place},
    ui::{Pill, Table, Tone, When, head, moment},
    words::{local, say},
};

pub(crate) fn view(frame: Frame, list: List<Progress>) -> impl IntoView {
    let page = Page {
        title: say!("operator-registrations"),
        place: Place::Registrations,
        path: "/operator/registrations",
        intro: say!("operator-registrations-intro"),
        empty: say!("operator-registrations-empty"),
        states: vec![],
    };
    page.view(frame, list, |rows| table(rows).into_any())
}

fn table(rows: Vec<Progress>) -> impl IntoView {
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    let heads = vec![
        head(say!("operator-registrations-came")),
        head(say!("operator-registrations-account")),
        head(say!("operator-state")),
        head(say!("operator-registrations-waits")),
        head(say!("operator-registrations-tenant")),
    ];
    view! {
        <Table label=say!("operator-registrations") caption=say!("operator-registrations-caption") heads=heads>
            {rows}
        </Table>
    }
}

fn row(progress: Progress) -> impl IntoView {
    let Progress {
        registration,
        licence,
        steps,
    } = progress;
    let (tone, word) = match blocking(&steps).map(|step| step.state) {
        Some(StepState::Failed) => (Tone::Bad, say!("operator-registrations-failed")),
        Some(_) => (Tone::Wait, say!("operator-registrations-waiting")),
        None => (Tone::Ok, say!("operator-registrations-done")),
    };
    let message = blocking(&steps).map(|step| {
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
    view! {
        <tr>
            <th scope="row" data-label=say!("operator-registrations-came")>{moment(registration.created_at)}</th>
            <td data-label=say!("operator-registrations-account")>{format!("…{}", licence.account.last4())}</td>
            <td data-label=say!("operator-state")><Pill tone=tone word=word/></td>
            <td class="note" data-label=say!("operator-registrations-waits-short")>{message}</td>
            <td class="mono id whole" data-label=say!("operator-registrations-tenant")>
                {registration.tenant.to_string()} <br/>
                <span class="quiet">{registration.id.to_string()}</span>
            </td>
        </tr>
    }
}

/// The step that holds it up: one that failed before one that waits.
fn blocking(steps: &[StepRecord]) -> Option<&StepRecord> {
    let at = |state| steps.iter().find(move |step| step.state == state);
    at(StepState::Failed).or_else(|| at(StepState::Waiting))
}
