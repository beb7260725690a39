//! A state in one word, with a colour that only repeats what the word says.

use leptos::prelude::*;

use crate::words::local;

/// The colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Ok,
    Wait,
    Bad,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Plain => "pill",
            Self::Ok => "pill ok",
            Self::Wait => "pill wait",
            Self::Bad => "pill bad",
        }
    }
}

#[component]
pub(crate) fn Pill(
    /// The colour.
    tone: Tone,
    /// The word; what the floors below call a state needs no translation here.
    #[prop(into)]
    word: String,
) -> impl IntoView {
    view! { <span class=tone.class()>{local(&word).into_owned()}</span> }
}
