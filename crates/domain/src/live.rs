//! What an open page may follow: topics, and marks that are others when something about a topic has changed.

use crate::policy::Action;

/// Something that pages show and that changes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// The set-up: steps and licences.
    Setup,
    /// Usage, and what AWS said to it.
    Usage,
}

impl Topic {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Setup, Self::Usage];

    /// Its name in streams and pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Usage => "usage",
        }
    }

    /// What whoever follows it must be allowed to do.
    pub const fn action(self) -> Action {
        match self {
            Self::Setup => Action::ReadSetup,
            Self::Usage => Action::ReadUsage,
        }
    }
}

/// A mark for each topic of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    /// Of the set-up.
    pub setup: u64,
    /// Of usage.
    pub usage: u64,
}

impl Marks {
    /// The mark as streams and pages write it: sixteen hexadecimal digits.
    pub fn text(self, topic: Topic) -> String {
        let mark = match topic {
            Topic::Setup => self.setup,
            Topic::Usage => self.usage,
        };
        format!("{mark:016x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_written_by_its_topic() {
        let marks = Marks {
            setup: 31,
            usage: u64::MAX,
        };
        assert_eq!(marks.text(Topic::Setup), "000000000000001f");
        assert_eq!(marks.text(Topic::Usage), "ffffffffffffffff");
    }
}
