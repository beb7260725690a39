//! From a cookie's secret to a person, by our own tables alone: no token is looked at after signing in.

use std::sync::Arc;

use domain::{
    Error, Timestamp,
    policy::{Actor, Person},
    session::{SEEN_EVERY, Session},
    user::Known,
};
use secrecy::{ExposeSecret, SecretString};

use crate::{App, secret};

/// Whom a cookie stands for.
#[derive(Debug, Clone)]
pub struct Recognised {
    /// The person, in the tenant they look at.
    pub actor: Actor,
    /// The session.
    pub session: Session,
}

/// Whom the secret stands for, and that they did something; none if it is no secret of ours, or its session is over.
pub async fn authenticate(
    app: &Arc<App>,
    given: &SecretString,
) -> Result<Option<Recognised>, Error> {
    let recognised = recognise(app, given).await?;
    let now = app.real.now();
    if let Some(Recognised { session, .. }) = &recognised
        && session.seen_at + SEEN_EVERY <= now
    {
        note_seen(app, session, now).await;
    }
    Ok(recognised)
}

/// The same for what a page asks by itself, which is no sign of anybody: a page left open must not keep its session for ever.
pub async fn recognise(app: &Arc<App>, given: &SecretString) -> Result<Option<Recognised>, Error> {
    if !secret::is_well_formed(given.expose_secret()) {
        return Ok(None);
    }
    let now = app.real.now();
    let tx = app.db.system_read().await?;
    let found = db::session::find_by_hash(&tx, &secret::sha256(given.expose_secret())).await?;
    let Some(session) = found.filter(|session| session.is_live(now)) else {
        return Ok(None);
    };
    let user = db::user::get(&tx, session.user).await?;
    if user.known != Known::Enabled {
        return Ok(None);
    }
    let membership = match session.tenant {
        Some(tenant) => db::membership::role(&tx, tenant, session.user)
            .await?
            .map(|role| (tenant, role)),
        None => None,
    };
    drop(tx);
    let person = Person {
        user: session.user,
        session: session.id,
        membership,
        mfa: session.mfa,
        authenticated_at: session.authenticated_at,
    };
    // An operator who looks at a tenant of their own is a member of it like any other.
    let actor = if session.operator && person.membership.is_none() {
        Actor::Operator(Some(person))
    } else {
        Actor::User(person)
    };
    Ok(Some(Recognised { actor, session }))
}

/// Best effort: who is calling must not depend on whether somebody else is writing. The next request tries again.
async fn note_seen(app: &App, session: &Session, now: Timestamp) {
    let noted = async {
        let Some(tx) = app.db.try_system_write().await? else {
            return Ok(());
        };
        db::session::seen(&tx, session.id, now).await?;
        tx.commit().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(
            error.code = error.code(),
            error.cause = error.private(),
            "a session's use could not be noted"
        );
    }
}
