//! I4: one purchase is one tenant with one active key pair and one first owner; accounts at the identity provider are exactly those of
//! people who belong somewhere. And the promises made to people (I3).

use std::collections::{BTreeMap, BTreeSet};

use super::{super::truth::Truth, tables::Tables};
use crate::identity::Known;

/// Whatever is under way: nothing exists twice, and what was promised is there.
pub(super) fn one_of_each(tables: &Tables, truth: &Truth) -> Vec<String> {
    let mut wrong = Vec::new();
    wrong.extend(twice(
        "licence",
        tables.licences.iter().map(|licence| &*licence.key),
    ));
    wrong.extend(twice(
        "tenant's licence",
        tables.licences.iter().map(|licence| &*licence.tenant),
    ));
    wrong.extend(twice(
        "registration",
        tables
            .registrations
            .iter()
            .map(|registration| &*registration.licence),
    ));
    let emails: Vec<String> = tables
        .users
        .iter()
        .map(|user| user.email.to_lowercase())
        .collect();
    wrong.extend(twice("user", emails.iter().map(|email| &**email)));
    let active = tables.keys.iter().filter(|key| key[2] == "active");
    let active: Vec<String> = active.map(|key| key[..2].join(" ")).collect();
    wrong.extend(twice("active key pair", active.iter().map(|key| &**key)));
    if tables.tenants.len() != tables.licences.len() {
        wrong.push(format!(
            "I4: {} tenants for {} licences",
            tables.tenants.len(),
            tables.licences.len()
        ));
    }
    for buyer in &truth.buyers {
        let licence = tables
            .licences
            .iter()
            .find(|licence| licence.key == buyer.key());
        if let Some((tenant, id)) = buyer.registered {
            let told = (tenant.to_string(), id.to_string());
            let kept = licence.map(|licence| (licence.tenant.clone(), licence.id.clone()));
            if kept.as_ref() != Some(&told) {
                wrong.push(format!(
                    "I3: {} was told of {told:?}, and there is {kept:?}",
                    buyer.name
                ));
            }
        }
        let Some(licence) = licence else { continue };
        if buyer.owner.is_some() {
            let registration = tables
                .registrations
                .iter()
                .find(|registration| registration.licence == licence.id);
            let email = registration.and_then(|registration| registration.email.clone());
            if !email.is_some_and(|email| buyer.typed.contains(&email)) {
                wrong.push(format!("I3: the form of {} is gone", buyer.name));
            }
        }
        for (email, guest) in &buyer.guests {
            let user = tables.users.iter().find(|user| user.email == *email);
            let inside = user.is_some_and(|user| {
                let of = |member: &&super::tables::Member| {
                    (&member.tenant, &member.user) == (&licence.tenant, &user.id)
                };
                tables.members.iter().any(|member| of(&member))
            });
            if guest.accepted && guest.removing.is_none() && !inside {
                wrong.push(format!("I3: {email} was let in and is not there"));
            }
            if guest.removed && !guest.accepting && inside {
                wrong.push(format!("I3: {email} was removed and is there"));
            }
        }
    }
    wrong
}

fn twice<'a>(what: &str, all: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let again = all.filter(|one| !seen.insert(one.to_owned()));
    again
        .map(|one| format!("I4: a second {what}: {one}"))
        .collect()
}

/// At rest: the accounts over there are those that memberships want, open for who belongs somewhere and closed for who once did.
pub(super) fn accounts(tables: &Tables, there: &[Known]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut members: BTreeMap<&str, usize> = BTreeMap::new();
    for member in &tables.members {
        *members.entry(&member.user).or_default() += 1;
    }
    for account in there {
        let user = tables
            .users
            .iter()
            .find(|user| user.username.as_ref() == Some(&account.username));
        let Some(user) = user else {
            wrong.push(format!("I4: nobody's account: {account:?}"));
            continue;
        };
        let belongs = members.contains_key(&*user.id);
        if account.enabled != belongs || account.marker.as_ref() != Some(&user.id) {
            wrong.push(format!(
                "I4: {user:?} belongs somewhere: {belongs}, and there is {account:?}"
            ));
        }
    }
    for user in &tables.users {
        let account = there
            .iter()
            .any(|account| Some(&account.username) == user.username.as_ref());
        if members.contains_key(&*user.id) && !account {
            wrong.push(format!("I4: {user:?} has no account"));
        }
    }
    wrong
}

/// At rest: every purchase that is not over is set up, with a key pair and an owner; what is over says so.
pub(super) fn everybody_is_in(tables: &Tables, truth: &Truth, keys_made: usize) -> Vec<String> {
    let mut wrong = Vec::new();
    for buyer in &truth.buyers {
        let Some(licence) = tables
            .licences
            .iter()
            .find(|licence| licence.key == buyer.key())
        else {
            if !buyer.refused || buyer.ended_at.is_none() {
                wrong.push(format!("I4: {} was never set up", buyer.name));
            }
            continue;
        };
        let state = tables.tenants.iter().find(|(id, _)| *id == licence.tenant);
        let state = state.map_or("", |(_, state)| state);
        let wanted = if licence.standing == "ended" {
            "ended"
        } else {
            "active"
        };
        if state != wanted {
            wrong.push(format!("I4: the tenant of {licence:?} is {state}"));
        }
        let registration = tables
            .registrations
            .iter()
            .find(|registration| registration.licence == licence.id);
        if !registration.is_some_and(|registration| {
            registration.completed && registration.tenant == licence.tenant
        }) {
            wrong.push(format!("I6: {registration:?} is not through"));
        }
        let owners = tables
            .members
            .iter()
            .filter(|member| member.tenant == licence.tenant && member.role == "owner");
        let owners = owners.count();
        if licence.standing == "active" && owners != 1 {
            wrong.push(format!("I4: {owners} first owners of {licence:?}"));
        }
        let key = tables
            .keys
            .iter()
            .any(|key| key[0] == licence.tenant && key[2] == "active");
        if licence.standing == "active" && !key {
            wrong.push(format!("I4: no key pair for {licence:?}"));
        }
    }
    if keys_made > tables.tenants.len() {
        wrong.push(format!(
            "I4: {keys_made} key pairs for {} tenants",
            tables.tenants.len()
        ));
    }
    wrong
}
