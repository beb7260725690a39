//! What of the operator's lists is asked for: parameters of a GET, so every view of one is an address; and what stands around each list.

use std::str::FromStr;

use domain::{
    Error,
    list::{Asked, Order, Text, Word},
};
use leptos::prelude::*;

use crate::{
    form::Form,
    pages::list::{address, asked, cut, sort_word, turned},
    shell::{Console, Frame, Place},
    ui::{
        Card, Direction, Empty, Export, Filters, Head, Kind, LinkButton, Notice, PageHead, Pager,
        Search, Select, Table, head,
    },
    words::say,
};

/// Where a list is, as a page and as a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paths {
    pub(crate) page: &'static str,
    pub(crate) file: &'static str,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filter<State, Sort> {
    pub(crate) paths: Paths,
    pub(crate) text: String,
    pub(crate) state: Option<State>,
    pub(crate) sort: Sort,
    /// Behind which row the page begins; empty for the beginning.
    pub(crate) after: String,
}

impl<State: Word, Sort: Word + Default> Filter<State, Sort> {
    /// All of the list.
    #[cfg(test)]
    pub(crate) fn all(paths: Paths) -> Self {
        Self {
            paths,
            text: String::new(),
            state: None,
            sort: Sort::default(),
            after: String::new(),
        }
    }

    /// What the address asks for, and the same for the operation.
    pub(super) fn read<After: FromStr>(
        paths: Paths,
        query: &Form,
    ) -> Result<(Self, Asked<State, Sort, After>), Error> {
        let text = asked(query, "q", |word| Text::read(word).ok())?.flatten();
        let state = asked(query, "state", State::of)?;
        let sort = asked(query, "sort", Sort::of)?.unwrap_or_default();
        let after = asked(query, "after", |word| word.parse().ok())?;
        let filter = Self {
            paths,
            text: text
                .as_ref()
                .map(Text::as_str)
                .unwrap_or_default()
                .to_owned(),
            state,
            sort,
            after: query.get("after").to_owned(),
        };
        let asked = Asked {
            state,
            text,
            sort,
            after,
        };
        Ok((filter, asked))
    }

    fn state_word(&self) -> &'static str {
        self.state.map_or("", State::word)
    }

    fn is_narrow(&self) -> bool {
        self.state.is_some() || !self.text.is_empty()
    }

    fn address(&self, path: &str, sort: Sort, more: &[(&str, &str)]) -> String {
        let own = [
            ("q", self.text.as_str()),
            ("state", self.state_word()),
            ("sort", sort_word(sort)),
        ];
        address(path, &[&own, more].concat())
    }

    /// The file of what is asked for, all pages of it.
    fn file(&self) -> String {
        self.address(self.paths.file, self.sort, &[("format", "csv")])
    }

    /// The same from its beginning, in another order.
    fn by(&self, sort: Sort) -> String {
        self.address(self.paths.page, sort, &[])
    }

    /// A heading that sorts the list, one way or the other.
    pub(super) fn turning(&self, words: String, newest: Sort, oldest: Sort) -> Head {
        let (to, now) = turned(&self.sort, newest, oldest);
        head(words).sorted(self.by(to), now)
    }

    /// A heading that sorts the list one way.
    pub(super) fn sorting(&self, words: String, sort: Sort) -> Head {
        let now = (self.sort == sort).then_some(Direction::Ascending);
        head(words).sorted(self.by(sort), now)
    }
}

/// One page of a list.
#[derive(Debug, Clone)]
pub(crate) struct List<T, State, Sort> {
    /// The rows.
    pub(crate) rows: Vec<T>,
    /// Behind which row the next page begins, if there is one.
    pub(crate) more: Option<String>,
    /// What is asked for.
    pub(crate) filter: Filter<State, Sort>,
}

impl<T, State, Sort> List<T, State, Sort> {
    /// Cuts what was read, which is one row more than a page if there are more.
    pub(super) fn cut(
        mut rows: Vec<T>,
        filter: Filter<State, Sort>,
        place: impl Fn(&T) -> String,
    ) -> Self {
        let more = cut(&mut rows, place);
        Self { rows, more, filter }
    }
}

/// The words of one list, and its columns.
pub(super) struct Page<State> {
    pub(super) title: String,
    pub(super) place: Place,
    pub(super) intro: String,
    /// What is said when there is nothing in it.
    pub(super) empty: String,
    /// What can be looked for.
    pub(super) search: String,
    /// How a state reads as a choice.
    pub(super) state: fn(State) -> String,
    /// In what order it is, and what is good to know about it.
    pub(super) caption: String,
    pub(super) heads: Vec<Head>,
    /// What was just done.
    pub(super) done: Option<String>,
}

