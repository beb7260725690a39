//! Who reads the page: the request's id and where to ask for help, for anybody; and the visitor, who belongs to a tenant.
//! Until sign-in exists, a visitor is the buyer behind the signed `registration` cookie, for that licence's tenant alone.

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{Extensions, request::Parts},
    response::Response,
};
use control::Cx;
use domain::{Error, id::TenantId};
use http_api::{Http, who::Caller};
use runtime::request_id::RequestId;

use crate::{error_page, shell::Frame};

/// Anybody who reads a page.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    /// Where people write to.
    pub(crate) support: Arc<str>,
    /// The request's id, for support.
    pub(crate) request_id: String,
}

impl Reader {
    pub(crate) fn new(extensions: &Extensions, http: &Http) -> Self {
        let request_id = extensions
            .get::<RequestId>()
            .map(ToString::to_string)
            .unwrap_or_default();
        Self {
            support: Arc::clone(&http.support_email),
            request_id,
        }
    }
}

impl FromRequestParts<Http> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, http: &Http) -> Result<Self, Infallible> {
        Ok(Self::new(&parts.extensions, http))
    }
}

/// Somebody who belongs to a tenant. Nobody else gets past the extractor.
pub(crate) struct Visitor {
    /// The context of the request.
    pub(crate) cx: Cx,
    /// The visitor's tenant.
    pub(crate) tenant: TenantId,
    /// Where people reach us, without trailing slash.
    pub(crate) public_url: Arc<str>,
    reader: Reader,
}

impl FromRequestParts<Http> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, http: &Http) -> Result<Self, Response> {
        let reader = Reader::new(&parts.extensions, http);
        let found = async {
            let Caller(cx) = Caller::from_request_parts(parts, http)
                .await
                .map_err(|refused| refused.0)?;
            let tenant = cx.own_tenant()?;
            Ok((cx, tenant))
        };
        match found.await {
            Ok((cx, tenant)) => Ok(Self {
                cx,
                tenant,
                public_url: Arc::clone(&http.public_url),
                reader,
            }),
            Err(error) => Err(error_page::answer(&reader, &error)),
        }
    }
}

impl Visitor {
    /// What the pages around the content say about the tenant.
    pub(crate) async fn frame(&self) -> Result<Frame, Error> {
        let (tenant, licences) = control::tenant::get(&self.cx, self.tenant).await?;
        Ok(Frame::of(&tenant, &licences, self.support()))
    }

    /// Where people write to.
    pub(crate) fn support(&self) -> Arc<str> {
        Arc::clone(&self.reader.support)
    }

    /// The page, or the page about what went wrong.
    pub(crate) fn answer(&self, result: Result<Response, Error>) -> Response {
        result.unwrap_or_else(|error| error_page::answer(&self.reader, &error))
    }
}
