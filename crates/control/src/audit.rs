//! The audit trail: reading it, and proving it.

use domain::{
    Error,
    audit::{Broken, Chain, Line, Walk},
    id::TenantId,
    policy::Action,
};

use db::{Database, SystemTx};

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
    let wanted = [query.action, query.actor, query.outcome];
    if wanted.into_iter().flatten().any(|text| text.contains('\0')) {
        // No line has it, and PostgreSQL cannot be asked.
        return Ok(Vec::new());
    }
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
///
/// Everything is read as it was at one moment, so that lines written meanwhile are not taken for faults.
pub async fn verify(
    database: &Database,
    only: Option<Chain>,
) -> Result<(Vec<Verdict>, u64), Error> {
    let tx = database.system_snapshot().await?;
    let mut verdicts = Vec::new();
    for head in db::audit::heads(&tx).await? {
        if only.is_some_and(|only| only != head.chain) {
            continue;
        }
        verdicts.push(Verdict {
            chain: head.chain,
            outcome: walk(&tx, &head).await?,
        });
    }
    Ok((verdicts, db::audit::unchained(&tx).await?))
}

async fn walk(tx: &SystemTx, head: &db::audit::Head) -> Result<Result<i64, Broken>, Error> {
    let chain = head.chain;
    let mut walk = Walk::new(chain);
    let mut last = 0;
    loop {
        let stored = db::audit::after(tx, chain, last, 1000).await?;
        if stored.is_empty() {
            break;
        }
        for found in stored {
            last = found.seq;
            let step = match &found.line {
                Some(line) => walk.step(line),
                None => Err(Broken::Unreadable {
                    chain,
                    seq: found.seq,
                    id: found.id,
                }),
            };
            if let Err(broken) = step {
                return Ok(Err(broken));
            }
        }
    }
    if last == 0 && head.seq == 0 {
        return Ok(Err(Broken::Gone { chain }));
    }
    if let Some(id) = db::audit::beside(tx, chain).await? {
        return Ok(Err(Broken::Beside { chain, id }));
    }
    Ok(walk.end(head.seq, &head.hash))
}