impl<State: Word> Page<State> {
    pub(super) fn view<T, Sort: Word + Default>(
        self,
        frame: Frame,
        list: List<T, State, Sort>,
        row: impl Fn(T) -> AnyView,
    ) -> AnyView {
        let List { rows, more, filter } = list;
        let narrow = filter.is_narrow();
        let moved = !filter.after.is_empty();
        let first = moved.then(|| filter.by(filter.sort));
        let next =
            more.map(|place| filter.address(filter.paths.page, filter.sort, &[("after", &place)]));
        let filters = (narrow || moved || !rows.is_empty())
            .then(|| filters(&filter, self.search, self.state));
        let csv = (!rows.is_empty()).then(|| view! { <Export href=filter.file() narrow=narrow/> });
        let content = if rows.is_empty() {
            nothing(filter.paths.page, narrow || moved, self.empty)
        } else {
            let rows: Vec<_> = rows.into_iter().map(row).collect();
            view! {
                <Table label=self.title.clone() caption=self.caption heads=self.heads>
                    {rows}
                </Table>
            }
            .into_any()
        };
        view! {
            <Console title=self.title.clone() frame=frame place=self.place>
                <PageHead title=self.title.clone() intro=self.intro>
                    {csv}
                </PageHead>
                {self.done.map(|text| view! { <Notice text=text/> })}
                <Card label=self.title>
                    {filters}
                    {content}
                    <Pager first=first next=next/>
                </Card>
            </Console>
        }
        .into_any()
    }
}

fn filters<State: Word, Sort: Word + Default>(
    filter: &Filter<State, Sort>,
    search: String,
    words: fn(State) -> String,
) -> AnyView {
    let states = State::ALL.iter().copied();
    let states: Vec<_> = states
        .map(|state| (state.word().to_owned(), words(state)))
        .collect();
    let kept = vec![("sort", sort_word(filter.sort).to_owned())];
    let (text, state) = (filter.text.clone(), filter.state_word());
    view! {
        <Filters action=filter.paths.page kept=kept>
            <Search name="q" label=search value=text most=Text::MAX_LEN/>
            <Select
                name="state"
                label=say!("operator-state")
                any=say!("operator-any-state")
                options=states
                chosen=state
            />
        </Filters>
    }
    .into_any()
}

fn nothing(path: &'static str, narrow: bool, empty: String) -> AnyView {
    if narrow {
        return view! {
            <Empty words=say!("operator-none-like-that")>
                <LinkButton href=path label=say!("operator-show-all") kind=Kind::Usual/>
            </Empty>
        }
        .into_any();
    }
    view! { <Empty words=empty/> }.into_any()
}

/// In which order, in words.
pub(super) fn order(order: Order) -> String {
    match order {
        Order::Newest => say!("operator-by-newest"),
        Order::Oldest => say!("operator-by-oldest"),
    }
}

/// What else there is about one thing: the other list, narrowed to it.
pub(super) fn narrowed(path: &str, text: &str) -> String {
    address(path, &[("q", text)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{id::TenantId, tenant::TenantState};

    const PATHS: Paths = Paths {
        page: "/operator/tenants",
        file: "/api/v1/operator/tenants",
    };

    fn read(text: &str) -> Result<Filter<TenantState, Order>, Error> {
        Filter::read::<TenantId>(PATHS, &Form::parse(text.as_bytes())).map(|(filter, _)| filter)
    }

    #[test]
    fn an_address_says_again_what_was_read_from_it_and_the_file_is_of_the_same() {
        let filter = read("q=+a%26b+&state=active&sort=oldest").unwrap();
        let query = "q=a%26b&state=active&sort=oldest";
        assert_eq!(
            filter.by(Order::Oldest),
            format!("/operator/tenants?{query}")
        );
        let file = format!("/api/v1/operator/tenants?{query}&format=csv");
        assert_eq!(filter.file(), file);
        assert_eq!(
            filter.by(Order::Newest),
            "/operator/tenants?q=a%26b&state=active"
        );
        assert!(filter.is_narrow() && !read("sort=oldest").unwrap().is_narrow());
        for wrong in ["state=x", "sort=x", "after=x", "q=%00"] {
            assert_eq!(read(wrong).unwrap_err().code(), "bad_filter", "{wrong}");
        }
    }
}
