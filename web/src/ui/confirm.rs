//! The two answers to a question that is asked before something is done: to do it, or to go back.

use leptos::prelude::*;

use super::{Button, Kind, LinkButton};

#[component]
pub(crate) fn Confirm(
    /// Where the yes is sent.
    action: String,
    /// What yes says.
    #[prop(into)]
    yes: String,
    /// How much it weighs.
    kind: Kind,
    /// Where no leads.
    #[prop(into)]
    back: String,
    /// What no says.
    #[prop(into)]
    no: String,
    /// What the form sends besides.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <form class="row" method="post" action=action>
            {children.map(|children| children())}
            <Button label=yes kind=kind/>
            <LinkButton href=back label=no kind=Kind::Usual/>
        </form>
    }
    .into_any()
}
