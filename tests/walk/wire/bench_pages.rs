//! What `cargo xtask bench` measures of the console's pages: how long each takes at fifty requests a second, on both databases, and beside it
//! an axum handler that does nothing, asked as often at the same time. Without it the counts are tiny: that it still measures.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use reqwest::header::COOKIE;
use serde_json::json;
use testkit::{
    bench::{Engine, Figure, Goal, Size, percentile, report},
    postgres::Cluster,
};
use tokio::{net::TcpListener, runtime::Runtime, task::JoinSet, time::MissedTickBehavior};
use walk::{World, buyer::Buyer, person::Person, soon};
use xtask::stand::{OPERATOR_EMAIL, Wrapping};

/// What an owner reads, from where they land to the longest page of the documentation.
const PAGES: [&str; 11] = [
    "/",
    "/setup",
    "/keys",
    "/usage",
    "/subscription",
    "/people",
    "/api-keys",
    "/activity",
    "/account",
    "/docs/set-up",
    "/docs/api",
];
/// What the vendor's operator reads.
const OPERATORS: [&str; 4] = [
    "/operator/registrations",
    "/operator/tenants",
    "/operator/events",
    "/operator/jobs",
];
/// Fifty pages a second, and as many of nothing.
const GAP: Duration = Duration::from_millis(10);
const LIMIT: Duration = Duration::from_millis(20);

#[test]
fn bench_pages() {
    let size = Size::asked_for();
    for engine in Engine::ALL {
        let cluster = (engine == Engine::Postgres).then(|| Cluster::start(true));
        let world = World::start_on(2048, Wrapping::File, cluster, false);
        let buyer = Buyer::settled(&world, &json!({}));
        fill(&world, &buyer);
        let mut operator = Person::new(&world, OPERATOR_EMAIL);
        operator.sign_in();
        let page = |page, person: &Person| Asked {
            name: format!("page {page}, p95"),
            url: world.url(page),
            cookie: person.cookie().to_owned(),
            goal: Goal::Within,
        };
        let owners = PAGES.map(|path| page(path, &buyer.owner));
        let operators = OPERATORS.map(|path| page(path, &operator));
        let ours: Vec<Asked> = owners.into_iter().chain(operators).collect();
        let runtime = Runtime::new().expect("a runtime");
        let figures = runtime.block_on(async {
            let nothing = Asked {
                name: "a handler that does nothing, p95".to_owned(),
                url: format!("http://{}/", nothing().await),
                cookie: String::new(),
                goal: Goal::None,
            };
            ask(engine, &ours, &nothing, size.pages).await
        });
        for figure in &figures {
            assert!(figure.ours > 0.0, "{figure:?}");
        }
        report(&figures);
    }
}

/// An account that is in use: keys, usage of an hour that is over and of the present one.
fn fill(world: &World, buyer: &Buyer) {
    for _ in 0..20 {
        buyer.api_key("test", &["usage:read"]);
    }
    for hour in ["one", "two"] {
        let clock = world.sim("clock");
        let now = clock["now"].as_str().expect("a time");
        let events: Vec<_> = (0..50)
            .map(|number| buyer.event(&format!("{hour} {number}"), now, number + 1))
            .collect();
        soon("the usage is taken", || {
            let token = &world.ready.operator_token;
            let answer = buyer.post_usage(token, &json!(events)).ok()?;
            answer.status().is_success().then_some(())
        });
        if hour == "one" {
            world.advance(3600 + 600);
        }
    }
}

struct Asked {
    name: String,
    url: String,
    cookie: String,
    goal: Goal,
}

/// An axum handler that does nothing, in this process, for as long as the runtime.
async fn nothing() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    let listener = listener.expect("a port of our own");
    let address = listener.local_addr().expect("its address");
    let router = axum::Router::new().route("/", axum::routing::get(async || "nothing"));
    #[expect(
        clippy::disallowed_methods,
        reason = "it ends with the measurement's runtime"
    )]
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Asks one page after the other in turn, so many times each, and nothing between any two of them. A request counts from when it was due, so
/// one that has to wait for those before it is as slow as it is for whoever waits.
async fn ask(engine: Engine, pages: &[Asked], nothing: &Asked, times: usize) -> Vec<Figure> {
    let http = reqwest::Client::builder().no_proxy();
    let http = http.build().expect("an HTTP client");
    let mut took: Vec<Vec<Duration>> = vec![Vec::new(); pages.len() + 1];
    let mut under_way = JoinSet::new();
    let mut ticks = tokio::time::interval(GAP);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    for turn in 0..times * pages.len() {
        for which in [turn % pages.len(), pages.len()] {
            let due = ticks.tick().await.into_std();
            let asked = pages.get(which).unwrap_or(nothing);
            let request = http.get(&asked.url).header(COOKIE, &asked.cookie);
            under_way.spawn(async move { (which, since(due, request).await) });
        }
    }
    while let Some(done) = under_way.join_next().await {
        let (which, time) = done.expect("it is answered");
        took[which].push(time);
    }
    let asked = pages.iter().chain([nothing]);
    asked
        .zip(took)
        .map(|(asked, mut took)| {
            took.sort();
            let at = |percent| percentile(&took, percent).expect("it was asked");
            Figure {
                name: asked.name.clone(),
                engine,
                unit: "ms",
                ours: at(95).as_secs_f64() * 1e3,
                limit: LIMIT.as_secs_f64() * 1e3,
                goal: asked.goal,
                latency: Some([at(50), at(99)]),
            }
        })
        .collect()
}

async fn since(due: Instant, request: reqwest::RequestBuilder) -> Duration {
    let response = request.send().await.expect("an answer");
    let (status, url) = (response.status(), response.url().clone());
    assert!(status.is_success(), "{url} answered {status}");
    response.bytes().await.expect("all of it");
    due.elapsed()
}
