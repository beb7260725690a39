//! `/subscription`: what the tenant has bought, how it is paid for, what ends when, and how to cancel.

use axum::{http::StatusCode, response::Response};
use control::metering;
use domain::{
    Error,
    hour::Hour,
    licence::{Licence, Pricing},
    lifecycle::Standing,
    policy::Action,
    usd::Usd,
};
use leptos::prelude::*;

use super::usage::bill::{Bill, terms};
use crate::{
    reader::Visitor,
    render,
    shell::{Console, Frame, Place},
    ui::{Copyable, EndedNotice, Pill, Tone, When, counted},
    words::say,
};

/// What the page says.
#[derive(Debug, Clone)]
pub(crate) struct Subscription {
    /// The frame.
    pub(crate) frame: Frame,
    /// What was bought, the newest first, and what of it the present month uses, for who may see that.
    pub(crate) licences: Vec<(Licence, Option<Bill>)>,
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
        Some(Bill::of(hour, own, prices))
    };
    let licences = licences.into_iter().map(|licence| {
        let bill = bill(&licence);
        (licence, bill)
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
    let has_prices = page
        .licences
        .iter()
        .find_map(|(_, bill)| bill.as_ref())
        .map(Bill::has_prices);
    let licences: Vec<_> = page
        .licences
        .into_iter()
        .map(|(of, bill)| licence(of, bill).into_any())
        .collect();
    let price = has_prices.map(|has_prices| {
        view! {
            <section class="card">
                <h2>"What it costs"</h2>
                {terms(has_prices)}
            </section>
        }
        .into_any()
    });
    let rules = ended.is_none().then(rules);
    view! {
        <Console title="Subscription" frame=page.frame place=Place::Subscription>
            <div class="page-head">
                <div>
                    <h1>"Subscription"</h1>
                    <p>"What was bought in AWS Marketplace. AWS sends the bill; prices are those of the offer that was accepted there."</p>
                </div>
                <a class="btn" href="/usage">"See usage"</a>
            </div>
            {ended
                .map(|at| {
                    view! {
                        <EndedNotice at=at meaning="Usage is no longer taken; the last hours are still sent to AWS."/>
                    }
                })}
            {licences}
            {price}
            {rules}
            <section class="card">
                <h2>"A question about a bill, or a refund"</h2>
                <p>
                    "Every hour that AWS was told about is on the usage page, with AWS's own record of it. If one looks wrong, write to "
                    <a href=mail>{support}</a> " with the hour and the agreement: refunds are made through AWS, and appear on its next bill."
                </p>
            </section>
        </Console>
    }
}

fn licence(licence: Licence, bill: Option<Bill>) -> impl IntoView {
    let (tone, word) = match licence.standing {
        Standing::Unconfirmed => (Tone::Wait, "waiting for AWS"),
        Standing::Active { .. } => (Tone::Ok, "in force"),
        Standing::Ended { .. } => (Tone::Plain, "ended"),
    };
    let (title, model) = match licence.pricing {
        Some(Pricing::Subscription) => (
            "Pay as you go",
            "By the hour: AWS is told after each hour what was used in it.",
        ),
        Some(Pricing::Contract) => (
            "Contract",
            "Paid ahead for a term. What is used beyond it is billed by the hour.",
        ),
        None => (
            "Subscription",
            "AWS has not said yet how it is paid for. That takes a few minutes after the purchase.",
        ),
    };
    let heading = format!("licence-{}", licence.id);
    let id = heading.clone();
    let from = licence
        .standing
        .since()
        .map(|at| view! { <dt>"In force since"</dt> <dd><When at=at/></dd> });
    let until = licence
        .standing
        .ended_at()
        .map(|at| view! { <dt>"Ended"</dt> <dd><When at=at/></dd> });
    let agreement = licence.agreement_id.map(|id| {
        view! { <dt>"Agreement"</dt> <dd class="mono">{id}</dd> }
    });
    view! {
        <section class="card" aria-labelledby=heading>
            <header>
                <h2 id=id>{title}</h2>
                <Pill tone=tone word=word/>
            </header>
            <p class="quiet">{model}</p>
            <dl class="facts">
                {agreement}
                <dt>"AWS account"</dt>
                <dd>{format!("ending {}", licence.account.last4())}</dd>
                {from}
                {until}
                {bill.map(|bill| used(bill).into_any())}
                <dt>"Licence"</dt>
                <dd class="mono">{licence.id.to_string()}</dd>
                <dt>"AWS's name of it"</dt>
                <dd>
                    <Copyable
                        id=format!("arn-{}", licence.id)
                        what=say!("subscription-arn-copy")
                        text=licence.arn.to_string()
                    />
                </dd>
                <dt>"Product"</dt>
                <dd class="mono">{licence.product_code}</dd>
            </dl>
        </section>
    }
}

/// What the month has of it, with the price beside the usage where it is known.
fn used(bill: Bill) -> impl IntoView {
    let expected = bill.expected().map(|expected| {
        view! {
            <dt>"Expected so far"</dt>
            <dd>{format!("{}, before discounts and tax", expected.on_a_bill())}</dd>
        }
    });
    let lines: Vec<_> = bill
        .lines
        .iter()
        .map(|line| {
            let price = line
                .price
                .filter(|price| *price > Usd::default())
                .map_or_else(String::new, |price| format!(" at {}", price.as_price()));
            let label = line.dimension.label().to_lowercase();
            let units = counted(line.units(), label.trim_end_matches('s'), &label);
            view! { <div>{format!("{units}{price}")}</div> }
        })
        .collect();
    let included = (bill.included > 0).then(|| {
        let units = counted(bill.included, "unit", "units");
        view! { <div>{format!("{units} in your contract")}</div> }
    });
    view! {
        <dt>{format!("Used in {}", bill.month)}</dt>
        <dd>{lines} {included}</dd>
        {expected}
    }
}

/// What whoever thinks of cancelling asks.
fn rules() -> impl IntoView {
    view! {
        <section class="card">
            <h2>"To cancel"</h2>
            <ol class="plain-steps">
                <li>"Open AWS Marketplace in the AWS console, in the account that subscribed, and choose Manage subscriptions."</li>
                <li>"Choose Payphone, then Actions, then Cancel subscription. A contract is not cancelled: switch off its automatic renewal there, and it ends with its term."</li>
                <li>"AWS tells us within minutes, and this page says so."</li>
            </ol>
            <h2>"What ends when"</h2>
            <dl class="facts">
                <dt>"At once"</dt>
                <dd>"No more usage is taken, and no new API key can be made."</dd>
                <dt>"Within the hour"</dt>
                <dd>"What was used before the end is sent to AWS, for the last bill."</dd>
                <dt>"Later"</dt>
                <dd>"You can still sign in, read and export everything. Subscribing again gives you a new licence, which you can bring into this account."</dd>
            </dl>
        </section>
    }
}
