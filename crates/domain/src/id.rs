//! Ids: UUIDv7 inside, a prefixed text form outside (`ten_0192…`), one newtype each, so that a mix-up does not compile.
//! Ids are names, never secrets: nothing may rest on their being hard to guess.

use crate::time::Ids;

/// A text that is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0} id")]
pub struct InvalidId(pub &'static str);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $noun:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// The text form's prefix, underscore included.
            pub const PREFIX: &'static str = $prefix;

            /// A new id, ordered by the time it was made.
            pub fn make(ids: &dyn Ids) -> Self {
                Self(ids.uuid())
            }

            /// The id around a UUID that is already known.
            pub const fn from_uuid(uuid: uuid::Uuid) -> Self {
                Self(uuid)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}{}", $prefix, self.0.as_simple())
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.strip_prefix($prefix)
                    // Only the one spelling we write: 32 lower-case hex digits, no hyphens.
                    .filter(|hex| hex.len() == 32 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
                    .and_then(|hex| uuid::Uuid::try_parse(hex).ok())
                    .map(Self)
                    .ok_or(InvalidId($noun))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// A customer of ours: the unit of isolation.
    TenantId, "ten_", "tenant");
id!(
    /// One AWS Marketplace licence, as we know it.
    LicenceId, "lic_", "licence");
id!(
    /// One buyer's way from the Marketplace token to a working tenant.
    RegistrationId, "reg_", "registration");
id!(
    /// A key pair; the private half lives in the card plane alone.
    KeyId, "key_", "key");
id!(
    /// An API key of a tenant.
    ApiKeyId, "apk_", "API key");
id!(
    /// An event kept in the inbox.
    InboxId, "evt_", "event");
id!(
    /// A usage event that was accepted.
    UsageId, "use_", "usage event");
id!(
    /// One licence, dimension and hour in our ledger.
    MeteringId, "met_", "metering record");
id!(
    /// One sending of a metering record.
    AttemptId, "att_", "metering attempt");
id!(
    /// One line of the audit trail.
    AuditId, "aud_", "audit entry");
id!(
    /// A person who signs in.
    UserId, "usr_", "user");
id!(
    /// A signed-in browser. The name shown in lists; the secret that opens it is another thing.
    SessionId, "ses_", "session");
id!(
    /// An invitation into a tenant.
    InvitationId, "inv_", "invitation");
id!(
    /// A mail of ours that is to be sent.
    MailId, "mai_", "mail");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips_and_refuses_every_other_spelling() {
        let id = TenantId::from_uuid(uuid::Uuid::from_u128(
            0x0192_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0001,
        ));
        assert_eq!(id.to_string(), "ten_0192aaaabbbb7ccc8dddeeeeffff0001");
        assert_eq!(id.to_string().parse(), Ok(id));
        for wrong in [
            "",
            "ten_",
            "lic_0192aaaabbbb7ccc8dddeeeeffff0001",
            "ten_0192AAAABBBB7CCC8DDDEEEEFFFF0001",
            "ten_0192aaaa-bbbb-7ccc-8ddd-eeeeffff0001",
            "ten_0192aaaabbbb7ccc8dddeeeeffff000",
            " ten_0192aaaabbbb7ccc8dddeeeeffff0001",
        ] {
            assert_eq!(
                wrong.parse::<TenantId>(),
                Err(InvalidId("tenant")),
                "{wrong:?}"
            );
        }
    }
}
