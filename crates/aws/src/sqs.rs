//! [`SqsEventQueue`]: the event queue over SQS, by long poll.
//! A message leaves the queue only by [`delete`](EventQueue::delete); what is not deleted comes again, and the inbox takes it for the same one.

use std::time::Duration;

use async_trait::async_trait;
use aws_config::{Region, SdkConfig};
use aws_sdk_sqs::{
    Client,
    config::Builder,
    operation::RequestId,
    types::{BatchResultErrorEntry, DeleteMessageBatchRequestEntry, Message},
};
use domain::event_queue::{EventQueue, QueueError, QueueMessage};

use crate::{
    call::Call,
    client::{ATTEMPT, OPERATION, attempts, timeouts},
    failure::Failure,
};

/// SQS's limit for one answer.
const MAX_MESSAGES: i32 = 10;
/// SQS's limit for one batch of deletions.
const BATCH: usize = 10;
/// SQS's limit for one wait.
const MAX_WAIT: Duration = Duration::from_secs(20);

/// One SQS queue.
#[derive(Debug, Clone)]
pub struct SqsEventQueue {
    receiving: Client,
    deleting: Client,
    queue_url: String,
    wait: Duration,
}

impl SqsEventQueue {
    /// How long an empty queue holds a request open, unless configured otherwise.
    pub const DEFAULT_WAIT: Duration = Duration::from_secs(10);

    /// Builds the clients; nothing is called yet. `wait` is cut to whole seconds and to SQS's limit of twenty.
    ///
    /// The queue's region is taken from its URL if AWS made the URL: Marketplace's events arrive in us-east-1, wherever we meter.
    pub fn new(config: &SdkConfig, queue_url: impl Into<String>, wait: Duration) -> Self {
        let queue_url = queue_url.into();
        let wait = Duration::from_secs(wait.min(MAX_WAIT).as_secs());
        let mut shared = Builder::from(config).retry_config(attempts(3));
        if let Some(region) = region(&queue_url) {
            shared = shared.region(Region::new(region.to_owned()));
        }
        // An empty queue answers after `wait`, so that much silence is no failure.
        let receiving = shared
            .clone()
            .timeout_config(timeouts(wait + ATTEMPT, wait + OPERATION));
        let deleting = shared.timeout_config(timeouts(ATTEMPT, OPERATION));
        Self {
            receiving: Client::from_conf(receiving.build()),
            deleting: Client::from_conf(deleting.build()),
            queue_url,
            wait,
        }
    }

    /// Deletes up to ten; the answer is how many failed.
    async fn delete_batch(&self, messages: &[QueueMessage]) -> Result<usize, QueueError> {
        let call = Call::start("DeleteMessageBatch");
        let mut request = self
            .deleting
            .delete_message_batch()
            .queue_url(&self.queue_url);
        for (index, message) in messages.iter().enumerate() {
            let entry = DeleteMessageBatchRequestEntry::builder()
                .id(index.to_string())
                .receipt_handle(&message.receipt)
                .build()
                .map_err(|error| QueueError(error.to_string()))?;
            request = request.entries(entry);
        }
        match request.send().await {
            Ok(output) if output.failed().is_empty() => {
                let about = format!("{} messages", messages.len());
                call.answered("success", output.request_id(), &about);
                Ok(0)
            }
            Ok(output) => {
                let failed = output.failed().len();
                let codes = output.failed().iter().map(BatchResultErrorEntry::code);
                let codes = codes.collect::<Vec<_>>().join(", ");
                let about = format!("{failed} of {} messages stay: {codes}", messages.len());
                call.failed("partial", &about);
                Ok(failed)
            }
            Err(error) => Err(failed(&call, &Failure::of(&error))),
        }
    }
}

#[async_trait]
impl EventQueue for SqsEventQueue {
    async fn receive(&self) -> Result<Vec<QueueMessage>, QueueError> {
        let call = Call::start("ReceiveMessage");
        let sent = self
            .receiving
            .receive_message()
            .queue_url(&self.queue_url)
            .max_number_of_messages(MAX_MESSAGES)
            .wait_time_seconds(i32::try_from(self.wait.as_secs()).unwrap_or_default())
            .send()
            .await;
        match sent {
            Ok(output) => {
                let about = format!("{} messages", output.messages().len());
                call.answered("success", output.request_id(), &about);
                let messages = output.messages.unwrap_or_default();
                Ok(messages.into_iter().filter_map(delivery).collect())
            }
            Err(error) => Err(failed(&call, &Failure::of(&error))),
        }
    }

    /// An error only if nothing at all was deleted: a message that stays is delivered again, which does no harm.
    async fn delete(&self, messages: &[QueueMessage]) -> Result<(), QueueError> {
        let mut left = 0;
        let mut last = None;
        for batch in messages.chunks(BATCH) {
            match self.delete_batch(batch).await {
                Ok(failed) => left += failed,
                Err(error) => {
                    left += batch.len();
                    last = Some(error);
                }
            }
        }
        if messages.is_empty() || left < messages.len() {
            return Ok(());
        }
        Err(last.unwrap_or_else(|| QueueError("no message could be deleted".to_owned())))
    }
}

fn failed(call: &Call, failure: &Failure) -> QueueError {
    call.failed("failed", failure);
    QueueError(failure.to_string())
}

/// SQS always sets all three; without a receipt a message could never be deleted.
fn delivery(message: Message) -> Option<QueueMessage> {
    Some(QueueMessage {
        message_id: message.message_id?,
        receipt: message.receipt_handle?,
        body: message.body?,
    })
}

/// The region in a queue URL that AWS made: the label after `sqs` in `sqs.us-east-1.amazonaws.com` and its like.
fn region(queue_url: &str) -> Option<&str> {
    let (_, rest) = queue_url.split_once("://")?;
    let host = rest.split(['/', ':']).next()?;
    let aws = [
        ".amazonaws.com",
        ".amazonaws.com.cn",
        ".amazonaws.eu",
        ".api.aws",
    ];
    if !aws.iter().any(|suffix| host.ends_with(suffix)) {
        return None;
    }
    let mut labels = host.split('.');
    labels.find(|label| matches!(*label, "sqs" | "sqs-fips"))?;
    labels.next().filter(|label| label.contains('-'))
}

#[cfg(test)]
mod tests;
