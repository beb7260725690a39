//! Background work that was begun and has not ended, and the way to let what is quarantined run again.

use control::job::Sort;
use domain::job::{Job, JobState, MOST, Work};
use leptos::prelude::*;

use super::{
    events,
    list::{List, Page, Paths, narrowed},
    registrations,
};
use crate::{
    shell::{Frame, Place},
    ui::{Button, Kind, Pill, Tone, When, head},
    words::say,
};

pub(crate) const PATHS: Paths = Paths {
    page: "/operator/jobs",
    file: "/api/v1/operator/jobs",
};

pub(crate) fn view(
    frame: Frame,
    list: List<Job, JobState, Sort>,
    done: Option<String>,
) -> impl IntoView {
    let filter = &list.filter;
    let order = match filter.sort {
        Sort::Quarantined => say!("operator-jobs-by-quarantined"),
        Sort::Newest => say!("operator-by-newest"),
        Sort::Oldest => say!("operator-by-oldest"),
    };
    let page = Page {
        title: say!("operator-jobs"),
        place: Place::Jobs,
        intro: say!("operator-jobs-intro", most = MOST),
        empty: say!("operator-jobs-empty"),
        search: say!("operator-jobs-search"),
        state: |state| match state {
            JobState::Quarantined => say!("operator-jobs-only-quarantined"),
            JobState::Suspect => say!("operator-jobs-only-suspect"),
            JobState::Running => say!("operator-jobs-only-running"),
        },
        caption: format!("{order} {}", say!("operator-jobs-caption")),
        heads: vec![
            head(say!("operator-jobs-work")),
            head(say!("operator-jobs-item")),
            filter.sorting(say!("operator-state"), Sort::Quarantined),
            head(say!("operator-jobs-begun")).figures(),
            filter.turning(say!("operator-jobs-last"), Sort::Newest, Sort::Oldest),
            head(say!("operator-jobs-action")),
        ],
        done,
    };
    page.view(frame, list, row)
}

fn row(job: Job) -> AnyView {
    let (tone, word) = match job.state() {
        JobState::Quarantined => (Tone::Bad, say!("operator-jobs-quarantined")),
        JobState::Running => (Tone::Ok, say!("operator-jobs-running")),
        JobState::Suspect => (Tone::Wait, say!("operator-jobs-suspect")),
    };
    let action = job.quarantined_at.map(|_| {
        let path = format!("/operator/jobs/{}/{}/rerun", job.work.as_str(), job.item);
        let label = say!("operator-jobs-again-about", item = job.item.as_str());
        view! {
            <form method="post" action=path>
                <Button label=say!("operator-jobs-again") kind=Kind::Small about=label/>
            </form>
        }
    });
    // People and their mails are no business of ours to list.
    let about = match job.work {
        Work::Event => Some(events::PATHS.page),
        Work::Registration => Some(registrations::PATHS.page),
        Work::User | Work::Mail => None,
    };
    let item = match about {
        Some(path) => {
            let href = narrowed(path, &job.item);
            view! { <a href=href>{job.item}</a> }.into_any()
        }
        None => job.item.into_any(),
    };
    view! {
        <tr>
            <th scope="row" data-label=say!("operator-jobs-work")>{job.work.as_str()}</th>
            <td class="mono id" data-label=say!("operator-jobs-item")>{item}</td>
            <td data-label=say!("operator-state")><Pill tone=tone word=word/></td>
            <td class="num" data-label=say!("operator-jobs-begun")>{say!("operator-jobs-begun-times", count = job.attempts)}</td>
            <td data-label=say!("operator-jobs-last")><When at=job.begun_at/></td>
            <td data-label=say!("operator-jobs-action")>{action}</td>
        </tr>
    }
    .into_any()
}
