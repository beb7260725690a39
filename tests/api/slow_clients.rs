//! Clients that take their time: a thousand connections that never finish their headers hold up nobody else.

use std::time::{Duration, Instant};

use testkit::TestApp;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const SLOW: usize = 1_000;
const ASKED: usize = 100;
/// The checklist's bound for the others, and the listener's own for the slow ones, with some room.
const PROMPT: Duration = Duration::from_millis(200);
const PATIENCE: Duration = Duration::from_secs(45);

/// Security 54: while a thousand connections dribble, others are answered within 200 ms (p95); the idle ones are closed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_slow_connections_hold_up_nobody() {
    let t = TestApp::start().await;
    let address = t
        .server()
        .public
        .strip_prefix("http://")
        .unwrap()
        .to_owned();
    let mut slow = Vec::with_capacity(SLOW);
    for _ in 0..SLOW {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-dribble: ")
            .await
            .unwrap();
        slow.push(stream);
    }
    let client = t.anonymous();
    let mut times = Vec::with_capacity(ASKED);
    for _ in 0..ASKED {
        let begun = Instant::now();
        let _ = client.get("/login/help").await.expect(200);
        times.push(begun.elapsed());
    }
    times.sort();
    let p95 = times[ASKED * 95 / 100];
    assert!(
        p95 < PROMPT,
        "p95 is {:.2} of the bound",
        p95.as_secs_f64() / PROMPT.as_secs_f64()
    );
    // The listener hangs up by itself: the read ends when it does.
    let mut first = slow.swap_remove(0);
    let mut answer = Vec::new();
    let closed = tokio::time::timeout(PATIENCE, first.read_to_end(&mut answer)).await;
    assert!(closed.is_ok(), "a slow connection is never closed");
}
