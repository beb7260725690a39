//! A gate: a call of a fake that waits there until the test lets it go on, as if its caller's process had been stopped in the middle.

use tokio::sync::Notify;

/// Closed until it is opened.
#[derive(Debug, Default)]
pub struct Gate {
    arrived: Notify,
    open: Notify,
}

impl Gate {
    /// Waits until a call stands at the gate.
    pub async fn arrived(&self) {
        self.arrived.notified().await;
    }

    /// Lets it go on.
    pub fn open(&self) {
        self.open.notify_one();
    }

    pub(crate) async fn pass(&self) {
        self.arrived.notify_one();
        self.open.notified().await;
    }
}
