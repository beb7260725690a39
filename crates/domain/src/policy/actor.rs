//! Who acts: the one type that every permission is asked about, and how the audit trail names it.

use crate::{
    api_key::Scope,
    id::{ApiKeyId, InvitationId, LicenceId, SessionId, TenantId, UserId},
    mode::Mode,
    role::Role,
    time::Timestamp,
};

/// A person who is signed in, in the tenant they are looking at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub user: UserId,
    /// In which browser.
    pub session: SessionId,
    /// In which tenant and as what, read from our own tables in this very request; none if no tenant is chosen or left.
    pub membership: Option<(TenantId, Role)>,
    /// Whether a second factor was part of signing in.
    pub mfa: bool,
    /// When they last proved who they are (real time).
    pub authenticated_at: Timestamp,
}

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
    /// Whoever holds the link of an open invitation, for accepting it and nothing else.
    Invitee {
        /// Into which tenant.
        tenant: TenantId,
        /// The invitation.
        invitation: InvitationId,
    },
    /// A person who is signed in.
    User(Person),
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
    /// The vendor's operator: somebody of the group `operators`, or in development whoever has the bearer.
    Operator(Option<Person>),
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
            Self::Invitee { invitation, .. } => format!("invitee:{invitation}"),
            Self::User(person) => format!("user:{}", person.user),
            Self::ApiKey { id, .. } => format!("apiKey:{id}"),
            Self::Operator(Some(person)) => format!("operator:{}", person.user),
            Self::Operator(None) => "operator".into(),
            Self::CardPlane => "cardPlane".into(),
            Self::System(name) => format!("system:{name}"),
        }
    }

    /// The tenant the actor belongs to, if it belongs to one.
    pub fn tenant(&self) -> Option<TenantId> {
        match self {
            Self::Buyer { tenant, .. }
            | Self::Invitee { tenant, .. }
            | Self::ApiKey { tenant, .. } => Some(*tenant),
            Self::User(person) => person.membership.map(|(tenant, _)| tenant),
            _ => None,
        }
    }

    /// The person, if one is signed in.
    pub const fn person(&self) -> Option<&Person> {
        match self {
            Self::User(person) | Self::Operator(Some(person)) => Some(person),
            _ => None,
        }
    }
}
