//! One filled-in value of every page, for tests; `rules` says what every page has to keep.

mod rules;

use domain::{
    Error, ErrorKind, Mode, Timestamp,
    api_key::{ApiKey, Scope},
    hour::Hour,
    id::{ApiKeyId, KeyId, LicenceId, MeteringId, TenantId},
    key::{KeyState, PublicKey},
    lifecycle::Standing,
    metering::{MeteringRecord, RecordState},
    registration::{Step, StepRecord, StepState},
    usage::Dimension,
};
use uuid::Uuid;

use crate::{
    error_page,
    form::Faults,
    landing,
    pages::{
        api_keys::view as api_keys, keys::Keys, setup::Setup, usage::view as usage,
        welcome::Welcome,
    },
    reader::Reader,
    render,
    shell::Frame,
};

pub(crate) fn now() -> Timestamp {
    "2026-11-22T10:14:00Z".parse().unwrap()
}

pub(crate) fn step(step: Step, state: StepState) -> StepRecord {
    let message = match (step, state) {
        (Step::Tenant, _) => "Your account exists.",
        (Step::Administrator, StepState::Done) => "Your name and e-mail address are noted.",
        (Step::Administrator, _) => "Waiting for your name and e-mail address.",
        (Step::Licence, StepState::Done) => "AWS confirmed that the subscription is in force.",
        (Step::Licence, StepState::Failed) => {
            "AWS says that this subscription has ended. Subscribe again in AWS Marketplace to start a new one."
        }
        (Step::Licence, _) => {
            "Waiting for AWS to confirm the subscription. This usually takes a minute or two."
        }
        (Step::KeyPair, StepState::Done) => {
            "Your test key pair is ready. Its private half never leaves the card plane."
        }
        (Step::KeyPair, _) => "Your key pair is being made.",
        (Step::Activation, StepState::Done) => "Everything is in place.",
        (Step::Activation, _) => "Waiting for the steps above.",
    };
    StepRecord {
        step,
        state,
        message: message.to_owned(),
        failures: 0,
        checked_at: now(),
    }
}

pub(crate) fn tenant() -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(0x0192_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0001))
}

fn frame() -> Frame {
    Frame {
        org: "AWS account ending 4417, tenant …ff0001".to_owned(),
        support: "support@payphone.example".into(),
        ended: None,
    }
}

fn ended_frame() -> Frame {
    Frame {
        ended: Some(now()),
        ..frame()
    }
}

fn setup(states: [StepState; 5]) -> Setup {
    let done = states[2] == StepState::Done;
    Setup {
        frame: frame(),
        steps: Step::ALL
            .into_iter()
            .zip(states)
            .map(|(name, state)| step(name, state))
            .collect(),
        subscription: if done {
            "AWS account ending 4417, pay as you go".to_owned()
        } else {
            "AWS account ending 4417".to_owned()
        },
        standing: match states[2] {
            StepState::Done => Standing::Active { since: now() },
            _ => Standing::Unconfirmed,
        },
        agreement: done.then(|| "agmt-7f2c41d09b3e4a55".to_owned()),
        tenant: tenant().to_string(),
        administrator: (states[1] == StepState::Done).then(|| "ann@harbour.example".to_owned()),
        now: now(),
    }
}

fn welcome() -> Welcome {
    Welcome {
        subscription: "AWS account ending 4417, pay as you go".to_owned(),
        known: false,
        email: String::new(),
        name: String::new(),
        faults: Faults::default(),
        support: frame().support,
    }
}

fn welcome_faults() -> Faults {
    Faults {
        whole: None,
        fields: vec![
            (
                "email".to_owned(),
                "Enter an e-mail address like name@company.com.".to_owned(),
            ),
            ("name".to_owned(), "Enter your name.".to_owned()),
        ],
    }
}

fn pem(label: &str, bytes: usize) -> String {
    runtime::pem::encode(label, &vec![0x5a; bytes])
}

fn keys() -> Keys {
    Keys {
        frame: frame(),
        held: vec![PublicKey {
            id: KeyId::from_uuid(Uuid::from_u128(0x0192_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0002)),
            tenant: tenant(),
            mode: Mode::Test,
            bits: 4096,
            state: KeyState::Active,
            public_key_pem: pem("PUBLIC KEY", 550),
            certificate_pem: pem("CERTIFICATE", 1200),
            fingerprint: format!("SHA256 {}", ["9f"; 32].join(":")),
            connect_key_id: None,
            not_before: now(),
            not_after: now() + chrono::Duration::days(730),
            last_used_at: None,
        }],
        now: now(),
    }
}

