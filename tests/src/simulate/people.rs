//! What buyers, owners and guests do, and what AWS says about them: the world's generators. Each draws from the seed, writes down
//! what it does in the truth, and begins the request.

use chrono::Duration;
use domain::{
    Timestamp,
    marketplace::{Entitlement, ResolvedCustomer},
    role::Role,
};
use serde_json::Value;

use super::{
    choose::whole,
    tills::hour_of,
    truth::{Buyer, Guest, Said},
    work,
    world::World,
};
use crate::{
    app::PRODUCT,
    events::{Happening, Subject, envelope},
    marketplace::Purchase,
};

impl World {
    /// Somebody subscribes, or buys a contract, and AWS begins to talk about it.
    pub(super) fn somebody_buys(&mut self) {
        if self.truth.buyers.len() >= self.plan.buyers {
            return;
        }
        let number = self.truth.buyers.len();
        let now = self.clock.now();
        let subject = Subject {
            agreement_id: format!("agmt-{number}"),
            license_arn: format!("arn:aws:license-manager::111122223333:license:l-{number:032x}"),
            account: format!("{:012}", 100_000_000_000_u64 + number as u64),
            product_code: PRODUCT.to_owned(),
        };
        let contract = self.random.percent(25);
        let seats = Entitlement {
            dimension: "seats".to_owned(),
            value: "10".to_owned(),
            expires_at: Some(now + Duration::days(365)),
        };
        let license: domain::licence::LicenseArn = subject.license_arn.parse().expect("an ARN");
        self.outside.marketplace.sells(Purchase {
            license: license.clone(),
            account: subject.account.clone(),
            product_code: PRODUCT.to_owned(),
            since: now,
            ended_at: None,
            entitlements: if contract { vec![seats] } else { Vec::new() },
        });
        let name = format!("buyer{number}");
        self.trace
            .note(&format!("{name} buys, contract: {contract}"));
        self.truth.buyers.push(Buyer {
            name,
            subject,
            license,
            tokens: Vec::new(),
            bought_at: now,
            contract,
            ended_at: None,
            said: Vec::new(),
            registered: None,
            refused: false,
            owner: None,
            typed: Vec::new(),
            session: None,
            guests: std::collections::BTreeMap::new(),
        });
        self.issues_token(number);
        let updated = now + Duration::seconds(whole(self.random.below(120)));
        self.says(number, Happening::Created, now);
        self.says(number, Happening::Updated, updated);
    }

    /// The buyer presses *Set up your account*, and AWS makes a token.
    pub(super) fn issues_token(&mut self, number: usize) {
        let buyer = &mut self.truth.buyers[number];
        let token = format!("token.of.{}.{}", buyer.name, buyer.tokens.len());
        let agreement = self.random.percent(70);
        let customer = ResolvedCustomer {
            product_code: PRODUCT.to_owned(),
            account: Some(buyer.subject.account.parse().expect("an account")),
            license: Some(buyer.license.clone()),
            agreement_id: agreement.then(|| buyer.subject.agreement_id.clone()),
        };
        self.outside.marketplace.issues(&token, customer);
        self.logs.keep_secret(&token);
        buyer.tokens.push(token);
    }

    /// AWS says something about a purchase: now or later, once or many times, sometimes under another event id.
    fn says(&mut self, number: usize, what: Happening, at: Timestamp) {
        let buyer = &mut self.truth.buyers[number];
        buyer.said.push(match what {
            Happening::Updated => Said::InForce(at),
            Happening::Deprovisioned | Happening::Ended("CANCELLED" | "EXPIRED" | "TERMINATED") => {
                Said::Over(at)
            }
            Happening::Created | Happening::Ended(_) => Said::Nothing,
        });
        let id = format!("{}-{}", buyer.name, buyer.said.len());
        let body = envelope(what, &buyer.subject, &id, at);
        let copies = 1 + self.random.below(self.plan.copies);
        for copy in 0..copies {
            let mut body = body.clone();
            if copy > 0 && self.random.percent(20) {
                body["id"] = Value::from(format!("{id}-again"));
            }
            let most = u64::try_from(self.plan.delay.num_milliseconds()).expect("a delay");
            let late = Duration::milliseconds(whole(self.random.below(most)));
            let due = self.clock.real_now() + late;
            self.pending.push((due, body.to_string()));
        }
        self.trace
            .note(&format!("AWS says {id} {what:?} {copies} times"));
    }

