//! The whole permission matrix against its golden file, and the rules that hold in every line of it.

use chrono::Duration;

use super::*;
use crate::{
    id::{ApiKeyId, InvitationId, LicenceId, SessionId, UserId},
    mode::Mode,
};

fn tenant(number: u128) -> TenantId {
    TenantId::from_uuid(uuid::Uuid::from_u128(number))
}

fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

fn person(membership: Option<(TenantId, Role)>, mfa: bool, minutes_ago: i64) -> Person {
    Person {
        user: UserId::from_uuid(uuid::Uuid::nil()),
        session: SessionId::from_uuid(uuid::Uuid::nil()),
        membership,
        mfa,
        authenticated_at: now() - Duration::minutes(minutes_ago),
    }
}

fn actors() -> Vec<(String, Actor)> {
    let nil = uuid::Uuid::nil();
    let mut actors = vec![
        ("anonymous".to_owned(), Actor::Anonymous),
        (
            "buyer".to_owned(),
            Actor::Buyer {
                tenant: tenant(1),
                licence: LicenceId::from_uuid(nil),
            },
        ),
        (
            "invitee".to_owned(),
            Actor::Invitee {
                tenant: tenant(1),
                invitation: InvitationId::from_uuid(nil),
            },
        ),
    ];
    for role in Role::ALL {
        let member = |mfa, minutes| Actor::User(person(Some((tenant(1), role)), mfa, minutes));
        actors.push((role.to_string(), member(true, 0)));
        actors.push((format!("{role} stale"), member(true, 5)));
        actors.push((format!("{role} no mfa"), member(false, 0)));
    }
    actors.push((
        "user of no tenant".to_owned(),
        Actor::User(person(None, true, 0)),
    ));
    actors.extend(Scope::ALL.map(|scope| {
        let key = Actor::ApiKey {
            id: ApiKeyId::from_uuid(nil),
            tenant: tenant(1),
            mode: Mode::Test,
            scopes: vec![scope],
        };
        (format!("apiKey {}", scope.as_str()), key)
    }));
    actors.push((
        "operator".to_owned(),
        Actor::Operator(Some(person(None, true, 0))),
    ));
    actors.push(("operator bearer".to_owned(), Actor::Operator(None)));
    actors.push(("cardPlane".to_owned(), Actor::CardPlane));
    actors.push(("system".to_owned(), Actor::System("test")));
    actors
}

/// The whole matrix, as it stands: a change of permission is a change of this golden text.
#[test]
fn the_permission_matrix_is_the_golden_file() {
    use std::fmt::Write;
    let mut matrix = String::new();
    for (name, actor) in actors() {
        for action in Action::ALL {
            let own = outcome(permit(&actor, *action, tenant(1), now()));
            let other = outcome(permit(&actor, *action, tenant(2), now()));
            let system = outcome(permit_system(&actor, *action));
            let self_ = outcome(permit_own(&actor, *action, now()).map(drop));
            let account = outcome(permit_account(&actor, *action));
            writeln!(
                matrix,
                "{name:24} {:24} tenant {own:6} other {other:6} own {self_:6} account {account:6} system {system}",
                action.as_str()
            )
            .unwrap();
        }
    }
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/policy/matrix.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, &matrix).unwrap();
    }
    let golden = std::fs::read_to_string(&file).unwrap();
    assert!(
        matrix == golden,
        "the permission matrix changed; if that is meant, run with UPDATE_GOLDEN=1 and read the diff of {}",
        file.display()
    );
}

fn outcome(result: Result<(), Error>) -> &'static str {
    match result.map_err(|e| (e.kind(), e.code())) {
        Ok(()) => "yes",
        Err((_, "mfa_required")) => "mfa",
        Err((_, "reauth_required")) => "reauth",
        Err((ErrorKind::Unauthenticated, _)) => "401",
        Err((ErrorKind::Forbidden, _)) => "403",
        Err((ErrorKind::NotFound, _)) => "404",
        Err(_) => "?",
    }
}

#[test]
fn no_tenant_actor_reaches_another_tenant() {
    for (name, actor) in actors() {
        if actor.tenant().is_none() {
            continue;
        }
        for action in Action::ALL {
            let found = outcome(permit(&actor, *action, tenant(2), now()));
            assert_eq!(found, "404", "{name}");
        }
    }
}

/// Security 20: without a second factor nothing is changed.
#[test]
fn nobody_changes_anything_without_a_second_factor() {
    for role in Role::ALL {
        let actor = Actor::User(person(Some((tenant(1), role)), false, 0));
        for action in Action::ALL.iter().filter(|action| !action.is_read()) {
            assert!(permit(&actor, *action, tenant(1), now()).is_err());
        }
    }
}

/// Security 21: five minutes after signing in, what is sensitive asks for it again, and only that.
#[test]
fn only_what_is_sensitive_asks_to_sign_in_again() {
    for role in Role::ALL {
        let fresh = Actor::User(person(Some((tenant(1), role)), true, 4));
        let stale = Actor::User(person(Some((tenant(1), role)), true, 5));
        for action in Action::ALL {
            let (before, after) = (
                outcome(permit(&fresh, *action, tenant(1), now())),
                outcome(permit(&stale, *action, tenant(1), now())),
            );
            if before == "yes" && action.is_sensitive() {
                assert_eq!(after, "reauth", "{}", action.as_str());
            } else {
                assert_eq!(before, after, "{}", action.as_str());
            }
        }
    }
}

/// An auditor can see what an owner can, and do nothing.
#[test]
fn auditors_see_everything_and_change_nothing() {
    let auditor = Actor::User(person(Some((tenant(1), Role::Auditor)), true, 0));
    let owner = Actor::User(person(Some((tenant(1), Role::Owner)), true, 0));
    for action in Action::ALL {
        let seen = permit(&auditor, *action, tenant(1), now()).is_ok();
        let allowed = action.is_read() && permit(&owner, *action, tenant(1), now()).is_ok();
        assert_eq!(seen, allowed, "{}", action.as_str());
    }
}
