//! Metering: hours are sealed, sealed hours are sent, and every hour can be explained.

mod seal;
mod send;

pub(crate) use seal::carry;
pub use seal::seal_all;
pub use send::{Pace, send_all};

pub use db::metering::{Attempt, Filter};
use db::usage::HourUsage;
use domain::{
    Error,
    hour::Hour,
    id::{MeteringId, TenantId},
    metering::MeteringRecord,
    policy::Action,
};

use crate::Cx;

/// One page of the tenant's metering records, newest hour first.
pub async fn list(
    cx: &Cx,
    tenant: TenantId,
    filter: &Filter,
    after: Option<(Hour, MeteringId)>,
    limit: u64,
) -> Result<Vec<MeteringRecord>, Error> {
    let tx = cx.read(Action::ReadUsage, tenant).await?;
    db::metering::page(&tx, filter, after, limit).await
}

/// A record with every sending of it: what `payphone meter explain` prints.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The record.
    pub record: MeteringRecord,
    /// The usage it is made of, by meter.
    pub usage: Vec<HourUsage>,
    /// Its sendings, first to last.
    pub attempts: Vec<Attempt>,
}

/// Explains one hour of one licence: what was used, what was sent, what AWS said.
pub async fn explain(
    cx: &Cx,
    license_key: &domain::licence::LicenseKey,
    hour: Hour,
) -> Result<Vec<Explained>, Error> {
    let licence = {
        let tx = cx.app().db.system_read().await?;
        db::licence::find_by_key(&tx, license_key)
            .await?
            .ok_or_else(|| Error::not_found("licence"))?
    };
    let tx = cx.read(Action::ReadUsage, licence.tenant).await?;
    let filter = Filter {
        licence: Some(licence.id),
        from: Some(hour),
        until: Some(hour.next()),
        ..Filter::default()
    };
    let used = db::usage::by_hour(&tx, hour, hour.next()).await?;
    let mut explained = Vec::new();
    for record in db::metering::page(&tx, &filter, None, 100).await? {
        let attempts = db::metering::attempts(&tx, record.id).await?;
        let of_record = |used: &&HourUsage| {
            (used.licence, used.dimension) == (record.licence, record.dimension)
        };
        let usage = used.iter().filter(of_record).cloned().collect();
        explained.push(Explained {
            record,
            usage,
            attempts,
        });
    }
    Ok(explained)
}
