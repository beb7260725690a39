//! STS `GetCallerIdentity`, which SDKs and set-up checks use to see whose credentials they hold. Query protocol, XML.

use serde_json::{Value, json};

use crate::{error::AwsError, sim::SELLER_ACCOUNT};

/// The seller, whatever the credentials say.
pub fn get_caller_identity() -> Value {
    json!({"UserId": "AIDASIMULATEDSELLER00", "Account": SELLER_ACCOUNT, "Arn": format!("arn:aws:iam::{SELLER_ACCOUNT}:user/seller")})
}

/// A result in XML.
pub fn xml(operation: &str, value: &Value, request_id: &str) -> String {
    let members = value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(k, v)| format!("<{k}>{}</{k}>", escape(v.as_str().unwrap_or_default())));
    format!(
        "<{operation}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{operation}Result>{}</{operation}Result><ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>",
        members.collect::<String>()
    )
}

/// An error in XML.
pub fn xml_error(error: &AwsError, request_id: &str) -> String {
    // In the query protocol an operation that does not exist is an InvalidAction.
    let code = if error.code == "UnknownOperationException" {
        "InvalidAction"
    } else {
        error.code.trim_end_matches("Exception")
    };
    format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>{}</Type><Code>{code}</Code><Message>{}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>",
        if error.status < 500 {
            "Sender"
        } else {
            "Receiver"
        },
        escape(&error.message)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
