//! Where every registration stands, and why.

use control::registration::Progress;
use domain::registration::{StepRecord, StepState};
use leptos::prelude::*;

use super::{List, Page};
use crate::{
    shell::{Frame, Place},
    ui::{Pill, Table, Tone, When, head, moment},
};

pub(crate) fn view(frame: Frame, list: List<Progress>) -> impl IntoView {
    let page = Page {
        title: "Registrations",
        place: Place::Registrations,
        path: "/operator/registrations",
        intro: "Every arrival from AWS Marketplace, and the step that holds it up. All of it heals by itself; what says failed needs somebody.",
        empty: "Nobody has come from AWS Marketplace yet.",
        states: &[],
    };
    page.view(frame, list, |rows| table(rows).into_any())
}

fn table(rows: Vec<Progress>) -> impl IntoView {
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    let heads = vec![
        head("Came (UTC)"),
        head("AWS account"),
        head("State"),
        head("What it waits for"),
        head("Tenant"),
    ];
    view! {
        <Table label="Registrations" caption="An account is shown by its last four digits, as everywhere." heads=heads>
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
        Some(StepState::Failed) => (Tone::Bad, "failed"),
        Some(_) => (Tone::Wait, "waiting"),
        None => (Tone::Ok, "done"),
    };
    let message = blocking(&steps).map(|step| {
        let message = step.message.clone();
        let checked = step.checked_at;
        let failures = (step.failures > 0).then(|| format!(", failed {} times", step.failures));
        view! {
            <p>{message}</p>
            <p class="quiet small">"Looked at " <When at=checked/> {failures}</p>
        }
    });
    view! {
        <tr>
            <th scope="row" data-label="Came (UTC)">{moment(registration.created_at)}</th>
            <td data-label="AWS account">{format!("…{}", licence.account.last4())}</td>
            <td data-label="State"><Pill tone=tone word=word/></td>
            <td class="note" data-label="Waits for">{message}</td>
            <td class="mono id whole" data-label="Tenant">
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
