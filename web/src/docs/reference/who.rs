//! Who may call an operation, in words: each operation with its action, and `policy` asked about every role and scope.
//! `tests/api/docs` holds the words against what everybody is answered.

use domain::{
    Mode, Timestamp,
    api_key::Scope,
    id::{ApiKeyId, SessionId, TenantId, UserId},
    policy::{Action, Actor, Person, permit},
    role::Role,
};
use uuid::Uuid;

/// The operations about a tenant, with the action each of them asks about.
const OPERATIONS: [(&str, Action); 25] = [
    ("getTenant", Action::ReadTenant),
    ("listAgreements", Action::ReadAgreements),
    ("listEntitlements", Action::ReadAgreements),
    ("listSetupItems", Action::ReadSetup),
    ("listKeys", Action::ReadKeys),
    ("getKey", Action::ReadKeys),
    ("getPublicKey", Action::ReadKeys),
    ("getCertificate", Action::ReadKeys),
    ("listApiKeys", Action::ReadApiKeys),
    ("createApiKey", Action::CreateApiKey),
    ("revokeApiKey", Action::RevokeApiKey),
    ("listUsers", Action::ReadUsers),
    ("changeUser", Action::ChangeRole),
    ("removeUser", Action::RemoveUser),
    ("resetAuthenticator", Action::ResetAuthenticator),
    ("resendPassword", Action::ResendPassword),
    ("listInvitations", Action::ReadUsers),
    ("createInvitation", Action::InviteUser),
    ("resendInvitation", Action::InviteUser),
    ("revokeInvitation", Action::RevokeInvitation),
    ("listAuditLog", Action::ReadAuditLog),
    ("listUsage", Action::ReadUsage),
    ("listMeteringRecords", Action::ReadUsage),
    ("recordUsageEvents", Action::RecordUsage),
    // Everybody sees their own.
    ("getAccount", Action::ReadAccount),
];

/// In words.
pub(super) fn may_call(operation: &str) -> String {
    let action = OPERATIONS.iter().find(|(known, _)| *known == operation);
    match action {
        Some((_, action)) if !action.is_own() => of_tenant(*action),
        _ if is_own(operation) => "everybody who is signed in, about themselves.".to_owned(),
        _ => "operators, who work for the vendor of this installation.".to_owned(),
    }
}

fn is_own(operation: &str) -> bool {
    matches!(
        operation,
        "getAccount" | "selectTenant" | "endSession" | "endSessions" | "createRecoveryCodes"
    )
}

fn of_tenant(action: Action) -> String {
    let tenant = TenantId::from_uuid(Uuid::nil());
    let now = Timestamp::UNIX_EPOCH;
    let allowed = |actor: &Actor| permit(actor, action, tenant, now).is_ok();
    let roles = Role::ALL.into_iter().filter(|role| {
        allowed(&Actor::User(Person {
            user: UserId::from_uuid(Uuid::nil()),
            session: SessionId::from_uuid(Uuid::nil()),
            membership: Some((tenant, *role)),
            mfa: true,
            authenticated_at: now,
        }))
    });
    let scopes = Scope::ALL.into_iter().filter(|scope| {
        allowed(&Actor::ApiKey {
            id: ApiKeyId::from_uuid(Uuid::nil()),
            tenant,
            mode: Mode::Test,
            scopes: vec![*scope],
        })
    });
    let roles: Vec<String> = roles.map(|role| role.title().to_lowercase()).collect();
    let scopes: Vec<String> = scopes
        .map(|scope| format!("`{}`", scope.as_str()))
        .collect();
    let mut ways = Vec::new();
    if !roles.is_empty() {
        ways.push(format!("people signed in as {}", roles.join(", ")));
    }
    if !scopes.is_empty() {
        ways.push(format!("API keys with {}", scopes.join(" or ")));
    }
    let mut words = ways.join("; ");
    if action.is_sensitive() {
        words += "; within five minutes of signing in";
    }
    words + "."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_follow_the_policy() {
        for (operation, words) in [
            ("recordUsageEvents", "API keys with `usage:write`."),
            (
                "listUsage",
                "people signed in as owner, admin, developer, auditor; API keys with `usage:read` or `admin:read`.",
            ),
            (
                "createApiKey",
                "people signed in as owner, admin, developer; within five minutes of signing in.",
            ),
            (
                "selectTenant",
                "everybody who is signed in, about themselves.",
            ),
            (
                "listJobs",
                "operators, who work for the vendor of this installation.",
            ),
        ] {
            assert_eq!(may_call(operation), words, "{operation}");
        }
    }

    #[test]
    fn every_operation_is_known() {
        let document = serde_json::to_value(http_api::app::document()).unwrap();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for operation in methods.as_object().unwrap().values() {
                let id = operation["operationId"].as_str().unwrap();
                let known = OPERATIONS.iter().any(|(name, _)| *name == id) || is_own(id);
                assert_eq!(known, !path.starts_with("/api/v1/operator/"), "{id}");
            }
        }
    }
}
