//! Something that opens below its button, without a script, and what stands in it: Escape or a press beside it closes it.

use leptos::prelude::*;

#[component]
pub(crate) fn Menu(
    /// Its id on the page.
    id: &'static str,
    /// What its button shows.
    button: AnyView,
    /// Where it opens from: `end` for one at the end of a line.
    #[prop(optional)]
    at_end: bool,
    /// What stands in it.
    children: Children,
) -> impl IntoView {
    let class = if at_end { "menu end" } else { "menu" };
    view! {
        <div class=class>
            <button class="opens" type="button" popovertarget=id>
                {button}
            </button>
            <div class="menu-body" id=id popover="auto">
                {children()}
            </div>
        </div>
    }
    .into_any()
}

/// The first letters of somebody's name, beside the name itself: drawn and no text, since they would only be read twice.
#[component]
pub(crate) fn Initials(
    /// The name, or whatever stands in its place.
    name: String,
) -> impl IntoView {
    view! {
        <span class="initials" aria-hidden="true" data-letters=initials(&name)></span>
    }
    .into_any()
}

/// Of the first word and the last.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    let letters = [first, last].into_iter().flatten();
    letters.flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_those_of_the_first_word_and_the_last() {
        for (name, letters) in [
            ("Ann Kay", "AK"),
            ("jürgen van der Öst", "JÖ"),
            ("ann@harbour.example", "A"),
            ("  ", ""),
        ] {
            assert_eq!(initials(name), letters, "{name}");
        }
    }
}
