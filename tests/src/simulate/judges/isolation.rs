//! I7: no row of one tenant belongs to a thing of another. I5: of each happening one message counts, however often it came.

use crate::database::RawLook;

/// Queries that count rows whose tenant is not the tenant of what they are about.
const MIXED: [(&str, &str); 6] = [
    (
        "usage events",
        "SELECT count(*) FROM usage_events x JOIN licences l ON l.id = x.licence_id WHERE x.tenant_id <> l.tenant_id",
    ),
    (
        "records",
        "SELECT count(*) FROM metering_records x JOIN licences l ON l.id = x.licence_id WHERE x.tenant_id <> l.tenant_id",
    ),
    (
        "attempts",
        "SELECT count(*) FROM metering_attempts x JOIN metering_records r ON r.id = x.record_id WHERE x.tenant_id <> r.tenant_id",
    ),
    (
        "registrations",
        "SELECT count(*) FROM registrations x JOIN licences l ON l.id = x.licence_id WHERE x.tenant_id <> l.tenant_id",
    ),
    (
        "steps",
        "SELECT count(*) FROM registration_steps x JOIN registrations r ON r.id = x.registration_id WHERE x.tenant_id <> r.tenant_id",
    ),
    (
        "orphans",
        "SELECT count(*) FROM memberships m WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.id = m.user_id)",
    ),
];

/// Happenings of which more than one message counts; AWS's request id is one happening's.
const TWICE: &str = "SELECT count(*) FROM (SELECT request_id FROM inbox WHERE state IN ('new', 'applied', 'unmatched') \
    GROUP BY request_id HAVING count(*) > 1) AS twice";

/// Events that are in effect more than once.
pub(super) async fn twice(raw: &mut RawLook) -> Vec<String> {
    let count = raw.number(TWICE).await;
    if count > 0 {
        return vec![format!("I5: {count} happenings count more than once")];
    }
    Vec::new()
}

/// What belongs to two tenants at once.
pub(super) async fn mixed(raw: &mut RawLook) -> Vec<String> {
    let mut wrong = Vec::new();
    for (what, sql) in MIXED {
        let count = raw.number(sql).await;
        if count > 0 {
            wrong.push(format!("I7: {count} {what} are in two tenants at once"));
        }
    }
    wrong
}
