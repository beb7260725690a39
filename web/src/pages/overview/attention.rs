//! What needs somebody: each with what it means and where something can be done about it. Nothing, if nothing does.

use domain::{Timestamp, key::PublicKey};

use crate::{
    pages::{keys::Certificate, setup::Prompts},
    ui::grouped,
    words::say,
};

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
    pub(crate) why: String,
    /// Where something can be done about it.
    pub(crate) href: &'static str,
    /// What can be done.
    pub(crate) label: String,
}

/// Everything, what loses money first.
pub(super) fn all(facts: &Facts<'_>) -> Vec<Need> {
    let mut needs = Vec::new();
    if let Some(units) = facts.not_taken.filter(|units| *units > 0) {
        needs.push(Need {
            title: say!(
                "overview-not-taken-need",
                count = units,
                units = grouped(units)
            ),
            why: say!("overview-not-taken-need-why"),
            href: "/usage",
            label: say!("overview-not-taken-need-see"),
        });
    }
    for key in facts.keys {
        let Some(certificate) = Certificate::of(key, facts.now) else {
            continue;
        };
        needs.push(Need {
            title: certificate.title(key),
            why: say!("overview-certificate-why"),
            href: "/keys",
            label: say!("overview-keys-see"),
        });
    }
    if facts.prompts.recovery_codes {
        needs.push(Need {
            title: say!("overview-no-codes"),
            why: if facts.prompts.second_owner {
                say!("setup-codes-why-alone")
            } else {
                say!("setup-codes-why")
            },
            href: "/account#recovery-codes",
            label: say!("setup-codes"),
        });
    }
    if facts.prompts.second_owner {
        needs.push(Need {
            title: say!("overview-only-owner"),
            why: say!("overview-only-owner-why"),
            href: "/people#invite",
            label: say!("setup-owner-invite"),
        });
    }
    needs
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

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
            titles(&at(key.not_after - Duration::days(59))),
            [
                "AWS did not take 1 unit in the last 7 days",
                "The certificate of your test key ends on 21 Nov 2028",
                "You have no recovery codes",
                "You are the only owner",
            ]
        );
        let before = at(key.not_after - Duration::days(61));
        assert!(!titles(&before)[1].contains("certificate"));
        assert!(titles(&at(key.not_after))[1].contains("ended on"));
    }
}
