//! `/people`: who belongs to the tenant, who is invited, and inviting. What is done to one member is in `member`.
//! What a role may not do is not offered; what keeps it from being done is the operation.

mod filter;
mod invited;
pub(crate) mod member;
pub(crate) mod view;

use axum::{http::StatusCode, response::Response};
use domain::{
    Error,
    error::FieldError,
    id::{InvitationId, UserId},
    invitation::Invitation,
    membership::Member,
    registration::Email,
    role::Role,
};
use runtime::extract::Path;

pub(crate) use self::filter::Filter;
use super::list::{READ, cut};
use crate::{
    again,
    flash::{self, Flash},
    form::{Faults, Form, Query},
    reader::Visitor,
    render,
    words::say,
};

/// `GET /people`; narrowed by `q` and `of` (a role), sorted by `sort`, beginning `after` a member; other parameters fill the form.
pub(super) async fn list(visitor: Visitor, Query(query): Query, flash: Flash) -> Response {
    let (form, faults) = (kept(&query), Faults::default());
    let page = list_page(&visitor, form, faults, &query, &flash.done).await;
    let page = page.map(|page| render::page(StatusCode::OK, || view::view(page)));
    flash.shown(visitor.answer(page))
}

fn kept(form: &Form) -> view::Invite {
    view::Invite {
        email: form.get("email").to_owned(),
        role: form.get("role").to_owned(),
    }
}

async fn list_page(
    visitor: &Visitor,
    form: view::Invite,
    faults: Faults,
    query: &Form,
    just_done: &Form,
) -> Result<view::People, Error> {
    let filter = Filter::read(query)?;
    let (cx, tenant) = (&visitor.cx, visitor.tenant);
    let mut members = control::user::page(cx, tenant, &filter.query(), READ).await?;
    let after = filter.invited_after;
    let asked = control::invitation::Query {
        role: filter.role,
        text: filter.query().text,
        after,
    };
    let mut invitations = control::invitation::pending(cx, tenant, &asked, READ).await?;
    // Whom it was about need not be on this page.
    let named = ["changed", "reset", "mailed", "removed"]
        .into_iter()
        .filter_map(|name| just_done.given(name)?.parse().ok());
    let named: Vec<UserId> = named.collect();
    let about = control::user::those(cx, tenant, &named).await?;
    let named = ["invited", "resent", "revoked"]
        .into_iter()
        .filter_map(|name| just_done.given(name)?.parse().ok());
    let named: Vec<InvitationId> = named.collect();
    let sent = control::invitation::pending_of_those(cx, tenant, &named).await?;
    Ok(view::People {
        frame: visitor.frame().await?,
        me: visitor.signed_in.person.user,
        done: done(just_done, &about, &sent),
        more: cut(&mut members, |member| member.user.id.to_string()),
        members,
        filter,
        more_invitations: cut(&mut invitations, |one| one.id.to_string()),
        invitations,
        form,
        faults,
        now: visitor.cx.real_now(),
    })
}

/// What was just done, in words; nothing for what does not fit what is there.
fn done(just_done: &Form, members: &[Member], invitations: &[Invitation]) -> Option<String> {
    let member = |name| {
        let id: UserId = just_done.given(name)?.parse().ok()?;
        members.iter().find(|member| member.user.id == id)
    };
    let invitation = |name| {
        let id: InvitationId = just_done.given(name)?.parse().ok()?;
        invitations.iter().find(|one| one.id == id)
    };
    if let Some(one) = invitation("invited").or_else(|| invitation("resent")) {
        return Some(say!("people-done-invited", email = one.email.as_str()));
    }
    if let Some(one) = member("changed") {
        let (name, role) = (one.user.name.as_str(), one.membership.role.as_str());
        return Some(say!("people-done-changed", name = name, role = role));
    }
    if let Some(one) = member("reset") {
        return Some(say!("people-done-reset", name = one.user.name.as_str()));
    }
    if let Some(one) = member("mailed") {
        let email = one.user.email.as_str();
        return Some(say!("people-done-mailed", email = email));
    }
    let id = |name| {
        just_done
            .given(name)
            .and_then(|id| id.parse::<UserId>().ok())
    };
    if id("removed").is_some() && member("removed").is_none() {
        return Some(say!("people-done-removed"));
    }
    let taken_back = just_done
        .given("revoked")
        .and_then(|id| id.parse::<InvitationId>().ok());
    (taken_back.is_some() && invitation("revoked").is_none())
        .then(|| say!("people-done-taken-back"))
}

