//! The end of signing in: the identity provider said who it is, and our own tables say where they belong.
//! A session is always a new one, whatever the browser had before (session fixation); the one before ends.

use domain::{
    Error, ErrorKind, Timestamp,
    audit::{Chain, Outcome},
    id::{SessionId, TenantId, UserId},
    identity::Username,
    policy::{Action, Actor, Person},
    registration::Email,
    session::{Session, user_agent},
    user::User,
};
use secrecy::SecretString;

use crate::{Cx, anew::anew, cx::About, secret};

/// What the identity provider said, and where it was said.
#[derive(Debug)]
pub struct SignIn {
    /// The provider's name of the person.
    pub username: Username,
    /// The provider's subject.
    pub subject: String,
    /// Their address there.
    pub email: Option<Email>,
    /// Whether they are in the vendor's group of operators.
    pub operator: bool,
    /// Whether a second factor was part of it.
    pub mfa: bool,
    /// When they proved who they are (the token's `auth_time`).
    pub authenticated_at: Timestamp,
    /// The browser's own words about itself.
    pub user_agent: String,
    /// The refresh token, sealed.
    pub refresh_token: Option<String>,
    /// The session that the browser had before.
    pub before: Option<SessionId>,
}

/// A new session.
#[derive(Debug)]
pub struct SignedIn {
    /// What opens it: for the cookie alone.
    pub secret: SecretString,
    /// The session.
    pub session: Session,
    /// The refresh token of the session before, sealed, to be revoked.
    pub revoke: Option<String>,
}

/// Opens a session for whom the identity provider named.
///
/// # Errors
/// `no_membership` (403) for somebody who belongs to no tenant and is no operator.
pub async fn sign_in(cx: &Cx, given: SignIn) -> Result<SignedIn, Error> {
    anew(|| async {
    let cx = cx.as_system("sign-in");
    let now = cx.real_now();
    let tx = cx.system_write().await?;
    let user = find(&cx, &tx, &given).await?;
    let memberships = match &user {
        Some(user) => db::membership::of_user(&tx, user.id).await?,
        None => Vec::new(),
    };
    let Some(user) = user.filter(|_| given.operator || !memberships.is_empty()) else {
        let about = About::default().detail("belongs to no tenant");
        cx.audit(
            &tx,
            Action::SignIn,
            Outcome::Refused,
            &[Chain::Vendor],
            about,
        )
        .await?;
        tx.commit().await?;
        return Err(Error::new(
            ErrorKind::Forbidden,
            "no_membership",
            "You signed in, but you belong to no Payphone account any more. Ask an owner to invite you, or come in from AWS Marketplace.",
        ));
    };
    let id = SessionId::make(&*cx.app().ids);
    let person = Person {
        user: user.id,
        session: id,
        membership: None,
        mfa: given.mfa,
        authenticated_at: given.authenticated_at.min(now),
    };
    // Before any row of the person's is touched: everybody takes the ends of chains first.
    cx.acting_as(Actor::User(person.clone()))
        .audit_user(
            &tx,
            Action::SignIn,
            Outcome::Done,
            user.id,
            About::target(id),
        )
        .await?;
    let (before, revoke) = end_before(&tx, given.before, now).await?;
    let belongs = |tenant: &TenantId| memberships.iter().any(|(m, _)| m.tenant == *tenant);
    let tenant = match (before.filter(belongs), memberships.as_slice()) {
        (Some(tenant), _) => Some(tenant),
        // Operators come as operators; who is a member as well chooses.
        (None, [(only, _)]) if !given.operator => Some(only.tenant),
        _ => None,
    };
    if let Some(tenant) = tenant {
        db::membership::used(&tx, tenant, user.id, now).await?;
    }
    db::user::signed_in(&tx, user.id, given.operator, now).await?;
    let session = Session {
        id,
        user: user.id,
        tenant,
        created_at: now,
        seen_at: now,
        authenticated_at: person.authenticated_at,
        subject: given.subject.clone(),
        checked_at: now,
        mfa: given.mfa,
        operator: given.operator,
        user_agent: user_agent(&given.user_agent),
        address: cx.address().map(|a| a.to_string()).unwrap_or_default(),
        ended_at: None,
    };
    let secret = secret::make(&cx);
    let hash = secret::sha256(&secret);
    db::session::insert(&tx, &session, &hash, given.refresh_token.as_deref()).await?;
    tx.commit().await?;
    metrics::counter!("sign_ins_total").increment(1);
    Ok(SignedIn {
        secret: secret.into(),
        session,
        revoke,
    })
    })
    .await
}

/// Ends the session that the browser had, and tells which tenant it looked at.
async fn end_before(
    tx: &db::SystemTx,
    before: Option<SessionId>,
    now: Timestamp,
) -> Result<(Option<TenantId>, Option<String>), Error> {
    let Some(before) = before else {
        return Ok((None, None));
    };
    let tenant = db::session::tenant_of(tx, before).await?;
    let token = db::session::end(tx, before, now).await?;
    Ok((tenant, token))
}

/// The person behind the provider's name. Operators' accounts are made by hand over there, so theirs is added here when they come.
async fn find(cx: &Cx, tx: &db::SystemTx, given: &SignIn) -> Result<Option<User>, Error> {
    if let Some(user) = db::user::find_by_username(tx, &given.username).await? {
        return Ok(Some(user));
    }
    let (true, Some(email)) = (given.operator, &given.email) else {
        return Ok(None);
    };
    let id = UserId::make(&*cx.app().ids);
    let (now, real) = (cx.now(), cx.real_now());
    db::user::insert_operator(tx, id, email, &given.username, now, real).await?;
    // By the name once more: signing in twice at the same moment, the second finds whom the first has added.
    db::user::find_by_username(tx, &given.username).await
}
