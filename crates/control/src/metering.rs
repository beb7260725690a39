//! Metering: hours are sealed, sealed hours are sent, and every hour can be explained.

mod figures;
mod seal;
mod send;

pub use figures::{Figures, Range, Stretch, Total, figures, month};
pub(crate) use seal::carry;
pub use seal::seal_all;
pub use send::{Pace, send_all};

pub use db::metering::{Attempt, Filter, Order};
use db::usage::HourUsage;
use domain::{
    Error,
    hour::Hour,
    id::{MeteringId, TenantId},
    metering::MeteringRecord,
    policy::Action,
};

use crate::Cx;

/// One page of the tenant's metering records, in the filter's order.
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

/// A record with every sending of it: what `payphone meter explain` prints, and the page of an hour shows.
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
    let mut explained = Vec::new();
    for record in db::metering::page(&tx, &filter, None, 100).await? {
        explained.push(told(&tx, record).await?);
    }
    Ok(explained)
}

/// The story of one record of the tenant: what was used, what was sent, what AWS said.
///
/// # Errors
/// Not found for a record of another tenant, as for one that does not exist.
pub async fn story(cx: &Cx, tenant: TenantId, id: MeteringId) -> Result<Explained, Error> {
    let tx = cx.read(Action::ReadUsage, tenant).await?;
    let record = db::metering::get(&tx, id).await?;
    told(&tx, record).await
}

async fn told(tx: &db::TenantTx, record: MeteringRecord) -> Result<Explained, Error> {
    let mut usage = db::usage::by_hour(tx, record.hour, record.hour.next()).await?;
    usage.retain(|used| (used.licence, used.dimension) == (record.licence, record.dimension));
    Ok(Explained {
        attempts: db::metering::attempts(tx, record.id).await?,
        record,
        usage,
    })
}
