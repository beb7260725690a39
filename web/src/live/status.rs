//! What keeps the parts of a page up to date, and says so where scripts run.
#![expect(
    unreachable_pub,
    reason = "the macro behind `#[component]` writes `pub`, whatever stands there"
)]

use domain::live::Topic;
use islands::LiveStatus;
use leptos::prelude::*;

use crate::words::say;

#[component]
pub(crate) fn Live(
    /// What changes.
    topic: Topic,
    /// Its mark when the page was made.
    mark: String,
) -> impl IntoView {
    view! {
        <LiveStatus
            topic=topic.as_str().to_owned()
            mark=mark
            live=say!("parts-live")
            waiting=say!("parts-live-waiting")
            lost=say!("parts-live-lost")
        />
    }
}
