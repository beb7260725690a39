//! Users by the administrator's API: made, shown, changed, switched off and on, and removed.
//!
//! Sources: botocore's model, and the developer guide's pages "Creating user accounts as administrator" and "User pool attributes".
//! Invariant: an e-mail address belongs to one user, whatever its case.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    OPERATORS,
    input::{Input, invalid, no_user},
    mail, password, sessions,
    state::{Group, Pool, PoolEntry, Status, User},
};
use crate::{
    error::AwsError,
    sim::{Change, Sim},
};

/// Attributes of the pool's schema: those of OIDC, and what this pool adds.
const ATTRIBUTES: &[&str] = &[
    "address",
    "birthdate",
    "custom:user_id",
    "email",
    "email_verified",
    "family_name",
    "gender",
    "given_name",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "phone_number",
    "phone_number_verified",
    "picture",
    "preferred_username",
    "profile",
    "website",
    "zoneinfo",
];

/// `AdminCreateUser`.
pub(super) fn create(sim: &Sim, c: &mut Change<'_>, input: Input<'_>) -> Result<Value, AwsError> {
    let name = input.required("Username", 128)?;
    let action = input.choice("MessageAction", &["RESEND", "SUPPRESS"])?;
    let mediums = input.texts("DesiredDeliveryMediums");
    let chosen = input.text("TemporaryPassword", 256)?;
    if let Some(chosen) = chosen {
        password::check(chosen)?;
    }
    let temporary = chosen.map_or_else(|| sim.ids.temporary_password(), ToOwned::to_owned);
    let now = sim.clock.business_ms();
    let mut user = if action == Some("RESEND") {
        let user = c.pool.find(name).cloned().ok_or_else(no_user)?;
        if user.status != Status::ForceChangePassword {
            return Err(AwsError::client(
                "UnsupportedUserStateException",
                format!("Resend not possible. {name} status is not FORCE_CHANGE_PASSWORD"),
            ));
        }
        user
    } else {
        let attributes = checked(input.attributes("UserAttributes")?)?;
        fresh(&c.pool, name, attributes, sim.ids.uuid(), now)?
    };
    user.password = Some(password::hash(&sim.ids, &temporary));
    user.temporary_ms = Some(now);
    user.modified_ms = now;
    PoolEntry::User(user.clone()).put(c);
    // The model's default medium is SMS, which this pool does not send: without EMAIL nothing arrives.
    if action != Some("SUPPRESS") && mediums.contains(&"EMAIL") {
        mail::invite(sim, c, &user, &temporary);
    }
    Ok(json!({"User": described(&user, "Attributes")}))
}

fn fresh(
    pool: &Pool,
    name: &str,
    mut attributes: BTreeMap<String, String>,
    username: String,
    now: i64,
) -> Result<User, AwsError> {
    if !is_email(name) {
        return Err(invalid("Username should be an email."));
    }
    let email = attributes
        .entry("email".into())
        .or_insert_with(|| name.to_owned());
    if email.to_lowercase() != name.to_lowercase() {
        return Err(invalid("Username and email attribute do not match."));
    }
    if pool.by_email(name).is_some() {
        return Err(AwsError::client(
            "UsernameExistsException",
            "An account with the given email already exists.",
        ));
    }
    Ok(User {
        username,
        attributes,
        status: Status::ForceChangePassword,
        enabled: true,
        password: None,
        temporary_ms: None,
        totp: None,
        totp_pending: None,
        totp_step: 0,
        mfa_enabled: false,
        mfa_preferred: false,
        groups: BTreeSet::new(),
        reset: None,
        created_ms: now,
        modified_ms: now,
    })
}

/// Enough to tell an address from a name.
pub fn is_email(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'))
        && !text.chars().any(char::is_whitespace)
}

fn checked(list: Vec<(&str, &str)>) -> Result<BTreeMap<String, String>, AwsError> {
    let mut out = BTreeMap::new();
    for (name, value) in list {
        if name == "sub" {
            return Err(invalid("Cannot modify the non-mutable attribute sub"));
        }
        if !ATTRIBUTES.contains(&name) {
            return Err(invalid(format!(
                "Attributes did not conform to the schema: Type for attribute {{{name}}} could not be determined"
            )));
        }
        if name == "email" && !is_email(value) {
            return Err(invalid("Invalid email address format."));
        }
        out.insert(name.to_owned(), value.to_owned());
    }
    Ok(out)
}

/// Makes the operator of the command line, with group and invitation.
pub(super) fn make_operator(sim: &Sim, c: &mut Change<'_>, email: &str) -> Result<(), AwsError> {
    let now = sim.clock.business_ms();
    let attributes = BTreeMap::from([("email_verified".to_owned(), "true".to_owned())]);
    let mut user = fresh(&c.pool, email, attributes, sim.ids.uuid(), now)?;
    if !c.pool.groups.contains_key(OPERATORS) {
        let group = Group {
            name: OPERATORS.into(),
            description: Some("The vendor's own people".into()),
            precedence: None,
            role_arn: None,
            created_ms: now,
        };
        PoolEntry::Group(group).put(c);
    }
    let temporary = sim.ids.temporary_password();
    user.groups.insert(OPERATORS.into());
    user.password = Some(password::hash(&sim.ids, &temporary));
    user.temporary_ms = Some(now);
    PoolEntry::User(user.clone()).put(c);
    mail::invite(sim, c, &user, &temporary);
    Ok(())
}

