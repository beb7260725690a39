//! Amazon Cognito: one user pool with one confidential app client, and the operations of its API that a back end uses.
//!
//! The browser side (managed login, token endpoint, JWKS) is in [`crate::login`]. Sources: botocore's model of `cognito-idp` for
//! members, limits and error codes, and the Cognito developer guide for the rules, named where a rule stands.
//! Invariant: an answer never says more about a user than AWS's does.

use serde_json::Value;

use crate::{
    error::AwsError,
    sim::{Change, Sim},
    wire::Call,
    world::Entry,
};

pub mod codes;
mod describe;
mod groups;
mod input;
pub mod keys;
mod list;
pub mod lockout;
pub mod mail;
mod mfa;
pub mod password;
pub mod sessions;
pub mod state;
pub mod tokens;
pub mod totp;
mod users;

use input::Input;

#[cfg(test)]
mod tests;

pub use users::is_email;

/// The group of the vendor's own people.
pub const OPERATORS: &str = "operators";

/// What the command line says about pool, client and senders.
#[derive(Debug, Clone)]
pub struct PoolSettings {
    /// `<region>_<id>`.
    pub id: String,
    /// The app client.
    pub client_id: String,
    /// Without one no client authenticates, so nothing gets a token.
    pub client_secret: Option<ClientSecret>,
    /// Where authorization codes may go, compared as text.
    pub callback_urls: Vec<String>,
    /// Where sign-out may lead, compared as text.
    pub logout_urls: Vec<String>,
    /// Becomes an operator at the first start.
    pub operator: Option<String>,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self {
            id: "us-east-1_PayphoneD".into(),
            client_id: "payphoneconsole".into(),
            client_secret: None,
            callback_urls: vec!["http://127.0.0.1:8080/callback".into()],
            logout_urls: vec!["http://127.0.0.1:8080/".into()],
            operator: None,
        }
    }
}

/// The app client's secret, which no log line shows.
#[derive(Clone)]
pub struct ClientSecret(pub String);

impl std::fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientSecret(…)")
    }
}

impl PoolSettings {
    /// The part before the underscore.
    pub fn region(&self) -> &str {
        self.id.split('_').next().unwrap_or_default()
    }

    /// Whether this is the client's secret; compared in constant time, out of habit.
    pub fn is_secret(&self, text: &str) -> bool {
        self.client_secret.as_ref().is_some_and(|secret| {
            aws_lc_rs::constant_time::verify_slices_are_equal(secret.0.as_bytes(), text.as_bytes())
                .is_ok()
        })
    }
}

/// `iss` of every token.
pub fn issuer(sim: &Sim) -> String {
    format!("http://{}/{}", sim.settings.host, sim.settings.pool.id)
}

/// Makes what a first start lacks: signing keys, and the operator of the command line.
///
/// # Errors
///
/// If no key can be made.
pub async fn prepare(sim: &Sim) -> Result<(), String> {
    sim.change(|c| {
        if c.pool.keys.is_empty() {
            keys::rotate(c, true).map_err(|_| "no signing key could be made".to_owned())?;
        }
        match &sim.settings.pool.operator {
            Some(email) if c.pool.by_email(email).is_none() => {
                users::make_operator(sim, c, email).map_err(|why| why.message)
            }
            _ => Ok(()),
        }
    })
    .await
}

/// Operations that carry no signature (`authtype: none` in the model).
pub fn is_open(operation: &str) -> bool {
    matches!(operation, "RevokeToken" | "GetTokensFromRefreshToken")
}

/// Runs one operation.
pub async fn run(sim: &Sim, call: &Call) -> Result<Value, AwsError> {
    let input = Input::new(&call.body);
    sim.change(|c| dispatch(sim, c, call, input)).await
}

fn dispatch(
    sim: &Sim,
    c: &mut Change<'_>,
    call: &Call,
    input: Input<'_>,
) -> Result<Value, AwsError> {
    if !is_open(&call.operation) {
        input.pool(&sim.settings.pool, &call.region)?;
    }
    match call.operation.as_str() {
        "AdminCreateUser" => users::create(sim, c, input),
        "AdminGetUser" => users::get(c, input),
        "AdminDeleteUser" => users::delete(c, input),
        "AdminDisableUser" => users::set_enabled(sim, c, input, false),
        "AdminEnableUser" => users::set_enabled(sim, c, input, true),
        "AdminUpdateUserAttributes" => users::update(sim, c, input),
        "AdminSetUserPassword" => users::set_password(sim, c, input),
        "AdminResetUserPassword" => users::reset_password(sim, c, input),
        "AdminSetUserMFAPreference" => mfa::set_preference(sim, c, input),
        "AdminDeleteSoftwareToken" => mfa::delete_software_token(sim, c, input),
        "AdminUserGlobalSignOut" => sessions::global_sign_out(c, input),
        "AdminListUserSessions" => sessions::list(sim, c, input),
        "AdminRevokeUserSession" => sessions::revoke_one(sim, c, input),
        "RevokeToken" => sessions::revoke_token(sim, c, input),
        "GetTokensFromRefreshToken" => sessions::refresh(sim, c, input),
        "ListUsers" => list::users(c, input),
        "CreateGroup" => groups::create(sim, c, input),
        "GetGroup" => groups::get(sim, c, input),
        "AdminAddUserToGroup" => groups::member(sim, c, input, true),
        "AdminRemoveUserFromGroup" => groups::member(sim, c, input, false),
        "AdminListGroupsForUser" => groups::of_user(sim, c, input),
        "ListUsersInGroup" => groups::users_in(c, input),
        "DescribeUserPool" => Ok(describe::pool(sim, c)),
        "DescribeUserPoolClient" => describe::client(sim, c, input),
        "GetUserPoolMfaConfig" => Ok(describe::mfa()),
        _ => Err(AwsError::client(
            "UnknownOperationException",
            format!("cognito-idp has no operation {} here.", call.operation),
        )),
    }
}

/// Puts a mail into the mailbox.
pub(crate) fn deliver(c: &mut Change<'_>, mail: crate::world::Mail) {
    c.put(Entry::Mail(mail));
}
