//! Who may do what: one pure function, and the only place where permission is decided.
//! Another tenant's thing is *not found*, never *forbidden*, so that existence does not leak.

use crate::{
    Error, ErrorKind,
    api_key::Scope,
    id::{ApiKeyId, LicenceId, TenantId},
    mode::Mode,
};

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody we know.
    Anonymous,
    /// The buyer who came from AWS Marketplace, by the signed `registration` cookie, for that licence's tenant only.
    Buyer {
        /// The tenant of the licence.
        tenant: TenantId,
        /// The licence.
        licence: LicenceId,
    },
    /// A tenant's integration.
    ApiKey {
        /// The key.
        id: ApiKeyId,
        /// Its tenant.
        tenant: TenantId,
        /// Its mode.
        mode: Mode,
        /// What it may do.
        scopes: Vec<Scope>,
    },
    /// The vendor's operator.
    Operator,
    /// The card plane, on the internal port.
    CardPlane,
    /// Ourselves: jobs and reconcilers, by name.
    System(&'static str),
}

impl Actor {
    /// How the audit trail names the actor.
    pub fn audit_name(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".into(),
            Self::Buyer { licence, .. } => format!("buyer:{licence}"),
            Self::ApiKey { id, .. } => format!("apiKey:{id}"),
            Self::Operator => "operator".into(),
            Self::CardPlane => "cardPlane".into(),
            Self::System(name) => format!("system:{name}"),
        }
    }

    /// The tenant the actor belongs to, if it belongs to one.
    pub const fn tenant(&self) -> Option<TenantId> {
        match self {
            Self::Buyer { tenant, .. } | Self::ApiKey { tenant, .. } => Some(*tenant),
            _ => None,
        }
    }
}

/// Everything that can be done; every operation names exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Make a tenant for a resolved licence.
    RegisterLicence,
    /// Give the first administrator's e-mail and name.
    CompleteRegistration,
    /// Take the next step of setting a tenant up.
    ProvisionTenant,
    /// See the tenant and its agreements.
    ReadTenant,
    /// See the set-up checklist.
    ReadSetup,
    /// See public keys and certificates.
    ReadKeys,
    /// See API keys, never their secrets.
    ReadApiKeys,
    /// Make an API key.
    CreateApiKey,
    /// Revoke an API key.
    RevokeApiKey,
    /// Send usage events.
    RecordUsage,
    /// See usage and metering records.
    ReadUsage,
    /// Seal and send metering records.
    MeterUsage,
    /// See where every registration stands.
    ReadRegistrations,
    /// See the event inbox.
    ReadEvents,
}

impl Action {
    /// Every action, for the permission matrix.
    pub const ALL: [Self; 14] = [
        Self::RegisterLicence,
        Self::CompleteRegistration,
        Self::ProvisionTenant,
        Self::ReadTenant,
        Self::ReadSetup,
        Self::ReadKeys,
        Self::ReadApiKeys,
        Self::CreateApiKey,
        Self::RevokeApiKey,
        Self::RecordUsage,
        Self::ReadUsage,
        Self::MeterUsage,
        Self::ReadRegistrations,
        Self::ReadEvents,
    ];

    /// How the audit trail names the action.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RegisterLicence => "licence.register",
            Self::CompleteRegistration => "registration.complete",
            Self::ProvisionTenant => "tenant.provision",
            Self::ReadTenant => "tenant.read",
            Self::ReadSetup => "setup.read",
            Self::ReadKeys => "keys.read",
            Self::ReadApiKeys => "apiKeys.read",
            Self::CreateApiKey => "apiKey.create",
            Self::RevokeApiKey => "apiKey.revoke",
            Self::RecordUsage => "usage.record",
            Self::ReadUsage => "usage.read",
            Self::MeterUsage => "usage.meter",
            Self::ReadRegistrations => "registrations.read",
            Self::ReadEvents => "events.read",
        }
    }
}

