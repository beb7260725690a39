//! The schema of both services, as expand/contract migrations. Each service has a database of its own and a migrator of its own.
//! A migration that has landed is never edited; a change of a table is a new file.

pub mod card;
pub mod control;

mod wall;

pub use sea_orm_migration::MigratorTrait;
