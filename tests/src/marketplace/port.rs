//! The port, played: each call first meets its fault, if one waits for it.

use async_trait::async_trait;
use domain::{
    licence::LicenseArn,
    marketplace::{
        Entitlement, EntitlementError, Marketplace, MeterError, RecordAnswer, RecordStatus,
        ResolveError, ResolvedCustomer, UsageRecord,
    },
};
use secrecy::{ExposeSecret, SecretString};

use super::{FakeMarketplace, Fault, State};

/// More calls than any test needs; a sender without a back-off would never come to rest.
const MOST_CALLS: usize = 10_000;

const RANDOM: [Fault; 5] = [
    Fault::Throttle,
    Fault::LostAnswer,
    Fault::Partial,
    Fault::NothingProcessed,
    Fault::ShortAnswer,
];

impl State {
    fn meter_fault(&mut self) -> Option<Fault> {
        if let Some(fault) = self.meter_faults.pop_front().or(self.meter_down) {
            return Some(fault);
        }
        let (random, percent) = self.random_faults.as_mut()?;
        random.percent(*percent).then(|| *random.one_of(&RANDOM))
    }
}

#[async_trait]
impl Marketplace for FakeMarketplace {
    async fn resolve_customer(
        &self,
        token: &SecretString,
    ) -> Result<ResolvedCustomer, ResolveError> {
        tokio::task::yield_now().await;
        let mut state = self.state();
        state.calls.resolve += 1;
        match state.resolve_faults.pop_front() {
            None => {}
            Some(Fault::Misconfigured) => {
                return Err(ResolveError::Misconfigured(
                    "DisabledApiException".to_owned(),
                ));
            }
            Some(_) => return Err(ResolveError::Busy("ThrottlingException".to_owned())),
        }
        match state.tokens.get(token.expose_secret()) {
            None => Err(ResolveError::InvalidToken),
            Some((_, until)) if *until <= self.clock.now() => Err(ResolveError::ExpiredToken),
            Some((customer, _)) => Ok(customer.clone()),
        }
    }

    async fn batch_meter_usage(
        &self,
        records: &[UsageRecord],
    ) -> Result<Vec<RecordAnswer>, MeterError> {
        tokio::task::yield_now().await;
        let fault = {
            let mut state = self.state();
            state.calls.meter += 1;
            assert!(state.calls.meter < MOST_CALLS, "calls without end");
            state.ledger.sees(records);
            state.meter_fault()
        };
        if fault == Some(Fault::Hangs) {
            std::future::pending::<()>().await;
        }
        let now = self.clock.now();
        let answers = {
            let mut guard = self.state();
            let state = &mut *guard;
            let part: Vec<UsageRecord> = match fault {
                Some(Fault::Throttle) => return Err(busy("ThrottlingException")),
                Some(Fault::BadRecord) => {
                    return Err(MeterError::BadRecord("InvalidLicenseException"));
                }
                Some(Fault::Misconfigured) => {
                    return Err(MeterError::Misconfigured("DisabledApiException".to_owned()));
                }
                Some(Fault::UnknownStatus) => {
                    return Ok(all(records, RecordStatus::Other("Pondering".to_owned())));
                }
                Some(Fault::NotSubscribed) => {
                    return Ok(all(records, RecordStatus::CustomerNotSubscribed));
                }
                Some(Fault::NothingProcessed) => {
                    return Ok(vec![RecordAnswer::Unprocessed; records.len()]);
                }
                Some(Fault::Partial) => records.iter().step_by(2).cloned().collect(),
                _ => records.to_vec(),
            };
            let purchases = &state.purchases;
            state
                .ledger
                .judge(&part, |key| purchases.get(key).cloned(), now)
                .map_err(MeterError::BadRecord)
        };
        match fault {
            Some(Fault::HangsAfterwards) => std::future::pending().await,
            Some(Fault::LostAnswer) => Err(busy("the connection broke")),
            Some(Fault::Partial) => Ok(spread(answers?, records.len())),
            Some(Fault::ShortAnswer) => {
                let mut answers = answers?;
                answers.truncate(records.len() / 2);
                Ok(answers)
            }
            _ => answers,
        }
    }

    async fn get_entitlements(
        &self,
        product_code: &str,
        license: &LicenseArn,
    ) -> Result<Vec<Entitlement>, EntitlementError> {
        tokio::task::yield_now().await;
        let fault = {
            let mut state = self.state();
            state.calls.entitlements += 1;
            let next = state.entitlement_faults.pop_front();
            next.or(state.entitlements_down)
        };
        match fault {
            None => {}
            Some(Fault::Hangs) => std::future::pending().await,
            Some(Fault::Misconfigured) => {
                return Err(EntitlementError::Misconfigured(
                    "AccessDeniedException (HTTP 400, request played)".to_owned(),
                ));
            }
            Some(_) => {
                return Err(EntitlementError::Busy(
                    "ThrottlingException (HTTP 400, request played)".to_owned(),
                ));
            }
        }
        let mut guard = self.state();
        let state = &mut *guard;
        let Some(purchase) = state.purchases.get(license.key().as_str()) else {
            return Ok(Vec::new());
        };
        if purchase.product_code != product_code {
            state.unexpected.push(format!(
                "entitlements of {product_code:?} for a licence of another product"
            ));
        }
        Ok(purchase.entitlements.clone())
    }
}

fn busy(why: &str) -> MeterError {
    MeterError::Busy(why.to_owned())
}

fn all(records: &[UsageRecord], status: RecordStatus) -> Vec<RecordAnswer> {
    let answer = RecordAnswer::Judged {
        status,
        metering_record_id: None,
    };
    vec![answer; records.len()]
}

/// The answers of every second record, with the others unprocessed.
fn spread(answers: Vec<RecordAnswer>, length: usize) -> Vec<RecordAnswer> {
    let mut spread = vec![RecordAnswer::Unprocessed; length];
    for (slot, answer) in spread.iter_mut().step_by(2).zip(answers) {
        *slot = answer;
    }
    spread
}
