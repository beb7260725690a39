//! The one place that gives errors their words for people, by their code and else by their kind.

use domain::{Error, ErrorKind};
use runtime::problem::status_of;

use crate::words::{local, say};

/// The heading, and the message where the error's own was written for machines.
pub(super) fn words(error: &Error) -> (String, Option<String>) {
    match (error.code(), error.kind()) {
        ("token_invalid", _) => (
            say!("errors-token-invalid"),
            Some(say!("errors-token-invalid-why")),
        ),
        ("token_expired", _) => (
            say!("errors-token-expired"),
            Some(say!("errors-token-expired-why")),
        ),
        ("token_missing", _) => (
            say!("errors-token-missing"),
            Some(say!("errors-token-missing-why")),
        ),
        ("foreign_product", _) => (
            say!("errors-foreign-product"),
            Some(say!("errors-foreign-product-why")),
        ),
        ("licence_missing", _) => (say!("errors-licence-missing"), None),
        ("licence_ended", _) => (
            say!("errors-licence-ended"),
            Some(say!("errors-licence-ended-why")),
        ),
        ("marketplace_busy", _) => (say!("errors-marketplace-busy"), None),
        ("marketplace_misconfigured", _) => (
            say!("errors-marketplace-misconfigured"),
            Some(say!("errors-marketplace-misconfigured-why")),
        ),
        ("unauthenticated", _) => (
            say!("errors-unauthenticated"),
            Some(say!("errors-unauthenticated-why")),
        ),
        ("unsupported_media_type", _) => (say!("errors-not-a-form"), None),
        ("method_not_allowed", _) => (say!("errors-method"), Some(say!("errors-method-why"))),
        (code, kind) => people(code).unwrap_or_else(|| general(kind)),
    }
}

/// About signing in, and about people.
fn people(code: &str) -> Option<(String, Option<String>)> {
    Some(match code {
        "other_tenant" => (
            say!("errors-other-tenant"),
            Some(say!("errors-other-tenant-why")),
        ),
        "no_membership" => (
            say!("errors-no-membership"),
            Some(say!("errors-no-membership-why")),
        ),
        "mfa_required" => (
            say!("errors-mfa-required"),
            Some(say!("errors-mfa-required-why")),
        ),
        "forbidden" => (say!("errors-role"), Some(say!("errors-role-why"))),
        "invitation_over" => (say!("errors-invitation-over"), None),
        "owners_only" => (say!("errors-owners-only"), None),
        "last_owner" => (say!("errors-last-owner"), None),
        "already_member" => (say!("errors-already-member"), None),
        "already_invited" => (say!("errors-already-invited"), None),
        "too_many_invitations" => (say!("errors-too-many-invitations"), None),
        "too_many_corrections" => (
            say!("errors-too-many-corrections"),
            Some(say!("errors-too-many-corrections-why")),
        ),
        "too_many_requests" => (say!("errors-too-many-requests"), None),
        "mailed_already" => (say!("errors-mailed-already"), None),
        "already_signed_in" => (say!("errors-already-signed-in"), None),
        "already_set_up" => (say!("errors-already-set-up"), None),
        "wrong_state" | "sign_in_used" => (
            say!("errors-wrong-state"),
            Some(say!("errors-wrong-state-why")),
        ),
        "sign_in_lost" => (
            say!("errors-sign-in-lost"),
            Some(say!("errors-sign-in-lost-why")),
        ),
        "sign_in_too_late" => (
            say!("errors-sign-in-too-late"),
            Some(say!("errors-sign-in-too-late-why")),
        ),
        "sign_in_not_fresh" => (
            say!("errors-sign-in-not-fresh"),
            Some(say!("errors-sign-in-not-fresh-why")),
        ),
        "sign_in_refused" => (say!("errors-sign-in-refused"), None),
        "login_busy" => (
            say!("errors-login-busy"),
            Some(say!("errors-login-busy-why")),
        ),
        "login_misconfigured" => (
            say!("errors-login-misconfigured"),
            Some(say!("errors-login-misconfigured-why")),
        ),
        _ => return None,
    })
}

/// For codes without words of their own.
fn general(kind: ErrorKind) -> (String, Option<String>) {
    match kind {
        ErrorKind::TooLarge => (say!("errors-too-large"), Some(say!("errors-too-large-why"))),
        ErrorKind::NotFound => (say!("errors-not-found"), Some(say!("errors-not-found-why"))),
        ErrorKind::Malformed => (say!("errors-malformed"), None),
        ErrorKind::Forbidden => (say!("errors-forbidden"), None),
        ErrorKind::Internal => (say!("errors-internal"), Some(say!("errors-internal-why"))),
        ErrorKind::Unavailable => (say!("errors-unavailable"), None),
        ErrorKind::TooMany => (say!("errors-too-many"), None),
        kind => (local(status_of(kind).1).into_owned(), None),
    }
}
