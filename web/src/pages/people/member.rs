//! One member: another role, a new temporary password, a new authenticator, and the end of it. What takes something away is asked
//! about on a page of its own first.

pub(crate) mod view;

use axum::{http::StatusCode, response::Response};
use control::cx::About;
use domain::{
    Error,
    id::UserId,
    membership::{Member, may_change},
    policy::Action,
    role::Role,
};
use runtime::extract::Path;

use self::view::{Page, Question, confirm, view};
use crate::{
    again, flash,
    form::{Faults, Form, Query},
    reader::Visitor,
    render,
};

/// `GET /people/{id}`; `?role=` chooses one in the form.
pub(in crate::pages) async fn show(
    visitor: Visitor,
    Path(id): Path<String>,
    Query(query): Query,
) -> Response {
    let role = query.given("role").map(str::to_owned);
    let page = member_page(&visitor, &id, role, Faults::default()).await;
    visitor.answer(page.map(|page| render::page(StatusCode::OK, || view(page))))
}

async fn member_page(
    visitor: &Visitor,
    id: &str,
    role: Option<String>,
    faults: Faults,
) -> Result<Page, Error> {
    // To whoever may not change people, the list is all there is.
    if !visitor.may(Action::ChangeRole) {
        visitor.check(Action::ChangeRole).await?;
    }
    let member = find(visitor, id).await?;
    let is_me = member.user.id == visitor.signed_in.person.user;
    Ok(Page {
        frame: visitor.frame().await?,
        is_me,
        // Whoever looks at another owner has signed in and is one, or may not change them.
        stays: is_me && stays(visitor, &member).await?.is_some(),
        role: role.unwrap_or_else(|| member.membership.role.as_str().to_owned()),
        member,
        faults,
    })
}

/// What keeps an owner in the tenant: that nobody else could get in.
async fn stays(visitor: &Visitor, member: &Member) -> Result<Option<Error>, Error> {
    if member.membership.role != Role::Owner {
        return Ok(None);
    }
    let (cx, tenant) = (&visitor.cx, visitor.tenant);
    match control::user::keeps_an_owner(cx, tenant, member.user.id).await {
        Ok(()) => Ok(None),
        Err(error) if error.code() == "last_owner" => Ok(Some(error)),
        Err(error) => Err(error),
    }
}

async fn find(visitor: &Visitor, id: &str) -> Result<Member, Error> {
    let id = parse(id)?;
    control::user::those(&visitor.cx, visitor.tenant, &[id])
        .await?
        .into_iter()
        .next()
        .ok_or_else(|| Error::not_found("user"))
}

fn parse(id: &str) -> Result<UserId, Error> {
    id.parse().map_err(|_| Error::not_found("user"))
}

/// `POST /people/{id}/role`
pub(in crate::pages) async fn change_role(
    visitor: Result<Visitor, Response>,
    Path(id): Path<String>,
    form: Form,
) -> Response {
    let page = format!("/people/{id}");
    let visitor = match visitor {
        Ok(visitor) => visitor,
        Err(refused) => return again::keeping(refused, &page, &form),
    };
    let outcome = async {
        let user = parse(&id)?;
        let role: Role = form.get("role").parse()?;
        control::user::change_role(&visitor.cx, visitor.tenant, user, role).await
    };
    let chosen = Some(form.get("role").to_owned());
    let answer = after(&visitor, &id, outcome.await, "changed", chosen).await;
    visitor.answer_form(answer, &page, &form)
}

/// `POST /people/{id}/resend-password`
pub(in crate::pages) async fn resend_password(
    visitor: Visitor,
    Path(id): Path<String>,
) -> Response {
    let outcome =
        async { control::user::resend_password(&visitor.cx, visitor.tenant, parse(&id)?).await };
    let answer = after(&visitor, &id, outcome.await, "mailed", None).await;
    visitor.answer(answer)
}

/// `POST /people/{id}/reset-authenticator`
pub(in crate::pages) async fn reset_authenticator(
    visitor: Visitor,
    Path(id): Path<String>,
) -> Response {
    let outcome = async {
        control::user::reset_authenticator(&visitor.cx, visitor.tenant, parse(&id)?).await
    };
    let answer = after(&visitor, &id, outcome.await, "reset", None).await;
    let page = format!("/people/{id}/reset-authenticator");
    visitor.answer_form(answer, &page, &Form::default())
}

/// `POST /people/{id}/remove`
pub(in crate::pages) async fn remove(visitor: Visitor, Path(id): Path<String>) -> Response {
    let outcome = async { control::user::remove(&visitor.cx, visitor.tenant, parse(&id)?).await };
    let answer = after(&visitor, &id, outcome.await, "removed", None).await;
    visitor.answer(answer)
}

/// Back to the list with what was done, or the member's page with what was wrong.
async fn after(
    visitor: &Visitor,
    id: &str,
    outcome: Result<(), Error>,
    done: &str,
    role: Option<String>,
) -> Result<Response, Error> {
    let Err(error) = outcome else {
        return Ok(flash::redirect("/people", &format!("{done}={id}")));
    };
    let Some(faults) = Faults::of(&error) else {
        return Err(error);
    };
    let status = runtime::problem::status_of(error.kind()).0;
    let page = member_page(visitor, id, role, faults).await?;
    Ok(render::page(status, || view(page)))
}

/// `GET /people/{id}/remove`
pub(in crate::pages) async fn ask_remove(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor.answer(ask(&visitor, &id, Question::Remove).await)
}

/// `GET /people/{id}/reset-authenticator`
pub(in crate::pages) async fn ask_reset(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor.answer(ask(&visitor, &id, Question::ResetAuthenticator).await)
}

async fn ask(visitor: &Visitor, id: &str, question: Question) -> Result<Response, Error> {
    // Asked before the question, so that nobody answers it in vain.
    let action = match question {
        Question::Remove => Action::RemoveUser,
        Question::ResetAuthenticator => Action::ResetAuthenticator,
    };
    visitor.check(action).await?;
    let member = find(visitor, id).await?;
    let role = member.membership.role;
    if let Err(error) = may_change(visitor.cx.role()?, Some(role), Some(role)) {
        let about = About::target(member.user.id);
        return Err(visitor.cx.refused(action, about, error).await);
    }
    if question == Question::Remove
        && let Some(error) = stays(visitor, &member).await?
    {
        return Err(error);
    }
    let is_me = member.user.id == visitor.signed_in.person.user;
    let frame = visitor.frame().await?;
    Ok(render::page(StatusCode::OK, || {
        confirm(frame, member, is_me, question)
    }))
}
