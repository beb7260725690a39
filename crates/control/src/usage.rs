//! Usage: taking it in, and showing it.

mod keep;
mod record;

pub use keep::Gathered;
pub use record::{EventResult, Status, record};

pub use db::usage::HourUsage;
use domain::{Error, hour::Hour, id::TenantId, policy::Action};

use crate::Cx;

/// The tenant's usage by hour and meter, newest first.
pub async fn by_hour(
    cx: &Cx,
    tenant: TenantId,
    from: Hour,
    until: Hour,
) -> Result<Vec<HourUsage>, Error> {
    let tx = cx.read(Action::ReadUsage, tenant).await?;
    db::usage::by_hour(&tx, from, until).await
}
