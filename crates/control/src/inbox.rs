//! The inbox: what arrives is kept first, as it came, then deleted at its source, and only then acted on (P1).

mod apply;
mod receive;

pub use apply::apply_all;
pub use receive::receive;

pub use db::inbox::{InboxState, Message};
use domain::{Error, id::InboxId, policy::Action};

use crate::Cx;

/// One page of the inbox, newest first, for the operator.
pub async fn list(
    cx: &Cx,
    before: Option<InboxId>,
    state: Option<InboxState>,
    limit: u64,
) -> Result<Vec<Message>, Error> {
    let tx = cx.read_all(Action::ReadEvents).await?;
    db::inbox::page(&tx, before, state, limit).await
}