    /// AWS says something that changes nothing.
    pub(super) fn aws_speaks(&mut self) {
        let Some(number) = self.any_buyer() else {
            return;
        };
        let now = self.clock.now();
        let over = self.truth.buyers[number].ended_at.is_some();
        let what = match self.random.below(3) {
            0 => Happening::Ended("RENEWED"),
            1 => Happening::Created,
            // A licence that is over may still be updated: it stays over.
            _ if over => Happening::Updated,
            _ => Happening::Ended("REPLACED"),
        };
        self.says(number, what, now);
    }

    /// The buyer cancels: AWS ends the agreement, and says so.
    pub(super) fn cancels(&mut self) {
        let Some(number) = self.any_buyer() else {
            return;
        };
        let now = self.clock.now();
        let buyer = &mut self.truth.buyers[number];
        if buyer.ended_at.is_some() {
            return;
        }
        buyer.ended_at = Some(now);
        self.outside.marketplace.ends(&buyer.license);
        let status = *self.random.one_of(&["CANCELLED", "EXPIRED", "TERMINATED"]);
        let both = self.random.percent(60);
        if both || self.random.percent(50) {
            self.says(number, Happening::Ended(status), now);
        }
        if both || self.truth.buyers[number].said.len() < 3 {
            let at = now + Duration::seconds(whole(self.random.below(120)));
            self.says(number, Happening::Deprovisioned, at);
        }
    }

    /// AWS will dislike one record of the next hour.
    pub(super) fn poisons(&mut self) {
        let Some(number) = self.any_buyer() else {
            return;
        };
        let dimension = *self.random.one_of(&["payments", "captures"]);
        let next = hour_of(self.clock.now()) + Duration::hours(1);
        let key = (self.truth.buyers[number].key(), dimension.to_owned(), next);
        self.trace.note(&format!("AWS will dislike {key:?}"));
        self.outside
            .marketplace
            .ledger(|ledger| ledger.dislikes(key.clone()));
        self.truth.poisoned.insert(key);
    }

    pub(super) fn any_buyer(&mut self) -> Option<usize> {
        let count = self.truth.buyers.len();
        (count > 0).then(|| self.below(count))
    }

    /// AWS posts a token through the buyer's browser: an old one or a new one, once or several times at once.
    pub(super) async fn posts(&mut self, process: usize) {
        let Some(number) = self.any_buyer() else {
            return;
        };
        if self.random.percent(30) {
            self.issues_token(number);
        }
        let tokens = self.truth.buyers[number].tokens.clone();
        let token = self.random.one_of(&tokens).clone();
        let times = if self.random.percent(40) {
            2 + self.below(4)
        } else {
            1
        };
        let work = work::register(&self.processes[process].app, number, &token, times);
        let name = format!("{times} posts of {token}");
        self.begin(process, name, work).await;
    }

    /// The buyer fills in the welcome form, or corrects it.
    pub(super) async fn fills_in(&mut self, process: usize) {
        let Some(number) = self.any_buyer() else {
            return;
        };
        let corrects = self.random.percent(30);
        let buyer = &mut self.truth.buyers[number];
        let Some(registered) = buyer.registered else {
            return;
        };
        if buyer.typed.is_empty() || (corrects && buyer.typed.len() < 4) {
            let email = format!("ann{}@{}.example", buyer.typed.len(), buyer.name);
            self.logs.keep_secret(&email);
            buyer.typed.push(email);
        }
        let email = buyer.typed.last().expect("an address").clone();
        let work = work::complete(
            &self.processes[process].app,
            number,
            registered,
            email.clone(),
        );
        self.begin(process, format!("form with {email}"), work)
            .await;
    }

    /// A tenant's integration looks where it should not.
    pub(super) async fn peeks(&mut self, process: usize) {
        let (Some(one), Some(other)) = (self.any_buyer(), self.any_buyer()) else {
            return;
        };
        let tenant = |world: &Self, number: usize| {
            world.truth.buyers[number]
                .registered
                .map(|(tenant, _)| tenant)
        };
        if let (Some(own), Some(other)) = (tenant(self, one), tenant(self, other))
            && own != other
        {
            let work = work::peek(&self.processes[process].app, own, other);
            self.begin(process, format!("buyer{one} peeks"), work).await;
        }
    }

    /// An owner signs in, if their account is there.
    pub(super) async fn signs_in(&mut self, process: usize) {
        if let Some(number) = self.any_buyer() {
            self.signs_in_as(process, number).await;
        }
    }

