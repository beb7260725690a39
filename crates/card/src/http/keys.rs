//! `/internal/v1/keys`: the control plane asks for a tenant's key pair and gets the public half.

use axum::{Extension, Router, extract::State, routing::post};
use domain::{card_plane::KeyAnswer, card_plane::KeyRequest, id::TenantId};
use runtime::{
    extract::{Json, Query},
    peer::PeerCaller,
    problem::ApiError,
    request_id::RequestId,
};
use serde::{Deserialize, Serialize};

use crate::{
    app::App,
    key::{self, KeyItem, Origin, answer},
    store,
};

pub(super) fn router() -> Router<App> {
    Router::new().route("/keys", post(ensure).get(list))
}

async fn ensure(
    State(app): State<App>,
    caller: PeerCaller,
    Extension(request_id): Extension<RequestId>,
    Json(request): Json<KeyRequest>,
) -> Result<Json<KeyAnswer>, ApiError> {
    let origin = Origin {
        acting: caller.acting,
        request_id: Some(request_id.to_string()),
    };
    let key = key::ensure(&app, request.tenant_id, request.mode, &origin).await?;
    Ok(Json(answer(key)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ListQuery {
    tenant_id: TenantId,
}

#[derive(Serialize)]
struct Page<T> {
    items: Vec<T>,
    next: Option<String>,
}

/// A tenant has a handful of keys at most, so there is one page.
async fn list(
    State(app): State<App>,
    _: PeerCaller,
    Query(query): Query<ListQuery>,
) -> Result<Json<Page<KeyItem>>, ApiError> {
    let tx = app.store.tenant_read(query.tenant_id).await?;
    let keys = store::key::list(&tx).await?;
    Ok(Json(Page {
        items: keys.into_iter().map(KeyItem::from).collect(),
        next: None,
    }))
}
