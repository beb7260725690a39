//! The usage event that anybody can send from a terminal: filled in, ready to paste, good for one unit.
//! Its time is business time as a literal, and its id follows from it, so pasting it twice counts once.

use chrono::SubsecRound;
use domain::{Timestamp, id::TenantId, time::rfc3339};

/// The command; the secret is expected in `PAYPHONE_API_KEY`.
pub(crate) fn curl(public_url: &str, tenant: TenantId, now: Timestamp) -> String {
    let now = now.trunc_subsecs(0);
    let id = now.format("example-%Y%m%dT%H%M%SZ");
    let time = rfc3339(now);
    format!(
        r#"curl -sS '{public_url}/api/v1/usage-events' \
  -H "Authorization: Bearer $PAYPHONE_API_KEY" \
  -H 'Content-Type: application/cloudevents+json' \
  -d '{{"specversion":"1.0","id":"{id}","source":"urn:example:terminal","type":"payphone.payment.approved","subject":"{tenant}","time":"{time}","data":{{"quantity":1}}}}'"#
    )
}

/// The line that puts the secret where the command looks for it.
pub(crate) fn export(secret: &str) -> String {
    format!("export PAYPHONE_API_KEY='{secret}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_event_in_the_command_is_one_that_is_accepted() {
        let now = "2026-11-22T10:00:00.123Z".parse().unwrap();
        let tenant = TenantId::from_uuid(uuid::Uuid::from_u128(7));
        let command = curl("https://console.payphone.example", tenant, now);
        let event = command
            .rsplit_once("-d '")
            .unwrap()
            .1
            .trim_end_matches('\'');
        let event = serde_json::from_str(event).unwrap();
        let event = domain::usage::read_cloud_event(&event, now).unwrap();
        assert_eq!(event.quantity, 1);
        assert_eq!(event.subject, domain::usage::Subject::Tenant(tenant));
    }
}
