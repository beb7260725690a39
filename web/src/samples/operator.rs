//! Sample pages of the vendor's operator.

use chrono::Duration;
use control::{
    inbox::{InboxState, Message},
    job::Sort as JobSort,
    registration::Progress,
};
use domain::{
    id::{InboxId, LicenceId, RegistrationId},
    job::{Job, JobState, Work},
    licence::{Licence, Pricing},
    lifecycle::Standing,
    list::{NamedOrder, Order, Word},
    registration::{Registration, Step, StepRecord, StepState},
    tenant::{Tenant, TenantState},
};
use uuid::Uuid;

use super::{now, operator_frame, step, tenant};
use crate::{
    pages::operator::{
        events, jobs,
        list::{Filter, List, Paths},
        registrations, tenants,
    },
    render::html,
};

pub(super) fn licence(standing: Standing, pricing: Option<Pricing>) -> Licence {
    Licence {
        id: LicenceId::from_uuid(Uuid::from_u128(8)),
        tenant: tenant(),
        arn: "arn:aws:license-manager::294406894417:license:l-0a1b2c3d4e5f60718293a4b5c6d7e8f9"
            .parse()
            .unwrap(),
        product_code: "4w1m2t1vbkk3v0x5bqfx".to_owned(),
        account: "294406894417".parse().unwrap(),
        agreement_id: pricing.map(|_| "agmt-7f2c1d9e0b3a4c5d6e7f8091a".to_owned()),
        pricing,
        standing,
        free_trial: false,
        created_at: now(),
    }
}

fn progress(number: u128, steps: Vec<StepRecord>) -> Progress {
    Progress {
        registration: Registration {
            id: RegistrationId::from_uuid(Uuid::from_u128(number)),
            tenant: tenant(),
            licence: LicenceId::from_uuid(Uuid::from_u128(8)),
            contact: None,
            created_at: now(),
            completed_at: None,
        },
        licence: licence(Standing::Unconfirmed, None),
        steps,
    }
}

fn all_of<State: Word, Sort: Word + Default>(paths: Paths) -> Filter<State, Sort> {
    Filter::all(paths)
}

fn registrations_page() -> List<Progress, StepState, Order> {
    let failed = StepRecord {
        failures: 12,
        ..step(Step::Administrator, StepState::Failed)
    };
    List {
        rows: vec![
            progress(1, vec![step(Step::Tenant, StepState::Done), failed]),
            progress(2, vec![step(Step::Licence, StepState::Waiting)]),
            progress(3, vec![step(Step::Activation, StepState::Done)]),
        ],
        more: Some("reg_1".to_owned()),
        filter: Filter {
            text: "4417".to_owned(),
            sort: Order::Oldest,
            after: "reg_0".to_owned(),
            ..all_of(registrations::PATHS)
        },
    }
}

fn tenants_page() -> List<(Tenant, Vec<Licence>), TenantState, NamedOrder> {
    let named = |name: &str, state| Tenant {
        id: tenant(),
        name: name.to_owned(),
        state,
        created_at: now(),
    };
    let ended = Standing::Ended {
        since: Some(now() - Duration::days(90)),
        at: now(),
    };
    let active = Standing::Active { since: now() };
    List {
        rows: vec![
            (
                named("Harbour Energy", TenantState::Active),
                vec![
                    licence(ended, Some(Pricing::Subscription)),
                    licence(active, Some(Pricing::Contract)),
                ],
            ),
            (
                named("AWS account ending 4417", TenantState::Provisioning),
                vec![licence(Standing::Unconfirmed, None)],
            ),
            (named("Lighthouse Ltd", TenantState::Ended), vec![]),
        ],
        more: None,
        filter: all_of(tenants::PATHS),
    }
}

fn message(number: u128, state: &str, note: Option<&str>) -> Message {
    Message {
        id: InboxId::from_uuid(Uuid::from_u128(number)),
        source: "eventbridge".to_owned(),
        message_id: format!("0192-{number}"),
        body: "{\"detail-type\": \"Purchase Agreement Created - Manufacturer\", \"detail\": {\"agreement\": {\"id\": \"agmt-7f2c1d9e0b3a4c5d6e7f8091a\"}}}".to_owned(),
        received_at: now(),
        state: state.to_owned(),
        note: note.map(str::to_owned),
        detail_type: (state != "unreadable").then(|| "Purchase Agreement Created".to_owned()),
        kind: None,
        event_time: (state != "unreadable").then(now),
        agreement_id: (state != "unreadable").then(|| "agmt-7f2c1d9e0b3a4c5d6e7f8091a".to_owned()),
        license_key: None,
        product_code: None,
        request_id: None,
    }
}

fn events_page() -> List<Message, InboxState, Order> {
    List {
        rows: vec![
            message(1, "applied", None),
            message(2, "unmatched", None),
            message(3, "unreadable", Some("The body is no JSON.")),
        ],
        more: Some("evt_1".to_owned()),
        filter: all_of(events::PATHS),
    }
}

fn job(number: u128, attempts: i32) -> Job {
    Job {
        work: Work::Mail,
        item: format!("mai_{:032x}", 0x0192_aaaa_bbbb_7ccc_u128 + number),
        attempts,
        begun_at: now(),
        quarantined_at: (attempts >= domain::job::MOST).then(now),
    }
}

fn jobs_page() -> List<Job, JobState, JobSort> {
    List {
        rows: vec![job(1, 5), job(2, 3), job(3, 1)],
        ..none(jobs::PATHS)
    }
}

fn none<T, State: Word, Sort: Word + Default>(paths: Paths) -> List<T, State, Sort> {
    List {
        rows: vec![],
        more: None,
        filter: Filter::all(paths),
    }
}

/// Every page of the operator in every state that looks different.
pub(super) fn all() -> Vec<(&'static str, String)> {
    let frame = operator_frame;
    let done = || Some("It runs again within a second.".to_owned());
    vec![
        (
            "operator-registrations",
            html(|| registrations::view(frame(), registrations_page())),
        ),
        (
            "operator-registrations-none",
            html(|| registrations::view(frame(), none(registrations::PATHS))),
        ),
        (
            "operator-tenants",
            html(|| tenants::view(frame(), tenants_page())),
        ),
        (
            "operator-tenants-none",
            html(|| tenants::view(frame(), none(tenants::PATHS))),
        ),
        (
            "operator-events",
            html(|| events::view(frame(), events_page())),
        ),
        (
            "operator-events-none",
            html(|| events::view(frame(), none(events::PATHS))),
        ),
        (
            "operator-events-in-a-state",
            html(|| {
                let mut list = none(events::PATHS);
                list.filter.state = Some(InboxState::Unreadable);
                events::view(frame(), list)
            }),
        ),
        (
            "operator-jobs",
            html(|| jobs::view(frame(), jobs_page(), done())),
        ),
        (
            "operator-jobs-none",
            html(|| jobs::view(frame(), none(jobs::PATHS), None)),
        ),
    ]
}
