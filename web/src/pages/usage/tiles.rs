//! The numbers on top of the usage page.

use control::metering::{Figures, Total};
use domain::{Mode, hour::Hour, metering::RecordState};
use leptos::prelude::*;

use crate::{
    ui::{self, Tile, grouped},
    words::say,
};

/// The numbers on top.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tiles {
    /// The present hour.
    pub(crate) hour: Hour,
    /// Units used in it.
    pub(crate) used: i64,
    /// At AWS.
    pub(crate) accepted: Sum,
    /// Sealed, on its way.
    pub(crate) waiting: Sum,
    /// Units that AWS did not take, or not in the quantity we hold.
    pub(crate) not_taken: Sum,
    /// How many of those records we look into ourselves.
    pub(crate) looked_into: i64,
}

/// Units, and the records they are in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) units: i64,
    pub(crate) records: i64,
}

/// Whether something can still be found out about it; what was too late or not subscribed is over.
const fn is_looked_into(state: RecordState) -> bool {
    matches!(
        state,
        RecordState::Conflict | RecordState::Rejected | RecordState::Held
    )
}

impl Tiles {
    /// Those of one mode, or of both.
    pub(crate) fn of(figures: &Figures, mode: Option<Mode>) -> Self {
        let shown = |total: &&Total| mode.is_none_or(|mode| total.dimension.mode() == mode);
        let week = || figures.week.iter().filter(shown);
        let present = || figures.present.iter().filter(shown);
        let all = || week().chain(present());
        let waiting = |total: &&Total| total.state.is_on_its_way();
        // Finished, and not sealed yet.
        let unsealed = |total: &&Total| total.state == RecordState::Open;
        let open = present().filter(unsealed);
        let is_lost = |total: &&Total| total.state.is_alarming();
        Self {
            hour: figures.hour,
            used: open.fold(0, |sum, total| sum.saturating_add(total.quantity)),
            accepted: sum(
                all().filter(|total| total.state == RecordState::Accepted),
                |total| total.records,
            ),
            waiting: sum(
                all().filter(waiting).chain(week().filter(unsealed)),
                |total| total.records,
            ),
            // An hour without any units has nothing to lose.
            not_taken: sum(all().filter(is_lost), |total| total.used),
            looked_into: all()
                .filter(|total| is_looked_into(total.state))
                .map(|total| total.used)
                .sum(),
        }
    }
}

fn sum<'a>(totals: impl Iterator<Item = &'a Total>, records: impl Fn(&Total) -> i64) -> Sum {
    totals.fold(Sum::default(), |sum, total| Sum {
        units: sum.units.saturating_add(total.quantity),
        records: sum.records + records(total),
    })
}

pub(super) fn view(tiles: Tiles, ended: bool) -> impl IntoView {
    let waiting = match tiles.waiting.records {
        0 => say!("usage-tile-settled"),
        count => say!("usage-tile-soon", count = count),
    };
    let not_taken = match (tiles.not_taken.records, tiles.looked_into) {
        (0, _) => say!("usage-tile-nothing"),
        (count, 0) => say!("usage-tile-not-billed", count = count),
        (count, some) => say!("usage-tile-looked-into", count = count, some = some),
    };
    let accepted = say!("usage-tile-records", count = tiles.accepted.records);
    let start = tiles.hour.start().format("%H:%M").to_string();
    let hour = match (ended, tiles.used) {
        (false, _) => say!("usage-tile-counting", start = start),
        (true, 0) => say!("usage-tile-none"),
        (true, _) => say!("usage-tile-last", start = start),
    };
    view! {
        <ui::Tiles>
            <Tile name=say!("usage-tile-used") figure=grouped(tiles.used) note=hour/>
            <Tile name=say!("usage-tile-accepted") figure=grouped(tiles.accepted.units) note=accepted/>
            <Tile name=say!("usage-tile-waiting") figure=grouped(tiles.waiting.units) note=waiting/>
            <Tile
                name=say!("usage-tile-not-taken")
                figure=grouped(tiles.not_taken.units)
                note=not_taken
            />
        </ui::Tiles>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{now, total};
    use domain::usage::Dimension::Payments;

    #[test]
    fn an_hour_without_units_is_never_at_risk_and_only_open_ones_still_count() {
        let figures = Figures {
            hour: Hour::containing(now()),
            steps: vec![],
            present: vec![
                total(Payments, RecordState::Open, 9),
                total(Payments, RecordState::NotSubscribed, 90),
            ],
            week: vec![
                total(Payments, RecordState::Open, 4),
                total(Payments, RecordState::Sealed, 14),
                total(Payments, RecordState::NotSubscribed, 0),
                total(Payments, RecordState::Held, 0),
                total(Payments, RecordState::Expired, 3),
                total(Payments, RecordState::Held, 2),
            ],
            month: vec![],
            trial: false,
        };
        let found = Tiles::of(&figures, None);
        let sum = |units, records| Sum { units, records };
        assert_eq!(found.used, 9);
        assert_eq!(found.waiting, sum(18, 2));
        assert_eq!(found.not_taken, sum(95, 3));
        assert_eq!(found.looked_into, 1);
    }
}
