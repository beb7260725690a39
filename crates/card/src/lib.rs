//! The card plane: the only place where private keys exist and, later, where card data is opened.
//! Deliberately small: it links nothing of the control plane, and answers it with public halves and masked data alone.
//! Invariant: private key bytes live in types that are wiped, have no `Debug` and no `Serialize`, and leave memory wrapped only.

pub mod app;
pub mod config;
pub mod encryption;
pub mod http;
pub mod key;
pub mod lease;
pub mod store;
