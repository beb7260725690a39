//! The audit trail: reading it, and proving it.

use domain::{
    Error,
    audit::{Broken, Chain, Line, Walk},
    id::TenantId,
    policy::Action,
};

use db::Database;

use crate::Cx;

pub use db::audit::Query;

/// The tenant's lines, newest first.
pub async fn list(
    cx: &Cx,
    tenant: TenantId,
    query: &Query<'_>,
    limit: u64,
) -> Result<Vec<Line>, Error> {
    let tx = cx.read(Action::ReadAuditLog, tenant).await?;
    db::audit::page(&tx, query, limit).await
}

/// How one chain came out.
#[derive(Debug)]
pub struct Verdict {
    /// Whose chain.
    pub chain: Chain,
    /// How many lines hold, or what is wrong.
    pub outcome: Result<i64, Broken>,
}

/// Checks every chain, or one, from its first line to its head; answers also how many lines are from before the trail was a chain.
pub async fn verify(
    database: &Database,
    only: Option<Chain>,
) -> Result<(Vec<Verdict>, u64), Error> {
    let heads = {
        let tx = database.system_read().await?;
        db::audit::heads(&tx).await?
    };
    let mut verdicts = Vec::new();
    for head in heads {
        if only.is_some_and(|only| only != head.chain) {
            continue;
        }
        verdicts.push(Verdict {
            chain: head.chain,
            outcome: walk(database, &head).await?,
        });
    }
    let tx = database.system_read().await?;
    Ok((verdicts, db::audit::unchained(&tx).await?))
}

/// One look at the database for the whole chain and its head, so that lines written meanwhile are not taken for faults.
async fn walk(database: &Database, head: &db::audit::Head) -> Result<Result<i64, Broken>, Error> {
    let tx = database.system_read().await?;
    let mut walk = Walk::new(head.chain);
    let mut last = 0;
    loop {
        let lines = db::audit::after(&tx, head.chain, last, 1000).await?;
        // Lines written since the head was read are somebody else's next look.
        let lines = lines
            .iter()
            .filter(|line| head.seq == 0 || line.seq <= head.seq);
        let mut more = false;
        for line in lines {
            if let Err(broken) = walk.step(line) {
                return Ok(Err(broken));
            }
            last = line.seq;
            more = true;
        }
        if !more {
            return Ok(walk.end(head.seq, &head.hash));
        }
    }
}
