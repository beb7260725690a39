//! The chart of units: how many in each stretch of time, by where they stand at AWS.

use control::metering::{Figures, Range, Stretch};
use domain::{Timestamp, hour::Hour, metering::RecordState, usage::Dimension};

use crate::{
    ui::{Bar, Figure, Look, Series, day, grouped, short},
    words::{local, say},
};

/// What states are to whoever looks at a chart, from the bottom of a bar.
fn all_series() -> Vec<Series> {
    [
        (say!("usage-chart-accepted"), Look::Solid),
        (say!("usage-chart-contract"), Look::Soft),
        (say!("usage-chart-on-its-way"), Look::Striped),
        (say!("usage-chart-open"), Look::Hollow),
        (say!("usage-chart-not-taken"), Look::Hatched),
    ]
    .map(|(name, look)| Series { name, look })
    .into()
}

/// Only there for who has a contract.
const CONTRACT: usize = 1;

const fn series_of(state: RecordState) -> usize {
    match state {
        RecordState::Accepted => 0,
        RecordState::Included => CONTRACT,
        RecordState::Sealed | RecordState::Sending => 2,
        RecordState::Open => 3,
        RecordState::NotSubscribed
        | RecordState::Expired
        | RecordState::Conflict
        | RecordState::Rejected
        | RecordState::Held => 4,
    }
}

/// The chart of the range, of one dimension or of all.
pub(crate) fn of(
    id: &'static str,
    figures: &Figures,
    range: Range,
    dimension: Option<Dimension>,
) -> Figure {
    let (from, until) = range.span(figures.hour);
    let mut series = all_series();
    let mut bars: Vec<Bar> = begins(from, until, range.width())
        .map(|begin| Bar {
            name: name(begin, range),
            values: vec![0; series.len()],
        })
        .collect();
    for Stretch {
        begin,
        state,
        quantity,
    } in &figures.steps
    {
        let index = (begin.number() - from.number()) / range.width();
        let bar = usize::try_from(index)
            .ok()
            .and_then(|index| bars.get_mut(index));
        if let Some(value) = bar.and_then(|bar| bar.values.get_mut(series_of(*state))) {
            *value = value.saturating_add(*quantity);
        }
    }
    if bars.iter().all(|bar| bar.values.get(CONTRACT) == Some(&0)) {
        series.remove(CONTRACT);
        for bar in &mut bars {
            bar.values.remove(CONTRACT);
        }
    }
    let (first, last) = ends(&bars);
    let says = say!(
        "usage-chart-says",
        what = what(dimension),
        hours = range.width(),
        from = first,
        until = last,
        sums = sums(&series, &bars)
    );
    Figure {
        id,
        says: match most(&bars) {
            Some(most) => format!("{says} {most}"),
            None => says,
        },
        empty: say!("usage-chart-empty", from = first, until = last),
        stretch: say!("usage-chart-stretch", hours = range.width()),
        series,
        bars,
        labels: labels(from, until, range),
    }
}

fn begins(from: Hour, until: Hour, width: i64) -> impl Iterator<Item = Hour> {
    std::iter::successors(Some(from), move |begin| Some(begin.plus(width)))
        .take_while(move |begin| *begin < until)
}

/// What is counted: units of a dimension, or of all.
pub(super) fn what(dimension: Option<Dimension>) -> String {
    dimension.map_or_else(
        || say!("usage-units"),
        |dimension| local(dimension.label()).into_owned(),
    )
}

fn name(begin: Hour, range: Range) -> String {
    let at = begin.start();
    match range {
        Range::Today | Range::Hours48 => short(at),
        Range::Days7 => {
            let end = begin.plus(range.width()).start();
            say!(
                "usage-chart-bar",
                from = short(at),
                until = end.format("%H:%M").to_string()
            )
        }
        Range::Days30 => day(at),
    }
}

/// As many as there is room for at 320 pixels, each under the first of its bars.
fn labels(from: Hour, until: Hour, range: Range) -> Vec<String> {
    let (every, label): (_, fn(Timestamp) -> String) = match range {
        Range::Today => (6, |at| at.format("%H:%M").to_string()),
        Range::Hours48 => (12, short),
        Range::Days7 => (24, day),
        Range::Days30 => (5 * 24, day),
    };
    begins(from, until, every)
        .map(|begin| label(begin.start()))
        .collect()
}

