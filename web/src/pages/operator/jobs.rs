//! Background work that was begun and has not ended, and the way to let what is quarantined run again.

use domain::job::{Job, MOST};
use leptos::prelude::*;

use crate::{
    shell::{Console, Frame, Place},
    ui::{Notice, Pill, Tone, When},
};

pub(crate) fn view(frame: Frame, jobs: Vec<Job>, done: Option<String>) -> impl IntoView {
    let content = if jobs.is_empty() {
        view! { <p class="quiet">"Nothing is running at this moment, and nothing is quarantined."</p> }
            .into_any()
    } else {
        table(jobs).into_any()
    };
    let intro = format!(
        "What was begun and has not ended. After {MOST} beginnings without an end a job is quarantined: find out what is wrong with it first, then run it again."
    );
    view! {
        <Console title="Jobs" frame=frame place=Place::Jobs>
            <div class="page-head">
                <div>
                    <h1>"Jobs"</h1>
                    <p>{intro}</p>
                </div>
            </div>
            {done.map(|text| view! { <Notice text=text/> })}
            <section class="card">
                <h2>"Begun and not ended"</h2>
                {content}
            </section>
        </Console>
    }
}

fn table(jobs: Vec<Job>) -> impl IntoView {
    let rows: Vec<_> = jobs.into_iter().map(row).collect();
    view! {
        <div class="table cards" tabindex="0" role="region" aria-label="Jobs">
            <table>
                <caption>
                    <p>"The quarantined first. A running job is gone from here when it ends, well or not."</p>
                </caption>
                <thead>
                    <tr>
                        <th scope="col">"Work"</th>
                        <th scope="col">"At what"</th>
                        <th scope="col">"State"</th>
                        <th scope="col" class="num">"Begun"</th>
                        <th scope="col">"Last begun"</th>
                        <th scope="col">"Action"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
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
        let label = format!("Run {} again", job.item);
        view! {
            <form method="post" action=path>
                <button class="btn small" type="submit" aria-label=label>
                    "Run again"
                </button>
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
