//! The switches about KMS.

use super::{Switch, Values::OneOf};

/// What decides over the wrapping key.
pub(super) const SWITCHES: &[Switch] = &[Switch {
    name: "kmsAccess",
    values: OneOf(&["allowed", "denied"]),
    meaning: "KMS answers, or every call of it fails with AccessDeniedException",
}];
