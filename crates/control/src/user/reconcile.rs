//! `UserReconciler`: keeps the identity provider's accounts as our memberships want them.
//! It re-reads what is wanted and what is known, takes the next idempotent step, writes down what came of it, and looks again.

use chrono::Duration;
use domain::{
    Error,
    id::UserId,
    identity::{Account, IdentityError},
    job::Work,
    policy::Action,
    user::{Errands, Known, Step, next_step, wanted},
};

use crate::{
    Cx,
    cx::About,
    job,
    lease::{self, Proof},
    licence::code_of,
};

/// How many accounts are looked after at the same time.
const AT_ONCE: usize = 8;
/// No state is further than this many steps from what is wanted.
const STEPS: usize = 8;
/// How many looks may mail a temporary password whose answers are all lost, over some two minutes. Each may have mailed one, which made the
/// one before void; whoever waits for it asks again.
const RESENDS: i32 = 8;

/// Looks after every account that is due; one that fails does not hold up the others.
pub async fn reconcile_all(cx: &Cx) -> Result<(), Error> {
    let due = {
        let tx = cx.app().db.system_read().await?;
        db::user::due(&tx, cx.real_now(), 500).await?
    };
    let due = due
        .into_iter()
        .map(|due| (due.user.id.to_string(), due))
        .collect();
    job::each(cx, Work::User, AT_ONCE, due, |due| async move {
        let id = due.user.id;
        if let Err(error) = reconcile(cx, due).await {
            if lease::is_lost(&error) {
                return Err(error);
            }
            tracing::warn!(
                user.id = %id, error.code = error.code(), error.cause = error.private(),
                "an account could not be looked after; it is tried again",
            );
        }
        Ok(())
    })
    .await
}

async fn reconcile(cx: &Cx, due: db::user::Due) -> Result<(), Error> {
    let (id, looks) = (due.user.id, due.looks);
    note_look(cx, id, looks, due.user.trouble.as_deref()).await?;
    for _ in 0..STEPS {
        let Some((due, step, proof)) = look(cx, id).await? else {
            return Ok(());
        };
        match take(cx, &due, step, proof).await {
            Ok(true) => {}
            // Something happened meanwhile, so they are due at once: with a look that counts.
            Ok(false) => return Ok(()),
            Err(Refusal::Database(error)) => return Err(error),
            Err(Refusal::Identity(error)) => {
                let trouble = in_words(&error);
                if matches!(error, IdentityError::Misconfigured(_)) {
                    tracing::error!(user.id = %id, error.cause = %error, "the identity provider refuses us; see identity.* in the configuration");
                } else {
                    tracing::info!(user.id = %id, error.cause = %error, "an account is not as it should be yet");
                }
                note_trouble(cx, id, &trouble).await?;
                return tell_tenants(cx, id).await;
            }
        }
    }
    Ok(())
}

/// The next look is due after one second, two, four, up to ten minutes; whatever happens to the person makes it due at once.
async fn note_look(cx: &Cx, id: UserId, looks: i32, trouble: Option<&str>) -> Result<(), Error> {
    let wait = Duration::seconds((1_i64 << looks.clamp(0, 10)).min(600));
    // A look is no change of anybody's, so it leaves no audit line.
    let tx = cx.system_write().await?;
    db::user::looked(
        &tx,
        id,
        looks.saturating_add(1),
        cx.real_now() + wait,
        trouble,
    )
    .await?;
    tx.commit().await
}

/// Only the words: when the next look is due was noted before, and something may have made it due at once meanwhile.
async fn note_trouble(cx: &Cx, id: UserId, trouble: &str) -> Result<(), Error> {
    let tx = cx.system_write().await?;
    db::user::set_trouble(&tx, id, trouble).await?;
    tx.commit().await
}

