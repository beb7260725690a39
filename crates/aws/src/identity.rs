//! [`CognitoIdentity`]: the identity provider's port over an Amazon Cognito user pool that signs in by e-mail.
//! An account is ours if it bears our user's id in `custom:user_id`; no other account is adopted, changed or mailed to by [`create`].
//! Invariant: a first password is mailed once for each call that asks for one; nothing here sets or resets a password.
//!
//! [`create`]: Identity::create

mod meaning;
mod pool;

use async_trait::async_trait;
use aws_config::{Region, SdkConfig};
use aws_sdk_cognitoidentityprovider::{
    Client,
    config::Builder,
    operation::admin_get_user::AdminGetUserOutput,
    types::{
        AttributeType, DeliveryMediumType, MessageActionType, SoftwareTokenMfaSettingsType,
        UserStatusType,
    },
};
use domain::{
    id::UserId,
    identity::{Account, Identity, IdentityError, Username},
    registration::Email,
};

use crate::{
    call::Call,
    client::{ATTEMPT, OPERATION, attempts, timeouts},
};
use meaning::{ended, meaning, speaks_of_the_address};

/// The attribute that says which of our users an account was made for. Immutable in the pool, so that nobody can give it to their own account.
const MARKER: &str = "custom:user_id";
/// How Cognito calls an authenticator in the list of a user's factors.
const AUTHENTICATOR: &str = "SOFTWARE_TOKEN_MFA";
/// What may be said of a user who has no authenticator.
const NOTHING_SET_UP: [&str; 3] = [
    "InvalidParameterException",
    "ResourceNotFoundException",
    "UserNotConfirmedException",
];

/// One user pool.
#[derive(Debug, Clone)]
pub struct CognitoIdentity {
    client: Client,
    pool: String,
}

impl CognitoIdentity {
    /// Builds the clients; nothing is called yet. The pool's region is the part of its id before the underscore, wherever we meter.
    pub fn new(config: &SdkConfig, user_pool_id: &str) -> Self {
        let mut shared = Builder::from(config).timeout_config(timeouts(ATTEMPT, OPERATION));
        if let Some((region, _)) = user_pool_id.split_once('_') {
            shared = shared.region(Region::new(region.to_owned()));
        }
        // How long a call may go on, and what a lost answer means, is known to the caller alone.
        let config = shared.retry_config(attempts(1)).build();
        Self {
            client: Client::from_conf(config),
            pool: user_pool_id.to_owned(),
        }
    }

    /// `name` is a username or the address.
    async fn look(&self, name: &str, about: &str) -> Result<AdminGetUserOutput, IdentityError> {
        let call = Call::start("AdminGetUser");
        let request = self.client.admin_get_user().user_pool_id(&self.pool);
        let sent = request.username(name).send().await;
        ended(&call, about, sent).map_err(|failure| meaning(&failure))
    }

    /// The account that is in our way, if it was made for this very user.
    async fn adopt(&self, email: &Email, marker: &str) -> Result<Account, IdentityError> {
        let found = match self.look(email.as_str(), marker).await {
            // It was there a moment ago.
            Err(IdentityError::Unknown) => {
                return Err(IdentityError::Busy("the account just went".to_owned()));
            }
            found => found?,
        };
        if attribute(found.user_attributes(), MARKER) != Some(marker) {
            return Err(IdentityError::Foreign);
        }
        account(&found)
    }
}

#[async_trait]
impl Identity for CognitoIdentity {
    /// A call that our caller repeats after a lost answer meets `UsernameExistsException`, and mails nothing.
    /// `CodeDeliveryFailureException` means that the user was made and the mail was not sent: `resend` is for that.
    /// Source: <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html>.
    async fn create(&self, user: UserId, email: &Email) -> Result<Account, IdentityError> {
        let marker = user.to_string();
        let call = Call::start("AdminCreateUser");
        let sent = self
            .client
            .admin_create_user()
            .user_pool_id(&self.pool)
            .username(email.as_str())
            .user_attributes(named("email", email.as_str())?)
            .user_attributes(named("email_verified", "true")?)
            .user_attributes(named(MARKER, &marker)?)
            // The default is a text message.
            .desired_delivery_mediums(DeliveryMediumType::Email)
            .send()
            .await;
        let bad_address = sent.as_ref().err().is_some_and(speaks_of_the_address);
        let failure = match ended(&call, &marker, sent) {
            Ok(output) => {
                let user = output.user();
                return read(
                    user.and_then(|user| user.username()),
                    user.is_some_and(|user| user.enabled),
                    user.and_then(|user| user.user_status()),
                );
            }
            Err(failure) => failure,
        };
        match failure.code() {
            Some("UsernameExistsException" | "CodeDeliveryFailureException") => {
                self.adopt(email, &marker).await
            }
            Some("InvalidParameterException") if bad_address => {
                Err(IdentityError::BadAddress(failure.to_string()))
            }
            _ => Err(meaning(&failure)),
        }
    }