/// `POST /people/invitations`
pub(super) async fn invite(visitor: Result<Visitor, Response>, form: Form) -> Response {
    let visitor = match visitor {
        Ok(visitor) => visitor,
        Err(refused) => return again::keeping(refused, "/people", &form),
    };
    visitor.answer_form(send(&visitor, &form).await, "/people", &form)
}

async fn send(visitor: &Visitor, form: &Form) -> Result<Response, Error> {
    let outcome = match read(form) {
        Ok((email, role)) => {
            control::invitation::create(&visitor.cx, visitor.tenant, &email, role).await
        }
        Err(error) => Err(error),
    };
    match outcome {
        Ok(invitation) => {
            let done = format!("invited={}", invitation.id);
            Ok(flash::redirect("/people", &done))
        }
        Err(error) => again(visitor, kept(form), error).await,
    }
}

fn read(form: &Form) -> Result<(Email, Role), Error> {
    let email = form.get("email").parse::<Email>();
    let role = form.get("role").parse::<Role>();
    match (email, role) {
        (Ok(email), Ok(role)) => Ok((email, role)),
        (email, role) => {
            let faults = [
                ("email", email.err().map(str::to_owned)),
                ("role", role.err().map(|_| say!("people-may-missing"))),
            ];
            let faults = faults.into_iter().filter_map(|(field, fault)| {
                Some(FieldError {
                    pointer: field.into(),
                    detail: fault?.into(),
                })
            });
            Err(Error::invalid_fields(faults.collect()))
        }
    }
}

/// The list again, with what was wrong.
async fn again(visitor: &Visitor, form: view::Invite, error: Error) -> Result<Response, Error> {
    let Some(faults) = Faults::of(&error) else {
        return Err(error);
    };
    let status = runtime::problem::status_of(error.kind()).0;
    let page = list_page(visitor, form, faults, &Form::default(), &Form::default()).await?;
    Ok(render::page(status, || view::view(page)))
}

/// `POST /people/invitations/{id}/resend`
pub(super) async fn resend(visitor: Visitor, Path(id): Path<String>) -> Response {
    let outcome = async {
        let id = invitation_id(&id)?;
        match control::invitation::resend(&visitor.cx, visitor.tenant, id).await {
            Ok(_) => Ok(flash::redirect("/people", &format!("resent={id}"))),
            Err(error) => again(&visitor, view::Invite::default(), error).await,
        }
    };
    visitor.answer(outcome.await)
}

/// `POST /people/invitations/{id}/revoke`
pub(super) async fn revoke(visitor: Visitor, Path(id): Path<String>) -> Response {
    let outcome = async {
        let id = invitation_id(&id)?;
        match control::invitation::revoke(&visitor.cx, visitor.tenant, id).await {
            Ok(()) => Ok(flash::redirect("/people", &format!("revoked={id}"))),
            Err(error) => again(&visitor, view::Invite::default(), error).await,
        }
    };
    visitor.answer(outcome.await)
}

fn invitation_id(id: &str) -> Result<InvitationId, Error> {
    id.parse().map_err(|_| Error::not_found("invitation"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::{a_member, user},
        words::Language,
    };

    #[test]
    fn a_new_role_is_named_in_the_readers_language() {
        for (role, english, german) in [
            (Role::Owner, "owner", "Eigentümer"),
            (Role::Admin, "admin", "Admin"),
            (Role::Developer, "developer", "Entwickler"),
            (Role::Agent, "agent", "Agent"),
            (Role::Auditor, "auditor", "Prüfer"),
        ] {
            let member = a_member(role, user(0, "Ann Kay", "ann@harbour.example"));
            let query = Form::parse(format!("changed={}", member.user.id).as_bytes());
            let members = [member];
            for (language, words) in [
                (
                    Language::English,
                    format!("Ann Kay is now {english}. It counts from their next click."),
                ),
                (
                    Language::German,
                    format!(
                        "Ann Kay hat jetzt die Rolle {german}. Das gilt ab dem nächsten Klick."
                    ),
                ),
            ] {
                assert_eq!(language.with(|| done(&query, &members, &[])), Some(words));
            }
        }
    }
}