/// Reads everything again, and answers the next step. None if nothing is left to do, which is then written down in the same transaction,
/// so that nothing which happens meanwhile is lost. For the same reason it is written down before a step that changes the account that
/// it is not known which account there is: its answer may be lost, and what is wanted may be another thing when it is looked for.
async fn look(cx: &Cx, id: UserId) -> Result<Option<(db::user::Due, Step, Proof)>, Error> {
    let tx = cx.system_write().await?;
    let Some(due) = db::user::get_due(&tx, id).await? else {
        return Ok(None);
    };
    let memberships = db::membership::of_user(&tx, id).await?.len();
    let wanted = wanted(
        u64::try_from(memberships).unwrap_or(u64::MAX),
        due.user.operator,
        due.user.first_signed_in_at.is_some(),
    );
    let step = next_step(wanted, due.user.known, due.errands);
    let Some(step) = step else {
        db::user::settle(&tx, id).await?;
        tx.commit().await?;
        tell_tenants(cx, id).await?;
        return Ok(None);
    };
    if step.changes_the_account() {
        let username = due.user.username.as_ref();
        db::user::set_account(&tx, id, Known::Unsure, username).await?;
    }
    if step.shuts_out() {
        // Ours at once, and those over there by an errand, which outlives a lost answer and whatever else is found or wanted by then.
        db::session::end_all(&tx, id, None, cx.real_now()).await?;
        db::user::owe(&tx, id, errand(Step::SignOut)).await?;
    }
    let proof = cx.prove(&tx).await?;
    tx.commit().await?;
    Ok(Some((due, step, proof)))
}

