//! The suite `wire`: the real programs, the real AWS SDKs and aws-sim, driven over HTTP.

mod chaos;
mod races;
mod walk;
