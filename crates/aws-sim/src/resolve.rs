//! `ResolveCustomer`: from a registration token to account, product and licence.
//!
//! Sources: the service model, and AWS Marketplace's page on customer set-up (a token lives four hours and may be resolved again
//! with the same answer). Invariant: the answer for a token never changes while it lives.

use serde_json::{Value, json};

use crate::{
    agreements::expires_ms,
    error::AwsError,
    sim::Sim,
    switches,
    wire::Call,
    world::{Entry, Token, World},
};

/// Regions that offer the operation (AWS Marketplace, metering service endpoints); elsewhere it is disabled.
const REGIONS: &[&str] = &[
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "sa-east-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-east-1",
    "me-south-1",
    "me-central-1",
    "af-south-1",
    "il-central-1",
    "cn-northwest-1",
];

/// Runs the operation.
pub async fn resolve_customer(sim: &Sim, call: &Call) -> Result<Value, AwsError> {
    let text = match call.body.get("RegistrationToken") {
        Some(Value::String(text)) if !text.is_empty() => text.clone(),
        None | Some(Value::Null) => {
            return Err(AwsError::validation("RegistrationToken is required."));
        }
        Some(Value::String(_)) => {
            return Err(AwsError::validation("RegistrationToken must not be empty."));
        }
        Some(_) => {
            return Err(AwsError::client(
                "SerializationException",
                "RegistrationToken is not a text.",
            ));
        }
    };
    let now = sim.clock.business_ms();
    sim.change(|change| {
        if switches::is(change, "disabledApi", "ResolveCustomer")
            || !REGIONS.contains(&call.region.as_str())
        {
            return Err(AwsError::client(
                "DisabledApiException",
                "The API is disabled in the Region.",
            ));
        }
        let token = judge(change, &text, now)?;
        let answer = answer(change, &token);
        change.put(Entry::Token(Token {
            resolved: token.resolved + 1,
            ..token
        }));
        Ok(answer)
    })
    .await
}

/// Whether a token may be resolved now.
fn judge(world: &World, text: &str, now_ms: i64) -> Result<Token, AwsError> {
    let token = world.tokens.get(text).ok_or_else(|| {
        AwsError::client("InvalidTokenException", "Registration token is invalid.")
    })?;
    let reused = token.resolved > 0 && switches::is(world, "tokenReuse", "ExpiredTokenException");
    if reused || now_ms >= expires_ms(world, token) {
        return Err(AwsError::client(
            "ExpiredTokenException",
            "The submitted registration token has expired.",
        ));
    }
    Ok(token.clone())
}

fn answer(world: &World, token: &Token) -> Value {
    let Some(license) = world.licenses.get(&token.license_arn) else {
        return json!({});
    };
    // CustomerIdentifier stays unset: new products are on Concurrent Agreements.
    let mut out =
        json!({"ProductCode": license.product_code, "CustomerAWSAccountId": license.account_id});
    if switches::is(world, "resolveLicenseArn", "present") {
        out["LicenseArn"] = json!(license.arn);
    }
    if switches::is(world, "resolveAgreementId", "present") {
        out["Metadata"] = json!({"AgreementId": token.agreement_id});
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        agreements::{Purchase, mint, purchase},
        clock::{HOUR_MS, MINUTE_MS},
        sim::tests::sim,
        wire::Protocol,
    };

    fn call(token: &Value, region: &str) -> Call {
        Call {
            service: "meteringmarketplace",
            operation: "ResolveCustomer".into(),
            protocol: Protocol::Json11,
            body: json!({"RegistrationToken": token}),
            bytes: 0,
            region: region.into(),
            base_url: String::new(),
        }
    }

    #[tokio::test]
    async fn tokens_follow_their_rules() {
        for (by_api, age_ms, reuse, error) in [
            (false, 0, "sameAnswer", None),
            (false, 4 * HOUR_MS - 1, "sameAnswer", None),
            (
                false,
                4 * HOUR_MS,
                "sameAnswer",
                Some("ExpiredTokenException"),
            ),
            (true, 30 * MINUTE_MS - 1, "sameAnswer", None),
            (
                true,
                30 * MINUTE_MS,
                "sameAnswer",
                Some("ExpiredTokenException"),
            ),
            (
                false,
                0,
                "ExpiredTokenException",
                Some("ExpiredTokenException"),
            ),
        ] {
            let (sim, _dir) = sim("2026-10-10T10:00:00Z");
            sim.change(|c| c.put(Entry::Switch("tokenReuse".into(), Some(reuse.into()))))
                .await;
            let bought = sim
                .change(|c| purchase(&sim, c, Purchase::default()))
                .await
                .unwrap();
            let token = sim
                .change(|c| mint(&sim, c, bought["licenseArn"].as_str().unwrap(), by_api))
                .await
                .unwrap();
            let call = call(&json!(token.token), "us-east-1");
            let first = resolve_customer(&sim, &call).await.unwrap();
            assert_eq!(first["LicenseArn"], bought["licenseArn"]);
            assert_eq!(first["Metadata"]["AgreementId"], bought["agreementId"]);
            assert!(first.get("CustomerIdentifier").is_none());
            sim.clock.advance(age_ms);
            let again = resolve_customer(&sim, &call).await;
            match error {
                None => assert_eq!(again.unwrap(), first),
                Some(code) => assert_eq!(
                    again.unwrap_err().code,
                    code,
                    "api {by_api}, {age_ms} ms, {reuse}"
                ),
            }
        }
    }

    #[tokio::test]
    async fn foreign_texts_and_regions_are_refused() {
        let (sim, _dir) = sim("2026-10-10T10:00:00Z");
        let bought = sim
            .change(|c| purchase(&sim, c, Purchase::default()))
            .await
            .unwrap();
        let token = &bought["registrationToken"];
        for (token, region, code) in [
            (json!("nonsense"), "us-east-1", "InvalidTokenException"),
            (
                json!(&token.as_str().unwrap()[1..]),
                "us-east-1",
                "InvalidTokenException",
            ),
            (json!(""), "us-east-1", "ValidationException"),
            (json!(1), "us-east-1", "SerializationException"),
            (token.clone(), "us-gov-east-1", "DisabledApiException"),
        ] {
            assert_eq!(
                resolve_customer(&sim, &call(&token, region))
                    .await
                    .unwrap_err()
                    .code,
                code
            );
        }
    }
}
