//! The card plane over HTTP: its internal listener with real peer tokens, its own database in a folder that goes with the test.
//! No binaries and no AWS; the real programs are walked through elsewhere.

mod card;
mod keys;
mod peer;
mod replicas;
mod restart;
mod rewrap;
mod wall;
