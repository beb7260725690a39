//! `/subscription`: what the tenant has bought, how it is paid for, what ends when, and how to cancel.

use std::collections::HashMap;

use axum::{http::StatusCode, response::Response};
use control::{
    licence::{Answer, entitlements},
    metering,
};
use domain::{
    Error,
    hour::Hour,
    id::LicenceId,
    licence::{Licence, Pricing},
    lifecycle::Standing,
    marketplace::Entitlement,
    policy::Action,
    usage::Dimension,
    usd::Usd,
};
use leptos::prelude::*;

use super::usage::bill::{AWS_SUBSCRIPTIONS, Bill, Line, terms};
use crate::{
    reader::Visitor,
    render,
    shell::{Console, Frame, Place},
    ui::{Copyable, DocsLink, EndedNotice, Fact, Facts, Failure, Pill, Tone, When, money},
    words::{local, say},
};

/// What the page says.
#[derive(Debug, Clone)]
pub(crate) struct Subscription {
    /// The frame.
    pub(crate) frame: Frame,
    /// What was bought, the newest first.
    pub(crate) licences: Vec<Bought>,
}

/// One licence.
#[derive(Debug, Clone)]
pub(crate) struct Bought {
    /// The licence.
    pub(crate) licence: Licence,
    /// What of it the present month uses, for who may see that.
    pub(crate) bill: Option<Bill>,
    /// What AWS says it entitles to, if it is a contract in force.
    pub(crate) entitled: Option<Answer>,
}

/// `GET /subscription`
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor.answer(page(&visitor).await)
}

async fn page(visitor: &Visitor) -> Result<Response, Error> {
    let mut licences = control::tenant::agreements(&visitor.cx, visitor.tenant).await?;
    licences.reverse();
    let totals = if visitor.may(Action::ReadUsage) {
        Some(metering::month(&visitor.cx, visitor.tenant).await?)
    } else {
        None
    };
    let hour = Hour::containing(visitor.cx.now());
    let prices = &visitor.cx.app().config.marketplace.prices;
    let bill = |licence: &Licence| {
        let totals = totals.as_ref()?.iter();
        let own = totals.filter(|total| total.licence == licence.id);
        Some(Bill::of(hour, own, prices, licence.free_trial))
    };
    let entitled = entitlements(&visitor.cx, visitor.tenant).await?;
    let mut entitled: HashMap<LicenceId, Answer> = entitled
        .into_iter()
        .map(|(licence, answer)| (licence.id, answer))
        .collect();
    let licences = licences.into_iter().map(|licence| Bought {
        bill: bill(&licence),
        entitled: entitled.remove(&licence.id),
        licence,
    });
    let page = Subscription {
        licences: licences.collect(),
        frame: visitor.frame().await?,
    };
    Ok(render::page(StatusCode::OK, || view(page)))
}

pub(crate) fn view(page: Subscription) -> impl IntoView {
    let ended = page.frame.ended;
    let support = page.frame.support.to_string();
    let mail = format!("mailto:{support}");
    let write = view! { <a href=mail>{support}</a> };
    let question = say!("subscription-question-answer"; support = write);
    let has_prices = page
        .licences
        .iter()
        .find_map(|bought| bought.bill.as_ref())
        .map(Bill::has_prices);
    let licences: Vec<_> = page
        .licences
        .into_iter()
        .map(|bought| licence(bought).into_any())
        .collect();
    let price = has_prices.map(|has_prices| {
        view! {
            <section class="card">
                <h2>{say!("subscription-costs")}</h2>
                {terms(has_prices)}
            </section>
        }
        .into_any()
    });
    let cancel = ended.is_none().then(|| cancel().into_any());
    let ends = ends().into_any();
    view! {
        <Console title=say!("subscription-title") frame=page.frame place=Place::Subscription>
            <div class="page-head">
                <div>
                    <h1>{say!("subscription-title")}</h1>
                    <p>{say!("subscription-what")}</p>
                </div>
                <div class="row">
                    <DocsLink page="billing" label=say!("subscription-docs")/>
                    <a class="btn" href="/usage">{say!("subscription-see-usage")}</a>
                </div>
            </div>
            {ended
                .map(|at| view! { <EndedNotice at=at meaning=say!("subscription-ended")/> })}
            {licences}
            {price}
            {cancel}
            {ends}
            <section class="card">
                <h2>{say!("subscription-question")}</h2>
                <p>{question}</p>
            </section>
        </Console>
    }
}

