//! Background work that was begun and has not ended, and the way to let what is quarantined run again.

use domain::job::{Job, MOST};
use leptos::prelude::*;

use crate::{
    shell::{Console, Frame, Place},
    ui::{Button, Card, Empty, Kind, Notice, PageHead, Pill, Table, Tone, When, head},
    words::say,
};

pub(crate) fn view(frame: Frame, jobs: Vec<Job>, done: Option<String>) -> impl IntoView {
    let content = if jobs.is_empty() {
        view! { <Empty words=say!("operator-jobs-empty")/> }.into_any()
    } else {
        table(jobs).into_any()
    };
    let intro = say!("operator-jobs-intro", most = MOST);
    view! {
        <Console title=say!("operator-jobs") frame=frame place=Place::Jobs>
            <PageHead title=say!("operator-jobs") intro=intro/>
            {done.map(|text| view! { <Notice text=text/> })}
            <Card title=say!("operator-jobs-begun-not-ended")>
                {content}
            </Card>
        </Console>
    }
}

fn table(jobs: Vec<Job>) -> impl IntoView {
    let rows: Vec<_> = jobs.into_iter().map(row).collect();
    let heads = vec![
        head(say!("operator-jobs-work")),
        head(say!("operator-jobs-item")),
        head(say!("operator-state")),
        head(say!("operator-jobs-begun")).figures(),
        head(say!("operator-jobs-last")),
        head(say!("operator-jobs-action")),
    ];
    view! {
        <Table label=say!("operator-jobs") caption=say!("operator-jobs-caption") heads=heads>
            {rows}
        </Table>
    }
}

fn row(job: Job) -> impl IntoView {
    let (tone, word) = match (job.quarantined_at, job.attempts) {
        (Some(_), _) => (Tone::Bad, say!("operator-jobs-quarantined")),
        (None, ..=1) => (Tone::Ok, say!("operator-jobs-running")),
        (None, _) => (Tone::Wait, say!("operator-jobs-suspect")),
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
    view! {
        <tr>
            <th scope="row" data-label=say!("operator-jobs-work")>{job.work.as_str()}</th>
            <td class="mono id" data-label=say!("operator-jobs-item")>{job.item}</td>
            <td data-label=say!("operator-state")><Pill tone=tone word=word/></td>
            <td class="num" data-label=say!("operator-jobs-begun")>{say!("operator-jobs-begun-times", count = job.attempts)}</td>
            <td data-label=say!("operator-jobs-last")><When at=job.begun_at/></td>
            <td data-label=say!("operator-jobs-action")>{action}</td>
        </tr>
    }
}
