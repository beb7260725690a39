//! What the address of the usage page asks for, and the address of every other view of it.

use control::metering::{Filter, Order, Range};
use domain::{
    Error, ErrorKind, Mode, hour::Hour, id::MeteringId, metering::RecordState, usage::Dimension,
};

use crate::{form::Form, words::say};

/// The chart's range, the table's filters and order, and where the page of the table begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked {
    /// What is looked at; that of the dimension, if there is one.
    pub(crate) mode: Mode,
    /// How far back the chart looks.
    pub(crate) range: Range,
    /// Only this state.
    pub(crate) state: Option<RecordState>,
    /// Only this dimension, in the chart as well.
    pub(crate) dimension: Option<Dimension>,
    /// Which hour comes first.
    pub(crate) order: Order,
    /// Behind which record the page begins; none for the first page.
    pub(crate) after: Option<(Hour, MeteringId)>,
}

impl Asked {
    /// What is asked for if the address says nothing.
    pub(crate) const fn usual(mode: Mode) -> Self {
        Self {
            mode,
            range: Range::Days30,
            state: None,
            dimension: None,
            order: Order::Newest,
            after: None,
        }
    }
}

/// The word of an order in addresses.
pub(super) const fn order_word(order: Order) -> &'static str {
    match order {
        Order::Newest => "newest",
        Order::Oldest => "oldest",
    }
}

impl Asked {
    /// Reads the parameters; absent ones are as usual, and unknown ones would silently show something else than was asked for.
    pub(super) fn read(query: &Form, mode: Mode) -> Result<Self, Error> {
        let usual = Self::usual(mode);
        let range = known(query, "range", |word| {
            Range::CHOICES
                .into_iter()
                .find(|range| range.as_str() == word)
        })?;
        let order = known(query, "sort", |word| {
            [Order::Newest, Order::Oldest]
                .into_iter()
                .find(|order| order_word(*order) == word)
        })?;
        let dimension: Option<Dimension> = known(query, "dimension", |word| word.parse().ok())?;
        Ok(Self {
            mode: dimension.map_or(mode, Dimension::mode),
            range: range.unwrap_or(usual.range),
            state: known(query, "state", |word| word.parse().ok())?,
            dimension,
            order: order.unwrap_or(usual.order),
            after: known(query, "cursor", read_cursor)?,
        })
    }

    pub(super) fn filter(&self) -> Filter {
        Filter {
            mode: Some(self.mode),
            state: self.state,
            dimension: self.dimension,
            order: self.order,
            ..Filter::default()
        }
    }

    pub(super) const fn is_filtered(&self) -> bool {
        self.state.is_some() || self.dimension.is_some()
    }

    /// The address of this view; what is as usual is left out.
    pub(crate) fn link(&self) -> String {
        let mut query = self.parameters();
        if self.range != Self::usual(self.mode).range {
            query.push(("range", self.range.as_str().to_owned()));
        }
        if let Some((hour, id)) = self.after {
            query.push(("cursor", format!("{}.{id}", hour.number())));
        }
        address("/usage", &query)
    }

    /// The address of all hours of these filters, in this order, as CSV.
    pub(super) fn csv(&self) -> String {
        let mut query = vec![
            ("format", "csv".to_owned()),
            ("mode", self.mode.as_str().to_owned()),
        ];
        query.extend(self.parameters());
        address("/api/v1/metering-records", &query)
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut query = Vec::new();
        if let Some(state) = self.state {
            query.push(("state", state.as_str().to_owned()));
        }
        if let Some(dimension) = self.dimension {
            query.push(("dimension", dimension.as_str().to_owned()));
        }
        if self.order != Order::Newest {
            query.push(("sort", order_word(self.order).to_owned()));
        }
        query
    }
}

/// Every value is a word or a number of ours, so nothing has to be encoded.
fn address(path: &str, query: &[(&str, String)]) -> String {
    let pairs: Vec<String> = query
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    if pairs.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", pairs.join("&"))
    }
}

fn known<T>(
    query: &Form,
    name: &'static str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Error> {
    let Some(word) = query.given(name) else {
        return Ok(None);
    };
    read(word).map(Some).ok_or_else(|| {
        Error::new(
            ErrorKind::Malformed,
            "bad_filter",
            say!("usage-bad-filter", name = name),
        )
    })
}

fn read_cursor(text: &str) -> Option<(Hour, MeteringId)> {
    let (hour, id) = text.split_once('.')?;
    Some((Hour::from_number(hour.parse().ok()?), id.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_has_one_address_and_comes_back_from_it() {
        let id: MeteringId = "met_0192aaaabbbb7ccc8dddeeeeffff0001".parse().unwrap();
        for (asked, link) in [
            (Asked::usual(Mode::Live), "/usage"),
            (
                Asked {
                    mode: Mode::Test,
                    range: Range::Hours48,
                    state: Some(RecordState::NotSubscribed),
                    dimension: Some(Dimension::TestPayments),
                    order: Order::Oldest,
                    after: Some((Hour::from_number(498_730), id)),
                },
                "/usage?state=notSubscribed&dimension=test_payments&sort=oldest&range=48h&cursor=498730.met_0192aaaabbbb7ccc8dddeeeeffff0001",
            ),
        ] {
            assert_eq!(asked.link(), link);
            let query = link.split_once('?').map_or("", |(_, query)| query);
            let read = Asked::read(&Form::parse(query.as_bytes()), Mode::Live).unwrap();
            assert_eq!(read, asked);
        }
    }

    #[test]
    fn what_does_not_exist_is_refused_by_name() {
        for query in [
            "range=1y",
            // Made for the overview, and no choice here.
            "range=today",
            "sort=Oldest",
            "state=nice",
            "dimension=Payments",
            "cursor=1",
            "cursor=1.lic_0192aaaabbbb7ccc8dddeeeeffff0001",
        ] {
            let error = Asked::read(&Form::parse(query.as_bytes()), Mode::Test).unwrap_err();
            let name = query.split('=').next().unwrap();
            assert_eq!(error.code(), "bad_filter");
            assert!(error.message().contains(name), "{query}");
        }
        assert_eq!(
            Asked::read(&Form::parse(b"state=&dimension=&other=1"), Mode::Test).unwrap(),
            Asked::usual(Mode::Test)
        );
    }
}
