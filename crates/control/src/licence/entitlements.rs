//! What the tenant's contracts entitle to, as AWS says. AWS expects to be asked when somebody wants to know, so nothing of it is stored:
//! an answer is kept for minutes, in this process. Source: AWS Marketplace seller guide, "Checking entitlements".
//! Whoever asks is waiting, so the contracts are asked side by side, and none for long: AWS's silence is an answer like a refusal.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::Duration;
use domain::{
    Error, Timestamp,
    id::{LicenceId, TenantId},
    licence::{Licence, Pricing},
    lifecycle::Standing,
    marketplace::{Entitlement, EntitlementError},
    policy::Action,
};
use futures_util::future::join_all;

use super::unread;
use crate::Cx;

/// How long an answer is as good as a new one.
const KEPT: Duration = Duration::minutes(5);
/// How long a refusal is: whoever loads the page again does not ask AWS each time.
const REFUSAL_KEPT: Duration = Duration::seconds(30);
/// How long AWS is waited for.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);

/// What AWS answered about one licence.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// When (real time).
    pub at: Timestamp,
    /// The entitlements, or in a sentence why there is no answer.
    pub found: Result<Vec<Entitlement>, String>,
}

impl Answer {
    fn is_fresh(&self, now: Timestamp) -> bool {
        let kept = match self.found {
            Ok(_) => KEPT,
            Err(_) => REFUSAL_KEPT,
        };
        now < self.at + kept
    }
}

/// The answers of the last minutes.
#[derive(Debug, Default)]
pub struct Answers(Mutex<HashMap<LicenceId, Answer>>);

impl Answers {
    fn lock(&self) -> MutexGuard<'_, HashMap<LicenceId, Answer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fresh(&self, id: LicenceId, now: Timestamp) -> Option<Answer> {
        let answer = self.lock().get(&id).cloned();
        answer.filter(|answer| answer.is_fresh(now))
    }

    fn keep(&self, id: LicenceId, answer: &Answer) {
        let mut all = self.lock();
        all.retain(|_, kept| kept.is_fresh(answer.at));
        all.insert(id, answer.clone());
    }
}

/// Each contract of the tenant that is in force, oldest first, with what it entitles to.
pub async fn entitlements(cx: &Cx, tenant: TenantId) -> Result<Vec<(Licence, Answer)>, Error> {
    let licences = {
        let tx = cx.read(Action::ReadAgreements, tenant).await?;
        db::licence::list(&tx).await?
    };
    let contracts = licences.into_iter().filter(|licence| {
        let in_force = matches!(licence.standing, Standing::Active { .. });
        in_force && licence.pricing == Some(Pricing::Contract)
    });
    let asked = contracts.map(|licence| async move {
        let answer = answer(cx, &licence).await;
        (licence, answer)
    });
    Ok(join_all(asked).await)
}

async fn answer(cx: &Cx, licence: &Licence) -> Answer {
    let at = cx.real_now();
    let answers = &cx.app().entitlements;
    if let Some(answer) = answers.fresh(licence.id, at) {
        return answer;
    }
    let found = ask(cx, licence).await.map_err(|error| {
        let error = unread(error);
        tracing::warn!(
            licence.id = %licence.id, error.code = error.code(), error.cause = error.private(),
            "entitlements could not be read for a page",
        );
        error.message().to_owned()
    });
    let answer = Answer { at, found };
    answers.keep(licence.id, &answer);
    answer
}

async fn ask(cx: &Cx, licence: &Licence) -> Result<Vec<Entitlement>, EntitlementError> {
    let marketplace = &cx.app().marketplace;
    let question = marketplace.get_entitlements(&licence.product_code, &licence.arn);
    tokio::time::timeout(PATIENCE, question)
        .await
        .unwrap_or_else(|_| {
            let silence = format!("no answer within {} s", PATIENCE.as_secs());
            Err(EntitlementError::Busy(silence))
        })
}
