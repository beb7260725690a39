//! What pages show of usage at a glance: sums, made by the database in one transaction.

pub use db::metering::sums::{Stretch, Total};
use domain::{Error, Mode, hour::Hour, id::TenantId, policy::Action, usage::Dimension};

use crate::Cx;

/// How far back a chart looks, in steps of how many hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// The present day (UTC), by the hour.
    Today,
    /// 48 hours, by the hour.
    Hours48,
    /// Seven days, by six hours.
    Days7,
    /// Thirty days, by the day.
    Days30,
}

impl Range {
    /// Those that can be asked for, from the shortest.
    pub const CHOICES: [Self; 3] = [Self::Hours48, Self::Days7, Self::Days30];

    /// Its name in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Hours48 => "48h",
            Self::Days7 => "7d",
            Self::Days30 => "30d",
        }
    }

    /// How many hours a step has; a day is a multiple of it.
    pub const fn width(self) -> i64 {
        match self {
            Self::Today | Self::Hours48 => 1,
            Self::Days7 => 6,
            Self::Days30 => 24,
        }
    }

    /// The first hour, and the first one that is behind it, as seen in this hour. Whole steps, so the last may have begun only just.
    pub const fn span(self, now: Hour) -> (Hour, Hour) {
        let midnight = now.plus(-now.of_day());
        match self {
            Self::Today => (midnight, midnight.plus(24)),
            Self::Hours48 => (now.plus(-47), now.next()),
            Self::Days7 => (midnight.plus(-6 * 24), midnight.plus(24)),
            Self::Days30 => (midnight.plus(-29 * 24), midnight.plus(24)),
        }
    }
}

/// How far back the totals of the last week go.
const WEEK: i64 = 7 * 24;
/// Behind every hour: records of hours to come are there if the clock was once ahead.
const END: Hour = Hour::from_number(i64::MAX);

/// The sums.
#[derive(Debug, Clone)]
pub struct Figures {
    /// The present hour.
    pub hour: Hour,
    /// The chart's steps, oldest first; a step without records is absent.
    pub steps: Vec<Stretch>,
    /// The seven days before the present hour.
    pub week: Vec<Total>,
    /// The present hour, and any behind it.
    pub present: Vec<Total>,
    /// The present calendar month (UTC), by which AWS bills.
    pub month: Vec<Total>,
    /// Whether a licence that is in force began with a free trial: AWS tells that, and not when it ends.
    pub trial: bool,
}

/// The tenant's usage at a glance. The chart may be narrowed to one mode and one dimension; the totals are of all of them.
pub async fn figures(
    cx: &Cx,
    tenant: TenantId,
    range: Range,
    mode: Option<Mode>,
    dimension: Option<Dimension>,
) -> Result<Figures, Error> {
    let hour = Hour::containing(cx.now());
    let tx = cx.read(Action::ReadUsage, tenant).await?;
    let totals = async |from, until| db::metering::sums::totals(&tx, from, until).await;
    let (span, width) = (range.span(hour), range.width());
    let steps = db::metering::sums::by_stretch(&tx, mode, dimension, span, width);
    Ok(Figures {
        hour,
        steps: steps.await?,
        week: totals(hour.plus(-WEEK), hour).await?,
        present: totals(hour, END).await?,
        month: month_of(&tx, hour).await?,
        trial: db::licence::any_trial(&tx).await?,
    })
}

/// What every licence has in the present calendar month.
pub async fn month(cx: &Cx, tenant: TenantId) -> Result<Vec<Total>, Error> {
    let tx = cx.read(Action::ReadUsage, tenant).await?;
    month_of(&tx, Hour::containing(cx.now())).await
}

async fn month_of(tx: &db::TenantTx, hour: Hour) -> Result<Vec<Total>, Error> {
    let behind = Hour::containing(hour.month_end());
    db::metering::sums::totals(tx, hour.month_begin(), behind).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_so_many_whole_steps_and_the_present_hour_in_its_last() {
        for (now, range, steps, from) in [
            (
                "2026-11-22T10:14:00Z",
                Range::Today,
                24,
                "2026-11-22T00:00:00Z",
            ),
            (
                "2026-11-22T10:14:00Z",
                Range::Hours48,
                48,
                "2026-11-20T11:00:00Z",
            ),
            (
                "2026-11-22T10:14:00Z",
                Range::Days7,
                28,
                "2026-11-16T00:00:00Z",
            ),
            (
                "2026-11-22T10:14:00Z",
                Range::Days30,
                30,
                "2026-10-24T00:00:00Z",
            ),
            (
                "2026-11-22T00:00:00Z",
                Range::Days30,
                30,
                "2026-10-24T00:00:00Z",
            ),
            (
                "2026-11-22T23:59:59Z",
                Range::Days7,
                28,
                "2026-11-16T00:00:00Z",
            ),
        ] {
            let hour = Hour::containing(now.parse().unwrap());
            let (begin, behind) = range.span(hour);
            assert_eq!(begin.to_string(), from, "{range:?}");
            assert_eq!(behind.number() - begin.number(), steps * range.width());
            assert!(begin <= hour && hour < behind, "{range:?}");
            assert_eq!(begin.number() % range.width(), 0, "{range:?}");
        }
    }
}
