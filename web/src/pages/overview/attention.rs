//! What needs somebody: each with what it means and where something can be done about it. Nothing, if nothing does.

use chrono::Duration;
use domain::{
    Timestamp,
    key::{KeyState, PublicKey},
};

use crate::{pages::setup::Prompts, ui::counted};

/// How long before its end a certificate is spoken of: a rotation is work in Amazon Connect, which wants to be planned.
const CERTIFICATE_NOTICE: Duration = Duration::days(60);

/// What is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'a> {
    /// About getting in.
    pub(super) prompts: Prompts,
    /// Units that AWS did not take lately; none for who may not see usage.
    pub(super) not_taken: Option<i64>,
    /// The keys that are in use; none for who may not see them.
    pub(super) keys: &'a [PublicKey],
    /// Now.
    pub(super) now: Timestamp,
}

/// One thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Need {
    /// What it is.
    pub(crate) title: String,
    /// What it means.
    pub(crate) why: &'static str,
    /// Where something can be done about it.
    pub(crate) href: &'static str,
    /// What can be done.
    pub(crate) label: &'static str,
}

/// Everything, what loses money first.
pub(super) fn all(facts: &Facts<'_>) -> Vec<Need> {
    let mut needs = Vec::new();
    if let Some(units) = facts.not_taken.filter(|units| *units > 0) {
        needs.push(Need {
            title: format!(
                "AWS did not take {} in the last 7 days",
                counted(units, "unit", "units")
            ),
            why: "Each hour tells why, whether it is billed, and whether we are looking into it.",
            href: "/usage",
            label: "See the hours",
        });
    }
    for key in facts.keys {
        if key.state != KeyState::Active || key.not_after > facts.now + CERTIFICATE_NOTICE {
            continue;
        }
        let (ends, day) = (key.not_after > facts.now, key.not_after.format("%-d %b %Y"));
        let verb = if ends { "ends" } else { "ended" };
        needs.push(Need {
            title: format!("The certificate of your {} key {verb} on {day}", key.mode),
            why: "Amazon Connect wants a certificate that is valid. Put the new one into your flows before.",
            href: "/keys",
            label: "See the keys",
        });
    }
    if facts.prompts.recovery_codes {
        needs.push(Need {
            title: "You have no recovery codes".to_owned(),
            why: if facts.prompts.second_owner {
                "You are the only owner: if you lose your authenticator, nothing else lets you back in."
            } else {
                "They let you back in if you lose your authenticator."
            },
            href: "/account#recovery-codes",
            label: "Make recovery codes",
        });
    }
    if facts.prompts.second_owner {
        needs.push(Need {
            title: "You are the only owner".to_owned(),
            why: "Add a second owner, who can help if you lose your authenticator.",
            href: "/people#invite",
            label: "Invite an owner",
        });
    }
    needs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{now, public_key};

    fn titles(facts: &Facts<'_>) -> Vec<String> {
        all(facts).into_iter().map(|need| need.title).collect()
    }

    #[test]
    fn what_needs_nobody_is_not_spoken_of() {
        let key = public_key();
        let calm = Facts {
            prompts: Prompts::default(),
            not_taken: Some(0),
            keys: std::slice::from_ref(&key),
            now: now(),
        };
        assert_eq!(titles(&calm), [""; 0]);
        let unseen = Facts {
            not_taken: None,
            keys: &[],
            ..calm
        };
        assert_eq!(titles(&unseen), [""; 0]);
    }

    #[test]
    fn what_loses_money_comes_first_and_a_certificate_is_spoken_of_in_time() {
        let key = public_key();
        let at = |now| Facts {
            prompts: Prompts {
                second_owner: true,
                recovery_codes: true,
            },
            not_taken: Some(1),
            keys: std::slice::from_ref(&key),
            now,
        };
        assert_eq!(
            titles(&at(key.not_after - CERTIFICATE_NOTICE)),
            [
                "AWS did not take 1 unit in the last 7 days",
                "The certificate of your test key ends on 21 Nov 2028",
                "You have no recovery codes",
                "You are the only owner",
            ]
        );
        let before = at(key.not_after - CERTIFICATE_NOTICE - Duration::seconds(1));
        assert!(!titles(&before)[1].contains("certificate"));
        assert!(titles(&at(key.not_after))[1].contains("ended on"));
    }
}
