//! Jobs page by page, for the operator. A job that ends is gone from the table, so the place behind one is kept whole and not looked up.

use std::{fmt, str::FromStr};

use chrono::SecondsFormat;
use domain::{
    Error, Timestamp,
    job::{Job, JobState, Work},
    list::{Asked, Text, Word},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Value,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};

use super::read;
use crate::{SystemTx, fault, keyset::behind, row::job as row};

/// What the list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// The quarantined first; then the oldest beginning.
    #[default]
    Quarantined,
    /// The newest beginning first.
    Newest,
    /// The oldest beginning first.
    Oldest,
}

impl Word for Sort {
    const ALL: &'static [Self] = &[Self::Quarantined, Self::Newest, Self::Oldest];

    fn word(self) -> &'static str {
        match self {
            Self::Quarantined => "quarantined",
            Self::Newest => "newest",
            Self::Oldest => "oldest",
        }
    }
}

/// Which jobs are asked for.
pub type Query = Asked<JobState, Sort, Place>;

/// A job's place in the list, whatever its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    quarantined: bool,
    begun_at: Timestamp,
    work: Work,
    item: String,
}

impl Place {
    /// Where this job stands.
    pub fn of(job: &Job) -> Self {
        Self {
            quarantined: job.quarantined_at.is_some(),
            begun_at: job.begun_at,
            work: job.work,
            item: job.item.clone(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let begun = self.begun_at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        let (held, work) = (u8::from(self.quarantined), self.work.as_str());
        write!(f, "{held}~{begun}~{work}~{}", self.item)
    }
}

impl FromStr for Place {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::not_found("job");
        let mut parts = text.splitn(4, '~');
        let mut next = || parts.next().ok_or_else(wrong);
        let quarantined = match next()? {
            "0" => false,
            "1" => true,
            _ => return Err(wrong()),
        };
        let begun_at = next()?.parse().map_err(|_| wrong())?;
        let work = next()?.parse().map_err(|_| wrong())?;
        let item = next()?.to_owned();
        if item.chars().any(char::is_control) {
            return Err(wrong());
        }
        Ok(Self {
            quarantined,
            begun_at,
            work,
            item,
        })
    }
}

/// One page of the jobs that were begun and have not ended.
pub async fn page(tx: &SystemTx, query: &Query, limit: u64) -> Result<Vec<Job>, Error> {
    let mut found = row::Entity::find();
    if let Some(state) = query.state {
        found = found.filter(stands(state));
    }
    if let Some(text) = &query.text {
        found = found.filter(named(text));
    }
    let order = match query.sort {
        Sort::Newest => Order::Desc,
        Sort::Quarantined | Sort::Oldest => Order::Asc,
    };
    let columns = columns(query.sort);
    if let Some(after) = &query.after {
        let last: Vec<_> = columns
            .iter()
            .cloned()
            .zip(values(after, query.sort))
            .collect();
        found = found.filter(behind(&last, &order));
    }
    for column in columns {
        found = found.order_by(column, order.clone());
    }
    let rows = found.limit(limit).all(tx.conn()).await.map_err(fault)?;
    rows.into_iter().map(read).collect()
}

/// What `Job::state` says, in the database's words.
fn stands(state: JobState) -> Condition {
    let free = || Condition::all().add(row::Column::QuarantinedAt.is_null());
    match state {
        JobState::Quarantined => Condition::all().add(row::Column::QuarantinedAt.is_not_null()),
        JobState::Suspect => free().add(row::Column::Attempts.gt(1)),
        JobState::Running => free().add(row::Column::Attempts.lte(1)),
    }
}

/// By what it is done at, or by the work.
fn named(text: &Text) -> Condition {
    Condition::any()
        .add(row::Column::Item.eq(text.as_str()))
        .add(row::Column::Work.eq(text.as_str()))
}

/// What the rows are sorted by; the last two tell any two apart.
fn columns(sort: Sort) -> Vec<SimpleExpr> {
    let column = |column: row::Column| SimpleExpr::from(Expr::col((row::Entity, column)));
    let begun = [
        column(row::Column::BegunAt),
        column(row::Column::Work),
        column(row::Column::Item),
    ];
    let free = Expr::case(column(row::Column::QuarantinedAt).is_null(), 1_i64).finally(0_i64);
    let first = (sort == Sort::Quarantined).then(|| free.into());
    first.into_iter().chain(begun).collect()
}

/// What a place has in those columns.
fn values(place: &Place, sort: Sort) -> Vec<Value> {
    let free = i64::from(!place.quarantined);
    let first = (sort == Sort::Quarantined).then(|| free.into());
    let begun = [
        place.begun_at.into(),
        place.work.as_str().into(),
        place.item.as_str().into(),
    ];
    first.into_iter().chain(begun).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_back_and_what_is_none_is_refused() {
        let place = Place {
            quarantined: true,
            begun_at: "2026-11-29T10:00:00.000123Z".parse().unwrap(),
            work: Work::Mail,
            item: "mai_1~2".to_owned(),
        };
        assert_eq!(place.to_string().parse::<Place>().unwrap(), place);
        for wrong in [
            "",
            "1",
            "2~x~mail~y",
            "1~2026-11-29T10:00:00Z~post~y",
            "1~2026-11-29T10:00:00Z~mail~\0",
        ] {
            assert!(wrong.parse::<Place>().is_err(), "{wrong}");
        }
    }
}
