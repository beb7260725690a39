//! What pool and client are set to, as `DescribeUserPool`, `DescribeUserPoolClient` and `GetUserPoolMfaConfig` tell it.

use serde_json::{Value, json};

use super::{input::Input, password, tokens};
use crate::{
    error::AwsError,
    sim::{Change, SELLER_ACCOUNT, Sim},
    switches,
};

/// `DescribeUserPool`.
pub(super) fn pool(sim: &Sim, c: &Change<'_>) -> Value {
    let settings = &sim.settings.pool;
    json!({"UserPool": {
        "Id": settings.id,
        "Name": "payphone",
        "Arn": format!("arn:aws:cognito-idp:{}:{SELLER_ACCOUNT}:userpool/{}", settings.region(), settings.id),
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": password::MIN_LENGTH,
                "RequireUppercase": false,
                "RequireLowercase": false,
                "RequireNumbers": false,
                "RequireSymbols": false,
                "TemporaryPasswordValidityDays": password::TEMPORARY_DAYS,
            },
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
        },
        "DeletionProtection": "ACTIVE",
        "UsernameAttributes": ["email"],
        "AutoVerifiedAttributes": ["email"],
        "UsernameConfiguration": {"CaseSensitive": false},
        "MfaConfiguration": "ON",
        "EstimatedNumberOfUsers": c.pool.users.len(),
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true, "UnusedAccountValidityDays": password::TEMPORARY_DAYS},
        "SchemaAttributes": [
            {"Name": "sub", "AttributeDataType": "String", "Mutable": false, "Required": true},
            {"Name": "email", "AttributeDataType": "String", "Mutable": true, "Required": true},
            {"Name": "email_verified", "AttributeDataType": "Boolean", "Mutable": true, "Required": false},
            {"Name": "custom:user_id", "AttributeDataType": "String", "Mutable": false, "Required": false,
             "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"}},
        ],
        "UserPoolTier": "ESSENTIALS",
    }})
}

/// `DescribeUserPoolClient`.
pub(super) fn client(sim: &Sim, c: &Change<'_>, input: Input<'_>) -> Result<Value, AwsError> {
    let settings = &sim.settings.pool;
    let id = input.required("ClientId", 128)?;
    if id != settings.client_id {
        return Err(no_client(id));
    }
    let rotation = if switches::is(c, "cognitoRefreshTokenRotation", "on") {
        json!({"Feature": "ENABLED", "RetryGracePeriodSeconds": tokens::GRACE_SECONDS})
    } else {
        json!({"Feature": "DISABLED"})
    };
    let mut client = json!({
        "UserPoolId": settings.id,
        "ClientName": "payphone",
        "ClientId": settings.client_id,
        "AccessTokenValidity": tokens::ACCESS_SECONDS / 60,
        "IdTokenValidity": tokens::ACCESS_SECONDS / 60,
        "RefreshTokenValidity": tokens::REFRESH_SECONDS / 3600,
        "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "hours"},
        "ExplicitAuthFlows": [],
        "SupportedIdentityProviders": ["COGNITO"],
        "CallbackURLs": settings.callback_urls,
        "LogoutURLs": settings.logout_urls,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": crate::login::SCOPES,
        "AllowedOAuthFlowsUserPoolClient": true,
        "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": true,
        "AuthSessionValidity": 3,
        "RefreshTokenRotation": rotation,
    });
    if let Some(secret) = &settings.client_secret {
        client["ClientSecret"] = json!(secret.0);
    }
    Ok(json!({ "UserPoolClient": client }))
}

/// The client is not there.
pub(super) fn no_client(id: &str) -> AwsError {
    AwsError::client(
        "ResourceNotFoundException",
        format!("User pool client {id} does not exist."),
    )
}

/// `GetUserPoolMfaConfig`.
pub(super) fn mfa() -> Value {
    json!({"SoftwareTokenMfaConfiguration": {"Enabled": true}, "MfaConfiguration": "ON"})
}
