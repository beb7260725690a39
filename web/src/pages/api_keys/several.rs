//! `/api-keys/revoke`: several keys at once, chosen on the list; all of them or none. The question comes first, on a page of its own.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use control::api_key::{self, MOST_AT_ONCE};
use domain::{Error, api_key::ApiKey, id::ApiKeyId, policy::Action};
use leptos::prelude::*;

use super::{parse, view::mode_pill};
use crate::{
    form::{Form, Query},
    reader::Visitor,
    render,
    shell::{Console, Frame, Place},
    ui::{Card, Confirm, Kind, PageHead, Picked, Table, When, head},
};

/// The boxes' name.
pub(super) const NAME: &str = "key";

/// `GET /api-keys/revoke?key=…&key=…`
pub(in crate::pages) async fn confirm(visitor: Visitor, Query(query): Query) -> Response {
    visitor.answer(question(&visitor, &query).await)
}

async fn question(visitor: &Visitor, query: &Form) -> Result<Response, Error> {
    visitor.check(Action::RevokeApiKey).await?;
    let ids = chosen(query)?;
    // Nothing was chosen, or what was is revoked already: there is nothing to ask.
    if ids.is_empty() || ids.len() > MOST_AT_ONCE {
        return Ok(Redirect::to("/api-keys?none=1").into_response());
    }
    let mut keys = api_key::those(&visitor.cx, visitor.tenant, &ids).await?;
    keys.retain(|key| key.revoked_at.is_none());
    if keys.is_empty() {
        return Ok(Redirect::to("/api-keys?none=1").into_response());
    }
    let frame = visitor.frame().await?;
    Ok(render::page(StatusCode::OK, || view(frame, keys)))
}

/// `POST /api-keys/revoke`
pub(in crate::pages) async fn revoke(visitor: Visitor, form: Form) -> Response {
    let page = "/api-keys";
    visitor.answer_form(take_back(&visitor, &form).await, page, &Form::default())
}

async fn take_back(visitor: &Visitor, form: &Form) -> Result<Response, Error> {
    let keys = api_key::revoke_all(&visitor.cx, visitor.tenant, &chosen(form)?).await?;
    let first = keys.first().map(|key| key.id.to_string());
    let to = format!(
        "/api-keys?revoked={}&more={}",
        first.unwrap_or_default(),
        keys.len().saturating_sub(1)
    );
    Ok(Redirect::to(&to).into_response())
}

/// Each once.
fn chosen(form: &Form) -> Result<Vec<ApiKeyId>, Error> {
    let mut ids = form.all(NAME).map(parse).collect::<Result<Vec<_>, _>>()?;
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

pub(crate) fn view(frame: Frame, keys: Vec<ApiKey>) -> impl IntoView {
    let action = frame.action("/api-keys/revoke");
    let title = match keys.len() {
        1 => "Revoke one key?".to_owned(),
        many => format!("Revoke {many} keys?"),
    };
    let values = keys.iter().map(|key| key.id.to_string()).collect();
    let heads = vec![
        head("Name").name(),
        head("Mode"),
        head("Begins with"),
        head("Last used"),
    ];
    let rows: Vec<_> = keys.into_iter().map(row).collect();
    view! {
        <Console title="Revoke API keys" frame=frame place=Place::ApiKeys>
            <PageHead
                title=title
                intro="Whatever uses these keys is refused from that moment on. It cannot be undone."
                up=("/api-keys", "API keys".to_owned())
            />
            <Card label="The chosen keys">
                <Table label="The chosen keys" caption="All of them or none." heads=heads>
                    {rows}
                </Table>
                <Confirm
                    action=action
                    yes="Revoke all of these"
                    kind=Kind::Danger
                    back="/api-keys"
                    no="Keep them"
                >
                    <Picked name=NAME values=values/>
                </Confirm>
            </Card>
        </Console>
    }
}

fn row(key: ApiKey) -> AnyView {
    let used = match key.last_used_at {
        Some(at) => view! { <When at=at/> }.into_any(),
        None => "never".into_any(),
    };
    view! {
        <tr>
            <th scope="row" class="name">{key.name}</th>
            <td data-label="Mode">{mode_pill(key.mode)}</td>
            <td class="mono" data-label="Begins with">{format!("{}…", key.prefix)}</td>
            <td data-label="Last used">{used}</td>
        </tr>
    }
    .into_any()
}
