//! Recovery codes: made by the person themselves while they can sign in, used when the authenticator is lost.
//! A used code makes the identity provider forget the authenticator; the password is still asked for.

use domain::{
    Error,
    policy::Action,
    recovery_code::{COUNT, make as draw, normalise},
    registration::Email,
    user::{Errands, User},
};

use crate::{Cx, anew::anew, cx::About, mail, secret, user};

/// Makes ten new codes; the ones before stop working. They are shown once and kept as hashes.
pub async fn make(cx: &Cx) -> Result<Vec<String>, Error> {
    anew(|| async {
    let (tx, person) = cx
        .write_own(Action::MakeRecoveryCodes, About::default())
        .await?;
    let codes: Vec<String> = (0..COUNT).map(|_| draw(&*cx.app().ids)).collect();
    let hashes: Vec<String> = codes
        .iter()
        .filter_map(|code| normalise(code))
        .map(|code| secret::sha256(&code))
        .collect();
    db::recovery_code::replace(&tx, person.user, &hashes, cx.real_now()).await?;
    let user = db::user::get(&tx, person.user).await?;
    let text = "New recovery codes were made for your account at Payphone; the ones before no longer work.\n\nIf that was not you, sign out everywhere on your account page, choose a new password (\u{201c}Forgot your password?\u{201d} on the sign-in page), and tell an owner.\n";
    mail::post(cx, &tx, &user.email, "New recovery codes", text).await?;
    tx.commit().await?;
    cx.app().nudge.mails.notify_one();
    Ok(codes)
    })
    .await
}

/// Uses a code in place of a lost authenticator. The answer is the same whether the address or the code is known.
pub async fn recover(cx: &Cx, email: &Email, code: &str) -> Result<(), Error> {
    let cx = cx.as_system("recovery");
    let found = {
        let tx = cx.app().db.system_read().await?;
        db::user::find_by_email(&tx, email).await?
    };
    let Some(person) = found else {
        return Ok(());
    };
    if try_code(&cx, &person, code).await? {
        tracing::info!(user.id = %person.id, "a recovery code was used");
        cx.app().nudge.users.notify_one();
        cx.app().nudge.mails.notify_one();
        return Ok(());
    }
    user::note_refused_help(&cx, Action::UseRecoveryCode, person.id, "wrong code").await
}

async fn try_code(cx: &Cx, person: &User, code: &str) -> Result<bool, Error> {
    anew(|| async {
    let Some(code) = normalise(code) else {
        return Ok(false);
    };
    let tx = cx
        .write_user(
            Action::UseRecoveryCode,
            person.id,
            About::target(person.id).detail("authenticator reset"),
        )
        .await?;
    if !db::recovery_code::take(&tx, person.id, &secret::sha256(&code)).await? {
        return Ok(false);
    }
    let errands = Errands {
        reset_authenticator: true,
        sign_out: true,
        resend: false,
    };
    db::user::add_errands(&tx, person.id, errands, cx.real_now()).await?;
    db::session::end_all(&tx, person.id, None, cx.real_now()).await?;
    let left = db::recovery_code::count(&tx, person.id).await?;
    let what = format!(
        "{} ({}) used a recovery code because the authenticator was lost. At the next sign-in, after the password, a new one is set up. {left} codes are left.",
        person.name,
        person.email.as_str()
    );
    for (membership, tenant) in db::membership::of_user(&tx, person.id).await? {
        if membership.first_used_at.is_none() {
            continue;
        }
        let owners = db::membership::owners(&tx, membership.tenant).await?;
        let text = mail::notice(&what, &tenant.name, None);
        for to in mail::recipients(&owners, Some(person)) {
            mail::post(cx, &tx, to, "A recovery code was used", &text).await?;
        }
    }
    tx.commit().await?;
    Ok(true)
    })
    .await
}
