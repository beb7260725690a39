//! How the two services know each other: every request carries a short-lived ES256 token over its method, path and body.
//! The same token may be seen twice within its minute: internal requests are idempotent, and no store of seen tokens is kept.
//! Invariant: one algorithm, one key, one issuer and one audience; what the token's header says about keys is ignored.

mod client;
mod key;
mod layer;
mod token;

pub use client::{PeerClient, PeerError, http_client};
pub use key::{PeerKey, read_jwk};
pub use layer::{PeerCaller, require_peer};
pub use token::{PeerRefusal, PeerSigner, PeerVerifier};
