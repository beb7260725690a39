//! Sample pages about people: members, invitations, activity, and the first pages of who sees no set-up.

use chrono::Duration;
use domain::{
    audit::{Entry, Outcome},
    id::{AuditId, InvitationId, UserId},
    invitation::Invitation,
    membership::{Member, Membership},
    policy::Action,
    role::Role,
    user::{Known, User},
};
use uuid::Uuid;

use super::{ann, frame, frame_of, now, operator_frame, tenant};
use crate::{
    form::Faults,
    pages::{
        activity::view as activity,
        home::{self, Home},
        people::{
            self as people_page,
            member::view::{self as member, Question},
            view as people,
        },
        setup::Prompts,
    },
    render::html,
    request_id,
};

/// What every text that people choose may hold.
pub(super) const HOSTILE: &str = "</title><script>alert(1)</script>\"' <img src=x>";

pub(crate) fn user(number: u128, name: &str, email: &str) -> User {
    let first = now() - Duration::days(20);
    User {
        id: if number == 0 {
            ann()
        } else {
            UserId::from_uuid(Uuid::from_u128(number))
        },
        email: email.parse().unwrap(),
        name: name.to_owned(),
        username: None,
        known: Known::Enabled,
        operator: false,
        mailed_at: Some(first),
        first_signed_in_at: Some(first),
        last_signed_in_at: Some(now() - Duration::minutes(40)),
        trouble: None,
        created_at: first,
    }
}

pub(crate) fn a_member(role: Role, user: User) -> Member {
    Member {
        membership: Membership {
            tenant: tenant(),
            user: user.id,
            role,
            created_at: user.created_at,
            first_used_at: user.first_signed_in_at,
        },
        user,
        recovery_codes: 7,
    }
}

fn members() -> Vec<Member> {
    let never = |user: User| User {
        first_signed_in_at: None,
        last_signed_in_at: None,
        ..user
    };
    vec![
        a_member(Role::Owner, user(0, "Ann Kay", "ann@harbour.example")),
        a_member(Role::Owner, user(6, "Ola Berg", "ola@harbour.example")),
        a_member(
            Role::Admin,
            never(user(2, "Ben Ode", "ben.ode@harbour.example")),
        ),
        a_member(
            Role::Developer,
            User {
                known: Known::None,
                mailed_at: None,
                trouble: Some(
                    "The sign-in service does not take this address. Use another one: in the form where the account is set up, or with a new invitation."
                        .to_owned(),
                ),
                ..never(user(3, "Cleo Ng", "cleo@integrators-with-a-long-name.example"))
            },
        ),
        a_member(Role::Agent, user(4, HOSTILE, "dee@harbour.example")),
    ]
}

fn invitation(number: u128, email: &str, role: Role, hours: i64) -> Invitation {
    Invitation {
        id: InvitationId::from_uuid(Uuid::from_u128(number)),
        tenant: tenant(),
        email: email.parse().unwrap(),
        role,
        invited_by: Some(ann()),
        created_at: now() + Duration::hours(hours - 72),
        expires_at: now() + Duration::hours(hours),
        accepted_at: None,
        revoked_at: None,
    }
}

fn people() -> people::People {
    people::People {
        frame: frame(),
        me: ann(),
        members: members(),
        more: Some("usr_1".to_owned()),
        filter: people_page::Filter::default(),
        more_invitations: None,
        invitations: vec![
            invitation(11, "eve@harbour.example", Role::Developer, 70),
            invitation(12, "fay@harbour.example", Role::Owner, -5),
        ],
        form: people::Invite::default(),
        faults: Faults::default(),
        done: None,
        now: now(),
    }
}

fn entry(number: u128, actor: &str, action: Action, outcome: Outcome) -> Entry {
    Entry {
        id: AuditId::from_uuid(Uuid::from_u128(number)),
        at: now() - Duration::seconds(i64::try_from(number).unwrap() * 67),
        actor: actor.to_owned(),
        action: action.as_str().to_owned(),
        outcome,
        target: None,
        detail: None,
        address: Some("203.0.113.24".to_owned()),
        request_id: "req_0192aaaabbbb7ccc8dddeeeeffff0009".to_owned(),
    }
}

fn activity() -> activity::Activity {
    let ann = format!("user:{}", ann());
    activity::Activity {
        frame: frame(),
        entries: vec![
            Entry {
                target: Some("usr_0192aaaabbbb7ccc8dddeeeeffff0007".to_owned()),
                detail: Some("to admin".to_owned()),
                ..entry(1, &ann, Action::ChangeRole, Outcome::Done)
            },
            Entry {
                target: Some(user(4, HOSTILE, "dee@harbour.example").id.to_string()),
                ..entry(6, &ann, Action::ResetAuthenticator, Outcome::Done)
            },
            Entry {
                detail: Some("owners_only".to_owned()),
                ..entry(
                    2,
                    "user:usr_0192aaaabbbb7ccc8dddeeeeffff0007",
                    Action::InviteUser,
                    Outcome::Refused,
                )
            },
            entry(3, &ann, Action::SignIn, Outcome::Done),
            Entry {
                address: None,
                request_id: "registration-reconciler".to_owned(),
                target: Some("reg_0192aaaabbbb7ccc8dddeeeeffff0008".to_owned()),
                ..entry(
                    4,
                    "system:registration-reconciler",
                    Action::ProvisionTenant,
                    Outcome::Done,
                )
            },
            Entry {
                action: "of.another.version".to_owned(),
                detail: Some(HOSTILE.to_owned()),
                ..entry(5, HOSTILE, Action::SignIn, Outcome::Done)
            },
        ],
        more: Some("90".to_owned()),
        choice: vec![super::ann(), user(4, HOSTILE, "dee@harbour.example").id],
        members: vec![
            activity::Known {
                user: super::ann(),
                name: "Ann Kay".to_owned(),
                email: "ann@harbour.example".to_owned(),
            },
            activity::Known {
                user: user(4, HOSTILE, "dee@harbour.example").id,
                name: HOSTILE.to_owned(),
                email: "dee@harbour.example".to_owned(),
            },
        ],
        filter: activity::Filter {
            action: Some(Action::ChangeRole),
            actor: Some("system:sign-in".to_owned()),
            ..activity::Filter::default()
        },
    }
}

