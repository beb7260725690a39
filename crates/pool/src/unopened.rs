//! Why a database was not opened: what only a person mends, or what passes by itself.

use std::fmt;

use sea_orm::DbErr;

use crate::fault::{Kind, kind, of_sqlx};

/// Sentences for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unopened {
    sentences: Vec<String>,
    passes: bool,
}

impl Unopened {
    /// What passes by itself: the server does not answer, starts or is no writer yet.
    pub(crate) fn passing(sentence: String) -> Self {
        Self {
            sentences: vec![sentence],
            passes: true,
        }
    }

    /// What the database said, in a sentence that says at what.
    pub fn because(error: &DbErr, sentence: String) -> Self {
        Self::of(kind(error), sentence)
    }

    pub(crate) fn because_of_sqlx(error: &sqlx::Error, sentence: String) -> Self {
        Self::of(of_sqlx(error), sentence)
    }

    fn of(kind: Kind, sentence: String) -> Self {
        match kind {
            Kind::Away | Kind::Undone | Kind::Busy | Kind::Full => Self::passing(sentence),
            Kind::Text | Kind::Ours => sentence.into(),
        }
    }

    /// Whether trying again may do.
    pub const fn passes(&self) -> bool {
        self.passes
    }

    /// A sentence for each fault.
    pub fn sentences(self) -> Vec<String> {
        self.sentences
    }
}

impl From<String> for Unopened {
    fn from(sentence: String) -> Self {
        Self::from(vec![sentence])
    }
}

impl From<Vec<String>> for Unopened {
    fn from(sentences: Vec<String>) -> Self {
        Self {
            sentences,
            passes: false,
        }
    }
}

impl fmt::Display for Unopened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentences.join("\n"))
    }
}

impl std::error::Error for Unopened {}
