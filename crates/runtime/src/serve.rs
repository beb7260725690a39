//! Listeners and connections: bind first, so that a taken port ends the start; then serve HTTP/1.1 until asked to stop.
//! Our own accept loop and not `axum::serve`, which sets no limit on how slowly a client may send its headers.
//! Invariant: a request whose connection was accepted is answered before the process ends.

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    http::{HeaderValue, header},
};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tower::ServiceExt;
use tracing::{debug, info, warn};

use crate::{client_address::TrustedProxies, config::Faults, lifecycle::Lifecycle};

/// How long a client may take to send its headers, and an idle connection may stay.
const HEADER_READ: Duration = Duration::from_secs(30);
/// How long a connection that was accepted just before the stop may take to send its first request.
const LAST_WORD: Duration = Duration::from_millis(500);
/// More connections than this wait in the system's queue.
const MAX_CONNECTIONS: usize = 4096;

/// A listener that is bound and does not serve yet.
#[derive(Debug)]
pub struct Bound {
    name: &'static str,
    listener: TcpListener,
    address: SocketAddr,
    proxies: TrustedProxies,
}

impl Bound {
    /// Binds; `name` is for the log (`public`, `admin`, `internal`).
    pub async fn bind(name: &'static str, address: SocketAddr) -> Result<Self, Faults> {
        let bind = async {
            let listener = TcpListener::bind(address).await?;
            let address = listener.local_addr()?;
            Ok::<_, io::Error>(Self {
                name,
                listener,
                address,
                proxies: TrustedProxies::default(),
            })
        };
        bind.await.map_err(|error| {
            format!("cannot listen on {address} ({name}): {error}; is the service running already?")
                .into()
        })
    }

    /// The address, with the port the system chose if it was 0.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Believes these proxies about who sent what they hand us.
    #[must_use]
    pub fn trusting(mut self, proxies: TrustedProxies) -> Self {
        self.proxies = proxies;
        self
    }

    /// Serves until the lifecycle stops; requests carry their `ClientAddress`, and the connection's peer as `ConnectInfo<SocketAddr>`.
    pub fn serve(self, lifecycle: &Lifecycle, router: Router) {
        info!(listener.name = self.name, listener.address = %self.address, "listening");
        let name = self.name;
        let accepting = accept(self, lifecycle.clone(), router);
        lifecycle.spawn(name, accepting);
    }
}

/// What every connection of a listener leads to.
#[derive(Clone)]
struct Door {
    router: Router,
    proxies: TrustedProxies,
}

async fn accept(bound: Bound, lifecycle: Lifecycle, router: Router) {
    let stop = lifecycle.token();
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let door = Door {
        router,
        proxies: bound.proxies,
    };
    loop {
        let place = tokio::select! {
            place = places.clone().acquire_owned() => place.ok(),
            () = stop.cancelled() => break,
        };
        let accepted = tokio::select! {
            accepted = bound.listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => take(&lifecycle, &door, stream, peer, place),
            Err(error) => refused(bound.name, &error).await,
        }
    }
    // What waits in the system's queue is taken before closing, since its clients believe to be connected. By the system's own
    // call: the runtime may know of a connection only later.
    let Ok(listener) = bound.listener.into_std() else {
        return;
    };
    while let Ok((stream, peer)) = listener.accept() {
        let stream = stream
            .set_nonblocking(true)
            .and_then(|()| TcpStream::from_std(stream));
        if let Ok(stream) = stream {
            take(&lifecycle, &door, stream, peer, None);
        }
    }
}

fn take(
    lifecycle: &Lifecycle,
    door: &Door,
    stream: TcpStream,
    peer: SocketAddr,
    place: Option<OwnedSemaphorePermit>,
) {
    let (door, ending) = (door.clone(), lifecycle.clone());
    lifecycle.spawn_small("connection", async move {
        connection(stream, peer, door, &ending).await;
        drop(place);
    });
}