/// A user as the API shows it; `AdminGetUser` names the list of attributes differently.
pub(super) fn described(user: &User, attributes: &str) -> Value {
    let list: Vec<Value> = user
        .attributes
        .iter()
        .map(|(name, value)| json!({"Name": name, "Value": value}))
        .chain([json!({"Name": "sub", "Value": user.username})])
        .collect();
    json!({
        "Username": user.username,
        attributes: list,
        "UserCreateDate": user.created_ms / 1000,
        "UserLastModifiedDate": user.modified_ms / 1000,
        "Enabled": user.enabled,
        "UserStatus": user.status.as_str(),
    })
}

/// `AdminGetUser`.
pub(super) fn get(c: &Change<'_>, input: Input<'_>) -> Result<Value, AwsError> {
    let user = input.user(&c.pool)?;
    let mut out = described(&user, "UserAttributes");
    if user.totp.is_some() && user.mfa_enabled {
        out["UserMFASettingList"] = json!(["SOFTWARE_TOKEN_MFA"]);
        if user.mfa_preferred {
            out["PreferredMfaSetting"] = json!("SOFTWARE_TOKEN_MFA");
        }
    }
    Ok(out)
}

/// `AdminDeleteUser`.
pub(super) fn delete(c: &mut Change<'_>, input: Input<'_>) -> Result<Value, AwsError> {
    let user = input.user(&c.pool)?;
    sessions::end_all(c, &user.username);
    PoolEntry::UserGone(user.username).put(c);
    Ok(json!({}))
}

/// `AdminDisableUser` and `AdminEnableUser`; disabling ends every session.
pub(super) fn set_enabled(
    sim: &Sim,
    c: &mut Change<'_>,
    input: Input<'_>,
    enabled: bool,
) -> Result<Value, AwsError> {
    let mut user = input.user(&c.pool)?;
    if !enabled {
        sessions::end_all(c, &user.username);
    }
    user.enabled = enabled;
    user.modified_ms = sim.clock.business_ms();
    PoolEntry::User(user).put(c);
    Ok(json!({}))
}

/// `AdminUpdateUserAttributes`; an empty value removes the attribute.
pub(super) fn update(sim: &Sim, c: &mut Change<'_>, input: Input<'_>) -> Result<Value, AwsError> {
    let mut user = input.user(&c.pool)?;
    let changes = checked(input.attributes("UserAttributes")?)?;
    if let Some(email) = changes.get("email") {
        if c.pool
            .by_email(email)
            .is_some_and(|other| other.username != user.username)
        {
            return Err(AwsError::client(
                "AliasExistsException",
                "An account with the given email already exists.",
            ));
        }
        // A new address is unverified unless the same call says otherwise.
        if !email.eq_ignore_ascii_case(user.email()) {
            user.attributes
                .insert("email_verified".into(), "false".into());
        }
    }
    for (name, value) in changes {
        if value.is_empty() {
            user.attributes.remove(&name);
        } else {
            user.attributes.insert(name, value);
        }
    }
    user.modified_ms = sim.clock.business_ms();
    PoolEntry::User(user).put(c);
    Ok(json!({}))
}

/// `AdminSetUserPassword`.
pub(super) fn set_password(
    sim: &Sim,
    c: &mut Change<'_>,
    input: Input<'_>,
) -> Result<Value, AwsError> {
    let mut user = input.user(&c.pool)?;
    let text = input.required("Password", 256)?;
    password::check(text)?;
    let now = sim.clock.business_ms();
    let permanent = input.flag("Permanent");
    user.password = Some(password::hash(&sim.ids, text));
    user.reset = None;
    user.temporary_ms = (!permanent).then_some(now);
    user.status = if permanent {
        Status::Confirmed
    } else {
        Status::ForceChangePassword
    };
    user.modified_ms = now;
    PoolEntry::User(user).put(c);
    Ok(json!({}))
}

/// `AdminResetUserPassword`: the password is void, and a code goes to the verified address.
pub(super) fn reset_password(
    sim: &Sim,
    c: &mut Change<'_>,
    input: Input<'_>,
) -> Result<Value, AwsError> {
    let mut user = input.user(&c.pool)?;
    if user.status == Status::ForceChangePassword || !user.enabled {
        return Err(AwsError::client(
            "NotAuthorizedException",
            "User password cannot be reset in the current state.",
        ));
    }
    if !user.email_verified() {
        return Err(invalid(
            "Cannot reset password for the user as there is no registered/verified email or phone_number",
        ));
    }
    user.status = Status::ResetRequired;
    user.password = None;
    user.modified_ms = sim.clock.business_ms();
    mail::reset_code(sim, c, &mut user);
    PoolEntry::User(user).put(c);
    Ok(json!({}))
}