fn licence(bought: Bought) -> impl IntoView {
    let Bought {
        licence,
        bill,
        entitled,
    } = bought;
    let (tone, word) = match licence.standing {
        Standing::Unconfirmed => (Tone::Wait, say!("subscription-licence-waiting")),
        Standing::Active { .. } => (Tone::Ok, say!("subscription-licence-in-force")),
        Standing::Ended { .. } => (Tone::Plain, say!("subscription-licence-ended")),
    };
    let (title, model) = match licence.pricing {
        Some(Pricing::Subscription) => (
            say!("subscription-by-usage"),
            say!("subscription-by-usage-means"),
        ),
        Some(Pricing::Contract) => (
            say!("subscription-by-contract"),
            say!("subscription-by-contract-means"),
        ),
        None => (
            say!("subscription-not-said"),
            say!("subscription-not-said-means"),
        ),
    };
    let heading = format!("licence-{}", licence.id);
    let id = heading.clone();
    let from = licence
        .standing
        .since()
        .map(|at| view! { <Fact name=say!("subscription-facts-since")><When at=at/></Fact> });
    let until = licence
        .standing
        .ended_at()
        .map(|at| view! { <Fact name=say!("subscription-facts-ended")><When at=at/></Fact> });
    let agreement = licence.agreement_id.map(|id| {
        view! { <Fact name=say!("subscription-facts-agreement") mono=true>{id}</Fact> }
    });
    let digits = licence.account.last4();
    let account = say!("subscription-facts-account-ending", digits = digits);
    let trial = licence.free_trial.then(|| {
        view! {
            <Fact name=say!("subscription-trial")>
                {say!("subscription-trial-means"; link = manage())}
            </Fact>
        }
    });
    view! {
        <section class="card" aria-labelledby=heading>
            <header>
                <h2 id=id>{title}</h2>
                <Pill tone=tone word=word/>
            </header>
            <p class="quiet">{model}</p>
            <Facts>
                {agreement}
                <Fact name=say!("subscription-facts-account")>{account}</Fact>
                {from}
                {until}
                {trial}
                {entitled.map(|answer| entitled_to(answer).into_any())}
                {bill.map(|bill| used(bill).into_any())}
                <Fact name=say!("subscription-facts-licence") mono=true>{licence.id.to_string()}</Fact>
                <Fact name=say!("subscription-facts-arn")>
                    <Copyable
                        id=format!("arn-{}", licence.id)
                        what=say!("subscription-arn-copy")
                        text=licence.arn.to_string()
                    />
                </Fact>
                <Fact name=say!("subscription-facts-product") mono=true>{licence.product_code}</Fact>
            </Facts>
        </section>
    }
}

/// Where AWS Marketplace keeps what was bought.
fn manage() -> impl IntoView {
    view! {
        <a href=AWS_SUBSCRIPTIONS rel="noreferrer">
            {say!("aws-manage")}
        </a>
    }
}

/// What a contract entitles to, in AWS's names, or why that is not known now.
fn entitled_to(answer: Answer) -> impl IntoView {
    let words = match answer.found {
        Err(why) => {
            let what = local(&why).into_owned();
            view! { <Failure what=what advice=say!("subscription-entitled-again")/> }.into_any()
        }
        Ok(found) if found.is_empty() => say!("subscription-entitled-to-nothing").into_any(),
        Ok(found) => {
            let lines: Vec<_> = found
                .into_iter()
                .map(|one| entitlement(one).into_any())
                .collect();
            lines.into_any()
        }
    };
    view! {
        <Fact name=say!("subscription-entitled")>
            {words}
            <div class="quiet small">{say!("subscription-entitled-at"; at = view! { <When at=answer.at/> })}</div>
        </Fact>
    }
}

/// AWS's date is the earliest end: a contract that renews itself gets a later one then.
fn entitlement(one: Entitlement) -> impl IntoView {
    let (dimension, value) = (one.dimension, one.value);
    let words = match one.expires_at {
        Some(at) => say!(
            "subscription-entitlement-until", dimension = dimension, value = value;
            at = view! { <When at=at day=true/> }
        ),
        None => say!(
            "subscription-entitlement",
            dimension = dimension,
            value = value
        )
        .into_any(),
    };
    view! { <div>{words}</div> }
}

/// What the month has of it, with the price beside the usage where it is known.
fn used(bill: Bill) -> impl IntoView {
    let expected = bill.expected().map(|expected| {
        let amount = money(&expected.on_a_bill());
        let words = if bill.trial {
            say!("subscription-expected-trial", amount = amount)
        } else {
            say!("subscription-expected-means", amount = amount)
        };
        view! { <Fact name=say!("subscription-expected")>{words}</Fact> }
    });
    let lines: Vec<_> = bill
        .lines
        .iter()
        .map(|line| view! { <div>{used_of(line)}</div> })
        .collect();
    let included = (bill.included > 0).then(|| {
        view! { <div>{say!("subscription-used-included", count = bill.included)}</div> }
    });
    view! {
        <Fact name=say!("subscription-used", month = bill.month)>{lines} {included}</Fact>
        {expected}
    }
}

fn used_of(line: &Line) -> String {
    let count = line.units();
    let units = match line.dimension {
        Dimension::Payments => say!("subscription-used-payments", count = count),
        Dimension::Captures => say!("subscription-used-captures", count = count),
        Dimension::TestPayments => say!("subscription-used-test-payments", count = count),
    };
    match line.price.filter(|price| *price > Usd::default()) {
        Some(price) => say!(
            "subscription-used-at",
            units = units,
            price = money(&price.as_price())
        ),
        None => units,
    }
}

/// What whoever thinks of cancelling does.
fn cancel() -> impl IntoView {
    view! {
        <section class="card">
            <h2>{say!("subscription-cancel")}</h2>
            <ol class="plain-steps">
                <li>{say!("subscription-cancel-open"; link = manage())}</li>
                <li>{say!("subscription-cancel-choose")}</li>
                <li>{say!("subscription-cancel-then")}</li>
            </ol>
        </section>
    }
}

/// What they ask, and whoever has.
fn ends() -> impl IntoView {
    view! {
        <section class="card">
            <h2>{say!("subscription-ends")}</h2>
            <Facts>
                <Fact name=say!("subscription-ends-at-once")>
                    {say!("subscription-ends-at-once-means")}
                </Fact>
                <Fact name=say!("subscription-ends-hour")>{say!("subscription-ends-hour-means")}</Fact>
                <Fact name=say!("subscription-ends-later")>{say!("subscription-ends-later-means")}</Fact>
            </Facts>
        </section>
    }
}
