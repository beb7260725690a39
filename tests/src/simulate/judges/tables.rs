//! The product's tables, as plain rows.

use domain::Timestamp;

use crate::database::RawLook;

/// One licence.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Licence {
    pub id: String,
    pub tenant: String,
    pub key: String,
    pub standing: String,
    pub since: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub pricing: String,
    pub entitled_since: Option<Timestamp>,
    pub sealed_through: Option<i64>,
    pub final_hour: Option<i64>,
}

/// One record of the ledger.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Record {
    pub id: String,
    /// The licence's key, as AWS has it.
    pub licence: String,
    pub dimension: String,
    /// Hours since 1970.
    pub hour: i64,
    pub quantity: i64,
    pub state: String,
    pub attempts: i64,
    pub note: Option<String>,
    pub aws_id: Option<String>,
}

/// One usage event that was kept.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Usage {
    /// The licence's key, as AWS has it.
    pub licence: String,
    pub source: String,
    pub id: String,
    pub dimension: String,
    pub time: Timestamp,
    pub quantity: i64,
    pub hour: i64,
    pub late: bool,
}

/// One person.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct User {
    pub id: String,
    pub email: String,
    pub username: Option<String>,
}

/// One membership.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Member {
    pub tenant: String,
    pub user: String,
    pub role: String,
}

/// One registration.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Registration {
    pub tenant: String,
    pub licence: String,
    pub email: Option<String>,
    pub completed: bool,
}

/// All of them.
#[derive(Debug, Default)]
pub(in super::super) struct Tables {
    /// Id and state.
    pub tenants: Vec<(String, String)>,
    pub licences: Vec<Licence>,
    pub records: Vec<Record>,
    pub usage: Vec<Usage>,
    pub users: Vec<User>,
    pub members: Vec<Member>,
    pub registrations: Vec<Registration>,
    /// Tenant, mode and state.
    pub keys: Vec<Vec<String>>,
}

impl Tables {
    pub(super) async fn read(raw: &mut RawLook) -> Self {
        let tenants = raw.rows("SELECT id, state FROM tenants").await;
        let licences = raw
            .rows("SELECT id, tenant_id, license_key, standing, since, ended_at, pricing, entitled_since, sealed_through, final_hour FROM licences")
            .await;
        let records = raw
            .rows("SELECT r.id, l.license_key, r.dimension, r.hour, r.quantity, r.state, r.attempts, r.note, r.metering_record_id \
                   FROM metering_records r JOIN licences l ON l.id = r.licence_id")
            .await;
        let usage = raw
            .rows("SELECT l.license_key, u.source, u.event_id, u.dimension, u.time, u.quantity, u.hour, u.late \
                   FROM usage_events u JOIN licences l ON l.id = u.licence_id")
            .await;
        let users = raw.rows("SELECT id, email, username FROM users").await;
        let members = raw
            .rows("SELECT tenant_id, user_id, role FROM memberships")
            .await;
        let registrations = raw
            .rows("SELECT tenant_id, licence_id, email, completed_at FROM registrations")
            .await;
        let keys = raw
            .rows("SELECT tenant_id, mode, state FROM public_keys")
            .await;
        Self {
            tenants: tenants
                .into_iter()
                .map(|row| (row[0].clone(), row[1].clone()))
                .collect(),
            licences: licences.iter().map(|row| licence(row)).collect(),
            records: records.iter().map(|row| record(row)).collect(),
            usage: usage.iter().map(|row| used(row)).collect(),
            users: users.iter().map(|row| user(row)).collect(),
            members: members.iter().map(|row| member(row)).collect(),
            registrations: registrations.iter().map(|row| registration(row)).collect(),
            keys,
        }
    }
}

fn licence(row: &[String]) -> Licence {
    Licence {
        id: row[0].clone(),
        tenant: row[1].clone(),
        key: row[2].clone(),
        standing: row[3].clone(),
        since: moment(&row[4]),
        ended_at: moment(&row[5]),
        pricing: row[6].clone(),
        entitled_since: moment(&row[7]),
        sealed_through: row[8].parse().ok(),
        final_hour: row[9].parse().ok(),
    }
}

fn record(row: &[String]) -> Record {
    Record {
        id: row[0].clone(),
        licence: row[1].clone(),
        dimension: row[2].clone(),
        hour: number(&row[3]),
        quantity: number(&row[4]),
        state: row[5].clone(),
        attempts: number(&row[6]),
        note: some(&row[7]),
        aws_id: some(&row[8]),
    }
}

fn used(row: &[String]) -> Usage {
    Usage {
        licence: row[0].clone(),
        source: row[1].clone(),
        id: row[2].clone(),
        dimension: row[3].clone(),
        time: moment(&row[4]).expect("a moment"),
        quantity: number(&row[5]),
        hour: number(&row[6]),
        late: row[7] == "1",
    }
}

fn user(row: &[String]) -> User {
    User {
        id: row[0].clone(),
        email: row[1].clone(),
        username: some(&row[2]),
    }
}

fn member(row: &[String]) -> Member {
    Member {
        tenant: row[0].clone(),
        user: row[1].clone(),
        role: row[2].clone(),
    }
}

fn registration(row: &[String]) -> Registration {
    Registration {
        tenant: row[0].clone(),
        licence: row[1].clone(),
        email: some(&row[2]),
        completed: row[3] != "null",
    }
}

/// A moment as either database writes it; none for none.
pub(in super::super) fn moment(text: &str) -> Option<Timestamp> {
    (text != "null").then(|| text.replacen(' ', "T", 1).parse().expect("a moment"))
}

fn number(text: &str) -> i64 {
    text.parse().expect("a number")
}

pub(super) fn some(text: &str) -> Option<String> {
    (text != "null").then(|| text.to_owned())
}
