//! Moves every row to the wrapping key of now: from a file to KMS, or from one KMS key to another.
//! The data key is unwrapped and wrapped anew; the private half under it is neither opened nor touched.
//! Safe to repeat, to kill and to run beside services that have both wrapping keys: one transaction a row, each with its line in the trail.
//! Invariant: a row names the wrapping key that opens it at every moment.

use domain::{
    Error, ErrorKind,
    id::{AuditId, KeyId},
    key_encryption::Holder,
};
use tracing::{error, info};

use super::envelope::fault;
use crate::{
    app::App,
    store::{
        audit::{self, Action, Entry},
        rewrap::{self, Row},
    },
};

/// Rows that are read at once.
const PAGE: u64 = 100;

/// How far it came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rewrapped {
    /// Rows that were moved.
    pub moved: u64,
    /// Rows that were to be moved when it began.
    pub of: u64,
    /// Rows that name another wrapping key still.
    pub left: u64,
    /// Those among them that do not open under the key they name: copied from elsewhere or changed, and no wrapping key helps.
    pub refused: u64,
}

enum Step {
    Moved,
    /// Somebody gave it away, moved it or removed it meanwhile; it is looked at again.
    Changed,
    Refused,
}

/// Moves what is to be moved, telling after each row how far it is.
///
/// # Errors
/// Unavailable while the database or a wrapping key is: what was moved stays moved, and the next call goes on.
pub async fn rewrap(app: &App, mut tell: impl FnMut(Rewrapped) + Send) -> Result<Rewrapped, Error> {
    let current = app.keyring.current().id();
    let mut far = Rewrapped {
        of: rewrap::count_others(&app.store.system_read().await?, current).await?,
        ..Rewrapped::default()
    };
    // Until a whole pass moves nothing: a row that a service wrote meanwhile is met by the next pass.
    loop {
        let before = far.moved;
        far.refused = 0;
        pass(app, &mut far, &mut tell).await?;
        if far.moved == before {
            break;
        }
    }
    far.left = rewrap::count_others(&app.store.system_read().await?, current).await?;
    Ok(far)
}

async fn pass(
    app: &App,
    far: &mut Rewrapped,
    tell: &mut (impl FnMut(Rewrapped) + Send),
) -> Result<(), Error> {
    let current = app.keyring.current().id();
    let mut after: Option<KeyId> = None;
    loop {
        let tx = app.store.system_read().await?;
        let rows = rewrap::others(&tx, current, after, PAGE).await?;
        drop(tx);
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = Some(last.context.key);
        for row in &rows {
            match one(app, row).await? {
                Step::Moved => far.moved += 1,
                Step::Changed => {}
                Step::Refused => far.refused += 1,
            }
            tell(*far);
        }
    }
}

/// Everything slow happens before the transaction.
async fn one(app: &App, row: &Row) -> Result<Step, Error> {
    let (context, to) = (row.context, app.keyring.current());
    let from = app.keyring.named(&row.wrapping_key_id).map_err(fault)?;
    let unwrapped = from.unwrap(&row.data_key, context).await.map_err(fault);
    let data_key = match unwrapped {
        Ok(data_key) => data_key,
        Err(cause) if cause.kind() == ErrorKind::Unavailable => return Err(cause),
        Err(cause) => {
            error!(
                key.id = %context.key,
                wrapping_key.id = row.wrapping_key_id,
                error.cause = cause.private(),
                "a key does not open under the wrapping key it names; look for who changed the database or its disk"
            );
            return Ok(Step::Refused);
        }
    };
    let wrapped = to.wrap(&data_key, context).await.map_err(fault)?;
    let entry = Entry {
        id: AuditId::make(&*app.ids),
        at: app.real.now(),
        actor: "system:rewrap".to_owned(),
        action: Action::KeyRewrapped,
        key: context.key,
        request_id: None,
    };
    let moved = match context.holder {
        Holder::Tenant(tenant, _) => {
            let tx = app.store.tenant_write(tenant).await?;
            let moved = rewrap::move_tenant(&tx, row, to.id(), &wrapped).await?;
            if moved {
                audit::add(&tx, &entry).await?;
                tx.commit().await?;
            }
            moved
        }
        Holder::Pool | Holder::Probe => {
            let tx = app.store.system_write().await?;
            let moved = rewrap::move_system(&tx, row, to.id(), &wrapped).await?;
            if moved {
                audit::add_system(&tx, &entry).await?;
                tx.commit().await?;
            }
            moved
        }
    };
    if !moved {
        return Ok(Step::Changed);
    }
    info!(
        key.id = %context.key,
        wrapping_key.from = row.wrapping_key_id,
        wrapping_key.id = to.id(),
        "moved a key to another wrapping key"
    );
    Ok(Step::Moved)
}

#[cfg(test)]
mod tests;
