//! The shapes of the rows; they leave the store only as its own plain structs.

pub(super) mod audit;
pub(super) mod key;
