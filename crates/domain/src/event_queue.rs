//! The port to the queue that AWS's events arrive in (SQS). At least once, unordered.

use async_trait::async_trait;

/// One delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueMessage {
    /// The queue's id of the message.
    pub message_id: String,
    /// What deletes this delivery.
    pub receipt: String,
    /// The body as it came.
    pub body: String,
}

/// Why the queue did not answer; always worth another try.
#[derive(Debug, thiserror::Error)]
#[error("the event queue did not answer: {0}")]
pub struct QueueError(pub String);

/// Where events arrive.
#[async_trait]
pub trait EventQueue: Send + Sync {
    /// Up to ten messages, waiting a while for the first. A message that is not deleted comes again.
    async fn receive(&self) -> Result<Vec<QueueMessage>, QueueError>;

    /// Ends these deliveries; only after their bodies are durable. Repeating it does no harm.
    async fn delete(&self, messages: &[QueueMessage]) -> Result<(), QueueError>;
}