fn api_key(number: u128, name: &str, revoked: bool) -> ApiKey {
    ApiKey {
        id: ApiKeyId::from_uuid(Uuid::from_u128(number)),
        tenant: tenant(),
        name: name.to_owned(),
        mode: if revoked { Mode::Live } else { Mode::Test },
        scopes: vec![Scope::UsageWrite, Scope::UsageRead],
        prefix: "ppk_test_4fJ2kQ9x".to_owned(),
        created_at: now(),
        last_used_at: revoked.then(now),
        revoked_at: revoked.then(now),
    }
}

fn api_keys() -> api_keys::ApiKeys {
    api_keys::ApiKeys {
        frame: frame(),
        keys: vec![
            api_key(1, "Billing server", false),
            api_key(2, "Old laptop of the contact centre's night shift", true),
        ],
        form: api_keys::NewForm::default(),
        faults: Faults::default(),
        done: None,
    }
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
        licence: LicenceId::from_uuid(Uuid::from_u128(8)),
        dimension,
        hour: Hour::from_number(Hour::containing(now()).number() - back),
        quantity,
        state,
        metering_record_id: accepted.then(|| "1f6a2b0c-6f0d-4b5e-9a53-0d8a2a6f0c03".to_owned()),
        attempts: i32::from(state != RecordState::Open),
        note: (state == RecordState::NotSubscribed).then(|| {
            "AWS says this customer has no active agreement. The units are not billed.".to_owned()
        }),
        changed_at: now(),
    }
}

fn usage_page() -> usage::Usage {
    use Dimension::{Captures, Payments, TestPayments};
    usage::Usage {
        frame: frame(),
        tiles: usage::Tiles {
            hour: Hour::containing(now()),
            used: 9,
            accepted: usage::Sum {
                units: 18_402,
                records: 511,
            },
            waiting: usage::Sum {
                units: 14,
                records: 1,
            },
            not_taken: usage::Sum {
                units: 3,
                records: 1,
            },
            looked_into: 0,
        },
        state: None,
        dimension: Some(Payments),
        records: vec![
            record(0, Payments, 9, RecordState::Open),
            record(1, Payments, 14, RecordState::Sealed),
            record(2, Payments, 1019, RecordState::Accepted),
            record(2, Captures, 0, RecordState::Accepted),
            record(3, TestPayments, 28, RecordState::Sending),
            record(4, Payments, 3, RecordState::NotSubscribed),
            record(4, Captures, 0, RecordState::NotSubscribed),
        ],
        older: Some("1.met_1".to_owned()),
        cursor: Some("491000.met_1".to_owned()),
        command: crate::pages::example::curl("https://console.payphone.example", tenant(), now()),
    }
}

pub(crate) fn reader() -> Reader {
    Reader {
        support: frame().support,
        request_id: "req_0192aaaabbbb7ccc8dddeeeeffff0009".to_owned(),
    }
}

/// Every page in every state that looks different, by name.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    use StepState::{Done, Failed, Waiting};
    use render::html;
    let secret = "ppk_test_4fJ2kQ9xNOTaREALsecretNOTaREALsecretNOTaREALsecr000000";
    let command = usage_page().command;
    let mut pages = vec![
        ("register", html(|| landing::start_page(frame().support))),
        ("welcome", html(|| crate::pages::welcome::view(welcome()))),
        (
            "welcome-faults",
            html(|| {
                crate::pages::welcome::view(Welcome {
                    email: "nobody".to_owned(),
                    faults: welcome_faults(),
                    ..welcome()
                })
            }),
        ),
        (
            "welcome-known",
            html(|| {
                crate::pages::welcome::view(Welcome {
                    known: true,
                    email: "ann@harbour.example".to_owned(),
                    name: "Ann".to_owned(),
                    ..welcome()
                })
            }),
        ),
        (
            "setup-begun",
            html(|| crate::pages::setup::view(setup([Done, Waiting, Waiting, Failed, Waiting]))),
        ),
        (
            "setup-last-check",
            html(|| crate::pages::setup::view(setup([Done, Done, Done, Done, Waiting]))),
        ),
        (
            "setup-done",
            html(|| crate::pages::setup::view(setup([Done; 5]))),
        ),
        ("keys", html(|| crate::pages::keys::view(keys()))),
        (
            "keys-none",
            html(|| {
                crate::pages::keys::view(Keys {
                    held: vec![],
                    ..keys()
                })
            }),
        ),
        ("api-keys", html(|| api_keys::view(api_keys()))),
        (
            "api-keys-faults",
            html(|| {
                api_keys::view(api_keys::ApiKeys {
                    keys: vec![],
                    done: Some("“Night shift” is revoked.".to_owned()),
                    faults: Faults {
                        whole: None,
                        fields: vec![
                            ("name".to_owned(), "Give it a name.".to_owned()),
                            ("scopes".to_owned(), "Choose at least one scope.".to_owned()),
                        ],
                    },
                    ..api_keys()
                })
            }),
        ),
        (
            "api-key-created",
            html(|| {
                api_keys::created(api_keys::Created {
                    frame: frame(),
                    secret: secret.to_owned(),
                    key: api_key(1, "Billing server", false),
                    command: Some(format!("export PAYPHONE_API_KEY='{secret}'\n{command}")),
                })
            }),
        ),
        (
            "api-key-revoke",
            html(|| api_keys::confirm(frame(), api_key(1, "Billing server", false))),
        ),
        ("usage", html(|| usage::view(usage_page()))),
        (
            "usage-none",
            html(|| {
                usage::view(usage::Usage {
                    records: vec![],
                    older: None,
                    cursor: None,
                    dimension: None,
                    ..usage_page()
                })
            }),
        ),
    ];
    pages.extend(ended());
    pages.extend(errors());
    pages
}

