//! The mails that Cognito sends, by the pool's message templates.
//!
//! The invitation follows Cognito's default text and adds where to sign in, as a pool's `InviteMessageTemplate` may.

use super::{
    password::TEMPORARY_DAYS,
    state::{Reset, User},
};
use crate::{
    clock::{HOUR_MS, rfc3339},
    sim::{Change, Sim},
    world::Mail,
};

/// How long a mailed code can be used (one hour, by the API reference of `ForgotPassword`).
const CODE_MS: i64 = HOUR_MS;
/// Cognito's own sender, where no SES identity is configured.
const SENDER: &str = "no-reply@verificationemail.com";

/// The origin of the application, where people sign in.
fn application(sim: &Sim) -> String {
    let callback = sim
        .settings
        .pool
        .callback_urls
        .first()
        .map_or("", String::as_str);
    crate::login::origin(callback).unwrap_or_default() + "/"
}

/// An invitation with its temporary password.
pub fn invite(sim: &Sim, c: &mut Change<'_>, user: &User, password: &str) {
    let body = format!(
        "You have been invited to Payphone.\n\nYour username is {} and temporary password is {password}\n\nSign in at {}\n\n\
         The temporary password can be used for {TEMPORARY_DAYS} days.\n",
        user.email(),
        application(sim),
    );
    let mail = Mail {
        to: user.email().to_owned(),
        subject: "Your temporary password".into(),
        body,
        temporary_password: Some(password.to_owned()),
        at: rfc3339(sim.clock.business_ms()),
        from: Some(SENDER.into()),
        ..Mail::default()
    };
    super::deliver(c, mail);
}

/// A code to choose a new password with; the user keeps it.
pub fn reset_code(sim: &Sim, c: &mut Change<'_>, user: &mut User) {
    let code = sim.ids.digits(6);
    let body = format!(
        "Your password reset code is {code}\n\nIt can be used for one hour. If you did not ask for it, nothing needs to be done.\n"
    );
    user.reset = Some(Reset {
        code,
        expires_real_ms: sim.clock.real_ms() + CODE_MS,
        tries: 0,
    });
    let mail = Mail {
        to: user.email().to_owned(),
        subject: "Your password reset code".into(),
        body,
        at: rfc3339(sim.clock.business_ms()),
        from: Some(SENDER.into()),
        ..Mail::default()
    };
    super::deliver(c, mail);
}
