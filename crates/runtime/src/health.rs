//! What `payphone health` and `payphone-card health` do: ask the service beside them, over its admin listener, whether it is ready or at
//! least alive. For containers and service managers, which then need neither a shell nor an HTTP client.
//! Invariant: each question is answered within two seconds, and it opens nothing of the service's: no database, no secret.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::{Duration, Instant},
};

use rustix::{
    io::Errno,
    process::{Pid, test_kill_process},
};
use serde::Deserialize;

use crate::{outcome::Outcome, peer::http_client};

/// From the question to the answer.
const WITHIN: Duration = Duration::from_secs(2);

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Whether the process answers at all (`/healthz`): what a container is restarted for.
    Alive,
    /// Whether it may be sent requests (`/readyz`).
    Ready,
}

/// Between two questions of who waits.
const PAUSE: Duration = Duration::from_millis(250);

/// Asks the service whose admin listener is configured as `listen`; the answer's exit code is 0 if all is well and 1 otherwise.
pub async fn ask(listen: SocketAddr, question: Question) -> Outcome {
    match answer(reachable(listen), question).await {
        Ok(said) => Outcome::said(said),
        Err(why) => Outcome::Failed(why),
    }
}

/// How long is asked, for who starts one replica after the other.
#[derive(Debug, Clone, Copy, Default)]
pub struct Patience {
    /// So long at most.
    pub within: Duration,
    /// And no longer than this process is there, whose end is an answer too.
    pub of: Option<u32>,
}

/// Asks until all is well, or patience is over.
pub async fn wait(listen: SocketAddr, question: Question, patience: Patience) -> Outcome {
    let deadline = Instant::now() + patience.within;
    loop {
        let outcome = ask(listen, question).await;
        if matches!(outcome, Outcome::Said(_)) || Instant::now() + PAUSE >= deadline {
            return outcome;
        }
        if let Some(process) = patience.of
            && !is_there(process)
        {
            return Outcome::Failed(format!("process {process} has ended; its log says why"));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// kill(2) with no signal: asked like this it is told of too where /proc hides it. One that may not be asked is there.
fn is_there(process: u32) -> bool {
    let id = process.try_into().ok().and_then(Pid::from_raw);
    id.is_some_and(|id| test_kill_process(id) != Err(Errno::SRCH))
}

/// A listener on every address is asked on the loopback.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

async fn answer(address: SocketAddr, question: Question) -> Result<&'static str, String> {
    let (path, good) = match question {
        Question::Alive => ("healthz", "alive"),
        Question::Ready => ("readyz", "ready"),
    };
    if address.port() == 0 {
        return Err("admin.listen has port 0, so nobody knows where to ask".to_owned());
    }
    let client = http_client().map_err(|error| format!("no HTTP client: {error}"))?;
    let asked = async {
        let request = client
            .get(format!("http://{address}/{path}"))
            .timeout(WITHIN);
        let answer = request.send().await?;
        Ok::<_, reqwest::Error>((answer.status(), answer.bytes().await?))
    };
    let (status, body) = asked.await.map_err(|error| {
        if error.is_timeout() {
            let seconds = WITHIN.as_secs();
            format!("{address} (admin.listen) gave no answer within {seconds} s")
        } else {
            format!("nobody answers at {address} (admin.listen)")
        }
    })?;
    if status.is_success() {
        return Ok(good);
    }
    let reasons = serde_json::from_slice::<NotReady>(&body).unwrap_or_default();
    Err(reasons.sentence(status.as_u16()))
}

/// The part of `/readyz` that says why not.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct NotReady {
    not_ready: Vec<Reason>,
}

#[derive(Debug, Deserialize)]
struct Reason {
    name: String,
    reason: String,
}

impl NotReady {
    fn sentence(&self, status: u16) -> String {
        if self.not_ready.is_empty() {
            return format!("the answer was {status}");
        }
        let reasons = self.not_ready.iter();
        let reasons: Vec<String> = reasons
            .map(|reason| format!("{}: {}", reason.name, reason.reason))
            .collect();
        format!("not ready: {}", reasons.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::{admin, lifecycle::Lifecycle, serve::Bound, telemetry};

    fn said(outcome: Outcome) -> Result<String, String> {
        match outcome {
            Outcome::Said(text) => Ok(text),
            Outcome::Failed(why) => Err(why),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn it_says_what_the_admin_listener_says() {
        let (lifecycle, leaving) = (Lifecycle::new(), CancellationToken::new());
        let readiness = admin::Readiness::new(leaving.clone());
        let everywhere = SocketAddr::from(([0, 0, 0, 0], 0));
        let bound = Bound::bind("admin", everywhere).await.unwrap();
        let listen = bound.address();
        bound.serve(&lifecycle, admin::router(readiness, telemetry::metrics()));
        let asked = async |question| said(ask(listen, question).await);
        assert_eq!(asked(Question::Ready).await.unwrap(), "ready");
        leaving.cancel();
        assert_eq!(
            asked(Question::Ready).await.unwrap_err(),
            "not ready: lifecycle: stopping"
        );
        assert_eq!(asked(Question::Alive).await.unwrap(), "alive");
        lifecycle.stop_and_wait().await;
        let gone = asked(Question::Alive).await.unwrap_err();
        assert!(gone.contains("nobody answers at 127.0.0.1:"), "{gone}");
    }

    #[tokio::test]
    async fn who_waits_is_answered_as_soon_as_it_is_ready_or_when_the_time_is_over() {
        let (lifecycle, ready) = (Lifecycle::new(), CancellationToken::new());
        let seen = ready.clone();
        let readiness = admin::Readiness::new(CancellationToken::new()).check("clock", move || {
            // It is ready from the second question on.
            let first = !seen.is_cancelled();
            seen.cancel();
            std::future::ready(if first { Err("waiting".into()) } else { Ok(()) })
        });
        let bound = Bound::bind("admin", ([127, 0, 0, 1], 0).into())
            .await
            .unwrap();
        let listen = bound.address();
        bound.serve(&lifecycle, admin::router(readiness, telemetry::metrics()));
        let patience = |within, of| Patience { within, of };
        let minute = Duration::from_mins(1);
        let own = patience(minute, Some(std::process::id()));
        let outcome = wait(listen, Question::Ready, own).await;
        assert_eq!(said(outcome).unwrap(), "ready");
        lifecycle.stop_and_wait().await;
        let outcome = wait(listen, Question::Ready, patience(Duration::ZERO, None)).await;
        assert!(said(outcome).unwrap_err().contains("nobody answers"));
        let mut other = std::process::Command::new("true").spawn().unwrap();
        other.wait().unwrap();
        let of_other = patience(minute, Some(other.id()));
        let outcome = wait(listen, Question::Ready, of_other).await;
        assert!(said(outcome).unwrap_err().contains("has ended"));
    }

    #[tokio::test]
    async fn a_listener_that_never_answers_is_waited_for_two_seconds() {
        let silent = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let begun = std::time::Instant::now();
        let outcome = ask(silent.local_addr().unwrap(), Question::Ready).await;
        assert!(said(outcome).unwrap_err().contains("within 2 s"));
        assert!(begun.elapsed() < WITHIN + Duration::from_secs(1));
    }

    #[test]
    fn every_address_is_asked_where_it_can_be() {
        for (listen, asked) in [
            ("0.0.0.0:8081", "127.0.0.1:8081"),
            ("[::]:8081", "[::1]:8081"),
            ("10.0.0.7:8081", "10.0.0.7:8081"),
        ] {
            let listen: SocketAddr = listen.parse().unwrap();
            assert_eq!(reachable(listen).to_string(), asked);
        }
    }
}