/// The pages of a tenant whose subscription has ended.
pub(crate) fn ended() -> Vec<(&'static str, String)> {
    use StepState::Done;
    use render::html;
    vec![
        (
            "ended-setup",
            html(|| {
                crate::pages::setup::view(Setup {
                    frame: ended_frame(),
                    standing: Standing::Ended {
                        since: None,
                        at: now(),
                    },
                    ..setup([Done; 5])
                })
            }),
        ),
        (
            "ended-welcome",
            html(|| crate::pages::welcome::ended(now(), frame().support)),
        ),
        (
            "ended-keys",
            html(|| {
                crate::pages::keys::view(Keys {
                    frame: ended_frame(),
                    ..keys()
                })
            }),
        ),
        (
            "ended-keys-none",
            html(|| {
                crate::pages::keys::view(Keys {
                    frame: ended_frame(),
                    held: vec![],
                    ..keys()
                })
            }),
        ),
        (
            "ended-api-keys",
            html(|| {
                api_keys::view(api_keys::ApiKeys {
                    frame: ended_frame(),
                    ..api_keys()
                })
            }),
        ),
        (
            "ended-usage",
            html(|| {
                usage::view(usage::Usage {
                    frame: ended_frame(),
                    tiles: usage::Tiles {
                        used: 0,
                        ..usage_page().tiles
                    },
                    ..usage_page()
                })
            }),
        ),
    ]
}

fn errors() -> Vec<(&'static str, String)> {
    let error = |kind, code, message: &'static str| {
        let page = error_page::ErrorPage::of(&reader(), &Error::new(kind, code, message));
        render::html(|| error_page::view(page))
    };
    vec![
        (
            "error-expired",
            error(
                ErrorKind::Malformed,
                "token_expired",
                "This link is good for four hours, and they are over. In AWS Marketplace, open Manage subscriptions and press Set up your account again. Your subscription is fine; you need no new one.",
            ),
        ),
        (
            "error-anonymous",
            error(ErrorKind::Unauthenticated, "unauthenticated", "Sign in."),
        ),
        (
            "error-ended",
            error(
                ErrorKind::Gone,
                "licence_ended",
                "This subscription has ended, so it can no longer be set up. Subscribe again in AWS Marketplace to start a new one.",
            ),
        ),
        (
            "error-foreign",
            error(
                ErrorKind::Malformed,
                "foreign_product",
                "This subscription is for another product. Open Payphone under Manage subscriptions in AWS Marketplace and press Set up your account there.",
            ),
        ),
        (
            "error-misconfigured",
            error(
                ErrorKind::Internal,
                "marketplace_misconfigured",
                "Something is wrong on our side, not with your subscription. We have been told. Try again later, or write to support.",
            ),
        ),
        ("error-not-a-form", {
            let page = error_page::ErrorPage::of_arrival(&reader(), &crate::form::not_a_form());
            render::html(|| error_page::view(page))
        }),
        (
            "error-none",
            error(ErrorKind::NotFound, "not_found", "There is no such key."),
        ),
        (
            "error-internal",
            error(
                ErrorKind::Internal,
                "internal",
                "Something went wrong on our side. Try again; if it stays, send us the request id.",
            ),
        ),
    ]
}
