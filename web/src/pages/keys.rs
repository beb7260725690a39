//! `/keys`: the public halves of the tenant's key pairs, in the two slots that Amazon Connect has, and what goes where.

mod certificate;

use axum::{http::StatusCode, response::Response};
use control::{live, public_key};
use domain::{
    Error, Mode, Timestamp,
    key::{CONNECT_MAX_PEM, KeyState, PublicKey},
    live::Topic,
};
use leptos::prelude::*;

pub(super) use self::certificate::Certificate;
use crate::{
    live::status::Live,
    reader::Visitor,
    render,
    shell::{Console, Frame, Place},
    ui::{
        Card, Copyable, DocsLink, Empty, EndedNotice, Fact, Facts, Kind, LinkButton, PageHead,
        Pill, Snippet, Tone, Waiting, When,
    },
    words::say,
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
    /// Which state of the set-up this is: the first key pair is one of its steps.
    pub(crate) mark: String,
}

/// `GET /keys`
pub(super) async fn list(visitor: Visitor) -> Response {
    visitor.answer(page(&visitor).await)
}

async fn page(visitor: &Visitor) -> Result<Response, Error> {
    let mark = live::mark(&visitor.cx, visitor.tenant, Topic::Setup).await?;
    let mut keys = public_key::list(&visitor.cx, visitor.tenant).await?;
    keys.retain(|key| key.mode == visitor.mode && key.state != KeyState::Retired);
    keys.reverse();
    let page = Keys {
        frame: visitor.frame().await?,
        held: keys,
        now: visitor.cx.now(),
        mark,
    };
    Ok(render::page(StatusCode::OK, || view(page)))
}

pub(crate) fn view(page: Keys) -> impl IntoView {
    let now = page.now;
    let ended = page.frame.ended;
    let live = page.frame.mode == Mode::Live;
    // A live key pair is made when a tenant goes live, not by itself.
    let waiting = page.held.is_empty() && ended.is_none() && !live;
    let not_yet = live && page.held.is_empty();
    let fill = if ended.is_some() || not_yet {
        Fill::Over
    } else {
        Fill::Usual
    };
    // The first key pair comes into the first slot.
    let first = if waiting { Fill::BeingMade } else { fill };
    let mut keys = page.held.iter();
    let none_yet = (not_yet && ended.is_none()).then(|| {
        view! { <p class="alert info">{say!("keys-none-live")}</p> }
    });
    let slots = [
        slot(say!("keys-slot-a"), keys.next(), first, now),
        slot(say!("keys-slot-b"), keys.next(), fill, now),
    ];
    let active = page
        .held
        .iter()
        .rfind(|key| key.state == KeyState::Active && ended.is_none())
        .cloned();
    let warnings: Vec<_> = page
        .held
        .iter()
        .filter(|_| ended.is_none())
        .filter_map(|key| warning(key, &page.frame.support, now))
        .collect();
    let again = waiting.then(|| {
        view! { <LinkButton href="/keys" label=say!("keys-refresh") kind=Kind::Usual/> }
    });
    // Once a key is there nothing follows any more: the page becomes another one then, and loads itself anew.
    let topic = waiting.then(|| Topic::Setup.as_str());
    let live = waiting.then(|| {
        view! { <Live topic=Topic::Setup mark=page.mark/> }
    });
    view! {
        <Console title=say!("keys-title") frame=page.frame place=Place::Keys refresh=waiting>
            <PageHead
                title=say!("keys-title")
                intro=say!("keys-intro")
            >
                <DocsLink page="connect" label=say!("keys-docs")/>
                {again}
            </PageHead>
            {ended.map(|at| view! { <EndedNotice at=at meaning=say!("keys-ended")/> })}
            {warnings}
            {none_yet}
            <div class="halves" data-live=topic>{slots.collect_view()}</div>
            {active.map(pems)}
            {live}
        </Console>
    }
}

/// What a slot stands for at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fill {
    Usual,
    /// The first key pair is on its way.
    BeingMade,
    /// None comes by itself: the subscription has ended, or nobody has gone live yet.
    Over,
}

