//! Sample pages of usage: a month of a contact centre with everything that can become of an hour, and the stories of some hours.

use chrono::Duration;
use control::{
    config::PricesConfig,
    metering::{Attempt, Explained, Figures, Order, Range, Stretch, Total},
    usage::HourUsage,
};
use domain::{
    Mode,
    hour::Hour,
    id::{LicenceId, MeteringId},
    metering::{MeteringRecord, RecordState},
    usage::{Dimension, Meter},
};
use uuid::Uuid;

use super::{frame, now, tenant};
use crate::{
    pages::usage::{
        Asked,
        bill::Bill,
        figure,
        record::{self, Story},
        tiles::Tiles,
        view::{self, Usage},
    },
    render::html,
};
use Dimension::{Captures, Payments, TestPayments};

fn the_licence() -> LicenceId {
    LicenceId::from_uuid(Uuid::from_u128(8))
}

pub(crate) fn record(
    back: i64,
    dimension: Dimension,
    quantity: i64,
    state: RecordState,
) -> MeteringRecord {
    let accepted = state == RecordState::Accepted;
    MeteringRecord {
        id: MeteringId::from_uuid(Uuid::from_u128(7)),
        tenant: tenant(),
        licence: the_licence(),
        dimension,
        hour: Hour::containing(now()).plus(-back),
        quantity,
        state,
        metering_record_id: accepted.then(|| "1f6a2b0c-6f0d-4b5e-9a53-0d8a2a6f0c03".to_owned()),
        attempts: i32::from(state != RecordState::Open),
        note: (state == RecordState::NotSubscribed).then(|| {
            "AWS says this customer has no active agreement. The units are not billed.".to_owned()
        }),
        sealed_at: (state != RecordState::Open).then(now),
        changed_at: now(),
    }
}

/// Units of one hour in one state.
pub(crate) fn total(dimension: Dimension, state: RecordState, quantity: i64) -> Total {
    Total {
        licence: the_licence(),
        dimension,
        state,
        quantity,
        records: 1,
        used: i64::from(quantity > 0),
    }
}

pub(crate) fn attempt(number: i32, outcome: Option<&str>) -> Attempt {
    Attempt {
        attempt: number,
        quantity: 9,
        sent_at: now() + Duration::minutes(i64::from(number)),
        answered_at: outcome.map(|_| now() + Duration::minutes(i64::from(number))),
        outcome: outcome.map(str::to_owned),
        detail: (outcome == Some("busy")).then(|| {
            "AWS is busy (ThrottlingException). The same record is sent again.".to_owned()
        }),
    }
}

/// Business by day and little at night, with the last hours on their way and a bad one.
pub(super) fn figures(range: Range) -> Figures {
    let hour = Hour::containing(now());
    let (from, until) = range.span(hour);
    let width = range.width();
    let count = (until.number() - from.number()) / width;
    let mut steps = Vec::new();
    for index in 0..count {
        let begin = from.plus(index * width);
        if begin > hour {
            break;
        }
        let day = begin.number().div_euclid(24) % 7;
        let busy = [12, 3, 2, 3, 30, 92, 118, 104, 126, 86, 40, 14]
            [usize::try_from(begin.of_day() / 2).unwrap()];
        let units = busy * width * (5 + day) / 9;
        let mut step = |state, quantity| {
            steps.push(Stretch {
                begin,
                state,
                quantity,
            });
        };
        if begin.plus(width) > hour {
            step(RecordState::Open, 9);
            step(RecordState::Accepted, if width > 1 { units / 2 } else { 0 });
            step(RecordState::Sealed, if width > 1 { units / 3 } else { 0 });
        } else if begin.plus(2 * width) > hour {
            step(RecordState::Sealed, units / 2);
            step(RecordState::Sending, units / 4);
        } else {
            step(RecordState::Accepted, units);
        }
        if index == count / 3 {
            step(RecordState::NotSubscribed, units / 3);
        }
    }
    Figures {
        hour,
        steps,
        week: vec![
            Total {
                records: 511,
                ..total(Payments, RecordState::Accepted, 18_402)
            },
            total(Payments, RecordState::Sealed, 14),
            total(Payments, RecordState::NotSubscribed, 3),
        ],
        present: vec![total(Payments, RecordState::Open, 9)],
        month: vec![
            total(Payments, RecordState::Accepted, 51_204),
            total(Payments, RecordState::Sealed, 14),
            total(Captures, RecordState::Accepted, 380),
            total(TestPayments, RecordState::Sending, 28),
        ],
        trial: false,
    }
}

pub(super) fn bill(payments: &str, included: i64) -> Bill {
    let prices = PricesConfig {
        payments: payments.to_owned(),
        captures: payments.to_owned(),
    };
    let mut totals = figures(Range::Days30).month;
    totals.push(total(Payments, RecordState::Included, included));
    Bill::of(Hour::containing(now()), &totals, &prices, false)
}

