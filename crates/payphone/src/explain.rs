//! `meter explain`: one hour of one licence, to the unit. Reads beside a running service.

use std::{fmt::Write, path::PathBuf, sync::Arc};

use control::{
    Cx,
    metering::{self, Explained},
};
use db::Database;
use domain::{hour::Hour, licence::LicenseArn, policy::Actor, time::rfc3339, window};
use runtime::{config::Faults, outcome::Outcome};

use crate::{commands::configuration, serve};

pub(crate) async fn explain(
    file: Option<PathBuf>,
    license: &str,
    hour: &str,
) -> Result<Outcome, Faults> {
    let config = configuration(file)?;
    let arn: LicenseArn = license
        .parse()
        .map_err(|_| Faults::from("--license is not the ARN of a licence".to_owned()))?;
    let hour = hour.parse().map(Hour::containing).map_err(|_| {
        Faults::from("--hour is not a time such as 2026-11-22T10:00:00Z".to_owned())
    })?;
    let database = Database::open_beside(&config.database.url)
        .await
        .map_err(serve::unopened)?;
    let parts = serve::parts();
    let app = Arc::new(serve::app(&config, database, parts.clock.clone(), &parts).await?);
    let cx = Cx::new(app, Actor::Operator(None), "meter-explain");
    Ok(match metering::explain(&cx, &arn.key(), hour).await {
        Ok(explained) => Outcome::said(text(&arn, hour, &explained)),
        Err(error) => Outcome::Failed(format!("{error} {}", error.private())),
    })
}

fn text(arn: &LicenseArn, hour: Hour, explained: &[Explained]) -> String {
    let mut text = format!(
        "licence {arn}\nhour    {hour}, AWS takes it until {}\n",
        rfc3339(window::deadline(hour))
    );
    if explained.is_empty() {
        text.push_str("nothing was used in this hour, and it is not sealed\n");
    }
    for Explained {
        record,
        usage,
        attempts,
    } in explained
    {
        let _ = writeln!(
            text,
            "\n{}: {} units, {}",
            record.dimension.as_str(),
            record.quantity,
            record.state.as_str()
        );
        for used in usage {
            let _ = writeln!(
                text,
                "  used   {} units in {} events of {} ({} units from earlier hours)",
                used.quantity,
                used.events,
                used.meter.as_str(),
                used.late
            );
        }
        for attempt in attempts {
            let answer = attempt.outcome.as_deref().unwrap_or("no answer recorded");
            let _ = writeln!(
                text,
                "  sent   {} units at {}: {answer}",
                attempt.quantity,
                rfc3339(attempt.sent_at)
            );
        }
        if let Some(id) = &record.metering_record_id {
            let _ = writeln!(text, "  AWS    {id}");
        }
        if let Some(note) = &record.note {
            let _ = writeln!(text, "  note   {note}");
        }
    }
    text
}
