//! Sample pages of who is not signed in: buyers, the invited, people who cannot get in, and every error page.

use domain::{
    Error, ErrorKind,
    registration::{Step, StepState},
    role::Role,
};

use super::{account::tenants, frame, frame_of, now, reader, step};
use crate::{
    again::{self, Why},
    error_page,
    form::Faults,
    other_tenant::{self, Both},
    pages::{
        help::{self, Help},
        invitation::{self, In, Invitation},
        welcome::view::{self as welcome, Choice, Entered, Form, Named, Open, Own},
    },
    render::{self, html},
    shell::org,
};

fn ann() -> Form {
    Form {
        email: "ann@harbour.example".to_owned(),
        name: "Ann Kay".to_owned(),
    }
}

fn open() -> Open {
    Open {
        subscription: "AWS account ending 4417, pay as you go".to_owned(),
        fields: Form::default(),
        faults: Faults::default(),
        support: frame().support,
    }
}

fn faults() -> Faults {
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

fn named(states: [StepState; 5]) -> Named {
    Named {
        subscription: "AWS account ending 4417, pay as you go".to_owned(),
        sent_to: ann(),
        trouble: None,
        steps: Step::ALL
            .into_iter()
            .zip(states)
            .map(|(name, state)| step(name, state))
            .collect(),
        correcting: false,
        fields: ann(),
        faults: Faults::default(),
        signed_in: false,
        support: frame().support,
    }
}

/// Every page of who is not signed in, in every state that looks different.
pub(super) fn all() -> Vec<(&'static str, String)> {
    let mut pages = welcomes();
    pages.extend(others());
    pages.extend(errors());
    pages.extend(refusals());
    pages
}

fn welcomes() -> Vec<(&'static str, String)> {
    use StepState::{Done, Failed, Waiting};
    vec![
        ("welcome", html(|| welcome::open(open()))),
        (
            "welcome-faults",
            html(|| {
                welcome::open(Open {
                    fields: Form {
                        email: "nobody".to_owned(),
                        name: String::new(),
                    },
                    faults: faults(),
                    ..open()
                })
            }),
        ),
        (
            "welcome-named",
            html(|| welcome::named(named([Done, Done, Waiting, Waiting, Waiting]))),
        ),
        (
            "welcome-correcting",
            html(|| {
                welcome::named(Named {
                    correcting: true,
                    trouble: Some(
                        "The sign-in service does not take this address. Use another one: in the form where the account is set up, or with a new invitation."
                            .to_owned(),
                    ),
                    faults: faults(),
                    ..named([Done, Failed, Done, Done, Waiting])
                })
            }),
        ),
        (
            "welcome-settled",
            html(|| {
                welcome::named(Named {
                    signed_in: true,
                    ..named([Done; 5])
                })
            }),
        ),
        (
            "welcome-entered",
            html(|| {
                welcome::entered(Entered {
                    signed_in: false,
                    support: frame().support,
                })
            }),
        ),
        (
            "welcome-choice",
            html(|| {
                welcome::choice(Choice {
                    account: "AWS account ending 9903".to_owned(),
                    email: "ann@harbour.example".to_owned(),
                    owned: tenants()
                        .into_iter()
                        .map(|(_, tenant)| Own {
                            name: org(&tenant.name, tenant.id),
                            id: tenant.id,
                        })
                        .collect(),
                    support: frame().support,
                })
            }),
        ),
    ]
}

fn others() -> Vec<(&'static str, String)> {
    let invitation = || Invitation {
        tenant: "Harbour Energy Retail".to_owned(),
        role: Role::Developer,
        inviter: Some("Ann Kay".to_owned()),
        known: false,
        email: "eve@harbour.example".to_owned(),
        until: now(),
        action: format!("/invitations/{}", "5a".repeat(32)),
        name: String::new(),
        faults: Faults::default(),
        support: frame().support,
    };
    let help = |help| help::Page {
        help,
        email: String::new(),
        faults: Faults::default(),
        support: frame().support,
    };
    let again = |why| html(|| again::view(why, again::sign_in("/people"), frame().support));
    let accepted = |has_password, is_here| {
        html(|| {
            invitation::accepted(In {
                tenant: "Harbour Energy Retail".to_owned(),
                email: "eve@harbour.example".to_owned(),
                has_password,
                is_here,
                support: frame().support,
            })
        })
    };
    vec![
        ("invitation", html(|| invitation::view(invitation()))),
        (
            "invitation-known",
            html(|| {
                invitation::view(Invitation {
                    known: true,
                    ..invitation()
                })
            }),
        ),
        ("invitation-accepted", accepted(false, false)),
        ("invitation-accepted-known", accepted(true, false)),
        ("invitation-accepted-here", accepted(true, true)),
        ("recover", html(|| help::view(help(Help::Authenticator)))),
        (
            "recover-done",
            html(|| help::done(Help::Authenticator, frame().support)),
        ),
        (
            "first-password",
            html(|| help::view(help(Help::FirstPassword))),
        ),
        (
            "first-password-done",
            html(|| help::done(Help::FirstPassword, frame().support)),
        ),
        ("sign-in-again", again(Why::Sensitive)),
        ("sign-in-gone", again(Why::SignedOut)),
        (
            "signed-out",
            html(|| crate::sign_in::view("/login".to_owned(), frame().support)),
        ),
    ]
}

fn error(kind: ErrorKind, code: &'static str, message: &'static str) -> String {
    let page = error_page::ErrorPage::of(&reader(), &Error::new(kind, code, message));
    render::html(|| error_page::view(page))
}

fn refusals() -> Vec<(&'static str, String)> {
    vec![
        ("error-role", {
            let error = Error::new(ErrorKind::Forbidden, "forbidden", "This is not allowed.");
            let frame = frame_of(Role::Agent);
            let page = error_page::ErrorPage::of_member(&reader(), &error, &frame.actor);
            html(|| error_page::view_within(page, frame))
        }),
        (
            "error-corrections",
            error(ErrorKind::TooMany, "too_many_corrections", "Too often."),
        ),
        ("error-other-tenant", {
            let both = Both {
                page: "/people".to_owned(),
                now: "Harbour Energy Retail".to_owned(),
                meant: Some((super::tenant(), "AWS account ending 4417".to_owned())),
            };
            let error = other_tenant::error();
            let page = error_page::ErrorPage::of_other_tenant(&reader(), &error, both);
            html(|| error_page::view_within(page, frame()))
        }),
    ]
}

fn errors() -> Vec<(&'static str, String)> {
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
            "error-no-membership",
            error(ErrorKind::Forbidden, "no_membership", "You signed in."),
        ),
        (
            "error-mfa",
            error(ErrorKind::Forbidden, "mfa_required", "Changes need more."),
        ),
        (
            "error-invitation-over",
            error(
                ErrorKind::Gone,
                "invitation_over",
                "This invitation was good for three days, and they are over. Ask whoever invited you to send it again.",
            ),
        ),
        (
            "error-sign-in-lost",
            error(ErrorKind::Malformed, "sign_in_lost", "Start again."),
        ),
        (
            "error-login-busy",
            error(ErrorKind::Unavailable, "login_busy", "Try again."),
        ),
        (
            "error-set-up",
            error(
                ErrorKind::Conflict,
                "already_set_up",
                "Somebody has signed in to this account already, so its owner can no longer be changed here. Sign in instead.",
            ),
        ),
        (
            "error-forbidden",
            error(ErrorKind::Forbidden, "forbidden", "Not allowed."),
        ),
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
