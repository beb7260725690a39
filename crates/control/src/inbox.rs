//! The inbox: what arrives is kept first, as it came, then deleted at its source, and only then acted on (P1).

mod apply;
mod receive;

pub use apply::apply_all;
pub use receive::receive;

pub use db::inbox::{InboxState, Message, Query};
use domain::{Error, policy::Action};

use crate::Cx;

/// One page of the inbox, for the operator.
pub async fn list(cx: &Cx, query: &Query, limit: u64) -> Result<Vec<Message>, Error> {
    let tx = cx.read_all(Action::ReadEvents).await?;
    db::inbox::page(&tx, query, limit).await
}
