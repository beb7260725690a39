//! What a process can be made to do: a round of one kind of background work, or a request of somebody. Each is a future that the
//! scheduler polls, stops and drops as it likes, and answers with what its caller was told.

use std::{pin::Pin, sync::Arc};

use control::{
    App, Cx, inbox, invitation,
    lease::Turn,
    licence, mail, metering, registration,
    session::{self, SignIn, SignedIn},
    sweep, usage, user,
};
use domain::{
    Error, Mode,
    api_key::Scope,
    id::{ApiKeyId, LicenceId, TenantId, UserId},
    identity::Username,
    invitation::Invitation,
    policy::{Actor, Person},
    registration::{Contact, Email},
    role::Role,
};
use futures_util::future::join_all;
use secrecy::SecretString;
use serde_json::Value;

use super::truth::Content;

/// A kind of background work, as `control::work` has a loop for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Receive,
    Events,
    Registrations,
    Users,
    Mails,
    Pricing,
    Sealing,
    Sending,
    Sweep,
}

impl Kind {
    pub(super) const ALL: [Self; 9] = [
        Self::Receive,
        Self::Events,
        Self::Registrations,
        Self::Users,
        Self::Mails,
        Self::Pricing,
        Self::Sealing,
        Self::Sending,
        Self::Sweep,
    ];

    /// The lease it needs, by the name that `control::work` gives it; receiving needs none.
    pub(super) const fn lease(self) -> &'static str {
        match self {
            Self::Receive => "",
            Self::Events => "events",
            Self::Registrations => "registrations",
            Self::Users => "users",
            Self::Mails => "mails",
            Self::Pricing => "pricing",
            Self::Sealing => "sealing",
            Self::Sending => "sending",
            Self::Sweep => "sweep",
        }
    }

    pub(super) const fn turn(self) -> Turn {
        Turn::of(self.lease())
    }
}

/// A batch of usage events, with whose key it is sent.
#[derive(Debug, Clone)]
pub(super) struct Batch {
    pub tenant: TenantId,
    pub mode: Mode,
    /// Numbers and contents of the sendings, in the order of the events.
    pub sendings: Vec<(usize, Content)>,
    pub events: Vec<Value>,
}

/// What a task came to.
pub(super) enum Outcome {
    Round(Kind, Turn, Result<(), Error>),
    /// One result a post, all of the same buyer.
    Registered(usize, Vec<Result<registration::Registered, Error>>),
    Completed(usize, String, Result<(), Error>),
    Recorded(Batch, Result<Vec<usage::EventResult>, Error>),
    SignedIn(usize, Result<Box<SignedIn>, Error>),
    Invited(usize, String, Result<Invitation, Error>),
    Accepted(usize, String, Result<(), Error>),
    Removed(usize, UserId, Result<(), Error>),
    /// What was seen of others that should not have been.
    Peeked(Vec<String>),
    Prolonged(Result<(), Error>),
}

pub(super) type Work = Pin<Box<dyn Future<Output = Outcome>>>;

/// A round of background work, if it is this process's turn.
pub(super) fn round(app: &Arc<App>, kind: Kind, mut turn: Turn) -> Work {
    let cx = Cx::system(Arc::clone(app), "work");
    Box::pin(async move {
        let done = if kind == Kind::Receive {
            inbox::receive(&cx).await.map(drop)
        } else {
            match turn.take(&cx).await {
                Ok(Some(cx)) => of_kind(&cx, kind).await,
                Ok(None) => Ok(()),
                Err(error) => Err(error),
            }
        };
        Outcome::Round(kind, turn, done)
    })
}

async fn of_kind(cx: &Cx, kind: Kind) -> Result<(), Error> {
    match kind {
        Kind::Receive => Ok(()),
        Kind::Events => inbox::apply_all(cx).await,
        Kind::Registrations => registration::reconcile_all(cx).await,
        Kind::Users => user::reconcile_all(cx).await,
        Kind::Mails => mail::send_all(cx).await.map(drop),
        Kind::Pricing => licence::reconcile_pricing(cx).await,
        Kind::Sealing => metering::seal_all(cx).await.map(drop),
        Kind::Sending => {
            // The pace itself is real time, which nobody waits for here.
            let mut pace = metering::Pace::new(1_000_000);
            metering::send_all(cx, &mut pace).await.map(drop)
        }
        Kind::Sweep => sweep::sweep(cx).await.map(drop),
    }
}

/// What a process has is prolonged.
pub(super) fn prolong(app: &Arc<App>) -> Work {
    let app = Arc::clone(app);
    Box::pin(async move { Outcome::Prolonged(control::lease::prolong(&app).await) })
}

