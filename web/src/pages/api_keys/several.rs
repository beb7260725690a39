//! `/api-keys/revoke`: several keys at once, chosen on the list; all of them or none. The question comes first, on a page of its own.

use axum::{http::StatusCode, response::Response};
use control::api_key::{self, MOST_AT_ONCE};
use domain::{Error, api_key::ApiKey, id::ApiKeyId, policy::Action};
use leptos::prelude::*;

use super::{parse, view::mode_pill};
use crate::{
    flash,
    form::{Form, Query},
    reader::Visitor,
    render,
    shell::{Console, Frame, Place},
    ui::{Card, Confirm, Kind, PageHead, Picked, Table, When, head},
    words::say,
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
        return Ok(flash::redirect("/api-keys", "none=1"));
    }
    let mut keys = api_key::those(&visitor.cx, visitor.tenant, &ids).await?;
    keys.retain(|key| key.revoked_at.is_none());
    if keys.is_empty() {
        return Ok(flash::redirect("/api-keys", "none=1"));
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
    let done = format!(
        "revoked={}&more={}",
        first.unwrap_or_default(),
        keys.len().saturating_sub(1)
    );
    Ok(flash::redirect("/api-keys", &done))
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
    let title = say!("api-keys-several-question", count = keys.len());
    let values = keys.iter().map(|key| key.id.to_string()).collect();
    let heads = vec![
        head(say!("api-keys-name")).name(),
        head(say!("api-keys-mode")),
        head(say!("api-keys-begins")),
        head(say!("api-keys-last-used")),
    ];
    let rows: Vec<_> = keys.into_iter().map(row).collect();
    view! {
        <Console title=say!("api-keys-several-title") frame=frame place=Place::ApiKeys>
            <PageHead
                title=title
                intro=say!("api-keys-several-means")
                up=("/api-keys", say!("api-keys-title"))
            />
            <Card label=say!("api-keys-several-about")>
                <Table
                    label=say!("api-keys-several-about")
                    caption=say!("api-keys-several-all")
                    heads=heads
                >
                    {rows}
                </Table>
                <Confirm
                    action=action
                    yes=say!("api-keys-several-yes")
                    kind=Kind::Danger
                    back="/api-keys"
                    no=say!("api-keys-several-no")
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
        None => say!("api-keys-never").into_any(),
    };
    view! {
        <tr>
            <th scope="row" class="name">{key.name}</th>
            <td data-label=say!("api-keys-mode")>{mode_pill(key.mode)}</td>
            <td class="mono" data-label=say!("api-keys-begins")>{format!("{}…", key.prefix)}</td>
            <td data-label=say!("api-keys-last-used")>{used}</td>
        </tr>
    }
    .into_any()
}
