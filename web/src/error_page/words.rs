//! The one place that gives errors their words for people, by their code and else by their kind.

use domain::{Error, ErrorKind};
use runtime::problem::status_of;

/// The heading, and the message where the error's own was written for machines.
pub(super) fn words(error: &Error) -> (&'static str, Option<&'static str>) {
    match (error.code(), error.kind()) {
        ("token_invalid", _) => (
            "This link did not work",
            Some("It did not come from AWS Marketplace, or it was cut short. Come in from there:"),
        ),
        ("token_expired", _) => (
            "This link has expired",
            Some(
                "It is good for four hours, and they are over. Your subscription is fine and you need no new one: only press Set up your account again.",
            ),
        ),
        ("token_missing", _) => (
            "AWS Marketplace sent nothing along",
            Some("This address only works with what it sends along. Come in from there:"),
        ),
        ("foreign_product", _) => (
            "This is another product's subscription",
            Some("Payphone has a subscription of its own. Come in from that one:"),
        ),
        ("licence_missing", _) => ("AWS Marketplace did not name your licence", None),
        ("licence_ended", _) => (
            "This subscription has ended",
            Some(
                "It can no longer be set up. Subscribe again in AWS Marketplace to start a new one.",
            ),
        ),
        ("marketplace_busy", _) => ("AWS Marketplace is busy", None),
        ("marketplace_misconfigured", _) => (
            "Something is wrong on our side",
            Some(
                "Your subscription is fine, and we have been told. Try again later, or write to us.",
            ),
        ),
        ("unauthenticated", _) => (
            "Come in through AWS Marketplace",
            Some(
                "The link has expired (it is good for an hour), or it was opened in another browser. Come in again:",
            ),
        ),
        ("unsupported_media_type", _) => ("That was not a form", None),
        (code, kind) => people(code).unwrap_or_else(|| general(kind)),
    }
}

/// About signing in, and about people.
fn people(code: &str) -> Option<(&'static str, Option<&'static str>)> {
    Some(match code {
        "other_tenant" => (
            "That was for another account",
            Some("You switched to another account in another tab. Nothing was changed."),
        ),
        "no_membership" => (
            "You belong to no account here",
            Some(
                "You signed in, but no Payphone account has you as a member any more. Ask an owner to invite you, or come in from AWS Marketplace. If you have another address, sign in with that one.",
            ),
        ),
        "mfa_required" => (
            "This needs a second factor",
            Some(
                "You signed in with a password alone. That is enough to look at things, not to change them. Sign in again with your authenticator app, then do it once more.",
            ),
        ),
        "forbidden" => (
            "Your role does not allow this",
            Some("Ask an owner or an admin of your account to do it, or to give you another role."),
        ),
        "invitation_over" => ("This invitation is over", None),
        "owners_only" => ("Only an owner can do this", None),
        "last_owner" => ("The last owner stays", None),
        "already_member" => ("Already a member", None),
        "already_invited" => ("Already invited", None),
        "too_many_invitations" => ("Too many open invitations", None),
        "too_many_corrections" => (
            "That was too often for today",
            Some("This form was sent ten times today. Try again tomorrow, or write to support."),
        ),
        "too_many_requests" => ("That was too often", None),
        "mailed_already" => ("A mail is on its way already", None),
        "already_signed_in" => ("This person has a password already", None),
        "already_set_up" => ("This subscription is set up already", None),
        "wrong_state" | "sign_in_used" => (
            "That was another sign-in",
            Some(
                "It was begun in another tab, or was finished before. Nobody was signed in by it. Start again:",
            ),
        ),
        "sign_in_lost" => (
            "We lost track of your sign-in",
            Some(
                "It was begun in another browser, or cookies are switched off, or it took too long. Start again:",
            ),
        ),
        "sign_in_too_late" => (
            "Signing in took too long",
            Some("It has to be finished within half an hour. Start again:"),
        ),
        "sign_in_not_fresh" => (
            "You were not asked for your password",
            Some(
                "What you want to do needs a fresh sign-in, and the sign-in page let you through without one. Start again:",
            ),
        ),
        "sign_in_refused" => ("You are not signed in", None),
        "login_busy" => (
            "The sign-in page does not answer",
            Some("Nothing is wrong with your account. Try again in a minute:"),
        ),
        "login_misconfigured" => (
            "Something is wrong on our side with signing in",
            Some("We have been told. Try again later, or write to us."),
        ),
        _ => return None,
    })
}

/// For codes without words of their own.
fn general(kind: ErrorKind) -> (&'static str, Option<&'static str>) {
    match kind {
        ErrorKind::TooLarge => (
            "That was too much at once",
            Some("The form was larger than this address takes. Go back and send less."),
        ),
        ErrorKind::NotFound => (
            "There is nothing here",
            Some("The address may be mistyped, or what was here is gone."),
        ),
        ErrorKind::Malformed => ("We could not read that", None),
        ErrorKind::Forbidden => ("This is not allowed", None),
        ErrorKind::Internal => (
            "Something went wrong on our side",
            Some("Try again. If it stays, write to us."),
        ),
        ErrorKind::Unavailable => ("Not available right now", None),
        ErrorKind::TooMany => ("Too often", None),
        kind => (status_of(kind).1, None),
    }
}
