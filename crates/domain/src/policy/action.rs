//! What can be done: every operation names exactly one action, and the audit trail names it by the same word.

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident => $word:literal),+ $(,)?) => {
        /// Everything that can be done; every operation names exactly one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action {
            $($(#[$doc])* $name),+
        }

        impl Action {
            /// Every action, for the permission matrix.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// How the audit trail names the action.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }
        }
    };
}

actions! {
    /// Make a tenant for a resolved licence.
    RegisterLicence => "licence.register",
    /// Give or correct the first owner's e-mail and name.
    CompleteRegistration => "registration.complete",
    /// Take the next step of setting a tenant up.
    ProvisionTenant => "tenant.provision",
    /// Bring a licence that was just bought into a tenant that exists already.
    AttachLicence => "licence.attach",
    /// See the tenant: what it is called, and whether its subscription is in force.
    ReadTenant => "tenant.read",
    /// See its agreements with AWS Marketplace.
    ReadAgreements => "agreements.read",
    /// See the set-up checklist.
    ReadSetup => "setup.read",
    /// See public keys and certificates.
    ReadKeys => "keys.read",
    /// See API keys, never their secrets.
    ReadApiKeys => "apiKeys.read",
    /// Make an API key.
    CreateApiKey => "apiKey.create",
    /// Revoke an API key.
    RevokeApiKey => "apiKey.revoke",
    /// Send usage events.
    RecordUsage => "usage.record",
    /// See usage and metering records.
    ReadUsage => "usage.read",
    /// Seal and send metering records.
    MeterUsage => "usage.meter",
    /// See who belongs to the tenant and who is invited.
    ReadUsers => "users.read",
    /// Invite somebody, or send an invitation again.
    InviteUser => "invitation.create",
    /// Take an invitation back.
    RevokeInvitation => "invitation.revoke",
    /// Accept an invitation.
    AcceptInvitation => "invitation.accept",
    /// Give a member another role.
    ChangeRole => "user.changeRole",
    /// Remove a member, and end what they have open.
    RemoveUser => "user.remove",
    /// Make the identity provider forget a member's authenticator.
    ResetAuthenticator => "user.resetAuthenticator",
    /// Mail a member who never signed in a new temporary password.
    ResendPassword => "user.resendPassword",
    /// Keep the identity provider's accounts as they should be.
    ProvisionUser => "user.provision",
    /// See and export the audit trail.
    ReadAuditLog => "auditLog.read",
    /// Sign in.
    SignIn => "session.create",
    /// See one's own account, sessions and tenants.
    ReadAccount => "account.read",
    /// Look at another of one's own tenants.
    SelectTenant => "session.selectTenant",
    /// End one's own session, or all of them.
    EndSession => "session.end",
    /// Make new recovery codes for oneself; the ones before stop working.
    MakeRecoveryCodes => "recoveryCodes.create",
    /// Use a recovery code in place of a lost authenticator.
    UseRecoveryCode => "recoveryCode.use",
    /// See where every registration stands.
    ReadRegistrations => "registrations.read",
    /// See every tenant, and where its licences stand.
    ReadTenants => "tenants.read",
    /// See the event inbox.
    ReadEvents => "events.read",
    /// See the jobs that were begun and have not ended.
    ReadJobs => "jobs.read",
    /// Let a quarantined job run again.
    RerunJob => "job.rerun",
}

impl Action {
    /// Whether the action only looks. A look is no line in the audit trail, and needs no second factor.
    pub const fn is_read(self) -> bool {
        matches!(
            self,
            Self::ReadTenant
                | Self::ReadAgreements
                | Self::ReadSetup
                | Self::ReadKeys
                | Self::ReadApiKeys
                | Self::ReadUsage
                | Self::ReadUsers
                | Self::ReadAuditLog
                | Self::ReadAccount
                | Self::ReadRegistrations
                | Self::ReadTenants
                | Self::ReadEvents
                | Self::ReadJobs
        )
    }

    /// Whether a person must have signed in within the last minutes (ASVS 7.5.1): what gives access to somebody or something, and
    /// what changes how people sign in. Taking access away is never held up.
    pub const fn is_sensitive(self) -> bool {
        matches!(
            self,
            Self::CreateApiKey
                | Self::InviteUser
                | Self::ChangeRole
                | Self::ResetAuthenticator
                | Self::MakeRecoveryCodes
                | Self::AttachLicence
        )
    }

    /// Whether the action is about the person themselves and no tenant.
    pub const fn is_own(self) -> bool {
        matches!(
            self,
            Self::ReadAccount | Self::SelectTenant | Self::EndSession | Self::MakeRecoveryCodes
        )
    }
}