    async fn find(&self, user: UserId, email: &Email) -> Result<Option<Account>, IdentityError> {
        let marker = user.to_string();
        match self.look(email.as_str(), &marker).await {
            Ok(found) if attribute(found.user_attributes(), MARKER) == Some(&*marker) => {
                account(&found).map(Some)
            }
            Ok(_) | Err(IdentityError::Unknown) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn get(&self, username: &Username) -> Result<Account, IdentityError> {
        account(&self.look(&username.0, &username.0).await?)
    }

    /// By address, because a pool that signs in by e-mail takes nothing else for a username in `AdminCreateUser`.
    async fn resend(&self, username: &Username) -> Result<(), IdentityError> {
        let found = self.look(&username.0, &username.0).await?;
        if account(&found)?.confirmed {
            return Err(IdentityError::AlreadySignedIn);
        }
        let email = attribute(found.user_attributes(), "email");
        let email = email.ok_or_else(|| unreadable("an account without an address"))?;
        let call = Call::start("AdminCreateUser");
        let sent = self
            .client
            .admin_create_user()
            .user_pool_id(&self.pool)
            .username(email)
            .message_action(MessageActionType::Resend)
            .desired_delivery_mediums(DeliveryMediumType::Email)
            .send()
            .await;
        match ended(&call, &username.0, sent) {
            Ok(_) => Ok(()),
            Err(failure) if failure.code() == Some("UnsupportedUserStateException") => {
                Err(IdentityError::AlreadySignedIn)
            }
            Err(failure) => Err(meaning(&failure)),
        }
    }

    async fn enable(&self, username: &Username) -> Result<(), IdentityError> {
        let call = Call::start("AdminEnableUser");
        let request = self.client.admin_enable_user().user_pool_id(&self.pool);
        let sent = request.username(&username.0).send().await;
        let done = ended(&call, &username.0, sent);
        done.map(drop).map_err(|failure| meaning(&failure))
    }

    async fn disable(&self, username: &Username) -> Result<(), IdentityError> {
        let call = Call::start("AdminDisableUser");
        let request = self.client.admin_disable_user().user_pool_id(&self.pool);
        let sent = request.username(&username.0).send().await;
        let done = ended(&call, &username.0, sent);
        done.map(drop).map_err(|failure| meaning(&failure))
    }

    async fn sign_out(&self, username: &Username) -> Result<(), IdentityError> {
        let call = Call::start("AdminUserGlobalSignOut");
        let request = self.client.admin_user_global_sign_out();
        let request = request.user_pool_id(&self.pool);
        let sent = request.username(&username.0).send().await;
        let done = ended(&call, &username.0, sent);
        done.map(drop).map_err(|failure| meaning(&failure))
    }

    async fn delete(&self, username: &Username) -> Result<(), IdentityError> {
        let call = Call::start("AdminDeleteUser");
        let request = self.client.admin_delete_user().user_pool_id(&self.pool);
        let sent = request.username(&username.0).send().await;
        match ended(&call, &username.0, sent).map_err(|failure| meaning(&failure)) {
            Ok(_) | Err(IdentityError::Unknown) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Where MFA is required, switching the preference off changes nothing ("You can't turn off TOTP MFA for any of your users when MFA is
    /// required", `SoftwareTokenMfaSettingsType`), so that the authenticator itself is what must go.
    /// AWS does not document what it says when there is none; what it says is believed only if it listed none before. That the pool and the
    /// account are there is known by then.
    async fn reset_authenticator(&self, username: &Username) -> Result<(), IdentityError> {
        let before = self.look(&username.0, &username.0).await?;
        let factors = before.user_mfa_setting_list();
        let had_one = factors.iter().any(|factor| factor == AUTHENTICATOR);
        let nothing_to_do = |code: Option<&str>| {
            !had_one && code.is_some_and(|code| NOTHING_SET_UP.contains(&code))
        };

        let call = Call::start("AdminSetUserMFAPreference");
        let off = SoftwareTokenMfaSettingsType::builder().enabled(false);
        let request = self.client.admin_set_user_mfa_preference();
        let request = request.user_pool_id(&self.pool).username(&username.0);
        let request = request.software_token_mfa_settings(off.preferred_mfa(false).build());
        match ended(&call, &username.0, request.send().await) {
            Err(failure) if !nothing_to_do(failure.code()) => return Err(meaning(&failure)),
            _ => {}
        }

        let call = Call::start("AdminDeleteSoftwareToken");
        let request = self.client.admin_delete_software_token();
        let request = request.user_pool_id(&self.pool).username(&username.0);
        match ended(&call, &username.0, request.send().await) {
            Err(failure) if !nothing_to_do(failure.code()) => Err(meaning(&failure)),
            _ => Ok(()),
        }
    }
}

fn named(name: &str, value: &str) -> Result<AttributeType, IdentityError> {
    let built = AttributeType::builder().name(name).value(value).build();
    built.map_err(|error| IdentityError::Misconfigured(error.to_string()))
}

fn attribute<'a>(attributes: &'a [AttributeType], name: &str) -> Option<&'a str> {
    let mut found = attributes.iter().filter(|found| found.name() == name);
    found.next().and_then(AttributeType::value)
}

fn account(found: &AdminGetUserOutput) -> Result<Account, IdentityError> {
    let username = Some(found.username());
    read(username, found.enabled, found.user_status())
}

/// A status this version does not know counts as unconfirmed: a resend too many is refused by Cognito.
fn read(
    username: Option<&str>,
    enabled: bool,
    status: Option<&UserStatusType>,
) -> Result<Account, IdentityError> {
    let username = username.filter(|name| !name.is_empty());
    let username = username.ok_or_else(|| unreadable("an account without a username"))?;
    Ok(Account {
        username: Username(username.to_owned()),
        enabled,
        confirmed: matches!(
            status,
            Some(UserStatusType::Confirmed | UserStatusType::ResetRequired)
        ),
    })
}

fn unreadable(what: &str) -> IdentityError {
    IdentityError::Misconfigured(format!("Cognito answered {what}"))
}

#[cfg(test)]
mod tests;
