//! The card plane's schema.