fn slot(
    name: String,
    key: Option<&PublicKey>,
    fill: Fill,
    now: Timestamp,
) -> impl IntoView + use<> {
    let (tone, word) = match (key.map(|key| key.state), fill) {
        (Some(_), Fill::Over) => (Tone::Plain, say!("keys-over")),
        (Some(KeyState::Active), _) => in_use(key.and_then(|key| Certificate::of(key, now))),
        (Some(_), _) => (Tone::Wait, say!("keys-being-replaced")),
        (None, Fill::Over) => (Tone::Plain, say!("keys-empty")),
        (None, Fill::BeingMade) => (Tone::Wait, say!("keys-being-made")),
        (None, Fill::Usual) => (Tone::Plain, say!("keys-free")),
    };
    let content = match (key, fill) {
        (Some(key), _) => facts(key.clone(), now).into_any(),
        (None, Fill::BeingMade) => {
            view! { <Waiting words=say!("keys-being-made-wait")/> }.into_any()
        }
        (None, Fill::Over) => view! { <Empty words=say!("keys-over-none")/> }.into_any(),
        (None, Fill::Usual) => view! { <Empty words=say!("keys-free-until")/> }.into_any(),
    };
    view! {
        <Card title=name aside=view! { <Pill tone=tone word=word/> }.into_any()>
            {content}
        </Card>
    }
}

fn in_use(certificate: Option<Certificate>) -> (Tone, String) {
    match certificate {
        None => (Tone::Ok, say!("keys-in-use")),
        Some(Certificate::Ending) => (Tone::Wait, say!("keys-certificate-ending")),
        Some(Certificate::Over) => (Tone::Bad, say!("keys-certificate-over")),
    }
}

/// What is to be done about a certificate, if anything is.
fn warning(key: &PublicKey, support: &str, now: Timestamp) -> Option<AnyView> {
    let certificate = Certificate::of(key, now)?;
    let support = view! { <a href=format!("mailto:{support}")>{support.to_owned()}</a> };
    let (class, words) = match certificate {
        Certificate::Ending => (
            "alert wait",
            say!("keys-certificate-ending-do"; support = support),
        ),
        Certificate::Over => ("alert", say!("keys-certificate-over-do"; support = support)),
    };
    let warning = view! {
        <div class=class>
            <p><strong>{certificate.title(key)}</strong></p>
            <p>{words}</p>
        </div>
    };
    Some(warning.into_any())
}

fn facts(key: PublicKey, now: Timestamp) -> impl IntoView {
    let days = (key.not_after - now).num_days();
    let until = view! { <When at=key.not_after/> };
    let until = if days < 0 {
        say!("keys-until-over"; at = until)
    } else {
        say!("keys-until", days = days; at = until)
    };
    let from = view! { <When at=key.not_before/> };
    let connect = key
        .connect_key_id
        .unwrap_or_else(|| say!("keys-connect-id-unknown"));
    let used = match key.last_used_at {
        Some(at) => view! { <When at=at/> }.into_any(),
        None => say!("keys-never").into_any(),
    };
    view! {
        <Facts>
            <Fact name=say!("keys-id")>
                <Copyable id=key.id.to_string() what=say!("keys-id-copy") text=key.id.to_string()/>
            </Fact>
            <Fact name=say!("keys-fingerprint")>
                <Copyable
                    id=format!("fingerprint-{}", key.id)
                    what=say!("keys-fingerprint-copy")
                    text=key.fingerprint
                />
            </Fact>
            <Fact name=say!("keys-type")>{format!("RSA-{}, {}", key.bits, key.mode)}</Fact>
            <Fact name=say!("keys-connect-id") mono=true>{connect}</Fact>
            <Fact name=say!("keys-certificate")>
                {say!("keys-from"; at = from)} <br/> {until}
            </Fact>
            <Fact name=say!("keys-last-used")>{used}</Fact>
        </Facts>
    }
}

fn pems(key: PublicKey) -> impl IntoView {
    let length = key.public_key_pem.chars().count();
    let length = say!(
        "keys-public-length",
        length = length,
        most = CONNECT_MAX_PEM
    );
    let (public, certificate) = (
        format!("/api/v1/keys/{}/public-key.pem", key.id),
        format!("/api/v1/keys/{}/certificate.pem", key.id),
    );
    let to_public = view! {
        <div class="row">
            <span class="quiet">{length}</span>
            <LinkButton href=public label=say!("keys-public-download") kind=Kind::Primary/>
        </div>
    };
    let to_certificate = view! {
        <LinkButton href=certificate label=say!("keys-certificate-download") kind=Kind::Usual/>
    };
    let block = view! { <em>"Store customer input"</em> };
    view! {
        <Card title=say!("keys-public") aside=to_public.into_any()>
            <p>{say!("keys-public-where")}</p>
            <Snippet
                label=say!("keys-public-copy")
                id="public-key"
                folded=say!("keys-public-show")
                text=key.public_key_pem
            />
        </Card>
        <Card title=say!("keys-certificate") aside=to_certificate.into_any()>
            <p>{say!("keys-certificate-where"; block = block)}</p>
            <Snippet
                label=say!("keys-certificate-copy")
                id="certificate"
                folded=say!("keys-certificate-show")
                text=key.certificate_pem
            />
        </Card>
    }
}
