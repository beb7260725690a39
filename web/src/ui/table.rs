//! A list as a table that scrolls inside its card; in a narrow window every row is a card, with each cell under its heading
//! (`data-label`). A heading may sort the list: it is a link, so every order is an address.

use leptos::prelude::*;

use crate::words::say;

/// Which way a list is sorted by a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Ascending,
    Descending,
}

/// A column's heading.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    words: String,
    class: Option<&'static str>,
    sort: Option<(String, Option<Direction>)>,
    unseen: bool,
}

/// A column of words.
pub(crate) fn head(words: impl Into<String>) -> Head {
    Head {
        words: words.into(),
        class: None,
        sort: None,
        unseen: false,
    }
}

impl Head {
    /// A column that needs no heading to be understood by who sees it.
    pub(crate) const fn unseen(mut self) -> Self {
        self.unseen = true;
        self
    }

    /// A column of names, which may break.
    pub(crate) const fn name(mut self) -> Self {
        self.class = Some("name");
        self
    }

    /// A column of figures, which end under each other.
    pub(crate) const fn figures(mut self) -> Self {
        self.class = Some("num");
        self
    }

    /// With a link that sorts the list by it, and how it is sorted by it now.
    pub(crate) fn sorted(mut self, href: String, now: Option<Direction>) -> Self {
        self.sort = Some((href, now));
        self
    }

    fn view(self) -> AnyView {
        let mut state = None;
        let words = if let Some((href, now)) = self.sort {
            state = now.map(|now| match now {
                Direction::Ascending => "ascending",
                Direction::Descending => "descending",
            });
            view! {
                <a class="sort" href=href>
                    {self.words}
                </a>
            }
            .into_any()
        } else if self.unseen {
            view! { <span class="unseen">{self.words}</span> }.into_any()
        } else {
            self.words.into_any()
        };
        // A class of none would be written as an empty one.
        match self.class {
            Some(class) => {
                view! { <th scope="col" class=class aria-sort=state>{words}</th> }.into_any()
            }
            None => view! { <th scope="col" aria-sort=state>{words}</th> }.into_any(),
        }
    }
}

/// A table; inside are its rows.
#[component]
pub(crate) fn Table(
    /// What it lists, for who does not see the page.
    #[prop(into)]
    label: String,
    /// In what order, and what is good to know about it.
    #[prop(into)]
    caption: String,
    /// The columns.
    heads: Vec<Head>,
    /// What all of it comes to: a row below the others.
    #[prop(default = None)]
    foot: Option<AnyView>,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let heads: Vec<_> = heads.into_iter().map(Head::view).collect();
    // What stands around it often has the same name, and they are told apart by it.
    let label = say!("parts-table", what = label);
    view! {
        <div class="table cards" tabindex="0" role="region" aria-label=label>
            <table>
                <caption>
                    <p>{caption}</p>
                </caption>
                <thead>
                    <tr data-sort=say!("parts-sort-by")>{heads}</tr>
                </thead>
                <tbody>{children()}</tbody>
                {foot.map(|foot| view! { <tfoot>{foot}</tfoot> })}
            </table>
        </div>
    }
    .into_any()
}
