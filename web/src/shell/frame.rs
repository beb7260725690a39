//! Who looks at the console, and at which tenant.

use std::sync::Arc;

use control::session::Account;
use domain::{
    Mode, Timestamp,
    id::TenantId,
    licence::Licence,
    policy::{Action, Actor},
    role::Role,
    tenant::Tenant,
};

use crate::{reader::may, words::say};

/// What the console's frame says: who is signed in, as what, and in which tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    /// What the tenant is called; none if none is chosen.
    pub(crate) org: Option<String>,
    /// What is looked at: test or live.
    pub(crate) mode: Mode,
    /// Where people write to.
    pub(crate) support: Arc<str>,
    /// When the tenant's last licence ended, if none is left.
    pub(crate) ended: Option<Timestamp>,
    /// Who acts.
    pub(crate) actor: Actor,
    /// What they are called.
    pub(crate) name: String,
    /// What they sign in with.
    pub(crate) email: String,
    /// In how many tenants they are.
    pub(crate) tenants: usize,
    /// The other tenants they are in, as many as a menu holds.
    pub(crate) others: Vec<(TenantId, String)>,
}

/// How many other tenants the menu offers; all of them are on `/tenants`.
const MENU: usize = 8;

impl Frame {
    pub(crate) fn of(
        actor: Actor,
        account: &Account,
        tenancy: Option<&(Tenant, Vec<Licence>)>,
        support: Arc<str>,
        mode: Mode,
    ) -> Self {
        let current = actor.tenant();
        let others = account.tenants.iter().map(|(_, tenant)| tenant);
        let others = others
            .filter(|tenant| Some(tenant.id) != current)
            .map(|tenant| (tenant.id, org(&tenant.name, tenant.id)))
            .take(MENU)
            .collect();
        let email = account.user.email.as_str().to_owned();
        Self {
            org: tenancy.map(|(tenant, _)| org(&tenant.name, tenant.id)),
            mode,
            support,
            ended: tenancy.and_then(|(_, licences)| end_of(licences)),
            tenants: account.tenants.len(),
            others,
            actor,
            name: Some(account.user.name.trim())
                .filter(|name| !name.is_empty())
                .unwrap_or(&email)
                .to_owned(),
            email,
        }
    }

    /// What the person is in the tenant.
    pub(crate) fn role(&self) -> Option<Role> {
        match &self.actor {
            Actor::User(person) => person.membership.map(|(_, role)| role),
            _ => None,
        }
    }

    /// Where a form of this page is sent: with the tenant it was shown for, since another tab may choose another one meanwhile.
    pub(crate) fn action(&self, path: &str) -> String {
        match self.actor.tenant() {
            Some(tenant) => format!("{path}?tenant={tenant}"),
            None => path.to_owned(),
        }
    }

    /// Whether the person's role allows this.
    pub(crate) fn may(&self, action: Action) -> bool {
        may(&self.actor, action)
    }

    /// Whether the person is one of the vendor's operators.
    pub(crate) fn is_operator(&self) -> bool {
        matches!(self.actor, Actor::Operator(_))
    }
}

/// The end of the licence that ended last, if all have.
fn end_of(licences: &[Licence]) -> Option<Timestamp> {
    let ends: Option<Vec<Timestamp>> = licences
        .iter()
        .map(|licence| licence.standing.ended_at())
        .collect();
    ends?.into_iter().max()
}

/// The tenant's name. One that is only an AWS account is cut to what need not be hidden, with enough of the tenant's id to tell two
/// tenants of one account apart.
pub(crate) fn org(name: &str, tenant: TenantId) -> String {
    let digits = name
        .strip_prefix("AWS account ")
        .map(|rest| rest.strip_prefix("ending ").unwrap_or(rest))
        .filter(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()));
    let Some(digits) = digits else {
        return name.to_owned();
    };
    let last = |text: &str, count: usize| {
        text.get(text.len().saturating_sub(count)..)
            .unwrap_or_default()
            .to_owned()
    };
    say!(
        "frame-aws-account",
        digits = last(digits, 4),
        tenant = last(&tenant.to_string(), 6)
    )
}

#[cfg(test)]
mod tests {
    use domain::{
        id::LicenceId,
        licence::{AwsAccountId, LicenseArn},
        lifecycle::Standing,
    };
    use uuid::Uuid;

    use super::*;
    use crate::{
        samples::{now, tenant},
        words::Language,
    };

    #[test]
    fn an_account_in_a_name_is_cut_to_its_last_digits() {
        for (name, shown) in [
            (
                "AWS account 294406894417",
                "AWS account ending 4417, tenant …ff0001",
            ),
            (
                "AWS account ending 4417",
                "AWS account ending 4417, tenant …ff0001",
            ),
            ("Harbour Ltd", "Harbour Ltd"),
            ("AWS account of Ann", "AWS account of Ann"),
            ("AWS account ", "AWS account "),
        ] {
            assert_eq!(org(name, tenant()), shown);
        }
        let german = Language::German.with(|| org("AWS account ending 4417", tenant()));
        assert_eq!(german, "AWS-Konto mit der Endung 4417, Konto …ff0001");
    }

    #[test]
    fn a_tenant_has_ended_when_its_last_licence_has() {
        let licence = |standing| Licence {
            id: LicenceId::from_uuid(Uuid::from_u128(8)),
            tenant: tenant(),
            arn: "arn:aws:license-manager::294406894417:license:l-0a1b2c3d4e5f60718293a4b5c6d7e8f9"
                .parse::<LicenseArn>()
                .unwrap(),
            product_code: "p".to_owned(),
            account: "294406894417".parse::<AwsAccountId>().unwrap(),
            agreement_id: None,
            pricing: None,
            standing,
            free_trial: false,
            created_at: now(),
        };
        let since = now() - chrono::Duration::days(2);
        let ended = |at| {
            licence(Standing::Ended {
                since: Some(since),
                at,
            })
        };
        let active = licence(Standing::Active { since });
        assert_eq!(end_of(&[]), None);
        assert_eq!(end_of(&[ended(since), active]), None);
        assert_eq!(end_of(&[ended(since), ended(now())]), Some(now()));
    }
}