/// AWS posts a buyer's token, so many times at once.
pub(super) fn register(app: &Arc<App>, buyer: usize, token: &str, times: usize) -> Work {
    let cx = Cx::system(Arc::clone(app), "marketplace-landing");
    let token = SecretString::from(token.to_owned());
    Box::pin(async move {
        let posts = (0..times).map(|_| registration::register(&cx, &token, false));
        Outcome::Registered(buyer, join_all(posts).await)
    })
}

/// The buyer fills in the welcome form.
pub(super) fn complete(
    app: &Arc<App>,
    buyer: usize,
    (tenant, licence): (TenantId, LicenceId),
    email: String,
) -> Work {
    let actor = Actor::Buyer { tenant, licence };
    let cx = Cx::new(Arc::clone(app), actor, "welcome");
    Box::pin(async move {
        let contact = Contact {
            email: address(&email),
            name: "Ann Harbour".to_owned(),
        };
        let done = registration::complete(&cx, tenant, licence, &contact).await;
        Outcome::Completed(buyer, email, done)
    })
}

/// A tenant's till sends usage.
pub(super) fn record(app: &Arc<App>, batch: Batch) -> Work {
    let actor = Actor::ApiKey {
        id: ApiKeyId::from_uuid(uuid::Uuid::from_u128(1)),
        tenant: batch.tenant,
        mode: batch.mode,
        scopes: vec![Scope::UsageWrite, Scope::UsageRead],
    };
    let cx = Cx::new(Arc::clone(app), actor, "till");
    Box::pin(async move {
        let done = usage::record(&cx, &batch.events).await;
        Outcome::Recorded(batch, done)
    })
}

/// A tenant's integration looks at its own records, and tries to look at another tenant's.
pub(super) fn peek(app: &Arc<App>, own: TenantId, other: TenantId) -> Work {
    let actor = Actor::ApiKey {
        id: ApiKeyId::from_uuid(uuid::Uuid::from_u128(1)),
        tenant: own,
        mode: Mode::Live,
        scopes: vec![Scope::UsageRead, Scope::AdminRead],
    };
    let cx = Cx::new(Arc::clone(app), actor, "peek");
    Box::pin(async move {
        let mut seen = Vec::new();
        let filter = metering::Filter::default();
        if let Ok(records) = metering::list(&cx, own, &filter, None, 1_000).await {
            let foreign = records.iter().filter(|record| record.tenant != own);
            seen.extend(foreign.map(|record| format!("{own} saw record {}", record.id)));
        }
        match metering::list(&cx, other, &filter, None, 1).await {
            Ok(_) => seen.push(format!("{own} was let in at {other}")),
            Err(error) if error.kind() == domain::ErrorKind::Forbidden => {
                seen.push(format!("{own} learnt that {other} is there"));
            }
            Err(_) => {}
        }
        Outcome::Peeked(seen)
    })
}

/// Somebody comes back from the sign-in page.
pub(super) fn sign_in(app: &Arc<App>, buyer: usize, username: Username) -> Work {
    let cx = Cx::new(Arc::clone(app), Actor::Anonymous, "callback");
    Box::pin(async move {
        let given = SignIn {
            subject: username.0.clone(),
            username,
            email: None,
            operator: false,
            mfa: true,
            authenticated_at: cx.real_now(),
            user_agent: "a browser".to_owned(),
            refresh_token: None,
            before: None,
        };
        Outcome::SignedIn(buyer, session::sign_in(&cx, given).await.map(Box::new))
    })
}

/// The owner invites somebody.
pub(super) fn invite(
    app: &Arc<App>,
    buyer: usize,
    (tenant, person): (TenantId, Person),
    email: String,
    role: Role,
) -> Work {
    let cx = Cx::new(Arc::clone(app), Actor::User(person), "people");
    Box::pin(async move {
        let done = invitation::create(&cx, tenant, &address(&email), role).await;
        Outcome::Invited(buyer, email, done)
    })
}

/// Somebody follows an invitation's link and accepts.
pub(super) fn accept(app: &Arc<App>, buyer: usize, email: String, link: String) -> Work {
    let cx = Cx::new(Arc::clone(app), Actor::Anonymous, "invitation");
    Box::pin(async move {
        let done = invitation::accept(&cx, &link, "Ben Builder").await;
        Outcome::Accepted(buyer, email, done.map(drop))
    })
}

/// The owner removes somebody.
pub(super) fn remove(
    app: &Arc<App>,
    buyer: usize,
    (tenant, person): (TenantId, Person),
    user: UserId,
) -> Work {
    let cx = Cx::new(Arc::clone(app), Actor::User(person), "people");
    Box::pin(async move {
        let done = user::remove(&cx, tenant, user).await;
        Outcome::Removed(buyer, user, done)
    })
}

fn address(email: &str) -> Email {
    email.parse().expect("an address")
}
