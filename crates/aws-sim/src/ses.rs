//! Amazon SES v2: `SendEmail` with simple content, and `GetAccount`. REST-JSON.
//!
//! What is sent lands in the mailbox and nowhere else. Sources: botocore's model of `sesv2`, and the SES developer guide's pages on
//! verified identities and on the sandbox. Invariant: nothing is taken from a sender that is not verified.

use serde_json::{Value, json};

use crate::{
    clock::rfc3339,
    error::AwsError,
    sim::{Change, Sim},
    switches,
    wire::Call,
    world::{Entry, Mail},
};

/// Paths of the operations, with their names.
pub const PATHS: &[(&str, &str)] = &[
    ("/v2/email/outbound-emails", "SendEmail"),
    ("/v2/email/account", "GetAccount"),
];

/// Runs one operation.
pub async fn run(sim: &Sim, call: &Call) -> Result<Value, AwsError> {
    match call.operation.as_str() {
        "SendEmail" => sim.change(|c| send(sim, c, call)).await,
        _ => Ok(sim.read(|w| account(w.mailbox.len(), switches::is(w, "sesSandbox", "on")))),
    }
}

fn account(sent: usize, sandbox: bool) -> Value {
    let (day, second) = if sandbox { (200, 1) } else { (50_000, 14) };
    json!({
        "DedicatedIpAutoWarmupEnabled": false,
        "EnforcementStatus": "HEALTHY",
        "ProductionAccessEnabled": !sandbox,
        "SendQuota": {"Max24HourSend": day, "MaxSendRate": second, "SentLast24Hours": sent},
        "SendingEnabled": true,
    })
}

fn bad(message: &str) -> AwsError {
    AwsError::client("BadRequestException", message)
}

fn send(sim: &Sim, c: &mut Change<'_>, call: &Call) -> Result<Value, AwsError> {
    let body = &call.body;
    let text = |path: &str| body.pointer(path).and_then(Value::as_str);
    if body.pointer("/Content/Simple").is_none() {
        return Err(bad("This stand-in takes Content.Simple alone."));
    }
    let subject = text("/Content/Simple/Subject/Data").ok_or_else(|| bad("Missing subject."))?;
    let plain = text("/Content/Simple/Body/Text/Data");
    let html = text("/Content/Simple/Body/Html/Data");
    if plain.is_none() && html.is_none() {
        return Err(bad("Message body is empty."));
    }
    let from = text("/FromEmailAddress").ok_or_else(|| bad("Missing required header 'From'."))?;
    let recipients: Vec<&str> = ["ToAddresses", "CcAddresses", "BccAddresses"]
        .iter()
        .filter_map(|kind| body["Destination"][kind].as_array())
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if recipients.is_empty() {
        return Err(bad("Missing required header 'To'."));
    }
    if recipients.len() > 50 {
        return Err(bad("Recipient count exceeds 50."));
    }
    let sandbox = switches::is(c, "sesSandbox", "on");
    let unverified: Vec<&str> = std::iter::once(from)
        .chain(recipients.iter().copied().filter(|_| sandbox))
        .map(address)
        .filter(|a| {
            !sim.settings
                .mail_from
                .iter()
                .any(|v| v.eq_ignore_ascii_case(a))
        })
        .collect();
    if !unverified.is_empty() {
        return Err(AwsError::client(
            "MessageRejected",
            format!(
                "Email address is not verified. The following identities failed the check in region {}: {}",
                call.region.to_uppercase(),
                unverified.join(", ")
            ),
        ));
    }
    let message_id = format!("{:016x}-{}-000000", sim.clock.real_ms(), sim.ids.uuid());
    for to in recipients {
        c.put(Entry::Mail(Mail {
            to: address(to).to_owned(),
            subject: subject.to_owned(),
            body: plain.map_or_else(|| readable(html.unwrap_or_default()), ToOwned::to_owned),
            temporary_password: None,
            at: rfc3339(sim.clock.business_ms()),
            from: Some(from.to_owned()),
            html: html.map(ToOwned::to_owned),
            message_id: Some(message_id.clone()),
        }));
    }
    Ok(json!({ "MessageId": message_id }))
}

/// `Payphone <no-reply@payphone.example>` → the address.
fn address(text: &str) -> &str {
    match text.rsplit_once('<') {
        Some((_, rest)) => rest.trim_end().trim_end_matches('>').trim(),
        None => text.trim(),
    }
}

/// An HTML mail without its tags, for a mailbox that shows text.
fn readable(html: &str) -> String {
    let mut out = String::new();
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => {
                in_tag = false;
                out.push(' ');
            }
            c if !in_tag => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{sim::tests::sim, wire::Protocol};

    fn call(operation: &str, body: Value) -> Call {
        Call {
            service: "sesv2",
            operation: operation.into(),
            protocol: Protocol::RestJson,
            body,
            bytes: 0,
            region: "us-east-1".into(),
            base_url: String::new(),
        }
    }

    fn mail(from: &str, to: &[&str], content: Value) -> Value {
        json!({"FromEmailAddress": from, "Destination": {"ToAddresses": to}, "Content": {"Simple": content}})
    }

    #[tokio::test]
    async fn mail_of_a_verified_sender_lands_in_the_mailbox() {
        let (sim, _dir) = sim("2026-10-10T10:00:00Z");
        let content = json!({"Subject": {"Data": "Hello"}, "Body": {"Html": {"Data": "<p>Good <b>morning</b></p>"}}});
        let sender = "Payphone <no-reply@payphone.example>";
        let sent = call(
            "SendEmail",
            mail(
                sender,
                &["ann@example.com", "Bob <bob@example.com>"],
                content.clone(),
            ),
        );
        let id = run(&sim, &sent).await.unwrap()["MessageId"].clone();
        let box_ = sim.read(|w| w.mailbox.clone());
        assert_eq!(box_.len(), 2);
        assert_eq!(
            (box_[1].to.as_str(), box_[1].body.as_str()),
            ("bob@example.com", "Good morning")
        );
        assert_eq!(json!(box_[0].message_id), id);

        for (from, to, content, code) in [
            (
                "x@elsewhere.example",
                "a@b",
                content.clone(),
                "MessageRejected",
            ),
            (
                sender,
                "a@b",
                json!({"Subject": {"Data": "x"}, "Body": {}}),
                "BadRequestException",
            ),
        ] {
            let refused = run(&sim, &call("SendEmail", mail(from, &[to], content))).await;
            assert_eq!(refused.unwrap_err().code, code);
        }
        let nobody = call("SendEmail", mail(sender, &[], content.clone()));
        assert_eq!(
            run(&sim, &nobody).await.unwrap_err().message,
            "Missing required header 'To'."
        );

        let sandbox = crate::world::Entry::Switch("sesSandbox".into(), Some("on".into()));
        sim.change(|c| c.put(sandbox)).await;
        let refused = run(&sim, &sent).await.unwrap_err();
        assert_eq!(refused.code, "MessageRejected");
        assert!(
            refused
                .message
                .ends_with("US-EAST-1: ann@example.com, bob@example.com")
        );
        let account = run(&sim, &call("GetAccount", json!({}))).await.unwrap();
        assert_eq!(account["ProductionAccessEnabled"], false);
        assert_eq!(account["SendQuota"]["SentLast24Hours"], 2);
    }
}
