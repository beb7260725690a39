//! The audit trail's actions, in words for people: what somebody did, as a sentence goes on after their name.

use domain::{audit::Outcome, policy::Action};

use crate::words::say;

/// What was done, in words.
pub(super) fn words(action: Action) -> String {
    match action {
        Action::RegisterLicence => say!("activity-register-licence"),
        Action::CompleteRegistration => say!("activity-complete-registration"),
        Action::ProvisionTenant => say!("activity-provision-tenant"),
        Action::AttachLicence => say!("activity-attach-licence"),
        Action::ReadTenant => say!("activity-read-tenant"),
        Action::ReadAgreements => say!("activity-read-agreements"),
        Action::ReadSetup => say!("activity-read-setup"),
        Action::ReadKeys => say!("activity-read-keys"),
        Action::ReadApiKeys => say!("activity-read-api-keys"),
        Action::CreateApiKey => say!("activity-create-api-key"),
        Action::RevokeApiKey => say!("activity-revoke-api-key"),
        Action::RecordUsage => say!("activity-record-usage"),
        Action::ReadUsage => say!("activity-read-usage"),
        Action::MeterUsage => say!("activity-meter-usage"),
        Action::ReadUsers => say!("activity-read-users"),
        Action::InviteUser => say!("activity-invite-user"),
        Action::RevokeInvitation => say!("activity-revoke-invitation"),
        Action::AcceptInvitation => say!("activity-accept-invitation"),
        Action::ChangeRole => say!("activity-change-role"),
        Action::RemoveUser => say!("activity-remove-user"),
        Action::ResetAuthenticator => say!("activity-reset-authenticator"),
        Action::ResendPassword => say!("activity-resend-password"),
        Action::ProvisionUser => say!("activity-provision-user"),
        Action::ReadAuditLog => say!("activity-read-audit-log"),
        Action::SignIn => say!("activity-sign-in"),
        Action::ReadAccount => say!("activity-read-account"),
        Action::SelectTenant => say!("activity-select-tenant"),
        Action::EndSession => say!("activity-end-session"),
        Action::MakeRecoveryCodes => say!("activity-make-recovery-codes"),
        Action::UseRecoveryCode => say!("activity-use-recovery-code"),
        Action::ReadRegistrations => say!("activity-read-registrations"),
        Action::ReadTenants => say!("activity-read-tenants"),
        Action::ReadEvents => say!("activity-read-events"),
        Action::ReadJobs => say!("activity-read-jobs"),
        Action::RerunJob => say!("activity-rerun-job"),
    }
}

/// What the trail's word stands for, if it is one of today's.
pub(super) fn of(word: &str) -> Option<String> {
    Action::ALL
        .iter()
        .find(|action| action.as_str() == word)
        .map(|action| words(*action))
}

/// How it ended.
pub(super) fn outcome(outcome: Outcome) -> String {
    match outcome {
        Outcome::Done => say!("activity-done"),
        Outcome::Refused => say!("activity-refused"),
    }
}
