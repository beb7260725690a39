//! What data keys are wrapped under: the port of `domain` over a key file of this machine, and the keyring of all the wrapping keys that
//! rows may name. AWS KMS is the port's other implementation, in `aws`.
//! Invariant: data keys and wrapping keys are wiped when dropped and have no text form.

mod keyring;
mod local;
mod seal;
mod usable;

pub use keyring::{Keyring, probe};
pub use local::{LocalKeyEncryption, make_wrapping_key};
pub(crate) use seal::{open, seal, text};
pub use usable::Usable;
