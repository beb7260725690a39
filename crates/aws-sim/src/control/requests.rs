//! `GET /_sim/v1/requests?client=`: the request log as JSON Lines, streamed from its file.

use axum::{
    body::{Body, Bytes},
    extract::{Query, State},
    http::header,
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use serde::Deserialize;
use tokio::sync::mpsc;

use crate::server::App;

/// Query members.
#[derive(Debug, Deserialize)]
pub(super) struct Only {
    client: Option<String>,
}

/// Streams the log, so that its length costs no memory.
pub(super) async fn list(State(sim): State<App>, Query(only): Query<Only>) -> Response {
    let (tell, pieces) = mpsc::channel::<Result<Bytes, std::io::Error>>(4);
    tokio::task::spawn_blocking(move || {
        let done = sim.requests.read(only.client.as_deref(), |piece| {
            tell.blocking_send(Ok(Bytes::from(piece))).is_ok()
        });
        if let Err(why) = done {
            let _ = tell.blocking_send(Err(why));
        }
    });
    let body = Body::from_stream(stream::unfold(pieces, |mut pieces| async {
        pieces.recv().await.map(|piece| (piece, pieces))
    }));
    ([(header::CONTENT_TYPE, "application/jsonl")], body).into_response()
}
