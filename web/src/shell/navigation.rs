//! The navigation: every entry names what one must be allowed to do to find anything behind it.
//! Hiding an entry is a courtesy; what keeps people out is the operation behind the page.

use domain::policy::Action;
use leptos::prelude::*;

use super::Frame;

/// The entries of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Home,
    Overview,
    SetUp,
    Keys,
    Usage,
    Subscription,
    People,
    ApiKeys,
    Activity,
    Account,
    Tenants,
    Registrations,
    AllTenants,
    Events,
    Jobs,
    Docs,
}

struct Entry {
    group: &'static str,
    place: Place,
    href: &'static str,
    label: &'static str,
}

const fn entry(
    group: &'static str,
    place: Place,
    href: &'static str,
    label: &'static str,
) -> Entry {
    Entry {
        group,
        place,
        href,
        label,
    }
}

const ENTRIES: [Entry; 16] = [
    entry("Start", Place::Home, "/", "Home"),
    entry("Start", Place::Overview, "/", "Overview"),
    entry("Start", Place::SetUp, "/setup", "Set up"),
    entry(
        "All customers",
        Place::Registrations,
        "/operator/registrations",
        "Registrations",
    ),
    entry(
        "All customers",
        Place::AllTenants,
        "/operator/tenants",
        "Tenants",
    ),
    entry("All customers", Place::Events, "/operator/events", "Events"),
    entry("All customers", Place::Jobs, "/operator/jobs", "Jobs"),
    entry("Amazon Connect", Place::Keys, "/keys", "Keys"),
    entry("Billing", Place::Usage, "/usage", "Usage"),
    entry(
        "Billing",
        Place::Subscription,
        "/subscription",
        "Subscription",
    ),
    entry("Account", Place::People, "/people", "People"),
    entry("Account", Place::ApiKeys, "/api-keys", "API keys"),
    entry("Account", Place::Activity, "/activity", "Activity"),
    entry("Account", Place::Account, "/account", "Account"),
    entry("Account", Place::Tenants, "/tenants", "Choose an account"),
    entry("Help", Place::Docs, "/docs", "Docs"),
];

impl Place {
    /// Whether the entry is there for whom the frame is about.
    fn is_for(self, frame: &Frame) -> bool {
        let inside = frame.org.is_some();
        match self {
            Self::Home => frame.is_operator() || (inside && !frame.may(Action::ReadSetup)),
            Self::Overview | Self::SetUp => frame.may(Action::ReadSetup),
            Self::Keys => frame.may(Action::ReadKeys),
            Self::Usage => frame.may(Action::ReadUsage),
            Self::Subscription => frame.may(Action::ReadAgreements),
            Self::People => frame.may(Action::ReadUsers),
            Self::ApiKeys => frame.may(Action::ReadApiKeys),
            Self::Activity => frame.may(Action::ReadAuditLog),
            Self::Registrations | Self::AllTenants | Self::Events | Self::Jobs => {
                frame.is_operator()
            }
            // The others find it in the menu under their name.
            Self::Account => !frame.may(Action::ReadUsers),
            Self::Docs => true,
            // Operators may be members as well.
            Self::Tenants => !inside && (!frame.is_operator() || frame.tenants > 0),
        }
    }
}

/// The entries with their headings, each heading once.
pub(super) fn groups(frame: &Frame, place: Place) -> impl IntoView + use<> {
    let mut groups: Vec<(&str, Vec<Entry>)> = Vec::new();
    for entry in ENTRIES {
        if !entry.place.is_for(frame) {
            continue;
        }
        match groups.last_mut() {
            Some((group, entries)) if *group == entry.group => entries.push(entry),
            _ => groups.push((entry.group, vec![entry])),
        }
    }
    let groups = groups.into_iter().map(|(group, entries)| {
        let entries = entries.into_iter().map(|entry| {
            let current = (entry.place == place).then_some("page");
            view! {
                <li>
                    <a href=entry.href aria-current=current>
                        {entry.label}
                    </a>
                </li>
            }
        });
        view! {
            <p class="group">{group}</p>
            <ul>{entries.collect_view()}</ul>
        }
    });
    groups.collect_view()
}

#[cfg(test)]
mod tests {
    use domain::role::Role;

    use super::*;
    use crate::samples::{frame_of, nowhere_frame, operator_frame};

    fn labels(frame: &Frame) -> Vec<&'static str> {
        ENTRIES
            .iter()
            .filter(|entry| entry.place.is_for(frame))
            .map(|entry| entry.label)
            .collect()
    }

    #[test]
    fn everybody_finds_what_their_role_lets_them_see() {
        let all = [
            "Overview",
            "Set up",
            "Keys",
            "Usage",
            "Subscription",
            "People",
            "API keys",
            "Activity",
            "Docs",
        ];
        for (role, expected) in [
            (Role::Owner, all.as_slice()),
            (Role::Admin, &all),
            (Role::Auditor, &all),
            (
                Role::Developer,
                &[
                    "Overview",
                    "Set up",
                    "Keys",
                    "Usage",
                    "Subscription",
                    "People",
                    "API keys",
                    "Docs",
                ],
            ),
            (Role::Agent, &["Home", "Account", "Docs"]),
        ] {
            assert_eq!(labels(&frame_of(role)), expected, "{role}");
        }
        assert_eq!(
            labels(&nowhere_frame()),
            ["Account", "Choose an account", "Docs"]
        );
        let operator = [
            "Home",
            "Registrations",
            "Tenants",
            "Events",
            "Jobs",
            "Account",
        ];
        assert_eq!(
            labels(&operator_frame()),
            [&operator[..], &["Docs"]].concat()
        );
        let member_too = Frame {
            tenants: 1,
            ..operator_frame()
        };
        assert_eq!(
            labels(&member_too),
            [&operator[..], &["Choose an account", "Docs"]].concat()
        );
    }
}
