//! The switches about sign-in and mail: points where Cognito's and SES's documents are silent, or where an account may be set either way.

use super::{
    Switch,
    Values::{Number, OneOf},
};

/// Those switches.
pub(super) const SWITCHES: &[Switch] = &[
    Switch {
        name: "cognitoPkceRequired",
        values: OneOf(&["on", "off"]),
        meaning: "the authorize endpoint refuses a request without code_challenge (AWS itself does not demand one)",
    },
    Switch {
        name: "cognitoMaxAgeHonoured",
        values: OneOf(&["yes", "no"]),
        meaning: "max_age at the authorize endpoint asks for a new sign-in when the browser's is older, or is ignored (AWS's page does not list it)",
    },
    Switch {
        name: "cognitoPromptHonoured",
        values: OneOf(&["yes", "no"]),
        meaning: "prompt=login and prompt=none have their effect, or are ignored as by the classic hosted UI",
    },
    Switch {
        name: "cognitoAuthTimeOnSso",
        values: OneOf(&["ofSignIn", "ofCode"]),
        meaning: "auth_time of tokens got through an existing browser session is when the user signed in, or when the code was issued",
    },
    Switch {
        name: "cognitoRefreshTokenRotation",
        values: OneOf(&["on", "off"]),
        meaning: "a refresh answers a new refresh token and the old one ends after 60 s, or the old one stays",
    },
    Switch {
        name: "cognitoTotpReuse",
        values: OneOf(&["refused", "accepted"]),
        meaning: "a code of an authenticator that was used before is refused as by AWS, or taken again, for tests that sign in often",
    },
    Switch {
        name: "cognitoSessionMinutes",
        values: Number(3, 1, 60),
        meaning: "how long each step of a sign-in may take, in minutes of real time (AuthSessionValidity, 3 to 15 at AWS)",
    },
    Switch {
        name: "cognitoSessionOperations",
        values: OneOf(&["offered", "OperationNotEnabledException"]),
        meaning: "AdminListUserSessions and AdminRevokeUserSession work, or are not enabled for the pool",
    },
    Switch {
        name: "cognitoNoSoftwareToken",
        values: OneOf(&["succeeds", "ResourceNotFoundException"]),
        meaning: "AdminDeleteSoftwareToken for a user without an authenticator",
    },
    Switch {
        name: "sesSandbox",
        values: OneOf(&["off", "on"]),
        meaning: "the SES account is still in the sandbox: GetAccount says so, and mail goes to verified addresses only",
    },
];
