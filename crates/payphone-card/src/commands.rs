//! The commands that do one thing and end.

use std::path::{Path, PathBuf};

use card::{config::CardConfig, store::Store};
use migrations::{bring_up_to_date, card::CardMigrator};
use runtime::{
    config::{Faults, keys, load_of, print_redacted},
    health::{self, Patience, Question},
    peer::PeerKey,
};

use runtime::outcome::Outcome;

use crate::{serve::unopened, system_ids};

/// Reads the configuration and refuses a faulty one.
pub(crate) fn configuration(file: Option<PathBuf>) -> Result<CardConfig, Faults> {
    let config: CardConfig = load_of("payphone-card", file.as_deref())?;
    config.check()?;
    Ok(config)
}

pub(crate) fn config_check(file: Option<PathBuf>) -> Result<Outcome, Faults> {
    configuration(file).map(|_| Outcome::said("the configuration is good"))
}

/// Prints a faulty one too: that is when one wants to see it.
pub(crate) fn config_print(file: Option<PathBuf>) -> Result<Outcome, Faults> {
    let config: CardConfig = load_of("payphone-card", file.as_deref())?;
    Ok(Outcome::said(print_redacted(&config)))
}

pub(crate) fn config_keys() -> Result<Outcome, Faults> {
    let keys: Vec<String> = keys::<CardConfig>()?.into_iter().collect();
    Ok(Outcome::said(keys.join("\n")))
}

/// Reads the configuration for one address; the service itself refuses a faulty one.
pub(crate) async fn health(
    file: Option<PathBuf>,
    live: bool,
    patience: Patience,
) -> Result<Outcome, Faults> {
    let config: CardConfig = load_of("payphone-card", file.as_deref())?;
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
    let (store, _alone) = Store::open_to_migrate(&config.database.url)
        .await
        .map_err(unopened)?;
    let migrated = bring_up_to_date::<CardMigrator>(store.for_migrations()).await;
    store.close().await;
    Ok(migrated.map_or_else(Outcome::Failed, Outcome::Said))
}

pub(crate) async fn backup(file: Option<PathBuf>, to: &Path) -> Result<Outcome, Faults> {
    let config = configuration(file)?;
    let done = Store::backup(&config.database.url, to).await;
    Ok(done.map_or_else(Outcome::Failed, |()| {
        Outcome::said(format!("the backup is {}", to.display()))
    }))
}

pub(crate) fn peer_key(file: &Path) -> Result<Outcome, Faults> {
    let key = PeerKey::load_or_create(file)?;
    Ok(Outcome::said(key.public_jwk().to_string()))
}

pub(crate) fn wrapping_key(file: &Path) -> Result<Outcome, Faults> {
    let made = card::encryption::make_wrapping_key(file, &*system_ids())?;
    let file = file.display();
    Ok(Outcome::said(if made {
        format!("made {file}; keep a copy of it: without it no key can be opened again")
    } else {
        format!("{file} is there already and stays as it is")
    }))
}

pub(crate) fn openapi() -> Result<Outcome, Faults> {
    card::http::document()
        .to_pretty_json()
        .map(Outcome::said)
        .map_err(|error| error.to_string().into())
}
