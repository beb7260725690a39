//! The answer to a form that was shown for one tenant and arrives while another is looked at: somebody switched in another tab.
//! Invariant: nothing was done; both tenants are named, as far as the person belongs to them.

use axum::response::Response;
use domain::{Error, ErrorKind, id::TenantId};
use leptos::prelude::*;

use crate::{
    error_page::{self, ErrorPage},
    reader::Visitor,
    shell::org,
    words::say,
};

/// The ways on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Both {
    /// The page whose form it was.
    pub(crate) page: String,
    /// What the tenant is called that is looked at now.
    pub(crate) now: String,
    /// The tenant that the form was about, if the person belongs to it.
    pub(crate) meant: Option<(TenantId, String)>,
}

/// The page.
pub(crate) async fn page(visitor: &Visitor, meant: &str) -> Result<Response, Error> {
    let account = control::session::account(&visitor.cx).await?;
    let name = |id: &str| {
        let mut own = account.tenants.iter().map(|(_, tenant)| tenant);
        let tenant = own.find(|tenant| tenant.id.to_string() == id)?;
        Some((tenant.id, org(&tenant.name, tenant.id)))
    };
    let now = visitor.tenant.to_string();
    let both = Both {
        page: visitor.signed_in.any.page(),
        now: name(&now).map_or(now, |(_, name)| name),
        meant: name(meant),
    };
    let reader = &visitor.signed_in.any.reader;
    let error = error();
    let page = ErrorPage::of_other_tenant(reader, &error, both);
    Ok(error_page::answer_in_console(&visitor.cx, &error, page))
}

/// Why the form was not taken.
pub(crate) fn error() -> Error {
    Error::new(
        ErrorKind::Conflict,
        "other_tenant",
        "You switched to another account in another tab. Nothing was changed.",
    )
}

/// The page again, in either.
pub(crate) fn ways(both: Both) -> impl IntoView {
    let Both { page, now, meant } = both;
    let to = page.clone();
    view! {
        <p class="quiet">{say!("errors-other-tenant-again")}</p>
        <div class="stack">
            {meant
                .map(|(id, name)| {
                    view! {
                        <form method="post" action="/account/tenant">
                            <input type="hidden" name="tenant" value=id.to_string()/>
                            <input type="hidden" name="next" value=to/>
                            <button class="btn big" type="submit">
                                {say!("errors-other-tenant-back", tenant = name)}
                            </button>
                        </form>
                    }
                })}
            <a class="btn big" href=page>
                {say!("errors-other-tenant-stay", tenant = now)}
            </a>
        </div>
    }
}
