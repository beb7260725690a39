//! `/activity`: who did what, as the audit trail has it. Filters and pages are parameters of a GET, so every view is a
//! link; the file comes from the API, which has the hashes as well.

pub(crate) mod view;
mod words;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use control::audit;
use domain::{
    Error, ErrorKind,
    audit::{Line, Outcome},
    id::UserId,
    list::{Order, Word},
    policy::Action,
};
use std::collections::BTreeSet;

use super::list::{READ, asked, cut};
use crate::{
    form::{Form, Query},
    reader::Visitor,
    render,
    words::say,
};

/// Among how many members one may choose; an address may name any other.
const CHOICE: u64 = 200;

/// `GET /activity`; narrowed by `action`, `actor` and `outcome`, sorted by `sort`, beginning `after` a place; `format=csv` leads to the file.
pub(super) async fn list(visitor: Visitor, Query(query): Query) -> Response {
    visitor.answer(page(&visitor, &query).await)
}

async fn page(visitor: &Visitor, query: &Form) -> Result<Response, Error> {
    let filter = read(query)?;
    if query.get("format") == "csv" {
        return Ok(Redirect::to(&filter.csv()).into_response());
    }
    let narrowed = audit::Query {
        order: filter.order,
        after: filter.after,
        action: filter.action.map(Action::as_str),
        actor: filter.actor.as_deref(),
        outcome: filter.outcome.map(Outcome::as_str),
    };
    let mut lines = audit::list(&visitor.cx, visitor.tenant, &narrowed, READ).await?;
    let more = cut(&mut lines, |line| line.seq.to_string());
    let (cx, tenant) = (&visitor.cx, visitor.tenant);
    let choice = control::user::Query {
        sort: control::user::Sort::Name,
        ..control::user::Query::default()
    };
    // Whoever a line is about need not be among those to choose from.
    let mut known = control::user::page(cx, tenant, &choice, CHOICE).await?;
    let choice = known.iter().map(|member| member.user.id).collect();
    let others = named(&lines, &filter);
    known.extend(control::user::those(cx, tenant, &others).await?);
    let page = view::Activity {
        frame: visitor.frame().await?,
        more,
        choice,
        members: known.into_iter().map(view::Known::of).collect(),
        entries: lines.into_iter().map(|line| line.entry).collect(),
        filter,
    };
    Ok(render::page(StatusCode::OK, || view::view(page)))
}

/// Everybody whom these lines or this filter name.
fn named(lines: &[Line], filter: &view::Filter) -> Vec<UserId> {
    let actors = lines.iter().map(|line| Some(line.entry.actor.as_str()));
    let targets = lines.iter().map(|line| line.entry.target.as_deref());
    let asked = std::iter::once(filter.actor.as_deref());
    let words = actors.chain(targets).chain(asked).flatten();
    let ids = words.map(|word| word.strip_prefix("user:").unwrap_or(word));
    let ids: BTreeSet<UserId> = ids.filter_map(|id| id.parse().ok()).collect();
    ids.into_iter().collect()
}

/// An unknown word would silently show something else than was asked for.
fn read(query: &Form) -> Result<view::Filter, Error> {
    let wrong = |words: String| Error::new(ErrorKind::Malformed, "bad_filter", words);
    let action = query.given("action").map(|word| {
        Action::ALL
            .iter()
            .copied()
            .find(|action| action.as_str() == word)
            .ok_or_else(|| wrong(say!("activity-unknown-action")))
    });
    let outcome = query.given("outcome").map(|word| {
        word.parse::<Outcome>()
            .map_err(|_| wrong(say!("activity-unknown-outcome")))
    });
    let after = query.given("after").map(|word| {
        word.parse::<i64>()
            .map_err(|_| wrong(say!("activity-unknown-page")))
    });
    Ok(view::Filter {
        action: action.transpose()?,
        // Anything may be asked for here: whoever is not there did nothing.
        actor: query.given("actor").map(str::to_owned),
        outcome: outcome.transpose()?,
        order: asked(query, "sort", Order::of)?.unwrap_or_default(),
        after: after.transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_words_of_ours_and_the_file_has_them_too() {
        let query = b"action=apiKey.create&actor=user%3Ausr_1&outcome=refused&sort=oldest&after=90";
        let filter = read(&Form::parse(query)).unwrap();
        assert_eq!(
            filter.csv(),
            "/api/v1/audit-log?action=apiKey.create&actor=user%3Ausr_1&outcome=refused&sort=oldest&format=csv"
        );
        assert_eq!(
            read(&Form::default()).unwrap().csv(),
            "/api/v1/audit-log?format=csv"
        );
        for wrong in ["action=x", "outcome=x", "sort=x", "after=x"] {
            assert!(read(&Form::parse(wrong.as_bytes())).is_err(), "{wrong}");
        }
    }
}
