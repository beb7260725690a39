//! A job: one item of background work. It is counted before it is begun, so that one which ends the process is known by that; after
//! [`MOST`] beginnings without an end it is quarantined, and runs again when the operator says so.

use std::str::FromStr;

use crate::{Error, list::Word, time::Timestamp};

/// How often a job is begun without ever coming to an end, good or bad.
pub const MOST: i32 = 5;

/// Which work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Work {
    /// An event of the inbox is applied; items are `evt_…`.
    Event,
    /// A registration is moved on; items are `reg_…`.
    Registration,
    /// A person's account is looked after; items are `usr_…`.
    User,
    /// A mail is sent; items are `mai_…`.
    Mail,
}

impl Work {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Event, Self::Registration, Self::User, Self::Mail];

    /// The word used in tables, addresses and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Registration => "registration",
            Self::User => "user",
            Self::Mail => "mail",
        }
    }
}

impl FromStr for Work {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|work| work.as_str() == text)
            .ok_or_else(|| Error::not_found("job"))
    }
}

/// A job that was begun and has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Which work.
    pub work: Work,
    /// At what, by its id.
    pub item: String,
    /// How often it was begun since it last ended.
    pub attempts: i32,
    /// When it was begun last (real time).
    pub begun_at: Timestamp,
    /// Since when it is begun no more (real time).
    pub quarantined_at: Option<Timestamp>,
}

impl Job {
    /// What its count says of it.
    pub const fn state(&self) -> JobState {
        match (self.quarantined_at, self.attempts) {
            (Some(_), _) => JobState::Quarantined,
            (None, ..=1) => JobState::Running,
            (None, _) => JobState::Suspect,
        }
    }
}

/// Where a job stands that was begun and has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// It is begun no more.
    Quarantined,
    /// It was begun before and never ended.
    Suspect,
    /// It was begun once.
    Running,
}

impl Word for JobState {
    const ALL: &'static [Self] = &[Self::Quarantined, Self::Suspect, Self::Running];

    fn word(self) -> &'static str {
        match self {
            Self::Quarantined => "quarantined",
            Self::Suspect => "suspect",
            Self::Running => "running",
        }
    }
}
