//! Who may do what: one pure function, and the only place where permission is decided.
//! Another tenant's thing is *not found*, never *forbidden*, so that existence does not leak.

mod action;
mod actor;

pub use action::Action;
pub use actor::{Actor, Person};

use crate::{Error, ErrorKind, api_key::Scope, id::TenantId, role::Role, session, time::Timestamp};

/// Whether `actor` may do `action` in `tenant` at this moment (real time).
///
/// # Errors
/// In this order: not found for another tenant's, 401 for nobody, 403 for too little permission, `mfa_required` (403) for a change
/// without a second factor, `reauth_required` (401) for something sensitive long after signing in.
pub fn permit(
    actor: &Actor,
    action: Action,
    tenant: TenantId,
    now: Timestamp,
) -> Result<(), Error> {
    if let Some(own) = actor.tenant()
        && own != tenant
    {
        return Err(Error::not_found("tenant"));
    }
    let allowed = match actor {
        Actor::Anonymous => return Err(unauthenticated()),
        Actor::Buyer { .. } => matches!(action, Action::CompleteRegistration | Action::ReadSetup),
        Actor::Invitee { .. } => matches!(action, Action::AcceptInvitation),
        Actor::User(person) => match person.membership {
            // Somebody who belongs to no tenant sees none.
            None => return Err(Error::not_found("tenant")),
            Some((_, role)) => role_may(role, action),
        },
        Actor::ApiKey { scopes, .. } => match action {
            Action::RecordUsage => scopes.contains(&Scope::UsageWrite),
            Action::ReadUsage => {
                scopes.contains(&Scope::UsageRead) || scopes.contains(&Scope::AdminRead)
            }
            Action::ReadTenant
            | Action::ReadAgreements
            | Action::ReadSetup
            | Action::ReadKeys
            | Action::ReadApiKeys
            | Action::ReadUsers
            | Action::ReadAuditLog => scopes.contains(&Scope::AdminRead),
            _ => false,
        },
        Actor::Operator(_) => matches!(
            action,
            Action::RecordUsage
                | Action::ReadUsage
                | Action::ReadTenant
                | Action::ReadAgreements
                | Action::ReadSetup
        ),
        Actor::CardPlane => matches!(action, Action::RecordUsage),
        Actor::System(_) => matches!(
            action,
            Action::RegisterLicence | Action::ProvisionTenant | Action::MeterUsage
        ),
    };
    if !allowed {
        return Err(forbidden());
    }
    step_up(actor, action, now)
}

/// What each role may do in its tenant.
const fn role_may(role: Role, action: Action) -> bool {
    use Action::{
        AttachLicence, ChangeRole, CreateApiKey, InviteUser, ReadAgreements, ReadApiKeys,
        ReadAuditLog, ReadKeys, ReadSetup, ReadTenant, ReadUsage, ReadUsers, RemoveUser,
        ResendPassword, ResetAuthenticator, RevokeApiKey, RevokeInvitation,
    };
    match role {
        Role::Owner => matches!(
            action,
            AttachLicence
                | ReadTenant
                | ReadAgreements
                | ReadSetup
                | ReadKeys
                | ReadApiKeys
                | CreateApiKey
                | RevokeApiKey
                | ReadUsage
                | ReadUsers
                | InviteUser
                | RevokeInvitation
                | ChangeRole
                | RemoveUser
                | ResetAuthenticator
                | ResendPassword
                | ReadAuditLog
        ),
        // Owners are out of an admin's reach by `membership::may_change`, which sees whom it is about.
        Role::Admin => !matches!(action, AttachLicence) && role_may(Role::Owner, action),
        Role::Developer => matches!(
            action,
            ReadTenant
                | ReadAgreements
                | ReadSetup
                | ReadKeys
                | ReadApiKeys
                | CreateApiKey
                | RevokeApiKey
                | ReadUsage
                | ReadUsers
        ),
        Role::Agent => matches!(action, ReadTenant),
        Role::Auditor => action.is_read() && role_may(Role::Owner, action),
    }
}

/// Whether `actor` may do `action` about themselves: account, sessions, recovery codes.
///
/// # Errors
/// 401 for nobody, 403 for who is no person; `mfa_required` and `reauth_required` as in [`permit`].
pub fn permit_own(actor: &Actor, action: Action, now: Timestamp) -> Result<&Person, Error> {
    match actor {
        Actor::User(person) | Actor::Operator(Some(person)) if action.is_own() => {
            // Whoever signed in without a second factor may still see where, and sign out.
            if !matches!(action, Action::EndSession | Action::SelectTenant) {
                step_up(actor, action, now)?;
            }
            Ok(person)
        }
        Actor::Anonymous | Actor::Buyer { .. } | Actor::Invitee { .. } => Err(unauthenticated()),
        _ => Err(forbidden()),
    }
}

/// Whether `actor` may do `action` to anybody's account, whichever tenants they belong to: we ourselves, on behalf of who is signing in
/// or cannot.
///
/// # Errors
/// Forbidden for everybody else.
pub fn permit_account(actor: &Actor, action: Action) -> Result<(), Error> {
    match (actor, action) {
        (
            Actor::System(_),
            Action::SignIn
            | Action::EndSession
            | Action::ProvisionUser
            | Action::ResendPassword
            | Action::UseRecoveryCode,
        ) => Ok(()),
        _ => Err(forbidden()),
    }
}

/// Whether `actor` may do `action` across tenants: the operator's views, and nobody else's.
pub fn permit_system(actor: &Actor, action: Action) -> Result<(), Error> {
    match (actor, action) {
        (Actor::Anonymous, _) => Err(unauthenticated()),
        (
            Actor::Operator(_),
            Action::ReadRegistrations
            | Action::ReadTenants
            | Action::ReadEvents
            | Action::ReadJobs
            | Action::RerunJob,
        ) => Ok(()),
        // To a tenant the operator's views do not exist.
        (
            Actor::Buyer { .. } | Actor::Invitee { .. } | Actor::User(_) | Actor::ApiKey { .. },
            _,
        ) => Err(Error::not_found("page")),
        _ => Err(forbidden()),
    }
}

/// The same for the operator's changes.
///
/// # Errors
/// As [`permit_system`]; `mfa_required` and `reauth_required` as in [`permit`].
pub fn permit_system_change(actor: &Actor, action: Action, now: Timestamp) -> Result<(), Error> {
    permit_system(actor, action)?;
    step_up(actor, action, now)
}

/// What a person's way of signing in must have been for this.
fn step_up(actor: &Actor, action: Action, now: Timestamp) -> Result<(), Error> {
    let Some(person) = actor.person() else {
        return Ok(());
    };
    if !person.mfa && !action.is_read() {
        return Err(Error::new(
            ErrorKind::Forbidden,
            "mfa_required",
            "Changes need a second factor. Sign in with an authenticator app, then try again.",
        ));
    }
    if action.is_sensitive() && now >= person.authenticated_at + session::FRESH {
        return Err(Error::new(
            ErrorKind::Unauthenticated,
            "reauth_required",
            "This needs you to sign in again, because more than five minutes have passed since you did.",
        ));
    }
    Ok(())
}

fn unauthenticated() -> Error {
    Error::new(
        ErrorKind::Unauthenticated,
        "unauthenticated",
        "Sign in, or send an API key as `Authorization: Bearer`.",
    )
}

fn forbidden() -> Error {
    Error::new(
        ErrorKind::Forbidden,
        "forbidden",
        "This is not allowed with the credentials you sent.",
    )
}

#[cfg(test)]
mod tests;
