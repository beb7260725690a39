//! The suite `browser`: the real programs and aws-sim, in a real Chromium, by clicks and keys.
//! Every page that is visited gets a good look (`look`): the browser's log, axe in light and dark, no sideways
//! scrolling at any width.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod browser;
mod design;
mod docs;
mod islands;
mod journey;
mod keyboard;
mod look;
mod people;
mod samples;
mod security;
mod stage;
mod usage;
mod webdriver;
