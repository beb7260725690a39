//! Stacked bars over time: drawn by the server as SVG, with the same figures as a table behind it. The drawing stretches with its card,
//! so every text is HTML beside it. Series differ by pattern as well as by colour.
//! Invariant: the figure has one `data-point` for each row of its table, in that order: the island `ChartHover` reads the row of a point.

use islands::ChartHover;
use leptos::prelude::*;

use super::{grouped, number::written};
use crate::words::say;

/// How a series looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Filled: settled.
    Solid,
    /// Filled in another colour, with an edge: settled otherwise.
    Soft,
    /// Lines across: under way.
    Striped,
    /// Only its edge: not finished.
    Hollow,
    /// Lines upright: wrong.
    Hatched,
}

impl Look {
    const fn class(self) -> &'static str {
        match self {
            Self::Solid => "solid",
            Self::Soft => "soft",
            Self::Striped => "striped",
            Self::Hollow => "hollow",
            Self::Hatched => "hatched",
        }
    }
}

/// One of the quantities that are stacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Series {
    /// What it is, as in `14 on its way`.
    pub(crate) name: String,
    /// How it looks.
    pub(crate) look: Look,
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bar {
    /// Its stretch of time.
    pub(crate) name: String,
    /// A quantity for each series.
    pub(crate) values: Vec<i64>,
}