async fn connection(stream: TcpStream, peer: SocketAddr, door: Door, lifecycle: &Lifecycle) {
    let (stop, leaving) = (lifecycle.token(), lifecycle.leaving());
    // Small answers should not wait for more to send.
    let _ = stream.set_nodelay(true);
    let asked = Arc::new(AtomicBool::new(false));
    let asking = asked.clone();
    let service = tower::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        asking.store(true, Ordering::Relaxed);
        let client = door.proxies.client(peer.ip(), request.headers());
        let (router, leaving) = (door.router.clone(), leaving.clone());
        async move {
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            request.extensions_mut().insert(client);
            let mut response = match router.oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            if leaving.is_cancelled() {
                // Whoever keeps connections open asks somebody else next, and finds none of ours closed under a request.
                let headers = response.headers_mut();
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, Infallible>(response)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_READ)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        // Looked at first: a request that has arrived already must not be closed unread.
        biased;
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            // If it has not asked yet, its request is on the way: closing now would answer it with a reset.
            let grace = if asked.load(Ordering::Relaxed) { Duration::ZERO } else { LAST_WORD };
            if let Ok(ended) = tokio::time::timeout(grace, connection.as_mut()).await {
                ended
            } else {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        }
    };
    if let Err(error) = ended {
        debug!(error = %error, "a connection ended early");
    }
}

async fn refused(name: &'static str, error: &io::Error) {
    let connection_only = matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    );
    if !connection_only {
        // Most likely out of file descriptors: others must end before it goes on.
        warn!(listener.name = name, error = %error, "cannot accept connections");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;

    use super::*;
    use crate::client_address::ClientAddress;

    #[tokio::test]
    async fn a_request_in_flight_is_answered_before_the_end() {
        let lifecycle = Lifecycle::new();
        let bound = Bound::bind("public", ([127, 0, 0, 1], 0).into())
            .await
            .unwrap();
        let address = bound.address();
        let (stop, entered) = (lifecycle.clone(), Arc::new(tokio::sync::Notify::new()));
        let enter = entered.clone();
        let router = Router::new().route(
            "/",
            get(
                move |ConnectInfo(client): ConnectInfo<SocketAddr>| async move {
                    enter.notify_one();
                    stop.token().cancelled().await;
                    client.ip().to_string()
                },
            ),
        );
        bound.serve(&lifecycle, router);
        let asked = async {
            let client = crate::peer::http_client().unwrap();
            let answer = client
                .get(format!("http://{address}/"))
                .send()
                .await
                .unwrap();
            answer.text().await.unwrap()
        };
        let ending = async {
            entered.notified().await;
            lifecycle.stop_and_wait().await;
        };
        let (text, ()) = tokio::join!(asked, ending);
        assert_eq!(text, "127.0.0.1");
        assert!(Bound::bind("public", address).await.is_ok());
    }

    /// A client that keeps its connections meets no closed one: while there still is a grace, each answer says that it is the last.
    #[tokio::test]
    async fn who_leaves_asks_clients_to_connect_elsewhere() {
        let lifecycle = Lifecycle::new();
        let bound = Bound::bind("public", ([127, 0, 0, 1], 0).into())
            .await
            .unwrap();
        let address = bound.address();
        bound.serve(&lifecycle, Router::new().route("/", get(async || "here")));
        let client = crate::peer::http_client().unwrap();
        let last = async || {
            let answer = client.get(format!("http://{address}/")).send();
            let answer = answer.await.unwrap();
            let said = answer.headers().get(header::CONNECTION).cloned();
            assert_eq!(answer.text().await.unwrap(), "here");
            said.is_some_and(|said| said == "close")
        };
        assert!(!last().await);
        lifecycle.leaving().cancel();
        assert!(last().await);
        assert!(last().await, "it still accepts");
        lifecycle.stop_and_wait().await;
    }

    /// Security 55: the header decides only where it comes from a proxy of ours.
    #[tokio::test]
    async fn requests_carry_the_address_of_who_sent_them() {
        let lifecycle = Lifecycle::new();
        let whose = async |proxies: &[&str]| {
            let router =
                Router::new().route("/", get(async |client: ClientAddress| client.to_string()));
            let bound = Bound::bind("public", ([127, 0, 0, 1], 0).into())
                .await
                .unwrap()
                .trusting(TrustedProxies::parse(proxies).unwrap());
            let address = bound.address();
            bound.serve(&lifecycle, router);
            let client = crate::peer::http_client().unwrap();
            let asked = client
                .get(format!("http://{address}/"))
                .header("x-forwarded-for", "1.1.1.1, 203.0.113.9");
            asked.send().await.unwrap().text().await.unwrap()
        };
        assert_eq!(whose(&[]).await, "127.0.0.1");
        assert_eq!(whose(&["10.0.0.0/8"]).await, "127.0.0.1");
        assert_eq!(whose(&["127.0.0.0/8"]).await, "203.0.113.9");
        lifecycle.stop_and_wait().await;
    }
}