fn ends(bars: &[Bar]) -> (&str, &str) {
    match (bars.first(), bars.last()) {
        (Some(first), Some(last)) => (&first.name, &last.name),
        _ => ("", ""),
    }
}

fn sums(series: &[Series], bars: &[Bar]) -> String {
    let sum_of = |index: usize| {
        bars.iter()
            .filter_map(|bar| bar.values.get(index))
            .fold(0_i64, |sum, value| sum.saturating_add(*value))
    };
    let sums: Vec<String> = series
        .iter()
        .enumerate()
        .map(|(index, series)| format!("{} {}", grouped(sum_of(index)), series.name))
        .collect();
    sums.join(", ")
}

fn most(bars: &[Bar]) -> Option<String> {
    // The first of equals.
    let most = bars.iter().rev().max_by_key(|bar| bar.sum())?;
    let count = most.sum();
    (count > 0).then(|| say!("usage-chart-most", count = count, bar = most.name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{samples::now, words::Language};

    fn figures(steps: &[(i64, RecordState, i64)]) -> Figures {
        let hour = Hour::containing(now());
        let stretch = |(back, state, quantity): &(i64, RecordState, i64)| Stretch {
            begin: hour.plus(-back),
            state: *state,
            quantity: *quantity,
        };
        Figures {
            hour,
            steps: steps.iter().map(stretch).collect(),
            week: vec![],
            present: vec![],
            month: vec![],
            trial: false,
        }
    }

    #[test]
    fn every_state_has_its_place_and_every_stretch_its_bar() {
        let steps: Vec<_> = RecordState::ALL
            .into_iter()
            .zip(1..)
            .map(|(state, number)| (1, state, 1 << number))
            .collect();
        let figure = of("units", &figures(&steps), Range::Hours48, None);
        assert_eq!(figure.bars.len(), 48);
        assert_eq!(figure.series.len(), 5);
        let bar = &figure.bars[46];
        assert_eq!(bar.name, "22 Nov, 09:00");
        // Powers of two: which states are in which part can be read from the sums.
        assert_eq!(bar.values, [16, 1024, 4 + 8, 2, 32 + 64 + 128 + 256 + 512]);
        assert_eq!(figure.bars.iter().map(Bar::sum).sum::<i64>(), 2046);
        assert_eq!(
            figure.says,
            "Units an hour, from 20 Nov, 11:00 to 22 Nov, 10:00 UTC: 16 accepted, 1,024 in your contract, 12 on its way, 2 open, 992 not taken. The most: 2,046, 22 Nov, 09:00."
        );
        let german = || of("units", &figures(&steps), Range::Days30, None);
        let figure = Language::German.with(german);
        assert_eq!(
            figure.says,
            "Einheiten je Tag, von 24. Okt. bis 22. Nov. UTC: 16 angenommen, 1.024 im Vertrag enthalten, 12 unterwegs, 2 offen, 992 nicht angenommen. Am meisten: 22. Nov. mit 2.046."
        );
    }

    #[test]
    fn without_a_contract_none_is_spoken_of_and_bars_have_room_for_whole_labels() {
        for (range, bars, labels) in [
            (Range::Today, 24, 4),
            (Range::Hours48, 48, 4),
            (Range::Days7, 28, 7),
            (Range::Days30, 30, 6),
        ] {
            let figure = of("units", &figures(&[]), range, Some(Dimension::Payments));
            assert_eq!(figure.bars.len(), bars, "{range:?}");
            assert_eq!(figure.labels.len(), labels, "{range:?}");
            assert_eq!(bars % labels, 0);
            assert_eq!(figure.series.len(), 4);
            assert!(figure.bars.iter().all(|bar| bar.values.len() == 4));
            assert!(figure.says.starts_with("Payments ") && !figure.says.contains("The most"));
        }
    }

    /// A record of an hour that is outside, because the clock was once ahead, is nobody's bar.
    #[test]
    fn what_is_outside_of_the_range_is_left_out() {
        let steps = [(-900, RecordState::Open, 5), (900, RecordState::Open, 5)];
        let figure = of("units", &figures(&steps), Range::Days7, None);
        assert_eq!(figure.bars.iter().map(Bar::sum).sum::<i64>(), 0);
    }
}
