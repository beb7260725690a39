//! Sample pages about oneself: one's account, recovery codes, and the tenants to choose from.

use chrono::Duration;
use control::session::Account;
use domain::{
    id::{SessionId, TenantId},
    membership::Membership,
    role::Role,
    session::Session,
    tenant::{Tenant, TenantState},
};
use uuid::Uuid;

use super::{
    ann, frame, now, nowhere_frame,
    people::{HOSTILE, a_member, user},
    tenant, this_session,
};
use crate::{
    pages::account::{
        codes,
        tenants::{self, Tenants},
        view as account,
    },
    render::html,
};

pub(super) fn tenants() -> Vec<(Membership, Tenant)> {
    let tenant = |id, name: &str, role| {
        let membership = a_member(role, user(0, "Ann Kay", "ann@harbour.example")).membership;
        let tenant = Tenant {
            id,
            name: name.to_owned(),
            state: TenantState::Active,
            created_at: now(),
        };
        (membership, tenant)
    };
    vec![
        tenant(tenant_id(1), "AWS account ending 4417", Role::Owner),
        tenant(tenant_id(2), "Harbour Energy Retail", Role::Auditor),
        tenant(tenant_id(3), HOSTILE, Role::Agent),
    ]
}

fn tenant_id(number: u128) -> TenantId {
    if number == 1 {
        return tenant();
    }
    TenantId::from_uuid(Uuid::from_u128(
        0x0192_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0100 + number,
    ))
}

fn session(id: SessionId, user_agent: &str, minutes: i64) -> Session {
    Session {
        id,
        user: ann(),
        tenant: Some(tenant()),
        created_at: now() - Duration::minutes(minutes + 90),
        seen_at: now() - Duration::minutes(minutes),
        authenticated_at: now() - Duration::minutes(minutes + 90),
        mfa: true,
        operator: false,
        user_agent: user_agent.to_owned(),
        address: "203.0.113.24".to_owned(),
        subject: "0b9d4c1e-ann".to_owned(),
        checked_at: now(),
        ended_at: None,
    }
}

fn account() -> account::AccountPage {
    let other = SessionId::from_uuid(Uuid::from_u128(5));
    account::AccountPage {
        frame: crate::shell::Frame {
            tenants: 3,
            others: others(),
            ..frame()
        },
        tenant: Some(tenant()),
        account: Account {
            user: user(0, "Ann Kay", "ann@harbour.example"),
            tenants: tenants(),
            sessions: vec![
                session(other, HOSTILE, 22),
                session(
                    this_session(),
                    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
                    0,
                ),
            ],
            current: this_session(),
            recovery_codes: 7,
        },
        done: None,
    }
}

fn others() -> Vec<(domain::id::TenantId, String)> {
    let others = tenants().into_iter().map(|(_, tenant)| tenant);
    others
        .filter(|other| other.id != tenant())
        .map(|other| (other.id, crate::shell::org(&other.name, other.id)))
        .collect()
}

/// Every page about oneself in every state that looks different.
pub(super) fn all() -> Vec<(&'static str, String)> {
    let code = "k7m2p-x9qrt-4hvwz".to_owned();
    let codes = vec![code; 10];
    let chooser = |current, own| Tenants {
        frame: crate::shell::Frame {
            tenants: 3,
            others: if current { others() } else { vec![] },
            ..if current { frame() } else { nowhere_frame() }
        },
        current: current.then(tenant),
        own,
    };
    vec![
        ("account", html(|| account::view(account()))),
        (
            "account-nowhere",
            html(|| {
                let mut page = account();
                page.frame = nowhere_frame();
                page.tenant = None;
                page.account.tenants.clear();
                page.account.recovery_codes = 0;
                page.account.sessions[1].mfa = false;
                page.done = Some("That browser is signed out.".to_owned());
                account::view(page)
            }),
        ),
        (
            "recovery-codes",
            html(|| codes::confirm(frame(), 7, "once".to_owned())),
        ),
        ("recovery-codes-made", html(|| codes::made(frame(), &codes))),
        ("tenants", html(|| tenants::view(chooser(false, tenants())))),
        (
            "tenants-switch",
            html(|| tenants::view(chooser(true, tenants()))),
        ),
        (
            "tenants-none",
            html(|| tenants::view(chooser(false, vec![]))),
        ),
    ]
}
