//! The console: server-rendered pages. URLs, methods, statuses and forms belong to axum; Leptos is the typed HTML layer.
//! A page is a handler that asks an operation of `control`, fills a plain struct and renders it.
//! Invariant: every page is whole and every form works without scripts; islands alone run any.

pub mod design;
pub mod landing;
pub mod pages;

pub use islands::say_what_is_built_in;
pub use problems::around;
pub use public::public;

mod again;
mod assets;
mod docs;
mod error_page;
mod flash;
mod form;
mod here;
mod islands;
mod live;
mod mode;
mod other_tenant;
mod problems;
mod public;
mod reader;
mod render;
mod request_id;
mod shell;
mod sign_in;
mod theme;
mod ui;
mod words;

pub use docs::explains;

#[cfg(test)]
mod samples;