enum Refusal {
    Identity(IdentityError),
    Database(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

impl From<IdentityError> for Refusal {
    fn from(error: IdentityError) -> Self {
        Self::Identity(error)
    }
}

/// What the identity provider answers while it is surely this process's turn.
async fn answer<T>(
    cx: &Cx,
    proof: Proof,
    call: impl Future<Output = Result<T, IdentityError>>,
) -> Result<Result<T, IdentityError>, Error> {
    let answer = proof.during(cx.real_now(), call).await?;
    let late = "none came while this was surely this process's turn";
    Ok(answer.unwrap_or_else(|| Err(IdentityError::Lost(late.to_owned()))))
}

/// Takes the step, and writes down what came of it; `false` if the person needs another look first.
async fn take(cx: &Cx, due: &db::user::Due, step: Step, proof: Proof) -> Result<bool, Refusal> {
    let identity = &cx.app().identity;
    let user = &due.user;
    let missing = || Error::internal(format!("{step:?} needs an account's name"));
    if step == Step::Find {
        // By its name, if it has one: the address may be another account's by now.
        let found = match &user.username {
            Some(username) => match answer(cx, proof, identity.get(username)).await? {
                Err(IdentityError::Unknown) => None,
                account => Some(account?),
            },
            None => answer(cx, proof, identity.find(user.id, &user.email)).await??,
        };
        let tx = change(cx, user.id, "account looked for").await?;
        match &found {
            None => db::user::set_account(&tx, user.id, Known::None, None).await?,
            Some(account) => {
                let known = state(account);
                db::user::set_account(&tx, user.id, known, Some(&account.username)).await?;
                // It was made unheard, and its first password mailed.
                if user.username.is_none() && !account.confirmed {
                    db::user::never_signed_in(&tx, user.id).await?;
                    db::user::mailed(&tx, user.id, cx.real_now()).await?;
                }
            }
        }
        tx.commit().await?;
        return Ok(true);
    }
    if step == Step::Create {
        let account = answer(cx, proof, identity.create(user.id, &user.email)).await??;
        let tx = change(cx, user.id, "account made").await?;
        db::user::set_account(&tx, user.id, state(&account), Some(&account.username)).await?;
        if !account.confirmed {
            // An account made anew has no password of its own: whoever had one can be mailed a temporary one again.
            db::user::never_signed_in(&tx, user.id).await?;
        }
        db::user::mailed(&tx, user.id, cx.real_now()).await?;
        tx.commit().await?;
        return Ok(true);
    }
    if step == Step::Forget {
        let tx = change(cx, user.id, "forgotten").await?;
        db::user::delete(&tx, user.id).await?;
        tx.commit().await?;
        return Ok(true);
    }
    let username = user.username.as_ref().ok_or_else(missing)?;
    let call = match step {
        Step::Enable => identity.enable(username),
        Step::Disable => identity.disable(username),
        Step::Delete => identity.delete(username),
        Step::Resend => identity.resend(username),
        Step::ResetAuthenticator => identity.reset_authenticator(username),
        Step::SignOut => identity.sign_out(username),
        Step::Create | Step::Find | Step::Forget => return Ok(true),
    };
    match answer(cx, proof, call).await? {
        Ok(()) => return Ok(done(cx, user.id, username, step).await?),
        // Somebody took the account away behind our back: it is made again if it is wanted.
        Err(IdentityError::Unknown) => {
            let tx = change(cx, user.id, "account was gone").await?;
            db::user::set_account(&tx, user.id, Known::None, None).await?;
            tx.commit().await?;
        }
        // They came in meanwhile, so there is nothing to mail.
        Err(IdentityError::AlreadySignedIn) if step == Step::Resend => {
            return Ok(forget_errand(cx, user.id, step).await?);
        }
        Err(error @ IdentityError::Lost(_)) if step == Step::Resend && due.looks >= RESENDS => {
            tracing::warn!(user.id = %user.id, error.cause = %error, "a temporary password may not have been mailed; it is not tried again until somebody asks");
            return Ok(forget_errand(cx, user.id, step).await?);
        }
        Err(error) => return Err(error.into()),
    }
    Ok(true)
}

async fn done(
    cx: &Cx,
    id: UserId,
    username: &domain::identity::Username,
    step: Step,
) -> Result<bool, Error> {
    let (words, known) = match step {
        Step::Enable => ("account opened", Some(Known::Enabled)),
        Step::Disable => ("account closed", Some(Known::Disabled)),
        Step::Delete => ("account taken away", Some(Known::None)),
        Step::Resend => ("temporary password mailed", None),
        Step::ResetAuthenticator => ("authenticator forgotten", None),
        Step::SignOut => ("signed out everywhere", None),
        Step::Create | Step::Find | Step::Forget => return Ok(true),
    };
    let mut all = true;
    let tx = change(cx, id, words).await?;
    match known {
        Some(Known::None) => db::user::set_account(&tx, id, Known::None, None).await?,
        Some(known) => db::user::set_account(&tx, id, known, Some(username)).await?,
        None => all = db::user::errand_done(&tx, id, errand(step)).await?,
    }
    if step == Step::Resend {
        db::user::mailed(&tx, id, cx.real_now()).await?;
    }
    tx.commit().await?;
    Ok(all)
}

const fn state(account: &Account) -> Known {
    if account.enabled {
        Known::Enabled
    } else {
        Known::Disabled
    }
}

async fn forget_errand(cx: &Cx, id: UserId, step: Step) -> Result<bool, Error> {
    let tx = cx.system_write().await?;
    let all = db::user::errand_done(&tx, id, errand(step)).await?;
    tx.commit().await?;
    Ok(all)
}

const fn errand(step: Step) -> Errands {
    Errands {
        resend: matches!(step, Step::Resend),
        reset_authenticator: matches!(step, Step::ResetAuthenticator),
        sign_out: matches!(step, Step::SignOut),
    }
}

async fn change(cx: &Cx, id: UserId, words: &str) -> Result<db::SystemTx, Error> {
    let about = About::target(id).detail(words);
    cx.write_user(Action::ProvisionUser, id, about).await
}

/// Registrations wait for their first owner's account; they are due at once when it is there, or when something is in its way.
async fn tell_tenants(cx: &Cx, id: UserId) -> Result<(), Error> {
    let tx = cx.system_write().await?;
    for (membership, _) in db::membership::of_user(&tx, id).await? {
        db::registration::look_again_at_tenant(&tx, membership.tenant, cx.real_now()).await?;
    }
    tx.commit().await?;
    cx.app().nudge.registrations.notify_one();
    Ok(())
}

const AWAY: &str = "The sign-in service does not answer right now. It is tried again by itself.";
const REFUSED: &str = "The sign-in service refuses to make this sign-in. We have been told, and it is tried again by itself.";

/// What is in the way, for the people it is in the way of: in the service's own word, if it gave one.
fn in_words(error: &IdentityError) -> String {
    let words = match error {
        IdentityError::Busy(detail) => match code_of(detail) {
            Some(code) => {
                return format!(
                    "The sign-in service answered {code}. It is tried again by itself."
                );
            }
            None => AWAY,
        },
        IdentityError::Misconfigured(detail) => match code_of(detail) {
            Some(code) => {
                return format!(
                    "The sign-in service answered {code}. We have been told, and it is tried again by itself."
                );
            }
            None => REFUSED,
        },
        IdentityError::Lost(_) => AWAY,
        IdentityError::Unknown | IdentityError::AlreadySignedIn => REFUSED,
        IdentityError::Foreign => {
            "This address is taken in our sign-in service by an account that is not from here. Use another address, or write to support."
        }
        IdentityError::BadAddress(_) => {
            "The sign-in service does not take this address. Use another one: in the form where the account is set up, or with a new invitation."
        }
    };
    words.to_owned()
}
