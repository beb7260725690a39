//! Recovery codes: the question, because new ones end the ones before, and the page that shows them once.
//! Invariant: a code is on the page that made it and nowhere else.

use axum::{http::StatusCode, response::Response};
use control::cx::About;
use domain::{Error, policy::Action};
use leptos::prelude::*;

use crate::{
    form::Form,
    reader::SignedIn,
    render,
    shell::{Console, Frame, Place},
    ui::{Card, Confirm, DocsLink, Kind, LinkButton, PageHead, Snippet},
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
    Ok(render::page(StatusCode::OK, || {
        confirm(frame, account.recovery_codes)
    }))
}

/// `POST /account/recovery-codes`: the codes are in this very answer, so there is no redirect to follow.
pub(in crate::pages) async fn make(signed_in: SignedIn) -> Response {
    let made = async {
        let codes = control::recovery_code::make(&signed_in.cx).await?;
        let frame = signed_in.frame().await?;
        Ok(render::page(StatusCode::CREATED, || made(frame, &codes)))
    };
    signed_in.answer_form(made.await, PATH, &Form::default())
}

/// The question.
pub(crate) fn confirm(frame: Frame, left: u64) -> impl IntoView {
    let words = match left {
        0 => "You get ten. Each lets you back in once if you lose your authenticator.".to_owned(),
        1 => "You get ten. The one you have left stops working.".to_owned(),
        many => format!("You get ten. The {many} you have left stop working."),
    };
    view! {
        <Console title="Recovery codes" frame=frame place=Place::Account>
            <PageHead title="Make recovery codes?" intro=words><DocsLink page="access" label="Losing access"/></PageHead>
            <Card label="The question">
                <p>"They are shown once, right after this. Have a password manager or a printer at hand."</p>
                <Confirm
                    action=PATH.to_owned()
                    yes="Make ten codes"
                    kind=Kind::Primary
                    back="/account"
                    no="Cancel"
                />
            </Card>
        </Console>
    }
}

/// The codes, this once.
pub(crate) fn made(frame: Frame, codes: &[String]) -> impl IntoView + use<> {
    let list = codes.join("\n");
    let for_whom = format!("For {} at Payphone", frame.email);
    view! {
        <Console title="Recovery codes" frame=frame place=Place::Account>
            <PageHead title="Keep your recovery codes now" intro="This is the only time they are shown. They replace the ones you had before."/>
            <Card title=for_whom>
                <Snippet label="Recovery codes" id="codes" text=list/>
                <p class="quiet">
                    "Each is good once, together with your password, at "
                    <a href="/recover">"the page for a lost authenticator"</a>
                    ". Keep them in a password manager or on paper, not beside the authenticator."
                </p>
            </Card>
            <p class="no-print">
                <LinkButton href="/account" label="I have kept them" kind=Kind::Primary/>
            </p>
        </Console>
    }
}