fn page_of(asked: Asked) -> Usage {
    let figures = figures(asked.range);
    let last = record(4, Payments, 3, RecordState::Accepted);
    Usage {
        frame: crate::shell::Frame {
            mode: asked.mode,
            ..frame()
        },
        mark: "000000000000002e".to_owned(),
        tiles: Tiles::of(&figures, None),
        figure: figure::of("units", &figures, asked.range, asked.dimension),
        bill: bill("", 0),
        records: vec![
            record(0, Payments, 9, RecordState::Open),
            record(1, Payments, 14, RecordState::Sealed),
            record(2, Payments, 1019, RecordState::Accepted),
            record(2, Captures, 0, RecordState::Accepted),
            record(4, Payments, 3, RecordState::NotSubscribed),
            record(4, Captures, 0, RecordState::NotSubscribed),
        ],
        further: Some((last.hour, last.id)),
        asked,
        now: now(),
        command: crate::pages::example::curl("https://console.payphone.example", tenant(), now()),
    }
}

pub(super) fn usage_page() -> Usage {
    page_of(Asked::usual(Mode::Live))
}

fn empty_page() -> Usage {
    let nothing = Figures {
        steps: vec![],
        week: vec![],
        present: vec![],
        month: vec![],
        ..figures(Range::Days30)
    };
    Usage {
        tiles: Tiles::of(&nothing, None),
        figure: figure::of("units", &nothing, Range::Days30, None),
        bill: Bill::of(nothing.hour, &[], &PricesConfig::default(), false),
        records: vec![],
        further: None,
        ..usage_page()
    }
}

fn story(state: RecordState, quantity: i64, attempts: Vec<Attempt>) -> Story {
    let mut record = record(2, Payments, quantity, state);
    record.attempts = i32::try_from(attempts.len()).unwrap();
    let used = HourUsage {
        hour: record.hour,
        licence: record.licence,
        dimension: Payments,
        meter: Meter::PaymentApproved,
        events: 8,
        quantity,
        late: 3,
    };
    Story {
        frame: frame(),
        told: Explained {
            usage: if quantity > 0 { vec![used] } else { vec![] },
            record,
            attempts,
        },
    }
}

/// Usage as it is seen in test mode.
fn in_test_mode() -> Vec<(&'static str, String)> {
    vec![
        (
            "usage-test",
            html(|| {
                let tried = record(3, TestPayments, 28, RecordState::Sending);
                view::view(Usage {
                    records: vec![tried],
                    further: None,
                    ..page_of(Asked::usual(Mode::Test))
                })
            }),
        ),
        (
            "usage-test-none",
            html(|| {
                let asked = Asked::usual(Mode::Test);
                view::view(Usage {
                    frame: page_of(asked).frame,
                    asked,
                    ..empty_page()
                })
            }),
        ),
    ]
}

/// Usage and hours, in every state that looks different.
pub(super) fn all() -> Vec<(&'static str, String)> {
    let hours = Asked {
        range: Range::Hours48,
        dimension: Some(Payments),
        order: Order::Oldest,
        ..Asked::usual(Mode::Live)
    };
    let week = Asked {
        range: Range::Days7,
        after: Some((
            Hour::containing(now()),
            record(0, Payments, 1, RecordState::Open).id,
        )),
        ..Asked::usual(Mode::Live)
    };
    let mut pages = in_test_mode();
    pages.extend([
        ("usage", html(|| view::view(usage_page()))),
        (
            "usage-trial",
            html(|| {
                let mut page = usage_page();
                page.bill.trial = true;
                view::view(page)
            }),
        ),
        (
            "usage-48h",
            html(|| {
                view::view(Usage {
                    bill: bill("0.12", 0),
                    ..page_of(hours)
                })
            }),
        ),
        (
            "usage-7d",
            html(|| {
                view::view(Usage {
                    bill: bill("0.0045", 1200),
                    ..page_of(week)
                })
            }),
        ),
        ("usage-none", html(|| view::view(empty_page()))),
        (
            "usage-no-match",
            html(|| {
                view::view(Usage {
                    asked: Asked {
                        state: Some(RecordState::Held),
                        ..Asked::usual(Mode::Live)
                    },
                    records: vec![],
                    further: None,
                    ..usage_page()
                })
            }),
        ),
        (
            "hour-accepted",
            html(|| {
                let attempts = vec![
                    attempt(1, None),
                    attempt(2, Some("busy")),
                    attempt(3, Some("Success")),
                ];
                record::view(story(RecordState::Accepted, 9, attempts))
            }),
        ),
        (
            "hour-open",
            html(|| record::view(story(RecordState::Open, 9, vec![]))),
        ),
        (
            "hour-not-subscribed",
            html(|| {
                let attempts = vec![attempt(1, Some("CustomerNotSubscribed"))];
                record::view(story(RecordState::NotSubscribed, 9, attempts))
            }),
        ),
        (
            "hour-idle",
            html(|| {
                record::view(story(
                    RecordState::Accepted,
                    0,
                    vec![attempt(1, Some("Success"))],
                ))
            }),
        ),
        (
            "hour-included",
            html(|| record::view(story(RecordState::Included, 9, vec![]))),
        ),
    ]);
    pages
}
