//! How the certificate of a key in use stands, and what is said about it: on the page of keys, and on the overview.

use chrono::Duration;
use domain::{
    Timestamp,
    key::{KeyState, PublicKey},
};

use crate::{ui::date, words::say};

/// How long before its end a certificate is spoken of: a rotation is work in Amazon Connect, which wants to be planned.
pub(super) const NOTICE: Duration = Duration::days(60);

/// How a certificate stands that needs somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pages) enum Certificate {
    Ending,
    Over,
}

impl Certificate {
    /// Nothing for one that is good for long, and for a key that nothing is encrypted under any more.
    pub(in crate::pages) fn of(key: &PublicKey, now: Timestamp) -> Option<Self> {
        if key.state != KeyState::Active || key.not_after > now + NOTICE {
            return None;
        }
        Some(if key.not_after > now {
            Self::Ending
        } else {
            Self::Over
        })
    }

    pub(in crate::pages) fn title(self, key: &PublicKey) -> String {
        let mode = key.mode.as_str();
        let day = date(key.not_after);
        match self {
            Self::Ending => say!("keys-certificate-ends", mode = mode, day = day),
            Self::Over => say!("keys-certificate-ended", mode = mode, day = day),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{all, public_key};

    fn page(wanted: &str) -> String {
        let mut pages = all().into_iter();
        pages.find(|(name, _)| *name == wanted).unwrap().1
    }

    #[test]
    fn what_is_over_is_not_in_use_and_the_page_says_what_to_do() {
        for (name, word, todo) in [
            ("keys", ">in use<", None),
            (
                "keys-ending",
                ">certificate ends soon<",
                Some("before that day"),
            ),
            (
                "keys-over",
                ">certificate has ended<",
                Some("for a new key pair"),
            ),
        ] {
            let html = page(name);
            let words = [
                ">in use<",
                ">certificate ends soon<",
                ">certificate has ended<",
            ];
            let said: Vec<_> = words.into_iter().filter(|it| html.contains(it)).collect();
            assert_eq!(said, [word], "{name}");
            assert_eq!(html.contains("class=\"alert"), todo.is_some(), "{name}");
            assert!(todo.is_none_or(|todo| html.contains(todo)), "{name}");
        }
    }

    #[test]
    fn a_page_follows_its_keys_only_while_they_are_being_made() {
        for (name, follows) in [
            ("keys-none", true),
            ("keys", false),
            ("ended-keys-none", false),
        ] {
            let html = page(name);
            assert_eq!(html.contains("data-live=\"setup\""), follows, "{name}");
            assert_eq!(html.contains("LiveStatus"), follows, "{name}");
        }
    }

    #[test]
    fn a_certificate_is_spoken_of_in_time_and_only_while_its_key_is_in_use() {
        let key = public_key();
        let end = key.not_after;
        let second = Duration::seconds(1);
        for (now, stands) in [
            (end - NOTICE - second, None),
            (end - NOTICE, Some(Certificate::Ending)),
            (end - second, Some(Certificate::Ending)),
            (end, Some(Certificate::Over)),
        ] {
            assert_eq!(Certificate::of(&key, now), stands, "{now}");
        }
        let retiring = PublicKey {
            state: KeyState::Retiring,
            ..key
        };
        assert_eq!(Certificate::of(&retiring, end), None);
    }
}
