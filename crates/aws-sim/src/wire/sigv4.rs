//! The form of a `SigV4` signature: who is asked to answer, and for which region.
//!
//! The signature's value is not verified: this stand-in has no secret keys. Its form is, so that an unsigned client is noticed.

use axum::http::HeaderMap;

use crate::error::AwsError;

/// The part of the credential scope that matters.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scope {
    /// Region of the call; metering books are kept by it.
    pub(super) region: String,
    /// `SigV4` service name.
    pub(super) service: String,
}

/// Reads the scope from `Authorization`, or says what is missing.
pub(super) fn scope(headers: &HeaderMap) -> Result<Scope, AwsError> {
    let Some(authorization) = headers.get("authorization") else {
        return Err(AwsError::client(
            "MissingAuthenticationTokenException",
            "Request is missing Authentication Token",
        )
        .status(403));
    };
    let text = authorization.to_str().unwrap_or_default();
    let dated = headers.contains_key("x-amz-date") || headers.contains_key("date");
    parse(text, dated)
        .map_err(|why| AwsError::client("IncompleteSignatureException", why).status(403))
}

fn parse(text: &str, dated: bool) -> Result<Scope, String> {
    let rest = text
        .strip_prefix("AWS4-HMAC-SHA256")
        .ok_or("Authorization does not begin with AWS4-HMAC-SHA256.")?;
    let part = |name: &str| {
        rest.split(',')
            .find_map(|p| p.trim().strip_prefix(name)?.strip_prefix('='))
            .ok_or_else(|| format!("Authorization header requires '{name}' parameter."))
    };
    let (credential, signed, signature) = (
        part("Credential")?,
        part("SignedHeaders")?,
        part("Signature")?,
    );
    let fields: Vec<_> = credential.split('/').collect();
    // An access key id may hold no slash, so exactly five parts are left.
    let [key, date, region, service, "aws4_request"] = fields[..] else {
        return Err(format!(
            "Credential must have at least 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{credential}'"
        ));
    };
    if key.is_empty()
        || region.is_empty()
        || date.len() != 8
        || !date.bytes().all(|b| b.is_ascii_digit())
    {
        return Err(format!("Credential is not well formed: '{credential}'"));
    }
    if !signed.split(';').any(|h| h == "host") {
        return Err("'Host' must be a 'SignedHeader' in the AWS Authorization.".into());
    }
    if signature.len() != 64 || !signature.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err("The request signature does not conform to AWS standards.".into());
    }
    if !dated {
        return Err(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
                .into(),
        );
    }
    Ok(Scope {
        region: region.to_owned(),
        service: service.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_form_is_checked() {
        let sig = "0".repeat(64);
        let whole = format!(
            "AWS4-HMAC-SHA256 Credential=AKID/20261122/us-east-1/sqs/aws4_request, SignedHeaders=host;x-amz-date, Signature={sig}"
        );
        assert_eq!(
            parse(&whole, true),
            Ok(Scope {
                region: "us-east-1".into(),
                service: "sqs".into()
            })
        );
        for (text, dated, complaint) in [
            (whole.clone(), false, "X-Amz-Date"),
            (
                whole.replace("AWS4-HMAC-SHA256", "Bearer"),
                true,
                "begin with",
            ),
            (whole.replace("Signature=0", "Signature=g"), true, "conform"),
            (
                whole.replace("SignedHeaders=host;", "SignedHeaders="),
                true,
                "'Host'",
            ),
            (whole.replace("/sqs", ""), true, "5 slash"),
            (whole.replace("Credential=", "Cred="), true, "'Credential'"),
        ] {
            let got = parse(&text, dated).unwrap_err();
            assert!(got.contains(complaint), "{text}: {got}");
        }
    }
}
