//! Why a token was refused: for the log and for the caller's next step, never with anything of the token in it.
//! Invariant: a variant carries no data, so `Display` and `Debug` cannot leak.

/// The first thing that was wrong with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refused {
    /// Longer than any token of ours.
    #[error("the token is too long")]
    TooLong,
    /// Not three parts of base64url with the JSON that we expect, each name once.
    #[error("the token cannot be read")]
    Malformed,
    /// Signed with another algorithm than RS256, or not at all.
    #[error("the token's algorithm is not RS256")]
    Algorithm,
    /// Its header demands an extension (RFC 7515, 4.1.11); we understand none.
    #[error("the token demands an extension")]
    Critical,
    /// Signed with a key that is not in the set. The set may be out of date.
    #[error("the token's key is not one of the pool's")]
    UnknownKey,
    /// The signature is not that of the key it names.
    #[error("the token's signature is wrong")]
    Signature,
    /// From another user pool.
    #[error("the token is of another issuer")]
    Issuer,
    /// An access token where an ID token belongs, or the other way round.
    #[error("the token is for another use")]
    Use,
    /// For another app client.
    #[error("the token is for another client")]
    Audience,
    /// Of another sign-in than the one that was begun.
    #[error("the token is of another sign-in")]
    Nonce,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// From the future.
    #[error("the token is not valid yet")]
    NotYet,
    /// Good for longer than Cognito makes them.
    #[error("the token is good for too long")]
    Lifetime,
}

impl Refused {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong => "token_too_long",
            Self::Malformed => "token_malformed",
            Self::Algorithm => "token_algorithm",
            Self::Critical => "token_critical",
            Self::UnknownKey => "token_unknown_key",
            Self::Signature => "token_signature",
            Self::Issuer => "token_issuer",
            Self::Use => "token_use",
            Self::Audience => "token_audience",
            Self::Nonce => "token_nonce",
            Self::Expired => "token_expired",
            Self::NotYet => "token_not_yet",
            Self::Lifetime => "token_lifetime",
        }
    }
}
