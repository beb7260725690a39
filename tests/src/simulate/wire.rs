//! The ports of one process, on a bad wire: each call stops at the desk on its way out and on its way back, and may fail at either.
//! What lies behind are the kit's fakes, one AWS for all processes.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    card_plane::{CardPlane, CardPlaneError, KeyAnswer, KeyRequest},
    event_queue::{EventQueue, QueueError, QueueMessage},
    id::UserId,
    identity::{Account, Identity, IdentityError, Username},
    licence::LicenseArn,
    mailer::{Mail, MailError, Mailer},
    marketplace::{
        Entitlement, EntitlementError, Marketplace, MeterError, RecordAnswer, ResolveError,
        ResolvedCustomer, UsageRecord,
    },
    registration::Email,
};
use secrecy::SecretString;

use super::desk::{Desk, Verdict, Way};
use crate::{
    card_plane::FakeCardPlane,
    event_queue::FakeEventQueue,
    identity::FakeIdentity,
    mailer::FakeMailer,
    marketplace::{FakeMarketplace, Fault},
};

/// AWS and the card plane, which outlive every process of ours.
#[derive(Debug, Clone)]
pub(super) struct Outside {
    pub marketplace: Arc<FakeMarketplace>,
    pub identity: Arc<FakeIdentity>,
    pub mailer: Arc<FakeMailer>,
    pub queue: Arc<FakeEventQueue>,
    pub card_plane: Arc<FakeCardPlane>,
}

/// One process's way there.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    pub outside: Outside,
    pub desk: Arc<Desk>,
}

/// The odd ways in which metering answers.
const ODD: [Fault; 3] = [Fault::Partial, Fault::NothingProcessed, Fault::ShortAnswer];

impl Wire {
    /// A call with its two stops; `lost` is what its caller hears if there is no answer.
    async fn call<T, E>(
        &self,
        what: &'static str,
        lost: impl Fn() -> E,
        effect: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        if self.desk.stop(what, Way::Out).await == Verdict::Fail {
            return Err(lost());
        }
        let answer = effect.await;
        if self.desk.stop(what, Way::Back).await == Verdict::Fail {
            return Err(lost());
        }
        answer
    }

    async fn identity<T>(
        &self,
        what: &'static str,
        effect: impl Future<Output = Result<T, IdentityError>>,
    ) -> Result<T, IdentityError> {
        self.call(what, || IdentityError::Lost(LOST.to_owned()), effect)
            .await
    }
}

const LOST: &str = "no answer";

#[async_trait]
impl Marketplace for Wire {
    async fn resolve_customer(
        &self,
        token: &SecretString,
    ) -> Result<ResolvedCustomer, ResolveError> {
        let lost = || ResolveError::Busy(LOST.to_owned());
        let effect = self.outside.marketplace.resolve_customer(token);
        self.call("ResolveCustomer", lost, effect).await
    }

    async fn batch_meter_usage(
        &self,
        records: &[UsageRecord],
    ) -> Result<Vec<RecordAnswer>, MeterError> {
        let lost = || MeterError::Busy(LOST.to_owned());
        match self.desk.stop("BatchMeterUsage", Way::Out).await {
            Verdict::Go => {}
            Verdict::Fail => return Err(lost()),
            Verdict::Odd(bits) => {
                let which = usize::try_from(bits % 3).expect("a small index");
                self.outside.marketplace.metering_fails([ODD[which]]);
            }
        }
        let answer = self.outside.marketplace.batch_meter_usage(records).await;
        match self.desk.stop("BatchMeterUsage", Way::Back).await {
            Verdict::Fail => Err(lost()),
            _ => answer,
        }
    }

    async fn get_entitlements(
        &self,
        product_code: &str,
        license: &LicenseArn,
    ) -> Result<Vec<Entitlement>, EntitlementError> {
        let lost = || EntitlementError::Busy(LOST.to_owned());
        let effect = self
            .outside
            .marketplace
            .get_entitlements(product_code, license);
        self.call("GetEntitlements", lost, effect).await
    }
}

#[async_trait]
impl Identity for Wire {
    async fn create(&self, user: UserId, email: &Email) -> Result<Account, IdentityError> {
        let effect = self.outside.identity.create(user, email);
        self.identity("AdminCreateUser", effect).await
    }

    async fn find(&self, user: UserId, email: &Email) -> Result<Option<Account>, IdentityError> {
        let effect = self.outside.identity.find(user, email);
        self.identity("AdminGetUser by e-mail", effect).await
    }

    async fn get(&self, username: &Username) -> Result<Account, IdentityError> {
        let effect = self.outside.identity.get(username);
        self.identity("AdminGetUser", effect).await
    }

    async fn resend(&self, username: &Username) -> Result<(), IdentityError> {
        let effect = self.outside.identity.resend(username);
        self.identity("AdminCreateUser RESEND", effect).await
    }

    async fn enable(&self, username: &Username) -> Result<(), IdentityError> {
        let effect = self.outside.identity.enable(username);
        self.identity("AdminEnableUser", effect).await
    }

    async fn disable(&self, username: &Username) -> Result<(), IdentityError> {
        let effect = self.outside.identity.disable(username);
        self.identity("AdminDisableUser", effect).await
    }

    async fn sign_out(&self, username: &Username) -> Result<(), IdentityError> {
        let effect = self.outside.identity.sign_out(username);
        self.identity("AdminUserGlobalSignOut", effect).await
    }

    async fn delete(&self, username: &Username) -> Result<(), IdentityError> {
        let effect = self.outside.identity.delete(username);
        self.identity("AdminDeleteUser", effect).await
    }

    async fn reset_authenticator(&self, username: &Username) -> Result<(), IdentityError> {
        let effect = self.outside.identity.reset_authenticator(username);
        self.identity("AdminSetUserMFAPreference", effect).await
    }
}

#[async_trait]
impl Mailer for Wire {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let lost = || MailError::Busy(LOST.to_owned());
        let effect = self.outside.mailer.send(mail);
        self.call("SendEmail", lost, effect).await
    }
}

#[async_trait]
impl EventQueue for Wire {
    async fn receive(&self) -> Result<Vec<QueueMessage>, QueueError> {
        let lost = || QueueError(LOST.to_owned());
        let effect = self.outside.queue.receive();
        self.call("ReceiveMessage", lost, effect).await
    }

    async fn delete(&self, messages: &[QueueMessage]) -> Result<(), QueueError> {
        let lost = || QueueError(LOST.to_owned());
        let effect = self.outside.queue.delete(messages);
        self.call("DeleteMessageBatch", lost, effect).await
    }
}

#[async_trait]
impl CardPlane for Wire {
    async fn ensure_key(&self, request: &KeyRequest) -> Result<KeyAnswer, CardPlaneError> {
        let lost = || CardPlaneError::Busy(LOST.to_owned());
        let effect = self.outside.card_plane.ensure_key(request);
        self.call("EnsureKey", lost, effect).await
    }
}
