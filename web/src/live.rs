//! `GET /live`: the one stream of a page (server-sent events, WHATWG HTML 9.2). It says that something changed, never what.
//! Each event has a mark for every topic that the person may see; a page that shows another mark asks for itself again, and what it is
//! answered then is decided like any page.

pub(crate) mod status;

use std::time::Duration;

use axum::{
    extract::State,
    http::{HeaderName, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use control::live::{self, Watch};
use domain::live::Marks;
use futures_util::stream;
use http_api::{Http, who::Caller};
use runtime::problem::ApiError;

/// How often something is said, so that nobody on the way takes the line for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long one stream lasts. The browser opens the next one, and who is asking is judged anew.
const LASTS: Duration = Duration::from_mins(5);
/// How soon the browser comes back.
const BACK_IN: Duration = Duration::from_secs(1);
/// nginx and what stands on it would otherwise gather the answer before they hand it on.
const NO_GATHERING: (HeaderName, &str) = (HeaderName::from_static("x-accel-buffering"), "no");
/// As every answer of ours has it; axum would let it be kept and asked about.
const NOT_KEPT: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

/// `GET /live`
pub(crate) async fn show(
    State(http): State<Http>,
    Caller(cx): Caller,
) -> Result<Response, ApiError> {
    let watch = live::follow(&cx).await?;
    let leaving = http.lifecycle.leaving();
    // Ends when the process leaves: whoever comes back is led to another one. Ends with the session, and after its time.
    let over = async move {
        tokio::select! {
            () = leaving.cancelled_owned() => {}
            () = tokio::time::sleep(LASTS) => {}
        }
    };
    let events = stream::unfold((watch, true), async |(mut watch, first)| {
        let marks = watch.next().await?;
        let event = event(&watch, marks);
        let event = if first { event.retry(BACK_IN) } else { event };
        Some((Ok::<_, std::convert::Infallible>(event), (watch, false)))
    });
    let events = stream::StreamExt::take_until(events, Box::pin(over));
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    Ok(([NO_GATHERING, NOT_KEPT], sse).into_response())
}

fn event(watch: &Watch, marks: Marks) -> Event {
    let pairs = watch
        .topics()
        .iter()
        .map(|topic| format!("{}={}", topic.as_str(), marks.text(*topic)));
    Event::default()
        .event("marks")
        .data(pairs.collect::<Vec<_>>().join(" "))
}
