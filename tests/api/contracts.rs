//! The fakes keep the contracts that the real adapters are held to in the walk.

use async_trait::async_trait;
use chrono::Duration;
use domain::{hour::Hour, id::TenantId, marketplace::Entitlement, marketplace::ResolvedCustomer};
use secrecy::SecretString;
use std::sync::atomic::{AtomicUsize, Ordering};
use testkit::{
    Options,
    card_plane::FakeCardPlane,
    clock::TestClock,
    contract::{self, Bought, IdentityBench, MailBench, MarketplaceBench, QueueBench, SignInBench},
    event_queue::{FakeEventQueue, VISIBILITY},
    identity::{FakeIdentity, IdentityFault},
    mailer::{FakeMailer, MailerFault},
    marketplace::{FakeMarketplace, Fault, Purchase},
};

fn clock() -> TestClock {
    TestClock::at(Options::default().at)
}

struct FakeQueueBench<'a>(&'a FakeEventQueue, &'a TestClock);

#[async_trait]
impl QueueBench for FakeQueueBench<'_> {
    async fn put(&self, body: &str) {
        self.0.put(body);
    }

    async fn visibility_passes(&self) {
        self.1.advance_real(VISIBILITY);
    }
}

#[tokio::test]
async fn the_fake_event_queue_keeps_the_ports_contract() {
    let clock = clock();
    let queue = FakeEventQueue::new(clock.clone(), 1);
    contract::event_queue_contract(&queue, &FakeQueueBench(&queue, &clock)).await;
    assert_eq!(queue.unexpected(), Vec::<String>::new());
}

struct FakeMarketplaceBench<'a>(&'a FakeMarketplace, &'a TestClock, AtomicUsize);

impl FakeMarketplaceBench<'_> {
    fn sell(&self, entitlements: Vec<Entitlement>) -> Bought {
        let number = self.2.fetch_add(1, Ordering::SeqCst);
        let license = format!("arn:aws:license-manager::111122223333:license:l-{number:032x}");
        let bought = Bought {
            token: SecretString::from(format!("token-{number}")),
            license: license.parse().unwrap(),
            account: "111122223333".parse().unwrap(),
            product_code: "product".to_owned(),
        };
        self.0.sells(Purchase {
            license: bought.license.clone(),
            account: bought.account.as_str().to_owned(),
            product_code: bought.product_code.clone(),
            since: self.1.now() - Duration::hours(2),
            ended_at: None,
            entitlements,
        });
        let customer = ResolvedCustomer {
            product_code: bought.product_code.clone(),
            account: Some(bought.account.clone()),
            license: Some(bought.license.clone()),
            agreement_id: Some(format!("agmt-{number}")),
        };
        self.0.issues(&format!("token-{number}"), customer);
        bought
    }
}

#[async_trait]
impl MarketplaceBench for FakeMarketplaceBench<'_> {
    async fn buys(&self) -> Bought {
        self.sell(Vec::new())
    }

    async fn buys_contract(&self) -> Bought {
        self.sell(vec![Entitlement {
            dimension: "seats".to_owned(),
            value: "10".to_owned(),
            expires_at: None,
        }])
    }

    async fn hour(&self) -> Hour {
        Hour::containing(self.1.now())
    }

    async fn passes(&self, time: Duration) {
        self.1.advance(time);
    }

    async fn loses_the_next_metering_answer(&self) {
        self.0.metering_fails([Fault::LostAnswer]);
    }

    async fn throttles_the_next_metering_call(&self) {
        self.0.metering_fails([Fault::Throttle]);
    }
}

#[tokio::test]
async fn the_fake_marketplace_resolves_as_the_port_promises() {
    let clock = clock();
    let aws = FakeMarketplace::new(clock.clone());
    contract::resolve_contract(
        &aws,
        &FakeMarketplaceBench(&aws, &clock, AtomicUsize::new(1)),
    )
    .await;
}

#[tokio::test]
async fn the_fake_marketplace_entitles_as_the_port_promises() {
    let clock = clock();
    let aws = FakeMarketplace::new(clock.clone());
    let bench = FakeMarketplaceBench(&aws, &clock, AtomicUsize::new(1));
    contract::entitlements_contract(&aws, &bench).await;
}

/// R-08, N6: under both readings of an identical repetition.
#[tokio::test]
async fn the_fake_marketplace_meters_as_the_port_promises() {
    for repetition_is_duplicate in [false, true] {
        let clock = clock();
        let aws = FakeMarketplace::new(clock.clone());
        aws.ledger(|ledger| ledger.repetition_is_duplicate = repetition_is_duplicate);
        let bench = FakeMarketplaceBench(&aws, &clock, AtomicUsize::new(1));
        contract::metering_contract(&aws, &bench).await;
    }
}

#[tokio::test]
async fn the_fake_card_plane_keeps_the_ports_contract() {
    let card_plane = FakeCardPlane::new(clock());
    let tenant = |number| TenantId::from_uuid(uuid::Uuid::from_u128(number));
    contract::card_plane_contract(&card_plane, [tenant(1), tenant(2)]).await;
}

struct FakeIdentityBench<'a>(&'a FakeIdentity);

#[async_trait]
impl IdentityBench for FakeIdentityBench<'_> {
    async fn makes_a_foreign_account(&self, email: &str) {
        self.0.foreign_account(email);
    }

    async fn chooses_a_password(&self, email: &str) {
        self.0.choose_password(email);
    }
}

#[async_trait]
impl SignInBench for FakeIdentityBench<'_> {
    async fn first_passwords(&self, email: &str) -> Vec<String> {
        self.0.invitations(email)
    }

    async fn lets_in(&self, email: &str, password: &str) -> bool {
        self.0.lets_in(email, password)
    }

    async fn sets_up_an_authenticator(&self, email: &str) {
        self.0.set_up_authenticator(email);
    }

    async fn has_an_authenticator(&self, email: &str) -> bool {
        self.0.has_authenticator(email)
    }

    async fn loses_the_next_answer_to_a_creation(&self) {
        self.0.fails([IdentityFault::LostAnswer]);
    }
}

#[tokio::test]
async fn the_fake_identity_provider_keeps_the_ports_contract() {
    let identity = FakeIdentity::new();
    let bench = FakeIdentityBench(&identity);
    contract::identity_contract(&identity, &bench).await;
    contract::first_password_contract(&identity, &bench).await;
    contract::authenticator_contract(&identity, &bench).await;
    assert_eq!(identity.unexpected(), Vec::<String>::new());
}

struct FakeMailBench<'a>(&'a FakeMailer);

#[async_trait]
impl MailBench for FakeMailBench<'_> {
    async fn mails_to(&self, email: &str) -> Vec<(String, String)> {
        let mails = self.0.mails_to(email).into_iter();
        mails.map(|mail| (mail.subject, mail.text)).collect()
    }

    async fn loses_the_next_answer(&self) {
        self.0.fails([MailerFault::LostAnswer]);
    }

    async fn throttles_the_next_call(&self) {
        self.0.fails([MailerFault::Busy]);
    }
}

#[tokio::test]
async fn the_fake_mailer_keeps_the_ports_contract() {
    let mailer = FakeMailer::new();
    contract::mailer_contract(&mailer, &FakeMailBench(&mailer)).await;
    assert_eq!(mailer.unexpected(), Vec::<String>::new());
}
