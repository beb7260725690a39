//! The audit trail: a line for every change, in the transaction that makes it, each linked to the one before.
//! Nothing here changes or deletes a line, and the table itself refuses to.

use domain::{
    Error,
    audit::{BEGINNING, Chain, Entry, Line, hash},
    id::AuditId,
    list,
};
use pool::Statements;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use crate::{
    SystemTx, TenantTx, fault, inserted,
    row::{audit as row, audit_head as head, tenant},
    unreadable,
};

/// Adds a line to the chain of the transaction's tenant.
pub async fn append(tx: &TenantTx, entry: &Entry) -> Result<(), Error> {
    let chain = Chain::Tenant(tx.tenant());
    append_to(tx.conn(), chain, entry).await?;
    tx.witnessed_by(chain, entry.id);
    Ok(())
}

/// Adds a line to any chain: for what a person does who is in several tenants, and for what concerns none.
pub async fn append_system(tx: &SystemTx, chain: Chain, entry: &Entry) -> Result<(), Error> {
    append_to(tx.conn(), chain, entry).await?;
    tx.witnessed_by(chain, entry.id);
    Ok(())
}

/// Whether a line of this id is in the chain, as seen once nobody is at the chain's end any more.
pub(crate) async fn lasts(conn: &Statements, chain: Chain, line: AuditId) -> Result<bool, Error> {
    lock_end(conn, chain).await?;
    let found = row::Entity::find_by_id(line.to_string())
        .filter(row::Column::TenantId.eq(chain.to_string()))
        .one(conn)
        .await
        .map_err(fault)?;
    Ok(found.is_some())
}

/// The end of the chain, locked: that is what makes lines follow each other. A chain without one begins here.
async fn lock_end(conn: &Statements, chain: Chain) -> Result<head::Model, Error> {
    let first = head::ActiveModel {
        tenant_id: Set(chain.to_string()),
        seq: Set(0),
        hash: Set(BEGINNING.to_owned()),
    };
    inserted(
        head::Entity::insert(first)
            .on_conflict(
                OnConflict::column(head::Column::TenantId)
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(conn)
            .await,
    )?;
    head::Entity::find_by_id(chain.to_string())
        .lock_exclusive()
        .one(conn)
        .await
        .map_err(fault)?
        .ok_or_else(|| unreadable("the head of an audit chain is missing"))
}

async fn append_to(conn: &Statements, chain: Chain, entry: &Entry) -> Result<(), Error> {
    let end = lock_end(conn, chain).await?;
    let seq = end.seq + 1;
    let hash = hash(&end.hash, chain, seq, entry);
    let line = row::ActiveModel {
        id: Set(entry.id.to_string()),
        tenant_id: Set(chain.to_string()),
        at: Set(entry.at),
        actor: Set(entry.actor.clone()),
        action: Set(entry.action.clone()),
        target: Set(entry.target.clone()),
        request_id: Set(entry.request_id.clone()),
        seq: Set(Some(seq)),
        outcome: Set(entry.outcome.as_str().to_owned()),
        detail: Set(entry.detail.clone()),
        address: Set(entry.address.clone()),
        previous: Set(Some(end.hash)),
        hash: Set(Some(hash.clone())),
    };
    row::Entity::insert(line)
        .exec_without_returning(conn)
        .await
        .map_err(fault)?;
    head::Entity::update_many()
        .col_expr(head::Column::Seq, Expr::value(seq))
        .col_expr(head::Column::Hash, Expr::value(hash))
        .filter(head::Column::TenantId.eq(chain.to_string()))
        .exec(conn)
        .await
        .map_err(fault)?;
    Ok(())
}

/// Which lines of the tenant's trail.
#[derive(Debug, Clone, Default)]
pub struct Query<'a> {
    /// In which order.
    pub order: list::Order,
    /// Only lines behind this place, in that order.
    pub after: Option<i64>,
    /// Only this action.
    pub action: Option<&'a str>,
    /// Only this actor.
    pub actor: Option<&'a str>,
    /// Only what was done, or only what was refused.
    pub outcome: Option<&'a str>,
}

/// The tenant's lines.
pub async fn page(tx: &TenantTx, query: &Query<'_>, limit: u64) -> Result<Vec<Line>, Error> {
    let mut find = row::Entity::find()
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::Seq.is_not_null())
        .limit(limit);
    find = match query.order {
        list::Order::Newest => find.order_by_desc(row::Column::Seq),
        list::Order::Oldest => find.order_by_asc(row::Column::Seq),
    };
    if let Some(after) = query.after {
        find = find.filter(match query.order {
            list::Order::Newest => row::Column::Seq.lt(after),
            list::Order::Oldest => row::Column::Seq.gt(after),
        });
    }
    for (column, wanted) in [
        (row::Column::Action, query.action),
        (row::Column::Actor, query.actor),
        (row::Column::Outcome, query.outcome),
    ] {
        if let Some(wanted) = wanted {
            find = find.filter(column.eq(wanted));
        }
    }
    let rows = find.all(tx.conn()).await.map_err(fault)?;
    rows.into_iter().map(read).collect()
}