/// Whether `actor` may do `action` in `tenant`.
pub fn permit(actor: &Actor, action: Action, tenant: TenantId) -> Result<(), Error> {
    if let Some(own) = actor.tenant()
        && own != tenant
    {
        return Err(Error::not_found("tenant"));
    }
    let allowed = match actor {
        Actor::Anonymous => return Err(unauthenticated()),
        Actor::Buyer { .. } => matches!(
            action,
            Action::CompleteRegistration
                | Action::ReadTenant
                | Action::ReadSetup
                | Action::ReadKeys
                | Action::ReadApiKeys
                | Action::CreateApiKey
                | Action::RevokeApiKey
                | Action::ReadUsage
        ),
        Actor::ApiKey { scopes, .. } => match action {
            Action::RecordUsage => scopes.contains(&Scope::UsageWrite),
            Action::ReadUsage => {
                scopes.contains(&Scope::UsageRead) || scopes.contains(&Scope::AdminRead)
            }
            Action::ReadTenant | Action::ReadSetup | Action::ReadKeys | Action::ReadApiKeys => {
                scopes.contains(&Scope::AdminRead)
            }
            _ => false,
        },
        Actor::Operator => matches!(
            action,
            Action::RecordUsage | Action::ReadUsage | Action::ReadTenant | Action::ReadSetup
        ),
        Actor::CardPlane => matches!(action, Action::RecordUsage),
        Actor::System(_) => {
            matches!(
                action,
                Action::RegisterLicence | Action::ProvisionTenant | Action::MeterUsage
            )
        }
    };
    if allowed { Ok(()) } else { Err(forbidden()) }
}

/// Whether `actor` may do `action` across tenants: the operator's views, and nobody else's.
pub fn permit_system(actor: &Actor, action: Action) -> Result<(), Error> {
    match (actor, action) {
        (Actor::Anonymous, _) => Err(unauthenticated()),
        (Actor::Operator, Action::ReadRegistrations | Action::ReadEvents) => Ok(()),
        // To a tenant the operator's views do not exist.
        (Actor::Buyer { .. } | Actor::ApiKey { .. }, _) => Err(Error::not_found("page")),
        _ => Err(forbidden()),
    }
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
mod tests {
    use super::*;

    fn tenant(number: u128) -> TenantId {
        TenantId::from_uuid(uuid::Uuid::from_u128(number))
    }

    fn actors() -> Vec<Actor> {
        let mut actors = vec![
            Actor::Anonymous,
            Actor::Buyer {
                tenant: tenant(1),
                licence: LicenceId::from_uuid(uuid::Uuid::nil()),
            },
            Actor::Operator,
            Actor::CardPlane,
            Actor::System("test"),
        ];
        actors.extend(Scope::ALL.map(|scope| Actor::ApiKey {
            id: ApiKeyId::from_uuid(uuid::Uuid::nil()),
            tenant: tenant(1),
            mode: Mode::Test,
            scopes: vec![scope],
        }));
        actors
    }

    /// The whole matrix, as it stands: a change of permission is a change of this golden text.
    #[test]
    fn the_permission_matrix_is_the_golden_file() {
        use std::fmt::Write;
        let mut matrix = String::new();
        for actor in actors() {
            let name = match &actor {
                Actor::ApiKey { scopes, .. } => format!("apiKey {}", scopes[0].as_str()),
                other => other.audit_name().split(':').next().unwrap().to_owned(),
            };
            for action in Action::ALL {
                let own = outcome(permit(&actor, action, tenant(1)));
                let other = outcome(permit(&actor, action, tenant(2)));
                let system = outcome(permit_system(&actor, action));
                writeln!(
                    matrix,
                    "{name:24} {:24} own {own:4} other {other:4} system {system}",
                    action.as_str()
                )
                .unwrap();
            }
        }
        let golden = include_str!("policy/matrix.txt");
        assert_eq!(
            matrix, golden,
            "if the change is meant, put the new matrix into policy/matrix.txt"
        );
    }

    fn outcome(result: Result<(), Error>) -> &'static str {
        match result.map_err(|e| e.kind()) {
            Ok(()) => "yes",
            Err(ErrorKind::Unauthenticated) => "401",
            Err(ErrorKind::Forbidden) => "403",
            Err(ErrorKind::NotFound) => "404",
            Err(_) => "?",
        }
    }

    #[test]
    fn no_tenant_actor_reaches_another_tenant() {
        for actor in actors().iter().filter(|actor| actor.tenant().is_some()) {
            for action in Action::ALL {
                assert_eq!(outcome(permit(actor, action, tenant(2))), "404");
            }
        }
    }
}
