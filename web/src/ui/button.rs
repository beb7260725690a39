//! What is pressed. A button sends the form it stands in; a link that looks like one leads somewhere.

use leptos::prelude::*;

/// How much it weighs. A view has one primary action at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Usual,
    Primary,
    Danger,
    /// Inside a row.
    Small,
}

impl Kind {
    const fn class(self) -> &'static str {
        match self {
            Self::Usual => "btn",
            Self::Primary => "btn primary",
            Self::Danger => "btn danger",
            Self::Small => "btn small",
        }
    }
}

#[component]
pub(crate) fn Button(
    /// What it says.
    #[prop(into)]
    label: String,
    /// How much it weighs.
    kind: Kind,
    /// What it does to which row, where the label alone does not say it.
    #[prop(into, optional)]
    about: Option<String>,
) -> impl IntoView {
    view! {
        <button class=kind.class() type="submit" aria-label=about>
            {label}
        </button>
    }
    .into_any()
}

#[component]
pub(crate) fn LinkButton(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// What it says.
    #[prop(into)]
    label: String,
    /// How much it weighs.
    kind: Kind,
    /// What it leads to for which row, where the label alone does not say it.
    #[prop(into, optional)]
    about: Option<String>,
) -> impl IntoView {
    view! {
        <a class=kind.class() href=href aria-label=about>
            {label}
        </a>
    }
    .into_any()
}
