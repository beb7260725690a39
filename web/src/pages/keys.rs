//! `/keys`: the public halves of the tenant's key pairs, in the two slots that Amazon Connect has, and what goes where.

use axum::{http::StatusCode, response::Response};
use control::public_key;
use domain::{
    Error, Timestamp,
    key::{CONNECT_MAX_PEM, KeyState, PublicKey},
};
use leptos::prelude::*;

use crate::{
    reader::Visitor,
    render,
    shell::{Console, Frame, Place},
    ui::{
        Card, DocsLink, Empty, EndedNotice, Fact, Facts, Kind, LinkButton, PageHead, Pill, Snippet,
        Tone, Waiting, When,
    },
};

/// What the page says.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    /// The frame.
    pub(crate) frame: Frame,
    /// The keys that Amazon Connect may hold, oldest first.
    pub(crate) held: Vec<PublicKey>,
    /// Now.
    pub(crate) now: Timestamp,
}

/// `GET /keys`
pub(super) async fn list(visitor: Visitor) -> Response {
    visitor.answer(page(&visitor).await)
}

async fn page(visitor: &Visitor) -> Result<Response, Error> {
    let mut keys = public_key::list(&visitor.cx, visitor.tenant).await?;
    keys.retain(|key| key.state != KeyState::Retired);
    keys.reverse();
    let page = Keys {
        frame: visitor.frame().await?,
        held: keys,
        now: visitor.cx.now(),
    };
    Ok(render::page(StatusCode::OK, || view(page)))
}

pub(crate) fn view(page: Keys) -> impl IntoView {
    let now = page.now;
    let ended = page.frame.ended;
    let waiting = page.held.is_empty() && ended.is_none();
    let fill = match (ended, waiting) {
        (Some(_), _) => Fill::Over,
        (None, true) => Fill::BeingMade,
        (None, false) => Fill::Usual,
    };
    let mut keys = page.held.iter();
    let slots = ["Slot A", "Slot B"].map(|name| slot(name, keys.next(), fill, now));
    let active = page
        .held
        .iter()
        .rfind(|key| key.state == KeyState::Active && ended.is_none())
        .cloned();
    let again =
        waiting.then(|| view! { <LinkButton href="/keys" label="Refresh" kind=Kind::Usual/> });
    view! {
        <Console title="Keys" frame=page.frame place=Place::Keys refresh=waiting>
            <PageHead
                title="Keys"
                intro="Amazon Connect encrypts card digits under these. It holds two at a time, so a key can be changed without losing a call."
            >
                <DocsLink page="connect" label="Connect Amazon Connect"/>
                {again}
            </PageHead>
            {ended.map(|at| view! { <EndedNotice at=at meaning="These keys are no longer in use."/> })}
            <div class="halves">{slots.collect_view()}</div>
            {active.map(pems)}
        </Console>
    }
}

/// What the slots stand for at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fill {
    Usual,
    /// The first key pair is on its way.
    BeingMade,
    /// The subscription has ended.
    Over,
}

fn slot(
    name: &'static str,
    key: Option<&PublicKey>,
    fill: Fill,
    now: Timestamp,
) -> impl IntoView + use<> {
    let being_made = fill == Fill::BeingMade && name == "Slot A";
    let (tone, word) = match key.map(|key| key.state) {
        Some(_) if fill == Fill::Over => (Tone::Plain, "no longer in use"),
        None if fill == Fill::Over => (Tone::Plain, "empty"),
        Some(KeyState::Active) => (Tone::Ok, "in use"),
        Some(_) => (Tone::Wait, "being replaced"),
        None if being_made => (Tone::Wait, "being made"),
        None => (Tone::Plain, "free"),
    };
    let content = match key {
        Some(key) => facts(key.clone(), now).into_any(),
        None if being_made => view! {
            <Waiting words="Your key pair is being made. This takes a few seconds; the page looks again by itself."/>
        }
        .into_any(),
        None if fill == Fill::Over => view! { <Empty words="There is no key here."/> }.into_any(),
        None => view! {
            <Empty words="Stays free until you change keys. The old key is then kept until the last call that needs it is over."/>
        }
        .into_any(),
    };
    view! {
        <Card title=name aside=view! { <Pill tone=tone word=word/> }.into_any()>
            {content}
        </Card>
    }
}

fn facts(key: PublicKey, now: Timestamp) -> impl IntoView {
    let days = (key.not_after - now).num_days();
    let left = match days {
        ..=-1 => " (over)".to_owned(),
        1 => " (1 day)".to_owned(),
        days => format!(" ({days} days)"),
    };
    let connect = key
        .connect_key_id
        .unwrap_or_else(|| "not known yet".to_owned());
    let used = match key.last_used_at {
        Some(at) => view! { <When at=at/> }.into_any(),
        None => "never".into_any(),
    };
    view! {
        <Facts>
            <Fact name="Key id" mono=true>{key.id.to_string()}</Fact>
            <Fact name="Fingerprint" mono=true>{key.fingerprint}</Fact>
            <Fact name="Type">{format!("RSA-{}, {}", key.bits, key.mode)}</Fact>
            <Fact name="Connect key id" mono=true>{connect}</Fact>
            <Fact name="Certificate">
                "from " <When at=key.not_before/> <br/> "until " <When at=key.not_after/> {left}
            </Fact>
            <Fact name="Last used">{used}</Fact>
        </Facts>
    }
}

fn pems(key: PublicKey) -> impl IntoView {
    let length = format!(
        "{} of {CONNECT_MAX_PEM} characters",
        key.public_key_pem.chars().count()
    );
    let (public, certificate) = (
        format!("/api/v1/keys/{}/public-key.pem", key.id),
        format!("/api/v1/keys/{}/certificate.pem", key.id),
    );
    let to_public = view! {
        <div class="row">
            <span class="quiet">{length}</span>
            <LinkButton href=public label="Download public key" kind=Kind::Primary/>
        </div>
    };
    let to_certificate =
        view! { <LinkButton href=certificate label="Download certificate" kind=Kind::Usual/> };
    view! {
        <Card title="Public key" aside=to_public.into_any()>
            <p>
                "For the instance: Amazon Connect console → your instance → Flows → Flow security keys → Add key. Amazon Connect then shows the key's id, which the flow needs as well."
            </p>
            <Snippet label="Public key" id="public-key" text=key.public_key_pem/>
        </Card>
        <Card title="Certificate" aside=to_certificate.into_any()>
            <p>
                "For the flow: in the " <em>"Store customer input"</em>
                " block choose Encrypt entry, and paste the certificate with the key's id from Amazon Connect."
            </p>
            <Snippet label="Certificate" id="certificate" text=key.certificate_pem/>
        </Card>
    }
}
