//! An API key in the hands of an integration: what it sends.

use serde_json::Value;

use crate::{Answer, Client};

/// An API key, with its secret and a client that sends it.
#[derive(Debug)]
pub struct ApiKey {
    /// `apk_…`
    pub id: String,
    /// The public beginning.
    pub prefix: String,
    /// The secret.
    pub secret: String,
    /// A client that sends it.
    pub client: Client,
}

impl ApiKey {
    /// Sends one event; answers its result.
    pub async fn sends(&self, event: &Value) -> Value {
        let answer = self
            .sends_all(std::slice::from_ref(event))
            .await
            .expect(200);
        answer.items().remove(0)
    }

    /// Sends a batch.
    pub async fn sends_all(&self, events: &[Value]) -> Answer {
        let body = Value::from(events.to_vec()).to_string();
        let kind = "application/cloudevents-batch+json";
        self.client
            .post_raw("/api/v1/usage-events", kind, body)
            .await
    }
}