/// Every page about people in every state that looks different.
pub(super) fn all() -> Vec<(&'static str, String)> {
    let mut pages = lists();
    pages.extend(about_one_member());
    pages
}

fn lists() -> Vec<(&'static str, String)> {
    vec![
        ("people", html(|| people::view(people()))),
        (
            "people-no-match",
            html(|| {
                people::view(people::People {
                    members: vec![],
                    more: None,
                    filter: people_page::Filter {
                        text: HOSTILE.to_owned(),
                        role: Some(Role::Agent),
                        sort: control::user::Sort::Newest,
                        after: Some(ann()),
                        invited_after: None,
                    },
                    ..people()
                })
            }),
        ),
        (
            "people-faults",
            html(|| {
                people::view(people::People {
                    invitations: vec![],
                    form: people::Invite {
                        email: HOSTILE.to_owned(),
                        role: "admin".to_owned(),
                    },
                    faults: Faults {
                        whole: None,
                        fields: vec![(
                            "email".to_owned(),
                            "Enter an e-mail address like name@company.com.".to_owned(),
                        )],
                    },
                    frame: frame_of(Role::Admin),
                    ..people()
                })
            }),
        ),
        (
            "people-auditor",
            html(|| {
                people::view(people::People {
                    frame: frame_of(Role::Auditor),
                    done: Some(
                        "An invitation is on its way to eve@harbour.example. Its link is good for three days."
                            .to_owned(),
                    ),
                    ..people()
                })
            }),
        ),
        ("activity", html(|| activity::view(activity()))),
        (
            "activity-none",
            html(|| {
                activity::view(activity::Activity {
                    entries: vec![],
                    more: None,
                    ..activity()
                })
            }),
        ),
        (
            "home-agent",
            html(|| {
                home::view(Home {
                    frame: frame_of(Role::Agent),
                    prompts: Prompts {
                        recovery_codes: true,
                        ..Prompts::default()
                    },
                    done: None,
                })
            }),
        ),
        ("home-operator", html(|| home::operator(operator_frame()))),
    ]
}

fn about_one_member() -> Vec<(&'static str, String)> {
    let page = |index: usize, is_me| member::Page {
        frame: frame(),
        member: members().swap_remove(index),
        is_me,
        stays: false,
        role: members()[index].membership.role.as_str().to_owned(),
        faults: Faults::default(),
    };
    vec![
        ("member", html(|| member::view(page(4, false)))),
        ("member-me", html(|| member::view(page(0, true)))),
        (
            "member-last-owner",
            html(|| {
                member::view(member::Page {
                    stays: true,
                    ..page(0, true)
                })
            }),
        ),
        (
            "member-never",
            request_id::with("req_0192aaaabbbb7ccc8dddeeeeffff0002", || {
                html(|| {
                    member::view(member::Page {
                    faults: Faults {
                        whole: Some(
                            "A password was mailed less than two minutes ago. Look into the spam folder, or try again in two minutes."
                                .to_owned(),
                        ),
                        fields: vec![],
                    },
                    ..page(2, false)
                })
                })
            }),
        ),
        ("member-held-up", html(|| member::view(page(3, false)))),
        (
            "member-owner",
            html(|| {
                member::view(member::Page {
                    frame: frame_of(Role::Admin),
                    ..page(1, false)
                })
            }),
        ),
        (
            "member-remove",
            html(|| member::confirm(frame(), members().swap_remove(4), false, Question::Remove)),
        ),
        (
            "member-leave",
            html(|| member::confirm(frame(), members().swap_remove(0), true, Question::Remove)),
        ),
        (
            "member-reset",
            html(|| {
                let question = Question::ResetAuthenticator;
                member::confirm(frame(), members().swap_remove(4), false, question)
            }),
        ),
        (
            "member-reset-never",
            html(|| {
                let question = Question::ResetAuthenticator;
                member::confirm(frame(), members().swap_remove(2), false, question)
            }),
        ),
    ]
}

#[test]
fn who_is_held_up_is_removed_and_invited_again() {
    let page = |name| {
        let mut pages = about_one_member().into_iter();
        pages.find(|(known, _)| *known == name).unwrap().1
    };
    let held_up = page("member-held-up");
    for said in [
        "Use another address",
        "href=\"/people#invite\"",
        "/remove\"",
    ] {
        assert!(held_up.contains(said), "{said}");
    }
    let first = held_up.find("Use another address") < held_up.find("Change the role");
    assert!(first && !held_up.contains("Mail a password"));
    assert!(!page("member-never").contains("Use another address"));
}
