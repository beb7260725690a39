//! `rewrap`: moves every key to the wrapping key of the configuration, saying how far it is.

use std::{io::Write, path::PathBuf, sync::Arc};

use card::{
    app::App,
    key::{self, Pool, Rewrapped},
    lease,
};
use runtime::{
    clock::{BusinessClock, SystemRealTime},
    config::Faults,
    outcome::Outcome,
};

use crate::{commands::configuration, serve::open, system_ids, wrapping};

/// Rows between two lines about how far it is.
const TELL: u64 = 100;

pub(crate) async fn rewrap(file: Option<PathBuf>) -> Result<Outcome, Faults> {
    let config = configuration(file)?;
    let (ids, real) = (system_ids(), Arc::new(SystemRealTime));
    let keyring = wrapping::keyring(&config.keys, &ids).await?;
    let store = open(&config).await?;
    key::check_wrapping_keys(&store, &keyring).await?;
    let app = App {
        store,
        clock: Arc::new(BusinessClock::new(real.clone())),
        real,
        holder: lease::holder(&*ids),
        ids,
        keyring,
        keys: (&config.keys).into(),
        pool: Arc::new(Pool::default()),
    };
    let mut far = Rewrapped::default();
    let ended = key::rewrap(&app, |now| {
        far = now;
        if now.moved > 0 && now.moved.is_multiple_of(TELL) {
            // A reader that is gone is no failure of ours.
            let _ = writeln!(std::io::stderr(), "{} of {} keys moved", now.moved, now.of);
        }
    })
    .await;
    app.store.close().await;
    Ok(match ended {
        Ok(done) => outcome(done),
        Err(error) => Outcome::Failed(format!(
            "stopped after {} of {} keys: {}; run it again to go on",
            far.moved,
            far.of,
            error.private()
        )),
    })
}

fn outcome(done: Rewrapped) -> Outcome {
    let Rewrapped {
        moved,
        left,
        refused,
        ..
    } = done;
    match (left, refused) {
        (0, _) => Outcome::said(format!("{moved} keys moved, none is left")),
        (_, 0) => Outcome::Failed(format!(
            "{moved} keys moved, {left} are left: a service still wraps with another key; give all of them the new one, and run it again"
        )),
        _ => Outcome::Failed(format!(
            "{moved} keys moved, {left} are left, {refused} of which do not open under the wrapping key they name: look for who changed the database, and keep the old wrapping key"
        )),
    }
}
