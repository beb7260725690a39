//! The audit trail's actions, in words for people: what somebody did, as a sentence goes on after their name.

use domain::policy::Action;

/// What was done, in words.
pub(super) const fn words(action: Action) -> &'static str {
    match action {
        Action::RegisterLicence => "Registered the subscription",
        Action::CompleteRegistration => "Named the first owner",
        Action::ProvisionTenant => "Took a step of the set-up",
        Action::AttachLicence => "Brought in a subscription",
        Action::ReadTenant => "Looked at the account",
        Action::ReadAgreements => "Looked at the agreements",
        Action::ReadSetup => "Looked at the set-up",
        Action::ReadKeys => "Looked at the keys",
        Action::ReadApiKeys => "Looked at the API keys",
        Action::CreateApiKey => "Made an API key",
        Action::RevokeApiKey => "Revoked an API key",
        Action::RecordUsage => "Sent usage",
        Action::ReadUsage => "Looked at usage",
        Action::MeterUsage => "Metered usage",
        Action::ReadUsers => "Looked at the people",
        Action::InviteUser => "Sent an invitation",
        Action::RevokeInvitation => "Took an invitation back",
        Action::AcceptInvitation => "Accepted an invitation",
        Action::ChangeRole => "Changed a role",
        Action::RemoveUser => "Removed a member",
        Action::ResetAuthenticator => "Reset an authenticator",
        Action::ResendPassword => "Had a first password mailed",
        Action::ProvisionUser => "Looked after a sign-in",
        Action::ReadAuditLog => "Looked at the activity",
        Action::SignIn => "Signed in",
        Action::ReadAccount => "Looked at their own account",
        Action::SelectTenant => "Switched to this account",
        Action::EndSession => "Signed out",
        Action::MakeRecoveryCodes => "Made recovery codes",
        Action::UseRecoveryCode => "Used a recovery code",
        Action::ReadRegistrations => "Looked at registrations",
        Action::ReadTenants => "Looked at tenants",
        Action::ReadEvents => "Looked at events",
        Action::ReadJobs => "Looked at jobs",
        Action::RerunJob => "Ran a job again",
    }
}

/// What the trail's word stands for, if it is one of today's.
pub(super) fn of(word: &str) -> Option<&'static str> {
    Action::ALL
        .iter()
        .find(|action| action.as_str() == word)
        .map(|action| words(*action))
}
