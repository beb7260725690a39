//! Death in the middle: a future is dropped at its n-th await point, as a killed process would leave it.

use std::{future::Future, pin::pin, task::Poll};

/// Runs the future, but drops it when it waits for the `point`-th time; `None` means that it was killed.
pub async fn at_point<T>(point: usize, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut waits = 0;
    std::future::poll_fn(move |cx| match future.as_mut().poll(cx) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => {
            waits += 1;
            if waits >= point {
                Poll::Ready(None)
            } else {
                Poll::Pending
            }
        }
    })
    .await
}

/// Runs the future until it ends or hangs for good; `None` means that it hung and was killed. For fakes that never answer.
pub async fn when_stuck<T>(future: impl Future<Output = T>) -> Option<T> {
    // Real time is the only sign of a hang; the work around it takes milliseconds.
    tokio::time::timeout(std::time::Duration::from_millis(500), future)
        .await
        .ok()
}
