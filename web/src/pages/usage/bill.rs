//! What the present month is expected to cost: what AWS has taken and what is on its way, at the listed price if we know it.
//! It bills nobody: AWS does, by the offer that was accepted, and a private offer has prices of its own.

use chrono::Datelike;
use control::{config::PricesConfig, metering::Total};
use domain::{hour::Hour, metering::RecordState, usage::Dimension, usd::Usd};
use leptos::prelude::*;

use super::month;
use crate::{
    ui::{Table, grouped, head, money},
    words::{local, say},
};

/// Where AWS shows what was agreed.
pub(crate) const AWS_SUBSCRIPTIONS: &str =
    "https://console.aws.amazon.com/marketplace/home#/subscriptions";

/// The present month, by which AWS bills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bill {
    /// `November 2026`.
    pub(crate) month: String,
    /// A line for each dimension, those without a price only if they were used.
    pub(crate) lines: Vec<Line>,
    /// Units that a contract covers.
    pub(crate) included: i64,
    /// Whether it may be less, because of a free trial: AWS tells that there is one, and not until when.
    pub(crate) trial: bool,
}

/// One dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) dimension: Dimension,
    /// Units that AWS has.
    pub(crate) accepted: i64,
    /// Units that are sealed or sent, and not answered yet.
    pub(crate) on_its_way: i64,
    /// What a unit costs by the listing, if that is known.
    pub(crate) price: Option<Usd>,
}

impl Line {
    /// Units that are, or will be, on the bill.
    pub(crate) fn units(&self) -> i64 {
        self.accepted.saturating_add(self.on_its_way)
    }

    fn is_priced(&self) -> bool {
        Dimension::PRICED.contains(&self.dimension)
    }

    fn expected(&self) -> Option<Usd> {
        self.price.map(|price| price.times(self.units()))
    }
}

impl Bill {
    /// The bill of these totals, which are of one month; `hour` is in it.
    pub(crate) fn of<'a>(
        hour: Hour,
        totals: impl IntoIterator<Item = &'a Total>,
        prices: &PricesConfig,
        trial: bool,
    ) -> Self {
        let mut included = 0_i64;
        let mut lines = Dimension::ALL.map(|dimension| Line {
            dimension,
            accepted: 0,
            on_its_way: 0,
            price: prices.of(dimension),
        });
        for total in totals {
            let Some(line) = lines
                .iter_mut()
                .find(|line| line.dimension == total.dimension)
            else {
                continue;
            };
            let sum = match total.state {
                RecordState::Accepted => &mut line.accepted,
                RecordState::Included => &mut included,
                state if state.is_on_its_way() => &mut line.on_its_way,
                _ => continue,
            };
            *sum = sum.saturating_add(total.quantity);
        }
        Self {
            month: say!(
                "usage-bill-month",
                month = month(hour.start()),
                year = hour.start().year().to_string()
            ),
            lines: lines
                .into_iter()
                .filter(|line| line.is_priced() || line.units() > 0)
                .collect(),
            included,
            trial,
        }
    }

    /// Whether any price is known.
    pub(crate) fn has_prices(&self) -> bool {
        self.lines
            .iter()
            .any(|line| line.is_priced() && line.price.is_some())
    }

    /// What it comes to, if the price of everything that was used is known.
    pub(crate) fn expected(&self) -> Option<Usd> {
        if !self.has_prices() {
            return None;
        }
        self.lines
            .iter()
            .filter(|line| line.units() > 0)
            .try_fold(Usd::default(), |sum, line| Some(sum.plus(line.expected()?)))
    }
}

/// The bill as a card.
pub(super) fn view(bill: Bill) -> impl IntoView {
    let lead = bill.expected().map(|expected| {
        view! { <p class="lead">{money(&expected.on_a_bill())}</p> }
    });
    let included = (bill.included > 0).then(|| {
        view! { <p>{say!("usage-bill-included", count = bill.included)}</p> }
    });
    let trial = (bill.trial && bill.expected().is_some()).then(|| {
        let link = view! {
            <a href=AWS_SUBSCRIPTIONS rel="noreferrer">
                {say!("aws-manage")}
            </a>
        };
        view! { <p>{say!("usage-bill-trial"; link = link)}</p> }
    });
    let has_prices = bill.has_prices();
    let heading = if has_prices {
        say!("usage-bill-heading", month = bill.month.as_str())
    } else {
        say!("usage-bill-heading-no-prices", month = bill.month.as_str())
    };
    view! {
        <section class="card" aria-labelledby="bill-heading">
            <header>
                <h2 id="bill-heading">{heading}</h2>
            </header>
            {lead}
            {trial}
            {terms(has_prices)}
            {included}
            {table(bill).into_any()}
        </section>
    }
}

