//! Whether the user pool is set up as this product needs it: what to change, in sentences, for `payphone config check` and the set-up page.
//! Nothing is changed here: `UpdateUserPool` resets every setting that it is not given.

use aws_sdk_cognitoidentityprovider::types::{
    UserPoolMfaType, UserPoolType, UsernameAttributeType,
};
use domain::identity::IdentityError;

use super::{
    CognitoIdentity, MARKER,
    meaning::{ended, meaning},
    unreadable,
};
use crate::call::Call;

impl CognitoIdentity {
    /// Looks at the pool (`DescribeUserPool`, `GetUserPoolMfaConfig`) and says what must change; nothing, if all is well.
    ///
    /// # Errors
    /// As any call: out of reach, or no such pool, or no permission.
    pub async fn check_pool(&self) -> Result<Vec<String>, IdentityError> {
        let call = Call::start("DescribeUserPool");
        let request = self.client.describe_user_pool().user_pool_id(&self.pool);
        let described = ended(&call, &self.pool, request.send().await);
        let described = described.map_err(|failure| meaning(&failure))?;
        let pool = described.user_pool();
        let pool = pool.ok_or_else(|| unreadable("no user pool"))?;

        let call = Call::start("GetUserPoolMfaConfig");
        let request = self.client.get_user_pool_mfa_config();
        let request = request.user_pool_id(&self.pool);
        let factors = ended(&call, &self.pool, request.send().await);
        let factors = factors.map_err(|failure| meaning(&failure))?;

        let mut changes = sign_in(pool);
        if factors.mfa_configuration() != Some(&UserPoolMfaType::On) {
            changes.push("Require MFA in the user pool (MfaConfiguration ON).");
        }
        let authenticator = factors.software_token_mfa_configuration();
        if !authenticator.is_some_and(|settings| settings.enabled) {
            changes
                .push("Allow authenticator apps in the user pool (SoftwareTokenMfaConfiguration).");
        }
        changes.extend(marker(pool));
        Ok(changes.into_iter().map(str::to_owned).collect())
    }
}

/// What cannot be changed once a pool is made is said to need a new one.
/// Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-updating.html>.
fn sign_in(pool: &UserPoolType) -> Vec<&'static str> {
    let mut changes = Vec::new();
    if pool.username_attributes() != [UsernameAttributeType::Email] {
        changes.push(
            "Make a new user pool whose users sign in by e-mail address alone (UsernameAttributes email).",
        );
    }
    // Without the setting a pool distinguishes capitals.
    let configuration = pool.username_configuration();
    if configuration.is_none_or(|configuration| configuration.case_sensitive) {
        changes.push(
            "Make a new user pool that does not distinguish capitals (UsernameConfiguration CaseSensitive false).",
        );
    }
    // Who signs up alone could write any of our users' ids into the marker.
    let creation = pool.admin_create_user_config();
    if !creation.is_some_and(|creation| creation.allow_admin_create_user_only) {
        changes.push("Switch off self sign-up in the user pool (AllowAdminCreateUserOnly true).");
    }
    changes
}

fn marker(pool: &UserPoolType) -> Option<&'static str> {
    let mut attributes = pool.schema_attributes().iter();
    match attributes.find(|attribute| attribute.name() == Some(MARKER)) {
        None => Some(
            "Add the text attribute user_id, not mutable, to the user pool's custom attributes.",
        ),
        Some(attribute) if attribute.mutable() != Some(false) => Some(
            "Make a new user pool whose custom attribute user_id is not mutable: its users could change it.",
        ),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests;
