//! Background work that was begun and has not ended, and the way to let what is quarantined run again.

use domain::job::{Job, MOST};
use leptos::prelude::*;

use crate::{
    shell::{Console, Frame, Place},
    ui::{Button, Card, Empty, Kind, Notice, PageHead, Pill, Table, Tone, When, head},
};

pub(crate) fn view(frame: Frame, jobs: Vec<Job>, done: Option<String>) -> impl IntoView {
    let content = if jobs.is_empty() {
        view! { <Empty words="Nothing is running at this moment, and nothing is quarantined."/> }
            .into_any()
    } else {
        table(jobs).into_any()
    };
    let intro = format!(
        "What was begun and has not ended. After {MOST} beginnings without an end a job is quarantined: find out what is wrong with it first, then run it again."
    );
    view! {
        <Console title="Jobs" frame=frame place=Place::Jobs>
            <PageHead title="Jobs" intro=intro/>
            {done.map(|text| view! { <Notice text=text/> })}
            <Card title="Begun and not ended">
                {content}
            </Card>
        </Console>
    }
}

fn table(jobs: Vec<Job>) -> impl IntoView {
    let rows: Vec<_> = jobs.into_iter().map(row).collect();
    let heads = vec![
        head("Work"),
        head("At what"),
        head("State"),
        head("Begun").figures(),
        head("Last begun"),
        head("Action"),
    ];
    view! {
        <Table label="Jobs" caption="The quarantined first. A running job is gone from here when it ends, well or not." heads=heads>
            {rows}
        </Table>
    }
}

fn row(job: Job) -> impl IntoView {
    let (tone, word) = match (job.quarantined_at, job.attempts) {
        (Some(_), _) => (Tone::Bad, "quarantined"),
        (None, ..=1) => (Tone::Ok, "running"),
        (None, _) => (Tone::Wait, "suspect"),
    };
    let action = job.quarantined_at.map(|_| {
        let path = format!("/operator/jobs/{}/{}/rerun", job.work.as_str(), job.item);
        let label = format!("Run again {}", job.item);
        view! {
            <form method="post" action=path>
                <Button label="Run again" kind=Kind::Small about=label/>
            </form>
        }
    });
    view! {
        <tr>
            <th scope="row" data-label="Work">{job.work.as_str()}</th>
            <td class="mono id" data-label="At what">{job.item}</td>
            <td data-label="State"><Pill tone=tone word=word/></td>
            <td class="num" data-label="Begun">{if job.attempts == 1 { "once".to_owned() } else { format!("{} times", job.attempts) }}</td>
            <td data-label="Last begun"><When at=job.begun_at/></td>
            <td data-label="Action">{action}</td>
        </tr>
    }
}