/// What the figures are, and what they are not.
pub(crate) fn terms(has_prices: bool) -> impl IntoView {
    let offer = view! {
        <a href=AWS_SUBSCRIPTIONS rel="noreferrer">
            {say!("usage-bill-offer")}
        </a>
    };
    let words = if has_prices {
        say!("usage-bill-terms"; offer = offer)
    } else {
        say!("usage-bill-terms-no-prices"; offer = offer)
    };
    view! { <p class="quiet">{words}</p> }
}

fn table(bill: Bill) -> impl IntoView {
    let has_prices = bill.has_prices();
    let expected = bill.expected();
    let cost = |amount: Option<Usd>| match amount {
        Some(amount) => money(&amount.on_a_bill()),
        None => say!("usage-bill-not-known"),
    };
    let rows: Vec<_> = bill
        .lines
        .into_iter()
        .map(|line| {
            let priced = has_prices.then(|| {
                let price = match line.price {
                    _ if !line.is_priced() => say!("usage-bill-no-price"),
                    Some(price) => money(&price.as_price()),
                    None => say!("usage-bill-not-known"),
                };
                view! {
                    <td class="num" data-label=say!("usage-bill-price")>
                        {price}
                    </td>
                    <td class="num" data-label=say!("usage-bill-expected")>
                        {cost(line.expected())}
                    </td>
                }
            });
            view! {
                <tr>
                    <th scope="row">{local(line.dimension.label())}</th>
                    <td class="num" data-label=say!("usage-bill-accepted")>
                        {grouped(line.accepted)}
                    </td>
                    <td class="num" data-label=say!("usage-bill-on-its-way")>
                        {grouped(line.on_its_way)}
                    </td>
                    {priced}
                </tr>
            }
            .into_any()
        })
        .collect();
    let mut heads = vec![
        head(say!("usage-dimension")),
        head(say!("usage-bill-accepted-by")).figures(),
        head(say!("usage-bill-on-its-way")).figures(),
    ];
    if has_prices {
        heads.push(head(say!("usage-bill-price")).figures());
        heads.push(head(say!("usage-bill-expected")).figures());
    }
    let foot = has_prices.then(|| {
        view! {
            <tr>
                <th scope="row">{say!("usage-bill-together")}</th>
                <td colspan="3"></td>
                <td class="num" data-label=say!("usage-bill-expected")>
                    {cost(expected)}
                </td>
            </tr>
        }
        .into_any()
    });
    view! {
        <Table
            label=say!("usage-bill-table")
            caption=say!("usage-bill-caption")
            heads=heads
            foot=foot
        >
            {rows}
        </Table>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{now, total};
    use Dimension::{Captures, Payments, TestPayments};

    fn prices(payments: &str, captures: &str) -> PricesConfig {
        PricesConfig {
            payments: payments.to_owned(),
            captures: captures.to_owned(),
        }
    }

    fn bill(totals: &[Total], prices: &PricesConfig) -> Bill {
        Bill::of(Hour::containing(now()), totals, prices, false)
    }

    #[test]
    fn what_aws_has_and_what_is_on_its_way_is_billed_and_nothing_else() {
        let totals = [
            total(Payments, RecordState::Accepted, 100),
            total(Payments, RecordState::Sealed, 10),
            total(Payments, RecordState::Sending, 1),
            total(Payments, RecordState::Open, 1000),
            total(Payments, RecordState::Expired, 1000),
            total(Payments, RecordState::Held, 1000),
            total(Payments, RecordState::Included, 7),
            total(TestPayments, RecordState::Accepted, 500),
        ];
        let found = bill(&totals, &prices("0.12", ""));
        assert_eq!(found.month, "November 2026");
        assert_eq!(found.included, 7);
        assert_eq!(found.lines.len(), 3);
        assert_eq!(
            (found.lines[0].accepted, found.lines[0].on_its_way),
            (100, 11)
        );
        // No capture was used, so its price need not be known; test payments have none.
        let expected = found.expected().unwrap();
        assert_eq!(expected.on_a_bill(), "$13.32");
    }

    #[test]
    fn a_sum_that_lacks_a_price_is_not_told() {
        let totals = [
            total(Payments, RecordState::Accepted, 3),
            total(Captures, RecordState::Accepted, 1),
        ];
        assert_eq!(bill(&totals, &prices("0.12", "")).expected(), None);
        assert_eq!(bill(&totals, &prices("", "")).expected(), None);
        let both = bill(&totals, &prices("0.12", "0.05")).expected().unwrap();
        assert_eq!(both.on_a_bill(), "$0.41");
        let nothing = bill(&[], &prices("0.12", "")).expected().unwrap();
        assert_eq!(nothing.on_a_bill(), "$0.00");
        // What only test keys used is no reason to speak of prices that are not known.
        let test = [total(TestPayments, RecordState::Accepted, 3)];
        assert!(!bill(&test, &prices("", "")).has_prices());
    }
}
