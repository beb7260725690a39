//! Code samples: one file for each task and language, in `docs/samples`, filled with the reader's own ids.
//! The API key is always `$PAYPHONE_API_KEY`. The same files are run against the real program in `tests/api/docs`.
//! Invariant: no secret is ever filled in; an id that is filled in has letters, digits and underscores alone.

use chrono::SubsecRound;
use domain::{Timestamp, id::TenantId, time::rfc3339};

/// What samples are filled with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ids {
    /// Where the API is, without trailing slash.
    url: String,
    tenant: String,
    /// The moment of the event, and its id, which follows from it.
    time: String,
    event: String,
}

impl Ids {
    /// The reader's own; for who has chosen no tenant, a place to fill in.
    pub(crate) fn of(url: &str, tenant: Option<TenantId>, now: Timestamp) -> Self {
        let now = now.trunc_subsecs(0);
        Self {
            url: url.to_owned(),
            tenant: tenant.map_or_else(|| "ten_YOUR_TENANT_ID".to_owned(), |id| id.to_string()),
            time: rfc3339(now),
            event: now.format("payment-%Y%m%dT%H%M%SZ").to_string(),
        }
    }

    /// For texts that are the same for everybody.
    pub(crate) fn of_nobody(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            tenant: "ten_YOUR_TENANT_ID".to_owned(),
            time: "YYYY-MM-DDThh:mm:ssZ".to_owned(),
            event: "YOUR_OWN_ID_OF_THE_PAYMENT".to_owned(),
        }
    }

    pub(crate) fn is_filled(&self) -> bool {
        !self.tenant.contains("YOUR")
    }

    pub(crate) fn fill(&self, text: &str) -> String {
        text.replace("{{url}}", &self.url)
            .replace("{{tenant}}", &self.tenant)
            .replace("{{time}}", &self.time)
            .replace("{{event}}", &self.event)
    }
}

/// A sample in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sample {
    /// What readers call the language.
    pub(crate) language: &'static str,
    /// The word behind a fence.
    pub(crate) fence: &'static str,
    /// The text, with its places to fill in.
    pub(crate) text: &'static str,
}

macro_rules! samples {
    ($($name:literal),+) => {
        [$(($name, [
            Sample { language: "curl", fence: "sh", text: include_str!(concat!("../../../docs/samples/", $name, ".sh")) },
            Sample { language: "Python", fence: "python", text: include_str!(concat!("../../../docs/samples/", $name, ".py")) },
            Sample { language: "Node", fence: "js", text: include_str!(concat!("../../../docs/samples/", $name, ".mjs")) },
        ])),+]
    };
}

const SAMPLES: [(&str, [Sample; 3]); 7] = samples!(
    "send-usage-event",
    "list-usage",
    "list-metering-records",
    "list-api-keys",
    "check-audit-trail",
    "fetch-keys",
    "wait-for-setup"
);

/// The sample of this name, in every language.
pub(crate) fn find(name: &str) -> Option<[Sample; 3]> {
    let (_, found) = SAMPLES.iter().find(|(known, _)| *known == name)?;
    Some(*found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_filled_without_a_secret_and_without_a_place_left_over() {
        let tenant = TenantId::from_uuid(uuid::Uuid::from_u128(7));
        let now = "2026-11-22T10:00:00.123Z".parse().unwrap();
        let ids = Ids::of("https://console.payphone.example", Some(tenant), now);
        assert!(ids.is_filled() && !Ids::of_nobody("x").is_filled());
        for (name, languages) in SAMPLES {
            for sample in languages {
                let text = ids.fill(sample.text);
                let what = format!("{name} in {}: {text}", sample.language);
                assert!(!text.contains("{{") && !text.contains("}}"), "{what}");
                assert!(
                    text.contains("https://console.payphone.example/api/v1/"),
                    "{what}"
                );
                assert!(
                    text.contains("PAYPHONE_API_KEY") && !text.contains("ppk_"),
                    "{what}"
                );
                let width = text.lines().map(|line| line.chars().count()).max();
                assert!(width < Some(100), "{what}");
            }
        }
        let event = ids.fill(find("send-usage-event").unwrap()[0].text);
        assert!(
            event.contains("2026-11-22T10:00:00Z") && event.contains("payment-20261122T100000Z")
        );
        assert!(find("nothing").is_none());
    }
}
