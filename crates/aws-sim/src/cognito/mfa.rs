//! Authenticators by the administrator's API: preference and removal. Setting one up is a step of managed login.

use serde_json::{Value, json};

use super::{
    input::{Input, invalid},
    state::PoolEntry,
};
use crate::{
    error::AwsError,
    sim::{Change, Sim},
    switches,
};

/// `AdminSetUserMFAPreference`. As the pool demands MFA, a user without a factor sets one up at the next sign-in.
pub(super) fn set_preference(
    sim: &Sim,
    c: &mut Change<'_>,
    input: Input<'_>,
) -> Result<Value, AwsError> {
    let mut user = input.user(&c.pool)?;
    for (name, factor) in [
        ("SMSMfaSettings", "SMS_MFA"),
        ("EmailMfaSettings", "EMAIL_MFA"),
    ] {
        if input.inner(name).is_some_and(|s| s.flag("Enabled")) {
            return Err(invalid(format!(
                "User does not have delivery config set to turn on {factor}"
            )));
        }
    }
    if let Some(settings) = input.inner("SoftwareTokenMfaSettings") {
        let enabled = settings.flag("Enabled");
        if enabled && user.totp.is_none() {
            return Err(invalid(
                "User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA",
            ));
        }
        if !enabled && settings.flag("PreferredMfa") {
            return Err(invalid(
                "Invalid MFA settings: a factor that is off cannot be preferred.",
            ));
        }
        user.mfa_enabled = enabled;
        user.mfa_preferred = enabled && settings.flag("PreferredMfa");
    }
    user.modified_ms = sim.clock.business_ms();
    PoolEntry::User(user).put(c);
    Ok(json!({}))
}

/// `AdminDeleteSoftwareToken`: the next sign-in sets up a new authenticator.
pub(super) fn delete_software_token(
    sim: &Sim,
    c: &mut Change<'_>,
    input: Input<'_>,
) -> Result<Value, AwsError> {
    let mut user = input.user(&c.pool)?;
    if user.totp.is_none() && switches::is(c, "cognitoNoSoftwareToken", "ResourceNotFoundException")
    {
        return Err(AwsError::client(
            "ResourceNotFoundException",
            "Software token not found.",
        ));
    }
    user.totp = None;
    user.totp_pending = None;
    user.mfa_enabled = false;
    user.mfa_preferred = false;
    user.modified_ms = sim.clock.business_ms();
    PoolEntry::User(user).put(c);
    Ok(json!({}))
}
