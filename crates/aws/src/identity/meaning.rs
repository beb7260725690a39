//! How a call to Cognito ended: its line in the log, and what its failure means to the port.
//! Source: the errors of each operation in the Amazon Cognito user pools API reference. No address ever reaches a log line or an error.

use std::error::Error;

use aws_sdk_cognitoidentityprovider::{
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId,
};
use domain::identity::IdentityError;

use crate::{
    call::Call,
    failure::{Cure, Failure},
};

/// Refusals that are part of an ordinary day.
const ORDINARY: [&str; 6] = [
    "InvalidParameterException",
    "UnsupportedUserStateException",
    "UserNotConfirmedException",
    "UserNotFoundException",
    "UsernameExistsException",
    "AliasExistsException",
];

/// How Cognito words that it will not have an address; the code alone (`InvalidParameterException`) might as well be about the pool.
/// An address of more than 128 characters fails the constraint on `'username'`.
const OF_THE_ADDRESS: [&str; 4] = [
    "invalid email address",
    "should be an email",
    "should be either an email",
    "'username'",
];

/// Writes the call's line and hands on what came.
pub(super) fn ended<T, E>(
    call: &Call,
    about: &str,
    sent: Result<T, SdkError<E>>,
) -> Result<T, Failure>
where
    T: RequestId,
    E: ProvideErrorMetadata + Error + 'static,
{
    match sent {
        Ok(output) => {
            call.answered("success", output.request_id(), &about);
            Ok(output)
        }
        Err(error) => {
            let failure = Failure::of(&error);
            match (failure.code(), failure.cure()) {
                (Some(code), _) if ORDINARY.contains(&code) => {
                    call.answered("refused", error.request_id(), &failure);
                }
                (_, Cure::Time) => call.failed("busy", &failure),
                (_, Cure::Person) => call.failed("misconfigured", &failure),
            }
            Err(failure)
        }
    }
}

/// What a failure means, wherever nothing more is known of it.
pub(super) fn meaning(failure: &Failure) -> IdentityError {
    match (failure.code(), failure.cure()) {
        (Some("UserNotFoundException"), _) => IdentityError::Unknown,
        (Some(_), Cure::Time) => IdentityError::Busy(failure.to_string()),
        (None, Cure::Time) => IdentityError::Lost(failure.to_string()),
        (_, Cure::Person) => IdentityError::Misconfigured(failure.to_string()),
    }
}

/// Whether AWS's message, which is read and not kept, is about the address.
pub(super) fn speaks_of_the_address<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    let message = error.message().unwrap_or_default().to_lowercase();
    OF_THE_ADDRESS.iter().any(|words| message.contains(words))
}