/// A chain with where it should end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Whose.
    pub chain: Chain,
    /// Its last place.
    pub seq: i64,
    /// The hash of its last line.
    pub hash: String,
}

/// Every chain, for checking them all: those with a head; those whose lines are there without one, answered as ending at 0; and every
/// tenant, whose making is the first line of its chain.
pub async fn heads(tx: &SystemTx) -> Result<Vec<Head>, Error> {
    let rows = head::Entity::find()
        .order_by_asc(head::Column::TenantId)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    let mut heads = rows
        .into_iter()
        .map(|row| {
            Ok(Head {
                chain: row.tenant_id.parse().map_err(unreadable)?,
                seq: row.seq,
                hash: row.hash,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let lines: Vec<String> = row::Entity::find()
        .select_only()
        .column(row::Column::TenantId)
        .distinct()
        .filter(row::Column::Seq.is_not_null())
        .into_tuple()
        .all(tx.conn())
        .await
        .map_err(fault)?;
    let tenants: Vec<String> = tenant::Entity::find()
        .select_only()
        .column(tenant::Column::Id)
        .into_tuple()
        .all(tx.conn())
        .await
        .map_err(fault)?;
    for chain in lines.into_iter().chain(tenants) {
        let chain: Chain = chain.parse().map_err(unreadable)?;
        if !heads.iter().any(|head| head.chain == chain) {
            heads.push(Head {
                chain,
                seq: 0,
                hash: BEGINNING.to_owned(),
            });
        }
    }
    Ok(heads)
}

/// A line as it stands in the table: one that somebody changed may not be readable, and is to be named all the same.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its place.
    pub seq: i64,
    /// Its id, as it stands there.
    pub id: String,
    /// What it says, if it can be read.
    pub line: Option<Line>,
}

/// The next lines of a chain in their order, after a place.
pub async fn after(
    tx: &SystemTx,
    chain: Chain,
    after: i64,
    limit: u64,
) -> Result<Vec<Stored>, Error> {
    let next = row::Entity::find()
        .filter(row::Column::TenantId.eq(chain.to_string()))
        .filter(row::Column::Seq.gt(after))
        .order_by_asc(row::Column::Seq)
        .limit(limit);
    if let Ok(rows) = next.clone().all(tx.conn()).await {
        let stored = |row: row::Model| Stored {
            seq: row.seq.unwrap_or_default(),
            id: row.id.clone(),
            line: read(row).ok(),
        };
        return Ok(rows.into_iter().map(stored).collect());
    }
    // SQLite keeps whatever somebody wrote: a moment that is none fails the whole page, and the line is to be named. One by one, then.
    let places: Vec<(i64, String)> = next
        .select_only()
        .column(row::Column::Seq)
        .column(row::Column::Id)
        .into_tuple()
        .all(tx.conn())
        .await
        .map_err(fault)?;
    let mut stored = Vec::with_capacity(places.len());
    for (seq, id) in places {
        let row = row::Entity::find_by_id(id.clone()).one(tx.conn()).await;
        let line = row.ok().flatten().and_then(|row| read(row).ok());
        stored.push(Stored { seq, id, line });
    }
    Ok(stored)
}

/// The id of a line of the chain at no place of it, although the chain had begun when it was written, if there is one.
pub async fn beside(tx: &SystemTx, chain: Chain) -> Result<Option<String>, Error> {
    let own = || row::Entity::find().filter(row::Column::TenantId.eq(chain.to_string()));
    let first = own()
        .filter(row::Column::Seq.eq(1))
        .one(tx.conn())
        .await
        .map_err(fault)?;
    let Some(first) = first else {
        return Ok(None);
    };
    // Before there were chains, lines had no place; none ever had one before the first.
    let late = row::Column::Seq.is_null().and(row::Column::At.gt(first.at));
    own()
        .select_only()
        .column(row::Column::Id)
        .filter(row::Column::Seq.lt(1).or(late))
        .into_tuple()
        .one(tx.conn())
        .await
        .map_err(fault)
}

/// How many lines there are from before the trail was a chain: they prove nothing.
pub async fn unchained(tx: &SystemTx) -> Result<u64, Error> {
    row::Entity::find()
        .filter(row::Column::Seq.is_null())
        .count(tx.conn())
        .await
        .map_err(fault)
}

fn read(row: row::Model) -> Result<Line, Error> {
    Ok(Line {
        chain: row.tenant_id.parse().map_err(unreadable)?,
        seq: row.seq.unwrap_or_default(),
        entry: Entry {
            id: row.id.parse().map_err(unreadable)?,
            at: row.at,
            actor: row.actor,
            action: row.action,
            outcome: row.outcome.parse()?,
            target: row.target,
            detail: row.detail,
            address: row.address,
            request_id: row.request_id,
        },
        previous: row.previous.unwrap_or_default(),
        hash: row.hash.unwrap_or_default(),
    })
}
