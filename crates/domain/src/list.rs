//! What is asked of a list over all tenants: one shape for each of them, so that pages, files and programs narrow them alike.

use crate::{Error, ErrorKind};

/// A state or an order, as it stands in addresses and JSON.
pub trait Word: Copy + PartialEq + 'static {
    /// All of them, in the order in which they are offered.
    const ALL: &'static [Self];

    /// The word.
    fn word(self) -> &'static str;

    /// What the word stands for.
    fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.word() == word)
    }
}

/// A page begins behind something that is not there: its cursor was made up, or what it names is gone.
pub fn bad_cursor() -> Error {
    Error::new(
        ErrorKind::Malformed,
        "bad_cursor",
        "The cursor is not one of ours, or no longer. Start again without it.",
    )
}

/// By the moment alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
}

impl Word for Order {
    const ALL: &'static [Self] = &[Self::Newest, Self::Oldest];

    fn word(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
        }
    }
}

/// By the moment, or by what a thing is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NamedOrder {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// By name.
    Name,
}

impl Word for NamedOrder {
    const ALL: &'static [Self] = &[Self::Newest, Self::Oldest, Self::Name];

    fn word(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Name => "name",
        }
    }
}

/// Which rows are asked for, in which order, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked<State, Sort, After> {
    /// Those in this state alone.
    pub state: Option<State>,
    /// Those that this names, by an id of ours or of AWS, or by words in their name.
    pub text: Option<Text>,
    /// In which order.
    pub sort: Sort,
    /// Behind this one.
    pub after: Option<After>,
}

impl<State, Sort: Default, After> Default for Asked<State, Sort, After> {
    fn default() -> Self {
        Self {
            state: None,
            text: None,
            sort: Sort::default(),
            after: None,
        }
    }
}

/// What is looked for: printable, without spaces around it, never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(String);

impl Text {
    /// Longer than any id or ARN that is looked for.
    pub const MAX_LEN: usize = 200;

    /// What there is to look for; nothing in an empty field.
    ///
    /// # Errors
    /// Malformed for control characters, which no name and no id has and a database may not take, and for more than
    /// [`Text::MAX_LEN`] characters.
    pub fn read(text: &str) -> Result<Option<Self>, Error> {
        let text = text.trim();
        if text.chars().any(char::is_control) || text.chars().count() > Self::MAX_LEN {
            return Err(Error::new(
                ErrorKind::Malformed,
                "bad_filter",
                "That cannot be looked for. Use a name or an id of at most 200 characters.",
            ));
        }
        Ok(Some(Self(text.to_owned())).filter(|text| !text.0.is_empty()))
    }

    /// As it was asked for.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the last `:` or `/`: of the ARN of a licence, what identifies it.
    pub fn tail(&self) -> &str {
        self.0.rsplit([':', '/']).next().unwrap_or(&self.0)
    }

    /// The last digits of an AWS account: as many as pages show of it, or more.
    pub fn account_end(&self) -> Option<&str> {
        let digits = self.0.trim_start_matches('…');
        let all = digits.bytes().all(|byte| byte.is_ascii_digit());
        Some(digits).filter(|digits| all && (4..=12).contains(&digits.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_back() {
        for order in Order::ALL {
            assert_eq!(Order::of(order.word()), Some(*order));
        }
        assert_eq!(Order::of("size"), None);
    }

    #[test]
    fn what_cannot_be_looked_for_is_refused_and_nothing_is_nothing() {
        let read = |text: &str| Text::read(text).map(|found| found.map(|text| text.0));
        assert_eq!(read("  Harbour  ").unwrap().as_deref(), Some("Harbour"));
        assert_eq!(read("  ").unwrap(), None);
        for wrong in ["a\0b", "a\nb", &"x".repeat(Text::MAX_LEN + 1)] {
            assert_eq!(read(wrong).unwrap_err().code(), "bad_filter");
        }
    }

    #[test]
    fn an_arn_an_account_and_what_is_neither() {
        let text = |text: &str| Text::read(text).unwrap().unwrap();
        let arn = text("arn:aws:license-manager::294406894417:license:l-0a1b");
        assert_eq!((arn.tail(), arn.account_end()), ("l-0a1b", None));
        assert_eq!(text("…4417").account_end(), Some("4417"));
        assert_eq!(text("294406894417").account_end(), Some("294406894417"));
        for wrong in ["417", "44a7", "2944068944170"] {
            assert_eq!(text(wrong).account_end(), None);
        }
    }
}
