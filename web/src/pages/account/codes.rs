//! Recovery codes: the question, because new ones end the ones before, and the page that shows them once.
//! Invariant: a code is on the page that made it and nowhere else.

use axum::{extract::State, http::StatusCode, response::Response};
use control::cx::About;
use domain::{Error, policy::Action};
use http_api::{Http, idempotency};
use leptos::prelude::*;

use crate::{
    form::{Form, ONCE},
    reader::SignedIn,
    render,
    shell::{Console, Frame, Place},
    ui::{Card, Confirm, DocsLink, Kind, LinkButton, PageHead, Snippet},
    words::say,
};

const PATH: &str = "/account/recovery-codes";

/// `GET /account/recovery-codes`
pub(in crate::pages) async fn ask(signed_in: SignedIn) -> Response {
    signed_in.answer(question(&signed_in).await)
}

async fn question(signed_in: &SignedIn) -> Result<Response, Error> {
    let cx = &signed_in.cx;
    // Asked before the question, so that nobody answers it in vain.
    cx.permit_own(Action::MakeRecoveryCodes, About::default())
        .await?;
    let (frame, account) = signed_in.surroundings().await?;
    let once = signed_in.once();
    Ok(render::page(StatusCode::OK, || {
        confirm(frame, account.recovery_codes, once)
    }))
}

/// `POST /account/recovery-codes`: the codes are in this very answer, so there is no redirect to follow.
pub(in crate::pages) async fn make(
    signed_in: SignedIn,
    State(http): State<Http>,
    form: Form,
) -> Response {
    let made = async {
        let (cx, action) = (signed_in.cx.clone(), Action::MakeRecoveryCodes);
        cx.permit_own(action, About::default()).await?;
        let making = {
            let cx = cx.clone();
            Box::pin(async move { control::recovery_code::make(&cx).await })
        };
        let once = form.once(PATH)?;
        let codes: Vec<String> = idempotency::form_once(cx, &http, action, once, making).await?;
        let frame = signed_in.frame().await?;
        Ok(render::page(StatusCode::CREATED, || made(frame, &codes)))
    };
    signed_in.answer_form(made.await, PATH, &Form::default())
}

/// The question.
pub(crate) fn confirm(frame: Frame, left: u64, once: String) -> impl IntoView {
    let words = say!("codes-intro", count = left);
    view! {
        <Console title=say!("account-codes") frame=frame place=Place::Account>
            <PageHead title=say!("codes-heading") intro=words><DocsLink page="access" label=say!("account-access")/></PageHead>
            <Card label=say!("codes-question")>
                <p>{say!("codes-once")}</p>
                <Confirm
                    action=PATH.to_owned()
                    yes=say!("codes-make")
                    kind=Kind::Primary
                    back="/account"
                    no=say!("codes-cancel")
                >
                    <input type="hidden" name=ONCE value=once/>
                </Confirm>
            </Card>
        </Console>
    }
}

/// The codes, this once.
pub(crate) fn made(frame: Frame, codes: &[String]) -> impl IntoView + use<> {
    let list = codes.join("\n");
    let for_whom = say!("codes-for", email = frame.email.clone());
    let link = view! { <a href="/recover">{say!("codes-how-link")}</a> };
    view! {
        <Console title=say!("account-codes") frame=frame place=Place::Account>
            <PageHead title=say!("codes-made") intro=say!("codes-made-intro")/>
            <Card title=for_whom>
                <Snippet label=say!("account-codes-copy") id="codes" text=list/>
                <p class="quiet">{say!("codes-how"; link = link)}</p>
            </Card>
            <p class="no-print">
                <LinkButton href="/account" label=say!("codes-kept") kind=Kind::Primary/>
            </p>
        </Console>
    }
}
