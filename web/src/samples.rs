//! One filled-in value of every page, for tests; `rules` says what every page has to keep.

mod account;
mod ended;
mod operator;
mod overview;
mod people;
mod rules;
mod setup;
mod sign_in;
mod subscription;
mod usage;

use domain::{
    Mode, Timestamp,
    api_key::{ApiKey, Scope},
    id::{ApiKeyId, KeyId, SessionId, TenantId, UserId},
    key::{KeyState, PublicKey},
    policy::{Actor, Person},
    registration::{Step, StepRecord, StepState},
    role::Role,
};
use uuid::Uuid;

use crate::{
    form::Faults,
    landing,
    pages::{
        api_keys::{self as keys_page, made, view as api_keys},
        keys::Keys,
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
        (Step::Administrator, StepState::Done) => {
            "The owner can sign in: a temporary password was mailed."
        }
        (Step::Administrator, StepState::Failed) => {
            "The sign-in service does not take this address. Use another one: in the form where the account is set up, or with a new invitation."
        }
        (Step::Administrator, _) => "The owner's sign-in is being made.",
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
        (Step::KeyPair, StepState::Failed) => "The key pair could not be made. We have been told.",
        (Step::KeyPair, _) => "Your key pair is being made.",
        (Step::Activation, StepState::Done) => "Everything is in place.",
        (Step::Activation, _) => "Waiting for the steps above.",
        (Step::ApiKey, StepState::Done) => "The key “till” was used last.",
        (Step::ApiKey, _) => "No API key has been used yet.",
        (Step::Usage, StepState::Done) => "Usage was counted, and AWS has accepted an hour of it.",
        (Step::Usage, _) => "No usage has come yet.",
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

pub(crate) fn ann() -> UserId {
    UserId::from_uuid(Uuid::from_u128(0x0192_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0003))
}

fn this_session() -> SessionId {
    SessionId::from_uuid(Uuid::from_u128(0x0192_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0004))
}

fn person(membership: Option<(TenantId, Role)>) -> Person {
    Person {
        user: ann(),
        session: this_session(),
        membership,
        mfa: true,
        authenticated_at: now(),
    }
}

/// The frame as somebody with this role sees it.
pub(crate) fn frame_of(role: Role) -> Frame {
    Frame {
        org: Some("AWS account ending 4417, tenant …ff0001".to_owned()),
        mode: Mode::Test,
        support: "support@payphone.example".into(),
        ended: None,
        actor: Actor::User(person(Some((tenant(), role)))),
        name: "Ann Kay".to_owned(),
        email: "ann@harbour.example".to_owned(),
        tenants: 1,
        others: vec![],
    }
}

/// The frame of an owner who looks at what is live.
fn live_frame() -> Frame {
    Frame {
        mode: Mode::Live,
        ..frame()
    }
}

/// The frame of somebody who has chosen no tenant.
pub(crate) fn nowhere_frame() -> Frame {
    Frame {
        org: None,
        actor: Actor::User(person(None)),
        ..frame()
    }
}

/// The frame of the vendor's operator.
pub(crate) fn operator_frame() -> Frame {
    Frame {
        org: None,
        actor: Actor::Operator(Some(person(None))),
        tenants: 0,
        ..frame()
    }
}

fn frame() -> Frame {
    frame_of(Role::Owner)
}

fn pem(label: &str, bytes: usize) -> String {
    runtime::pem::encode(label, &vec![0x5a; bytes])
}

pub(crate) fn public_key() -> PublicKey {
    PublicKey {
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
    }
}

fn keys() -> Keys {
    Keys {
        frame: frame(),
        held: vec![public_key()],
        now: now(),
        mark: "000000000000001f".to_owned(),
    }
}

/// So many days later.
fn keys_at(days: i64) -> Keys {
    Keys {
        now: now() + chrono::Duration::days(days),
        ..keys()
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
        more: None,
        filter: keys_page::Filter::of(Mode::Test),
        form: made::NewForm::of(Mode::Test, "once".to_owned()),
        faults: Faults::default(),
        done: None,
    }
}

pub(crate) use self::{
    people::{a_member, user},
    usage::{attempt, record, total},
};

pub(crate) fn reader() -> Reader {
    Reader {
        support: frame().support,
        request_id: "req_0192aaaabbbb7ccc8dddeeeeffff0009".to_owned(),
    }
}

/// Every page about API keys.
fn about_api_keys() -> Vec<(&'static str, String)> {
    use render::html;
    let secret = "ppk_test_4fJ2kQ9xNOTaREALsecretNOTaREALsecretNOTaREALsecr000000";
    let command = crate::pages::example::curl("https://console.payphone.example", tenant(), now());
    vec![
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
            "api-keys-auditor",
            html(|| {
                api_keys::view(api_keys::ApiKeys {
                    frame: frame_of(Role::Auditor),
                    ..api_keys()
                })
            }),
        ),
        (
            "api-key-created",
            html(|| {
                made::created(made::Created {
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
        (
            "api-keys-next-page",
            html(|| {
                api_keys::view(api_keys::ApiKeys {
                    more: Some("apk_1".to_owned()),
                    filter: keys_page::Filter {
                        state: Some(domain::api_key::ApiKeyState::InForce),
                        sort: domain::list::NamedOrder::Name,
                        after: Some(api_key(9, "", false).id),
                        ..keys_page::Filter::of(Mode::Test)
                    },
                    ..api_keys()
                })
            }),
        ),
        (
            "api-keys-live-none",
            html(|| {
                api_keys::view(api_keys::ApiKeys {
                    frame: live_frame(),
                    keys: vec![],
                    filter: keys_page::Filter::of(Mode::Live),
                    form: made::NewForm::of(Mode::Live, "once".to_owned()),
                    ..api_keys()
                })
            }),
        ),
        (
            "api-keys-no-match",
            html(|| {
                api_keys::view(api_keys::ApiKeys {
                    keys: vec![],
                    filter: keys_page::Filter {
                        state: Some(domain::api_key::ApiKeyState::Revoked),
                        ..keys_page::Filter::of(Mode::Test)
                    },
                    ..api_keys()
                })
            }),
        ),
        (
            "api-keys-revoke",
            html(|| {
                let keys = vec![
                    api_key(1, "Billing server", false),
                    api_key(3, "</title><script>alert(1)</script>\"'", false),
                ];
                keys_page::several::view(frame(), keys)
            }),
        ),
    ]
}

/// Every page in every state that looks different, by name.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    use render::html;
    let mut pages = vec![
        ("register", html(|| landing::start_page(frame().support))),
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
        (
            "keys-live-none",
            html(|| {
                crate::pages::keys::view(Keys {
                    frame: live_frame(),
                    held: vec![],
                    ..keys()
                })
            }),
        ),
        (
            "keys-ending",
            html(|| crate::pages::keys::view(keys_at(701))),
        ),
        ("keys-over", html(|| crate::pages::keys::view(keys_at(731)))),
    ];
    pages.extend(about_api_keys());
    pages.extend(usage::all());
    pages.extend(overview::all());
    pages.push(("design", html(|| crate::design::view(reader()))));
    pages.extend(setup::all());
    pages.extend(ended::all());
    pages.extend(people::all());
    pages.extend(operator::all());
    pages.extend(subscription::all());
    pages.extend(account::all());
    pages.extend(sign_in::all());
    pages.extend(crate::docs::tests::all());
    pages
}
