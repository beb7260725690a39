//! `payphone audit verify`: walks the chains of the audit trail beside the running service, and says what holds and what does not.

use std::{fmt::Write, path::PathBuf};

use control::audit::{self, Verdict};
use db::Database;
use domain::audit::Chain;
use runtime::{config::Faults, outcome::Outcome};

use crate::{commands::configuration, serve};

pub(crate) async fn verify(file: Option<PathBuf>, tenant: Option<&str>) -> Result<Outcome, Faults> {
    let only = tenant
        .map(|text| {
            text.parse::<Chain>()
                .map_err(|_| format!("{text:?} is neither `ten_…` nor `vendor`"))
        })
        .transpose()?;
    let config = configuration(file)?;
    let database = Database::open_beside(&config.database.url)
        .await
        .map_err(serve::unopened)?;
    match audit::verify(&database, only).await {
        Ok((verdicts, _)) if only.is_some() && verdicts.is_empty() => Ok(Outcome::Failed(
            "there is no such chain: nothing was ever written down for it".to_owned(),
        )),
        Ok((verdicts, unchained)) => Ok(report(&verdicts, unchained)),
        Err(error) => Ok(Outcome::Failed(format!(
            "the audit trail cannot be read: {}",
            error.private()
        ))),
    }
}

fn report(verdicts: &[Verdict], unchained: u64) -> Outcome {
    let (mut said, mut broken) = (String::new(), 0);
    for verdict in verdicts {
        // Writing to a String cannot fail.
        let _ = match &verdict.outcome {
            Ok(lines) => writeln!(said, "{}: {lines} lines hold", verdict.chain),
            Err(fault) => {
                broken += 1;
                writeln!(said, "{}: BROKEN: {fault}", verdict.chain)
            }
        };
    }
    if unchained > 0 {
        let _ = writeln!(
            said,
            "{unchained} lines are from before the trail was a chain, and prove nothing"
        );
    }
    let _ = match broken {
        0 => write!(said, "{} chains hold", verdicts.len()),
        broken => write!(said, "{broken} of {} chains are broken", verdicts.len()),
    };
    if broken == 0 {
        Outcome::said(said)
    } else {
        Outcome::Failed(said)
    }
}
