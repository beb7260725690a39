//! Our own mail: written in the transaction that makes it necessary, sent afterwards, at least once.
//! The texts are short and plain; each says who did it and what to do if that is wrong.

mod send;

pub use send::send_all;

use db::{TenantTx, Tx};
use domain::{
    Error,
    id::{InvitationId, MailId, TenantId},
    mailer::Mail,
    membership::Member,
    policy::Actor,
    registration::Email,
    user::User,
};

use crate::Cx;

/// Where an invitation's link goes in its text: no name can have it in it, since names have no control characters.
pub(crate) const LINK: &str = "\u{1}link\u{1}";

/// Tells the tenant's owners what was done.
pub(crate) async fn to_owners(
    cx: &Cx,
    tx: &TenantTx,
    subject: &str,
    what: &str,
) -> Result<(), Error> {
    to_owners_and(cx, tx, None, subject, what).await
}

/// Tells the tenant's owners, and the person it is about.
pub(crate) async fn to_owners_and(
    cx: &Cx,
    tx: &TenantTx,
    other: Option<&User>,
    subject: &str,
    what: &str,
) -> Result<(), Error> {
    let owners = db::membership::owners(tx, tx.tenant()).await?;
    let tenant = db::tenant::get(tx).await?;
    let by = who(cx, tx, tenant.id).await?;
    let text = notice(what, &tenant.name, by.as_deref());
    for to in recipients(&owners, other) {
        post(cx, tx, to, subject, &text).await?;
    }
    Ok(())
}

/// Owners first, then the person it is about, nobody twice.
pub(crate) fn recipients<'a>(owners: &'a [Member], other: Option<&'a User>) -> Vec<&'a Email> {
    let mut to: Vec<&Email> = owners.iter().map(|owner| &owner.user.email).collect();
    if let Some(other) = other
        && !to.contains(&&other.email)
    {
        to.push(&other.email);
    }
    to
}

/// Who does it, by name; none for whoever is no member of the tenant.
pub(crate) async fn who(cx: &Cx, tx: &impl Tx, tenant: TenantId) -> Result<Option<String>, Error> {
    let Actor::User(person) = cx.actor() else {
        return Ok(None);
    };
    let found = db::membership::find(tx, tenant, person.user).await?;
    Ok(found.map(|member| format!("{} ({})", member.user.name, member.user.email.as_str())))
}

/// The text of a notice.
pub(crate) fn notice(what: &str, tenant: &str, by: Option<&str>) -> String {
    let by = by
        .map(|by| format!("It was done by {by}.\n"))
        .unwrap_or_default();
    format!(
        "{what}\n\nThis is about {tenant} at Payphone.\n{by}The console's activity page has the whole story.\n\nIf you did not expect this, sign in, look at People, and remove whoever should not be there.\n"
    )
}

/// Puts a mail into the outbox.
pub(crate) async fn post(
    cx: &Cx,
    tx: &impl Tx,
    to: &Email,
    subject: &str,
    text: &str,
) -> Result<(), Error> {
    put(cx, tx, to, subject, text, None).await
}

/// Puts an invitation into the outbox; `text` has the link's place.
pub(crate) async fn post_invitation(
    cx: &Cx,
    tx: &impl Tx,
    to: &Email,
    subject: &str,
    text: &str,
    invitation: InvitationId,
) -> Result<(), Error> {
    put(cx, tx, to, subject, text, Some(invitation)).await
}

async fn put(
    cx: &Cx,
    tx: &impl Tx,
    to: &Email,
    subject: &str,
    text: &str,
    invitation: Option<InvitationId>,
) -> Result<(), Error> {
    // A subject is one line, whatever somebody called themselves.
    let subject: String = subject
        .chars()
        .filter(|c| !c.is_control())
        .take(120)
        .collect();
    let mail = Mail {
        to: to.clone(),
        subject,
        text: text.to_owned(),
    };
    let id = MailId::make(&*cx.app().ids);
    db::mail::insert(tx, id, &mail, invitation, cx.real_now()).await
}
