//! The few leaves of a page that a browser may bring to life: rendered by the server like everything else, taken over by WebAssembly
//! where that is there. What each looks like without it is its first duty.
//! Invariant: a page is whole without any of them; none writes style or script, evaluates text, or puts HTML together.
//! Invariant: nothing of the product is linked here, so nothing of it can reach a browser.

#![expect(
    unreachable_pub,
    reason = "the macro behind `#[island]` writes `pub`, whatever stands there"
)]

mod chart_hover;
mod copy;
mod hub;
mod live_status;
mod look_again;
mod page;
mod reveal;
mod secret;

pub use chart_hover::ChartHover;
pub use copy::Copy;
pub use live_status::LiveStatus;
pub use look_again::LookAgain;
pub use reveal::Reveal;

/// Called once by `loader.js`, before it brings the islands of the page to life one by one.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn begin() {
    leptos::mount::hydrate_islands();
}
