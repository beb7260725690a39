//! I5: a licence stands where the set of what AWS said puts it. The fold is written here anew, over what the generator knows it said.

use std::collections::BTreeMap;

use domain::Timestamp;

use super::{
    super::truth::{Buyer, Said, Truth},
    tables::{Licence, Tables},
};

/// Where everything that was said puts a licence: word, since, ended at.
fn folded(
    buyer: &Buyer,
    entitled_since: Option<Timestamp>,
) -> (&'static str, Option<Timestamp>, Option<Timestamp>) {
    let in_force = buyer.said.iter().filter_map(|said| match said {
        Said::InForce(at) => Some(*at),
        _ => None,
    });
    let over = buyer.said.iter().filter_map(|said| match said {
        Said::Over(at) => Some(*at),
        _ => None,
    });
    let since = in_force.chain(entitled_since).min();
    match (since, over.min()) {
        (since, Some(at)) => ("ended", since, Some(at)),
        (Some(since), None) => ("active", Some(since), None),
        (None, None) => ("unconfirmed", None, None),
    }
}

/// While events are on their way: nothing is believed that nobody said.
pub(super) fn possible(tables: &Tables, truth: &Truth) -> Vec<String> {
    each(tables, truth, |licence, buyer| {
        let said_in_force = |at: &Timestamp| {
            buyer.said.contains(&Said::InForce(*at)) || licence.entitled_since == Some(*at)
        };
        let said_over = |at: &Timestamp| buyer.said.contains(&Said::Over(*at));
        licence.since.iter().all(said_in_force)
            && licence.ended_at.iter().all(said_over)
            && (licence.standing == "ended") == licence.ended_at.is_some()
            && (licence.entitled_since.is_none() || buyer.contract)
    })
}

/// Once everything was delivered: exactly there.
pub(super) fn as_folded(tables: &Tables, truth: &Truth) -> Vec<String> {
    each(tables, truth, |licence, buyer| {
        let stands = (&*licence.standing, licence.since, licence.ended_at);
        stands == folded(buyer, licence.entitled_since)
    })
}

fn each(tables: &Tables, truth: &Truth, holds: impl Fn(&Licence, &Buyer) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for licence in &tables.licences {
        let buyer = truth.buyers.iter().find(|buyer| buyer.key() == licence.key);
        match buyer {
            None => wrong.push(format!("I4: nobody bought {licence:?}")),
            Some(buyer) if !holds(licence, buyer) => {
                wrong.push(format!(
                    "I5: {licence:?} although AWS said {:?}",
                    buyer.said
                ));
            }
            Some(_) => {}
        }
    }
    wrong
}

/// A licence that is over never comes back; that it ended earlier than was known may still be learnt.
pub(super) fn final_once_over(
    tables: &Tables,
    over: &mut BTreeMap<String, Timestamp>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for licence in &tables.licences {
        let before = over.get(&licence.key).copied();
        match (before, licence.ended_at) {
            (Some(before), None) => wrong.push(format!("I5: it was over at {before}: {licence:?}")),
            (Some(before), Some(now)) if now > before => {
                wrong.push(format!("I5: its end moved from {before}: {licence:?}"));
            }
            _ => {}
        }
        if let Some(at) = licence.ended_at {
            over.insert(licence.key.clone(), at);
        }
    }
    wrong
}
