//! The navigation: every entry names what one must be allowed to do to find anything behind it.
//! Hiding an entry is a courtesy; what keeps people out is the operation behind the page.

use domain::policy::Action;
use leptos::prelude::*;

use super::Frame;
use crate::words::say;

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
    place: Place,
    href: &'static str,
    label: String,
}

const fn entry(place: Place, href: &'static str, label: String) -> Entry {
    Entry { place, href, label }
}

/// All there is, under its headings.
fn all() -> [(String, Vec<Entry>); 6] {
    [
        (
            say!("frame-start"),
            vec![
                entry(Place::Home, "/", say!("frame-home")),
                entry(Place::Overview, "/", say!("frame-overview")),
                entry(Place::SetUp, "/setup", say!("frame-set-up")),
            ],
        ),
        (
            say!("frame-customers"),
            vec![
                entry(
                    Place::Registrations,
                    "/operator/registrations",
                    say!("frame-registrations"),
                ),
                entry(
                    Place::AllTenants,
                    "/operator/tenants",
                    say!("frame-tenants"),
                ),
                entry(Place::Events, "/operator/events", say!("frame-events")),
                entry(Place::Jobs, "/operator/jobs", say!("frame-jobs")),
            ],
        ),
        (
            say!("frame-connect"),
            vec![entry(Place::Keys, "/keys", say!("frame-keys"))],
        ),
        (
            say!("frame-billing"),
            vec![
                entry(Place::Usage, "/usage", say!("frame-usage")),
                entry(
                    Place::Subscription,
                    "/subscription",
                    say!("frame-subscription"),
                ),
            ],
        ),
        (
            say!("frame-account"),
            vec![
                entry(Place::People, "/people", say!("frame-people")),
                entry(Place::ApiKeys, "/api-keys", say!("frame-api-keys")),
                entry(Place::Activity, "/activity", say!("frame-activity")),
                entry(Place::Account, "/account", say!("frame-account")),
                entry(Place::Tenants, "/tenants", say!("frame-choose-account")),
            ],
        ),
        (
            say!("frame-help-group"),
            vec![entry(Place::Docs, "/docs", say!("frame-docs"))],
        ),
    ]
}

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

/// What this person finds, under its headings.
fn found(frame: &Frame) -> impl Iterator<Item = (String, Vec<Entry>)> {
    let groups = all().into_iter().map(|(group, mut entries)| {
        entries.retain(|entry| entry.place.is_for(frame));
        (group, entries)
    });
    groups.filter(|(_, entries)| !entries.is_empty())
}

/// The same as views.
pub(super) fn groups(frame: &Frame, place: Place) -> impl IntoView + use<> {
    let groups = found(frame).map(|(group, entries)| {
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

    fn labels(frame: &Frame) -> Vec<String> {
        found(frame)
            .flat_map(|(_, entries)| entries)
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
