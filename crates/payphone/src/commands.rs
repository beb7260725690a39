//! The commands that do one thing and end.

use std::path::{Path, PathBuf};

use db::Database;
use migrations::{bring_up_to_date, control::ControlMigrator};
use runtime::{
    config::{Faults, keys, load_of, print_redacted},
    health::{self, Patience, Question},
    outcome::Outcome,
    peer::PeerKey,
};

use crate::{config::Config, serve::unopened};

/// Reads the configuration and refuses a faulty one.
pub(crate) fn configuration(file: Option<PathBuf>) -> Result<Config, Faults> {
    let config: Config = load_of("payphone", file.as_deref())?;
    config.check()?;
    Ok(config)
}

pub(crate) fn config_check(file: Option<PathBuf>) -> Result<Outcome, Faults> {
    let config: Config = load_of("payphone", file.as_deref())?;
    let mut faults = config.check().err().unwrap_or_default();
    for fault in config.secrets().err().unwrap_or_default().sentences() {
        faults.add(fault.clone());
    }
    faults.finish()?;
    Ok(Outcome::said("the configuration is good"))
}

/// Prints a faulty one too: that is when one wants to see it.
pub(crate) fn config_print(file: Option<PathBuf>) -> Result<Outcome, Faults> {
    let config: Config = load_of("payphone", file.as_deref())?;
    Ok(Outcome::said(print_redacted(&config)))
}

pub(crate) fn config_keys() -> Result<Outcome, Faults> {
    let keys: Vec<String> = keys::<Config>()?.into_iter().collect();
    Ok(Outcome::said(keys.join("\n")))
}

/// Reads the configuration for one address; the service itself refuses a faulty one.
pub(crate) async fn health(
    file: Option<PathBuf>,
    live: bool,
    patience: Patience,
) -> Result<Outcome, Faults> {
    let config: Config = load_of("payphone", file.as_deref())?;
    let question = if live {
        Question::Alive
    } else {
        Question::Ready
    };
    Ok(health::wait(config.admin.listen, question, patience).await)
}

pub(crate) async fn migrate(file: Option<PathBuf>) -> Result<Outcome, Faults> {
    let config = configuration(file)?;
    // SQLite: the file's lock keeps a running service and its migration apart. PostgreSQL: services go on, migrations wait for each other.
    let (database, _alone) = Database::open_to_migrate(&config.database.url)
        .await
        .map_err(unopened)?;
    let migrated = bring_up_to_date::<ControlMigrator>(database.for_migrations()).await;
    Ok(migrated.map_or_else(Outcome::Failed, Outcome::Said))
}

pub(crate) async fn backup(file: Option<PathBuf>, to: &Path) -> Result<Outcome, Faults> {
    let config = configuration(file)?;
    let done = Database::backup(&config.database.url, to).await;
    Ok(done.map_or_else(Outcome::Failed, |()| {
        Outcome::said(format!("the backup is {}", to.display()))
    }))
}

pub(crate) fn peer_key(file: &Path) -> Result<Outcome, Faults> {
    let key = PeerKey::load_or_create(file)?;
    Ok(Outcome::said(key.public_jwk().to_string()))
}

pub(crate) fn openapi() -> Result<Outcome, Faults> {
    http_api::app::document()
        .to_pretty_json()
        .map(Outcome::said)
        .map_err(|error| error.to_string().into())
}
