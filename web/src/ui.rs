//! Small components: each one piece of HTML, given plain values. `gallery` has a sample of each, which `/design` shows.
//! Invariant: whatever text they are given comes out escaped (see `tests`).

#![expect(
    unreachable_pub,
    reason = "the macro behind `#[component]` writes `pub`, whatever stands there"
)]

mod brand;
mod bulk;
mod button;
mod card;
mod chart;
mod confirm;
mod copyable;
mod dialog;
mod docs_link;
mod ended;
mod export;
mod facts;
mod field;
mod fieldset;
mod filters;
pub(crate) mod gallery;
mod head;
mod menu;
mod mode_switch;
mod notice;
mod number;
mod pager;
mod pill;
mod progress;
mod secret;
mod segmented;
mod set_up_again;
mod sign_in_help;
mod snippet;
mod state;
mod table;
mod text_area;
mod theme_switch;
mod tile;
mod time;

pub(crate) use brand::Brand;
pub(crate) use bulk::{Bulk, Pick, Picked};
pub(crate) use button::{Button, Kind, LinkButton};
pub(crate) use card::Card;
pub(crate) use chart::{Bar, Chart, Figure, Look, Series};
pub(crate) use confirm::Confirm;
pub(crate) use copyable::Copyable;
pub(crate) use dialog::Dialog;
pub(crate) use docs_link::DocsLink;
pub(crate) use ended::{Ended, EndedNotice};
pub(crate) use export::Export;
pub(crate) use facts::{Fact, Facts};
pub(crate) use field::{Choice, FieldError, TextField};
pub(crate) use fieldset::Fieldset;
pub(crate) use filters::{Filters, Search, Select};
pub(crate) use head::{Crumbs, PageHead};
pub(crate) use menu::{Initials, Menu};
pub(crate) use mode_switch::ModeSwitch;
pub(crate) use notice::{ErrorSummary, Notice};
pub(crate) use number::{grouped, money};
pub(crate) use pager::Pager;
pub(crate) use pill::{Pill, Tone};
pub(crate) use progress::{Progress, Standing, Step, Steps};
pub(crate) use secret::Secret;
pub(crate) use segmented::Segmented;
pub(crate) use set_up_again::{SetUpAgain, set_up};
pub(crate) use sign_in_help::SignInHelp;
pub(crate) use snippet::Snippet;
pub(crate) use state::{Empty, Failure, Waiting};
pub(crate) use table::{Direction, Head, Table, head};
pub(crate) use text_area::TextArea;
pub(crate) use theme_switch::ThemeSwitch;
pub(crate) use tile::{Tile, Tiles};
pub(crate) use time::{When, date, day, moment, short};

#[cfg(test)]
mod tests;
