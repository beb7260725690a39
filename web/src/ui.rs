//! Small components: each one piece of HTML, given plain values.
//! Invariant: whatever text they are given comes out escaped (see `tests`).

#![expect(
    unreachable_pub,
    reason = "the macro behind `#[component]` writes `pub`, whatever stands there"
)]

mod brand;
mod chart;
mod docs_link;
mod ended;
mod field;
mod notice;
mod number;
mod pager;
mod pill;
mod set_up_again;
mod sign_in_help;
mod snippet;
mod time;

pub(crate) use brand::Brand;
pub(crate) use chart::{Bar, Chart, Figure, Look, Series};
pub(crate) use docs_link::DocsLink;
pub(crate) use ended::{Ended, EndedNotice};
pub(crate) use field::{Choice, FieldError, TextField};
pub(crate) use notice::{ErrorSummary, Notice};
pub(crate) use number::{counted, grouped};
pub(crate) use pager::Pager;
pub(crate) use pill::{Pill, Tone};
pub(crate) use set_up_again::{SetUpAgain, set_up};
pub(crate) use sign_in_help::SignInHelp;
pub(crate) use snippet::Snippet;
pub(crate) use time::{When, moment, short};

#[cfg(test)]
mod tests;
