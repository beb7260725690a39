//! What people and programs reach from outside.

use std::sync::Arc;

use axum::Router;
use domain::Ids;
use http_api::{Http, app::public_router, security_headers};
use runtime::stack;

use crate::{around, design, landing, pages};

/// The public router with all its layers; `with_design` adds the page that shows what the others are made of.
pub fn public(http: &Http, with_design: bool, ids: &Arc<dyn Ids>) -> Router {
    let pages = if with_design {
        pages::router().merge(design::router())
    } else {
        pages::router()
    };
    let router = public_router(http.clone(), pages, landing::router());
    let router = stack::wrap(router, Arc::clone(ids), stack::Limits::default());
    let router = around(router, http.clone());
    security_headers::around(router, Arc::clone(ids), http.is_https())
}
