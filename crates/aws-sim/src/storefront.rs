//! stub
use axum::{Router, response::Redirect};
use crate::server::App;
pub async fn root() -> Redirect { Redirect::to("/storefront") }
pub async fn not_found() -> axum::http::StatusCode { axum::http::StatusCode::NOT_FOUND }
pub fn routes() -> Router<App> { Router::new() }