    /// This buyer's owner signs in.
    pub(super) async fn signs_in_as(&mut self, process: usize, number: usize) {
        let Some(owner) = self.truth.buyers[number].owner.clone() else {
            return;
        };
        if let Some(account) = self.outside.identity.account(&owner)
            && account.enabled
        {
            let work = work::sign_in(&self.processes[process].app, number, account.username);
            self.begin(process, format!("{owner} signs in"), work).await;
        }
    }

    /// An owner who signed in a moment ago, as giving access asks for; one who did not signs in first.
    async fn an_owner(
        &mut self,
        process: usize,
    ) -> Option<(usize, (domain::id::TenantId, domain::policy::Person))> {
        let number = self.any_buyer()?;
        let now = self.clock.real_now();
        let fresh =
            |person: &domain::policy::Person| now - person.authenticated_at < Duration::minutes(4);
        if !self.truth.buyers[number]
            .session
            .as_ref()
            .is_some_and(fresh)
        {
            self.signs_in_as(process, number).await;
        }
        let person = self.truth.buyers[number].session.clone()?;
        let (tenant, _) = person.membership?;
        Some((number, (tenant, person)))
    }

    /// An owner invites somebody new, or somebody who was removed.
    pub(super) async fn invites(&mut self, process: usize) {
        let Some((number, owner)) = self.an_owner(process).await else {
            return;
        };
        let guests = &self.truth.buyers[number].guests;
        let gone: Vec<String> = guests
            .iter()
            .filter(|(_, guest)| guest.removed)
            .map(|(email, _)| email.clone())
            .collect();
        let email = if !gone.is_empty() && self.random.percent(50) {
            self.random.one_of(&gone).clone()
        } else if guests.len() < 3 {
            format!("ben{}@buyer{number}.example", guests.len())
        } else {
            return;
        };
        let role = *self
            .random
            .one_of(&[Role::Admin, Role::Developer, Role::Agent, Role::Auditor]);
        // From now on they may be invited anew, whether the answer is heard or not: what was promised before is over.
        if let Some(guest) = self.truth.buyers[number].guests.get_mut(&email) {
            *guest = Guest {
                accepting: true,
                ..Guest::default()
            };
        }
        let app = &self.processes[process].app;
        let work = work::invite(app, number, owner, email.clone(), role);
        self.begin(process, format!("{email} is invited"), work)
            .await;
    }

    /// Somebody follows a link that they were mailed, the newest or an older one.
    pub(super) async fn accepts(&mut self, process: usize) {
        let Some(number) = self.any_buyer() else {
            return;
        };
        let emails: Vec<String> = self.truth.buyers[number].guests.keys().cloned().collect();
        if emails.is_empty() {
            return;
        }
        let email = self.random.one_of(&emails).clone();
        let links = self.links(&email);
        if links.is_empty() {
            return;
        }
        let link = if self.random.percent(70) {
            links[links.len() - 1].clone()
        } else {
            self.random.one_of(&links).clone()
        };
        if let Some(guest) = self.truth.buyers[number].guests.get_mut(&email) {
            guest.accepting = true;
        }
        let work = work::accept(&self.processes[process].app, number, email.clone(), link);
        self.begin(process, format!("{email} accepts"), work).await;
    }

    /// The links of the invitations in a mailbox, oldest first.
    pub(super) fn links(&self, email: &str) -> Vec<String> {
        let mails = self.outside.mailer.mails_to(email);
        let links = mails.iter().filter_map(|mail| {
            let (_, rest) = mail.text.split_once("/invitations/")?;
            rest.split_whitespace().next().map(str::to_owned)
        });
        let links: Vec<String> = links.collect();
        for link in &links {
            self.logs.keep_secret(link);
        }
        links
    }

    /// An owner removes somebody.
    pub(super) async fn removes(&mut self, process: usize) {
        let Some((number, owner)) = self.an_owner(process).await else {
            return;
        };
        let guests = &self.truth.buyers[number].guests;
        let inside: Vec<String> = guests
            .iter()
            .filter(|(_, guest)| guest.accepted && guest.removing.is_none())
            .map(|(email, _)| email.clone())
            .collect();
        if inside.is_empty() {
            return;
        }
        let email = self.random.one_of(&inside).clone();
        let sql = format!("SELECT id FROM users WHERE email_key = '{email}'");
        let Some(user) = self.rows(&sql).await.concat().pop() else {
            return;
        };
        let user = user.parse().expect("a user id");
        if let Some(guest) = self.truth.buyers[number].guests.get_mut(&email) {
            guest.removing = Some(user);
        }
        let work = work::remove(&self.processes[process].app, number, owner, user);
        self.begin(process, format!("{email} is removed"), work)
            .await;
    }
}
