//! The value of a chart's point, under the pointer and by the arrow keys. It is read from the table behind the chart, so there is
//! nothing here that the table does not say; without scripts the table says it.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, HtmlTableRowElement, KeyboardEvent, MouseEvent};

/// Follows pointer and keyboard in the figure `of`: its drawing has an element with `data-point` for each row of its table's body, in
/// that order.
#[island]
pub fn ChartHover(
    /// The figure's id.
    of: String,
) -> impl IntoView {
    let (said, set_said) = signal(String::new());
    // Effects run in the browser alone.
    Effect::new(move |done: Option<()>| {
        if done.is_none()
            && let Some(figure) = document().get_element_by_id(&of)
        {
            follow(&figure, move |words| set_said.set(words));
        }
    });
    view! {
        <output class="chart-value" role="status">
            {move || said.get()}
        </output>
    }
}

fn follow(figure: &Element, say: impl Fn(String) + Copy + 'static) {
    let Ok(Some(drawing)) = figure.query_selector("svg") else {
        return;
    };
    // Reached by Tab as one thing; the arrows go through its points.
    let _ = drawing.set_attribute("tabindex", "0");
    let show = {
        let figure = figure.clone();
        move |index: Option<usize>| {
            mark(&figure, index);
            say(index
                .and_then(|index| words(&figure, index))
                .unwrap_or_default());
        }
    };
    on(&drawing, "pointermove", {
        let (drawing, show) = (drawing.clone(), show.clone());
        move |event| {
            if let Ok(event) = event.dyn_into::<MouseEvent>() {
                show(nearest(&middles(&drawing), f64::from(event.client_x())));
            }
        }
    });
    for left in ["pointerleave", "blur"] {
        let show = show.clone();
        on(&drawing, left, move |_| show(None));
    }
    on(&drawing, "focus", {
        let (drawing, show) = (drawing.clone(), show.clone());
        move |_| show(middles(&drawing).len().checked_sub(1))
    });
    let inner = drawing.clone();
    on(&drawing, "keydown", move |event| {
        let count = middles(&inner).len();
        if let Some(key) = event.dyn_ref::<KeyboardEvent>()
            && let Some(next) = step(current(&inner), count, &key.key())
        {
            key.prevent_default();
            show(Some(next));
        }
    });
}

fn on(element: &Element, event: &str, act: impl Fn(Event) + 'static) {
    let act = Closure::<dyn Fn(Event)>::new(act);
    // What cannot be listened for is in the table.
    let _ = element.add_event_listener_with_callback(event, act.as_ref().unchecked_ref());
    act.forget();
}

fn points(drawing: &Element) -> Vec<Element> {
    let Ok(found) = drawing.query_selector_all("[data-point]") else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|index| found.get(index)?.dyn_into().ok())
        .collect()
}

fn middles(drawing: &Element) -> Vec<f64> {
    let middle = |point: &Element| {
        let place = point.get_bounding_client_rect();
        place.x() + place.width() / 2.0
    };
    points(drawing).iter().map(middle).collect()
}

/// Which point is chosen.
fn current(drawing: &Element) -> Option<usize> {
    let chosen = |point: &Element| point.has_attribute("data-chosen");
    points(drawing).iter().position(chosen)
}

fn mark(figure: &Element, chosen: Option<usize>) {
    for (index, point) in points(figure).iter().enumerate() {
        let _ = if Some(index) == chosen {
            point.set_attribute("data-chosen", "")
        } else {
            point.remove_attribute("data-chosen")
        };
    }
}

/// The row behind a point, its cells in a line.
fn words(figure: &Element, index: usize) -> Option<String> {
    let rows = figure.query_selector_all("tbody tr").ok()?;
    let row: HtmlTableRowElement = rows.get(u32::try_from(index).ok()?)?.dyn_into().ok()?;
    let cells = row.cells();
    let texts = (0..cells.length()).filter_map(|at| cells.item(at)?.text_content());
    Some(line(texts))
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let words = cells.map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" "));
    words
        .filter(|cell| !cell.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Which of the points is nearest.
fn nearest(middles: &[f64], x: f64) -> Option<usize> {
    let far = |at: &f64| (at - x).abs();
    let by_distance = |(_, a): &(usize, &f64), (_, b): &(usize, &f64)| far(a).total_cmp(&far(b));
    middles
        .iter()
        .enumerate()
        .min_by(by_distance)
        .map(|(index, _)| index)
}

/// Where a key leads from a point, if it is one that leads anywhere.
fn step(from: Option<usize>, count: usize, key: &str) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match (key, from) {
        ("Home", _) => Some(0),
        ("End", _) | ("ArrowLeft" | "ArrowRight", None) => Some(last),
        ("ArrowLeft", Some(at)) => Some(at.saturating_sub(1)),
        ("ArrowRight", Some(at)) => Some((at + 1).min(last)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_point_under_the_pointer_is_the_nearest_one() {
        let middles = [10.0, 30.0, 50.0];
        for (x, index) in [(-5.0, 0), (19.0, 0), (21.0, 1), (49.0, 2), (900.0, 2)] {
            assert_eq!(nearest(&middles, x), Some(index), "{x}");
        }
        assert_eq!(nearest(&[], 1.0), None);
    }

    #[test]
    fn arrows_go_through_the_points_and_stop_at_the_ends() {
        for (from, key, to) in [
            (Some(1), "ArrowLeft", Some(0)),
            (Some(0), "ArrowLeft", Some(0)),
            (Some(1), "ArrowRight", Some(2)),
            (Some(2), "ArrowRight", Some(2)),
            (Some(2), "Home", Some(0)),
            (Some(0), "End", Some(2)),
            (None, "ArrowLeft", Some(2)),
            (Some(1), "Tab", None),
        ] {
            assert_eq!(step(from, 3, key), to, "{key} from {from:?}");
        }
        assert_eq!(step(None, 0, "End"), None);
    }

    #[test]
    fn a_row_is_said_in_a_line() {
        let cells = ["2026-11-28\n 14:00", " 12 ", ""].map(str::to_owned);
        assert_eq!(line(cells.into_iter()), "2026-11-28 14:00, 12");
    }
}
