//! The schema of both services, as expand/contract migrations. Each service has a database of its own and a migrator of its own.
//! A migration that has landed is never edited; a change of a table is a new file.
//! Invariant: the version before can serve, and start, on the schema of the version after; CONTRIBUTING.md has the rules.

pub mod card;
pub mod control;

mod wall;

pub use sea_orm_migration::MigratorTrait;

use std::collections::BTreeSet;

use sea_orm_migration::{
    SchemaManager,
    prelude::DbErr,
    sea_orm::{DatabaseConnection, EntityTrait},
    seaql_migrations,
};

/// Where migrations that have run are written down.
const TABLE: &str = "seaql_migrations";

/// How a database stands to what this version knows.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Migrations that it lacks, oldest first: with any, this version does not start.
    pub missing: Vec<String>,
    /// Migrations of a newer version that it has, oldest first: this one serves on, and may be started again.
    pub newer: Vec<String>,
}

/// Looks which migrations have run; makes nothing, and needs no right to.
///
/// # Errors
/// When the database cannot be read.
pub async fn standing<M: MigratorTrait>(conn: &DatabaseConnection) -> Result<Standing, DbErr> {
    let known: BTreeSet<String> = M::migrations()
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect();
    let manager = SchemaManager::new(conn);
    let found: BTreeSet<String> = if manager.has_table(TABLE).await? {
        let rows = seaql_migrations::Entity::find().all(conn).await?;
        rows.into_iter().map(|row| row.version).collect()
    } else {
        BTreeSet::new()
    };
    Ok(Standing {
        missing: known.difference(&found).cloned().collect(),
        newer: found.difference(&known).cloned().collect(),
    })
}

/// Brings a database up to date; answers what it did, in a sentence.
///
/// # Errors
/// A sentence: the database is away, or has migrations of another version where ours are missing.
pub async fn bring_up_to_date<M: MigratorTrait>(
    conn: &DatabaseConnection,
) -> Result<String, String> {
    let failed = |error: DbErr| format!("the database cannot be brought up to date: {error}");
    let before = standing::<M>(conn).await.map_err(failed)?;
    match (before.missing.as_slice(), before.newer.as_slice()) {
        ([], []) => Ok("the database is up to date".to_owned()),
        ([], newer) => Ok(format!(
            "the database is up to date, and has {} migration(s) of a newer version, which stay",
            newer.len()
        )),
        (missing, []) => {
            M::up(conn, None).await.map_err(failed)?;
            Ok(format!(
                "the database is up to date: {} migration(s) ran, the last is {}",
                missing.len(),
                missing.last().map(String::as_str).unwrap_or_default()
            ))
        }
        (missing, newer) => Err(format!(
            "the database lacks {} and has {}, which this version does not know: it belongs to another line of versions",
            missing.join(", "),
            newer.join(", ")
        )),
    }
}
