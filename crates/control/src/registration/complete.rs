//! The welcome form: who the first administrator is.

use domain::{
    Error,
    id::{LicenceId, TenantId},
    policy::Action,
    registration::{Contact, Step, StepRecord, StepState},
};

use crate::Cx;

/// Records the first administrator. Until somebody signed in, a second form corrects a mistyped address.
pub async fn complete(
    cx: &Cx,
    tenant: TenantId,
    licence: LicenceId,
    contact: &Contact,
) -> Result<(), Error> {
    let tx = cx
        .write(
            Action::CompleteRegistration,
            tenant,
            Some(&licence.to_string()),
        )
        .await?;
    let registration = db::registration::for_licence(&tx, licence).await?;
    db::registration::set_contact(&tx, registration.id, contact).await?;
    let record = StepRecord {
        step: Step::Administrator,
        state: StepState::Done,
        message: "Your name and e-mail address are noted.".to_owned(),
        failures: 0,
        checked_at: cx.now(),
    };
    db::registration::record_step(&tx, registration.id, &record).await?;
    db::registration::look_again(&tx, licence, cx.app().real.now()).await?;
    tx.commit().await?;
    cx.app().nudge.registrations.notify_one();
    Ok(())
}
