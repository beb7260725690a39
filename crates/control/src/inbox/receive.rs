//! Takes what the queue has into the inbox. A message that is no event is kept too, so that nothing vanishes unseen.

use db::inbox::{InboxState, Message};
use domain::{
    Error, Timestamp,
    event_queue::QueueMessage,
    id::InboxId,
    lifecycle::{Envelope, Unreadable, read_envelope},
};

use crate::Cx;

/// The most of a body that is kept; AWS's events have a few kilobytes, SQS carries up to a megabyte.
const MAX_BODY: usize = 256 * 1024;

/// One round: receive, keep, delete. Answers how many messages came.
pub async fn receive(cx: &Cx) -> Result<usize, Error> {
    let queue = &cx.app().events;
    let messages = queue
        .receive()
        .await
        .map_err(|e| Error::unavailable("The event queue is not answering.", e))?;
    if messages.is_empty() {
        return Ok(0);
    }
    let now = cx.now();
    let tx = cx.system_write().await?;
    for message in &messages {
        let kept = storable(read(cx, message, now));
        let fresh = match (&kept.request_id, &kept.detail_type) {
            (Some(request), Some(detail_type)) if kept.state == InboxState::New.as_str() => {
                !db::inbox::same_happening(
                    &tx,
                    kept.agreement_id.as_deref(),
                    kept.license_key.as_deref(),
                    detail_type,
                    request,
                )
                .await?
            }
            _ => true,
        };
        let kept = if fresh {
            kept
        } else {
            Message {
                state: InboxState::Duplicate.as_str().to_owned(),
                note: Some("the same happening came before under another event id".to_owned()),
                ..kept
            }
        };
        db::inbox::insert(&tx, kept).await?;
    }
    tx.commit().await?;
    metrics::counter!("inbox_messages_total").increment(messages.len() as u64);
    cx.app().nudge.inbox.notify_one();
    if let Err(error) = queue.delete(&messages).await {
        // They come again and are recognised.
        tracing::warn!(error.cause = %error, "received messages could not be deleted from the queue");
    }
    Ok(messages.len())
}

fn read(cx: &Cx, message: &QueueMessage, now: Timestamp) -> Message {
    let id = InboxId::make(&*cx.app().ids);
    let body: String = message.body.chars().take(MAX_BODY).collect();
    match read_envelope(&message.body) {
        Ok(envelope) => {
            let (state, note) = judge(cx, &envelope);
            Message {
                id,
                source: "eventbridge".to_owned(),
                message_id: envelope.id.chars().take(256).collect(),
                body,
                received_at: now,
                state: state.as_str().to_owned(),
                note,
                detail_type: Some(envelope.detail_type),
                kind: envelope.kind.map(|kind| kind.as_str().to_owned()),
                event_time: Some(envelope.time),
                agreement_id: envelope.agreement_id,
                license_key: envelope.license.map(|arn| arn.key().as_str().to_owned()),
                product_code: envelope.product_code,
                request_id: envelope.request_id,
            }
        }
        Err(error) => {
            metrics::counter!("inbox_unreadable_total").increment(1);
            tracing::warn!(message.id = message.message_id, error.cause = %error, "a message is no event of AWS Marketplace; it is kept");
            let state = match error {
                Unreadable::NotAnEnvelope(_) => InboxState::Unreadable,
                Unreadable::ForeignSource(_) => InboxState::Unknown,
            };
            Message {
                id,
                source: "sqs".to_owned(),
                message_id: message.message_id.clone(),
                body,
                received_at: now,
                state: state.as_str().to_owned(),
                note: Some(error.to_string()),
                detail_type: None,
                kind: None,
                event_time: None,
                agreement_id: None,
                license_key: None,
                product_code: None,
                request_id: None,
            }
        }
    }
}

/// PostgreSQL's texts hold no U+0000, which JSON can; one such message must not keep back all that came with it.
fn storable(message: Message) -> Message {
    let clean = |text: String| text.replace('\0', "\u{fffd}");
    Message {
        message_id: clean(message.message_id),
        body: clean(message.body),
        note: message.note.map(clean),
        detail_type: message.detail_type.map(clean),
        agreement_id: message.agreement_id.map(clean),
        license_key: message.license_key.map(clean),
        product_code: message.product_code.map(clean),
        request_id: message.request_id.map(clean),
        ..message
    }
}

fn judge(cx: &Cx, envelope: &Envelope) -> (InboxState, Option<String>) {
    if envelope.kind.is_none() {
        metrics::counter!("inbox_unknown_total").increment(1);
        tracing::warn!(
            event.type_ = envelope.detail_type,
            "an event of a type we do not act on; it is kept"
        );
        return (
            InboxState::Unknown,
            Some("nothing is done on events of this type".to_owned()),
        );
    }
    let products = &cx.app().config.marketplace.product_codes;
    match &envelope.product_code {
        Some(code) if !products.contains(code) => (
            InboxState::Unknown,
            Some("the event is about another product".to_owned()),
        ),
        _ => (InboxState::New, None),
    }
}
