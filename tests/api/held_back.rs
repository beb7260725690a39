//! What changes while a request is under way. Its head has come and who asks is known; then they lose their role or their session; only
//! then its body comes. Roles count from the very next change on, not from the next request.

use std::fmt::Write;

use reqwest::Request;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    rows::{Body, ROWS, Row},
    stage::{Caller, NONE, Stage},
};

/// What a server says when it wants the body.
const GO_ON: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// A request whose head was read, and whose body is waited for.
struct HeldBack {
    stream: TcpStream,
    body: Vec<u8>,
}

impl HeldBack {
    /// Sends the head. A server asks for the body (RFC 9110, 10.1.1) when something first wants to read it, and by then it has seen who
    /// is asking: so nothing here waits for a length of time.
    async fn begin(request: Request) -> Self {
        let url = request.url();
        let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
        let body = request.body().and_then(|body| body.as_bytes()).unwrap();
        let mut head = format!(
            "{} {} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: {}\r\n",
            request.method(),
            url.path(),
            body.len()
        );
        for (name, value) in request.headers() {
            let _ = write!(head, "{name}: {}\r\n", value.to_str().unwrap());
        }
        let mut stream = TcpStream::connect(&host).await.unwrap();
        stream.write_all((head + "\r\n").as_bytes()).await.unwrap();
        let mut told = vec![0; GO_ON.len()];
        stream.read_exact(&mut told).await.unwrap();
        assert_eq!(told, GO_ON, "{}", String::from_utf8_lossy(&told));
        Self {
            stream,
            body: body.to_vec(),
        }
    }

    /// Sends the body; answers the status and everything behind it.
    async fn finish(mut self) -> (u16, String) {
        self.stream.write_all(&self.body).await.unwrap();
        let mut answer = Vec::new();
        self.stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer)
    }
}

/// Every change with a body that a person makes, and who makes it.
fn changes(stage: &Stage) -> Vec<(&'static Row, &Caller, &'static str)> {
    let rows = ROWS.iter().filter_map(|row| Some((row, row.line?)));
    let with_body = rows.filter(|(row, _)| !matches!(row.body, Body::None));
    let found = with_body.map(|(row, line)| (row, stage.caller(line.by), line.action));
    found
        .filter(|(_, caller, _)| caller.secret.is_some())
        .collect()
}

fn user(caller: &Caller) -> &str {
    caller.actor.strip_prefix("user:").unwrap()
}

/// Security 22: a role that was taken away while the body was on its way is gone, for every change; it is written down.
#[tokio::test]
async fn a_role_is_gone_before_the_body_comes() {
    let stage = Stage::set().await;
    let changes = changes(&stage);
    assert!(changes.len() >= 9, "{}", changes.len());
    for (row, caller, action) in changes {
        let told = format!("{} {}", row.of, row.note);
        let end = stage.t.trail_end().await;
        let held = HeldBack::begin(stage.request(row, caller).build().unwrap()).await;
        let sql = format!(
            "UPDATE memberships SET role = 'auditor' WHERE user_id = '{}'",
            user(caller)
        );
        stage.t.break_database(&sql).await;
        let before = stage.changes().await;
        let (status, answer) = held.finish().await;
        assert_eq!(status, 403, "{told}: {answer}");
        assert_eq!(stage.changes().await, before, "{told}");
        // Attaching a licence looks at the role only once the body has named the account.
        let why = match action {
            "licence.attach" => "forbidden",
            _ => "role_changed",
        };
        let line = [&*caller.actor, action, "refused", why];
        let columns = "actor, action, outcome, detail";
        assert_eq!(stage.t.trail_since(&end, columns).await, [line], "{told}");
        stage.restore().await;
    }
}

/// Security 18, 22: whoever was signed out or removed while the body was on its way changes nothing.
#[tokio::test]
async fn a_session_is_gone_before_the_body_comes() {
    let stage = Stage::set().await;
    for (row, caller, _) in changes(&stage) {
        let told = format!("{} {}", row.of, row.note);
        let held = HeldBack::begin(stage.request(row, caller).build().unwrap()).await;
        let sql = format!("DELETE FROM sessions WHERE user_id = '{}'", user(caller));
        stage.t.break_database(&sql).await;
        let before = stage.changes().await;
        assert_ne!(before, NONE);
        let (status, answer) = held.finish().await;
        let led = status == 303 && answer.contains("location: /login");
        assert!(status == 401 || led, "{told}: {answer}");
        assert_eq!(stage.changes().await, before, "{told}");
        stage.restore().await;
    }
}
