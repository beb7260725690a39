//! What the services ask the catalogue before they serve: whether anybody can get past the wall between tenants (security 32, 33).
//! The policies are compared word for word with those that the migrations make (`migrations/src/wall.rs`), so whoever changes those
//! changes `wall.sql` too. One query, since it is asked at every start.

use sea_orm::DatabaseConnection;

use super::ask;
use crate::{Roles, Unopened};

/// Every hole, as a sentence: a role that could see past the wall, a table that is not behind it, a way around it.
const HOLES: &str = include_str!("wall.sql");

pub(crate) async fn check(
    conn: &DatabaseConnection,
    roles: Roles,
    open: &[&str],
) -> Result<(), Unopened> {
    let values = [
        roles.tenant.to_owned(),
        roles.system.to_owned(),
        open.join(","),
    ];
    let holes = ask(conn, HOLES, &values).await?;
    if holes.is_empty() {
        Ok(())
    } else {
        Err(holes.into())
    }
}