impl Bar {
    pub(crate) fn sum(&self) -> i64 {
        self.values
            .iter()
            .fold(0, |sum: i64, value| sum.saturating_add(*value))
    }
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Figure {
    /// Its id on the page.
    pub(crate) id: &'static str,
    /// What it shows, in a sentence or two, for who does not see it.
    pub(crate) says: String,
    /// What is said in its place if every bar is empty.
    pub(crate) empty: String,
    /// What a bar stands for: the heading of the table's first column.
    pub(crate) stretch: String,
    /// What is stacked, from the bottom.
    pub(crate) series: Vec<Series>,
    /// The bars, oldest first.
    pub(crate) bars: Vec<Bar>,
    /// What stands under the drawing, each under as many bars as any other.
    pub(crate) labels: Vec<String>,
}

/// The most lines across.
const MOST_LINES: i64 = 4;
/// The drawing's height, and a bar's place and width in it, in its own units.
const HEIGHT: i64 = 1000;
const SLOT: i64 = 20;
const WIDTH: i64 = 14;
/// What is there is seen, however little it is beside the rest.
const LEAST: i64 = 10;

/// The distance of the lines, and how many there are: 1, 2 or 5 and zeros, so that the highest bar fits.
fn lines(highest: i64) -> (i64, i64) {
    let mut step = 1_i64;
    loop {
        for factor in [1, 2, 5] {
            let distance = step.saturating_mul(factor);
            let count = highest.saturating_add(distance - 1) / distance;
            if count <= MOST_LINES || distance == i64::MAX {
                return (distance, count.max(1));
            }
        }
        step = step.saturating_mul(10);
    }
}

/// As short as the round numbers of an axis can be.
fn short(number: i64) -> String {
    for (size, suffix) in [(1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")] {
        if number >= size {
            // A round number has one digit behind the point at the most.
            let (whole, tenth) = (number / size, number % size / (size / 10));
            return if tenth == 0 {
                format!("{whole} {suffix}")
            } else {
                written(&format!("{whole}.{tenth} {suffix}"))
            };
        }
    }
    number.to_string()
}

#[component]
pub(crate) fn Chart(
    /// What is drawn.
    figure: Figure,
) -> impl IntoView {
    let highest = figure.bars.iter().map(Bar::sum).max().unwrap_or_default();
    let is_empty = figure
        .bars
        .iter()
        .all(|bar| bar.values.iter().all(|value| *value <= 0));
    let drawing = if is_empty {
        view! { <p class="chart-empty quiet">{figure.empty.clone()}</p> }.into_any()
    } else {
        view! {
            {legend(&figure.series).into_any()}
            {plot(&figure, highest).into_any()}
            <ChartHover of=figure.id.to_owned()/>
        }
        .into_any()
    };
    let id = figure.id;
    let table = table(figure).into_any();
    view! {
        <figure class="chart" id=id>
            {drawing}
            <details class="chart-table">
                <summary>{say!("parts-chart-table")}</summary>
                {table}
            </details>
        </figure>
    }
}

fn legend(series: &[Series]) -> impl IntoView + use<> {
    let entries = series.iter().map(|series| {
        let class = format!("swatch {}", series.look.class());
        let mut name = series.name.clone();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        view! {
            <li>
                <span class=class aria-hidden="true"></span>
                {name}
            </li>
        }
    });
    view! { <ul class="legend">{entries.collect_view()}</ul> }
}

fn plot(figure: &Figure, highest: i64) -> impl IntoView + use<> {
    let (distance, count) = lines(highest);
    let top = distance.saturating_mul(count);
    let scale: Vec<_> = (0..=count)
        .rev()
        .map(|line| view! { <span>{short(distance.saturating_mul(line))}</span> })
        .collect();
    let width = SLOT * i64::try_from(figure.bars.len()).unwrap_or(1);
    let across: Vec<_> = (0..=count)
        .map(|line| {
            let y = (HEIGHT - line * HEIGHT / count).to_string();
            view! { <line class="across" x1="0" x2=width.to_string() y1=y.clone() y2=y></line> }
        })
        .collect();
    let bars: Vec<_> = (0_i64..)
        .zip(&figure.bars)
        .map(|(index, bar)| bar_view(figure, bar, index * SLOT, top).into_any())
        .collect();
    let labels: Vec<_> = figure
        .labels
        .iter()
        .map(|label| view! { <span>{label.clone()}</span> })
        .collect();
    view! {
        <div class="plot">
            <div class="chart-scale" aria-hidden="true">
                {scale}
            </div>
            <svg
                role="img"
                aria-label=figure.says.clone()
                viewBox=format!("0 0 {width} {HEIGHT}")
                preserveAspectRatio="none"
            >
                {patterns(figure)}
                {across}
                {bars}
            </svg>
            <div class="chart-labels" aria-hidden="true">
                {labels}
            </div>
        </div>
    }
}

/// Lines across and upright stay what they are however the drawing is stretched.
fn patterns(figure: &Figure) -> impl IntoView + use<> {
    let pattern = |look: Look, width: &'static str, height: &'static str| {
        let (line_width, line_height) = match look {
            Look::Striped => (width, "22"),
            _ => ("3", height),
        };
        view! {
            <pattern id=pattern_id(figure.id, look) patternUnits="userSpaceOnUse" width=width height=height>
                <rect class=format!("{}-ground", look.class()) width=width height=height></rect>
                <rect class=look.class() width=line_width height=line_height></rect>
            </pattern>
        }
    };
    view! {
        <defs>
            {pattern(Look::Striped, "20", "40")}
            {pattern(Look::Hatched, "5", "100")}
        </defs>
    }
}

fn pattern_id(figure: &str, look: Look) -> String {
    format!("{figure}-{}", look.class())
}

fn bar_view(figure: &Figure, bar: &Bar, x: i64, top: i64) -> impl IntoView + use<> {
    let mut bottom = HEIGHT;
    let left = (x + (SLOT - WIDTH) / 2).to_string();
    let parts: Vec<_> = figure
        .series
        .iter()
        .zip(&bar.values)
        .filter(|(_, value)| **value > 0)
        .map(|(series, value)| {
            let exact = i128::from(*value) * i128::from(HEIGHT) / i128::from(top.max(1));
            let height = i64::try_from(exact).unwrap_or(HEIGHT).max(LEAST);
            bottom -= height;
            let fill = matches!(series.look, Look::Striped | Look::Hatched)
                .then(|| format!("url(#{})", pattern_id(figure.id, series.look)));
            let class = if fill.is_some() {
                "bar"
            } else {
                match series.look {
                    Look::Hollow => "bar hollow",
                    Look::Soft => "bar soft",
                    _ => "bar solid",
                }
            };
            view! {
                <rect
                    class=class
                    x=left.clone()
                    y=bottom.to_string()
                    width=WIDTH.to_string()
                    height=height.to_string()
                    fill=fill
                ></rect>
            }
        })
        .collect();
    view! {
        <g data-point="">
            <rect
                class="slot"
                x=x.to_string()
                y="0"
                width=SLOT.to_string()
                height=HEIGHT.to_string()
            ></rect>
            {parts}
        </g>
    }
}

fn table(figure: Figure) -> impl IntoView {
    let headings: Vec<_> = figure
        .series
        .iter()
        .map(|series| {
            view! {
                <th scope="col" class="num name">
                    {series.name.clone()}
                </th>
            }
        })
        .collect();
    let series = figure.series;
    let together = say!("parts-chart-together");
    let rows: Vec<_> = figure
        .bars
        .into_iter()
        .map(|bar| {
            let sum = bar.sum();
            let cells: Vec<_> = bar
                .values
                .iter()
                .zip(&series)
                .map(|(value, series)| cell(*value, &series.name))
                .collect();
            view! {
                <tr>
                    <th scope="row">{bar.name}</th>
                    {cells}
                    {cell(sum, &together)}
                </tr>
            }
            .into_any()
        })
        .collect();
    view! {
        <div class="table" tabindex="0" role="region" aria-label=say!("parts-chart-figures")>
            <table>
                <caption>
                    <p>{figure.says}</p>
                </caption>
                <thead>
                    <tr>
                        <th scope="col">{figure.stretch}</th>
                        {headings}
                        <th scope="col" class="num">
                            {together}
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// The number with its word, which the island says along with it; the eye finds the word above.
fn cell(value: i64, word: &str) -> impl IntoView + use<> {
    view! {
        <td class="num">
            {grouped(value)}
            <span class="unseen">{format!(" {word}")}</span>
        </td>
    }
}

/// Three bars with everything that can be in one.
pub(crate) fn sample() -> Figure {
    let bar = |name: &str, values: [i64; 5]| Bar {
        name: name.to_owned(),
        values: values.to_vec(),
    };
    Figure {
        id: "sample",
        says: "Units a day: 1,240 accepted.".to_owned(),
        empty: "No units.".to_owned(),
        stretch: "Day (UTC)".to_owned(),
        series: [
            ("accepted", Look::Solid),
            ("in your contract", Look::Soft),
            ("on its way", Look::Striped),
            ("open", Look::Hollow),
            ("not taken", Look::Hatched),
        ]
        .map(|(name, look)| Series {
            name: name.to_owned(),
            look,
        })
        .to_vec(),
        bars: vec![
            bar("20 Nov", [1200, 30, 0, 0, 300]),
            bar("21 Nov", [0, 0, 0, 0, 0]),
            bar("22 Nov", [40, 0, 400, 9, 0]),
        ],
        labels: ["20 Nov", "21 Nov", "22 Nov"].map(str::to_owned).to_vec(),
    }
}

#[cfg(test)]
mod tests;
