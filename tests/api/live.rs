//! The stream that open pages follow: who may, what it says, and when it ends. The looks of its process are taken by hand.

use std::time::Duration;

use chrono::Duration as Span;
use reqwest::{Method, Response};
use testkit::{Buyer, Client, TestApp};

/// Longer than anything here takes, and shorter than a heartbeat.
const BOUND: Duration = Duration::from_secs(10);

/// A stream, as it comes in.
struct Stream {
    response: Response,
    text: String,
}

impl Stream {
    async fn open(client: &Client) -> Self {
        let response = client.request(Method::GET, "/live").send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Self {
            response,
            text: String::new(),
        }
    }

    /// The next event's data; none when the stream has ended.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                assert!(event.contains("event: marks"), "{event}");
                let data = event.lines().find_map(|line| line.strip_prefix("data: "));
                return Some(data.unwrap().to_owned());
            }
            let chunk = tokio::time::timeout(BOUND, self.response.chunk()).await;
            // An event or the end.
            let chunk = chunk.unwrap().unwrap()?;
            self.text += std::str::from_utf8(&chunk).unwrap();
        }
    }
}

async fn look(t: &TestApp) {
    control::live::look(&t.cx("live")).await.unwrap();
}

/// Of `setup=1f usage=2e`.
fn mark(marks: &str, topic: &str) -> String {
    let pair = marks.split(' ').find(|pair| pair.starts_with(topic));
    pair.unwrap().to_owned()
}

#[tokio::test]
async fn a_page_is_told_at_once_and_then_only_what_changed() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    // The first usage ever is news for the set-up too.
    till.sends(&acme.usage("zero", 1)).await;
    let mut stream = Stream::open(&acme.browser).await;
    let first = stream.next().await.unwrap();
    look(&t).await;
    till.sends(&acme.usage("one", 3)).await;
    look(&t).await;
    let second = stream.next().await.unwrap();
    assert_eq!(mark(&first, "setup"), mark(&second, "setup"));
    assert_ne!(mark(&first, "usage"), mark(&second, "usage"));
    // The page itself begins with the same mark.
    let answer = acme.browser.get("/usage").await;
    let page = answer.text();
    let shown = mark(&second, "usage").replace("usage=", "");
    assert!(
        page.contains(&shown),
        "the page has another mark than {shown}"
    );
}

/// Another tenant's change is no news, and another process's is: only the database tells.
#[tokio::test]
async fn a_stream_is_about_one_tenant_whoever_changed_it() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let mut of_acme = Stream::open(&acme.browser).await;
    let mut of_other = Stream::open(&other.browser).await;
    let (before, others) = (
        of_acme.next().await.unwrap(),
        of_other.next().await.unwrap(),
    );
    let say = async |buyer: &Buyer<'_>, words: &str| {
        let tenant = buyer.ids().await.0;
        t.break_database(&format!(
            "UPDATE registration_steps SET message = '{words}' WHERE tenant_id = '{tenant}'"
        ))
        .await;
        look(&t).await;
    };
    say(&other, "Elsewhere.").await;
    let elsewhere = of_other.next().await.unwrap();
    assert_ne!(mark(&elsewhere, "setup"), mark(&others, "setup"));
    say(&acme, "Here.").await;
    say(&acme, "There.").await;
    // Each stream has had its own changes, one after the other, and nothing in between.
    let after = of_acme.next().await.unwrap();
    assert_ne!(mark(&after, "setup"), mark(&before, "setup"));
    assert_eq!(mark(&after, "usage"), mark(&before, "usage"));
    say(&other, "Again.").await;
    let again = of_other.next().await.unwrap();
    assert_ne!(again, elsewhere);
}

/// The set-up names the key that was used last: the one before, used again, is news.
#[tokio::test]
async fn another_key_that_was_used_last_is_news() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let (one, two) = (acme.till().await, acme.till().await);
    let mut stream = Stream::open(&acme.browser).await;
    let mut before = stream.next().await.unwrap();
    for key in [&one, &two, &one] {
        t.clock.advance_real(Span::minutes(1));
        let at = t.clock.real_now().to_rfc3339();
        t.break_database(&format!(
            "UPDATE api_keys SET last_used_at = '{at}' WHERE id = '{}'",
            key.id
        ))
        .await;
        look(&t).await;
        let after = stream.next().await.unwrap();
        assert_ne!(mark(&after, "setup"), mark(&before, "setup"));
        before = after;
    }
}

/// Nobody, an API key, the operator's bearer: no stream, and no way around by a cookie that is none.
#[tokio::test]
async fn whoever_is_nobody_follows_nothing() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let nobody = t.anonymous();
    let _ = nobody
        .get("/live")
        .await
        .expect_problem(401, "unauthenticated");
    nobody.set_cookie("__Host-session", &"ab".repeat(32));
    let _ = nobody
        .get("/live")
        .await
        .expect_problem(401, "unauthenticated");
    let _ = till
        .client
        .get("/live")
        .await
        .expect_problem(403, "people_only");
    let operator = t.operator().get("/live").await;
    assert!(operator.status >= 400, "{}", operator.status);
    assert_eq!(t.app().live.count(), 0);
}

#[tokio::test]
async fn a_session_has_so_many_streams_and_no_more() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let mut streams = Vec::new();
    for _ in 0..control::live::PER_SESSION {
        let mut stream = Stream::open(&acme.browser).await;
        stream.next().await.unwrap();
        streams.push(stream);
    }
    let _ = acme
        .browser
        .get("/live")
        .await
        .expect_problem(429, "too_many_streams");
    // Another session has its own, and a page that is closed gives its place back.
    let other = t.tenant("other").await;
    Stream::open(&other.browser).await;
    drop(streams.pop());
    let given_back = async {
        while t.app().live.count() >= control::live::PER_SESSION {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(BOUND, given_back).await.unwrap();
    let mut again = Stream::open(&acme.browser).await;
    again.next().await.unwrap();
}

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let mut stream = Stream::open(&acme.browser).await;
    stream.next().await.unwrap();
    acme.browser.post_form("/logout", &[]).await;
    look(&t).await;
    assert_eq!(stream.next().await, None);
    assert_eq!(t.app().live.count(), 0);
}

/// A page that is left open asks by itself, and that is no sign of anybody.
#[tokio::test]
async fn following_does_not_keep_a_session_for_ever() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    acme.browser.get("/").await;
    let mut stream = Stream::open(&acme.browser).await;
    stream.next().await.unwrap();
    for _ in 0..4 {
        t.clock.advance_real(Span::minutes(8));
        let request = acme.browser.request(Method::GET, "/");
        let request = request.header("x-payphone-by-itself", "1");
        let _ = acme.browser.send(request).await;
    }
    look(&t).await;
    assert_eq!(stream.next().await, None, "half an hour without anybody");
    assert_eq!(acme.browser.get("/live").await.status, 401);
}

#[tokio::test]
async fn a_stream_ends_when_the_role_changes() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let mut stream = Stream::open(&acme.browser).await;
    stream.next().await.unwrap();
    t.break_database("UPDATE memberships SET role = 'auditor'")
        .await;
    look(&t).await;
    assert_eq!(stream.next().await, None);
}

/// Stopping does not wait for pages that are open.
#[tokio::test]
async fn a_stream_ends_when_the_process_leaves() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let mut stream = Stream::open(&acme.browser).await;
    stream.next().await.unwrap();
    let stopping = tokio::time::timeout(BOUND, t.server().stop());
    let (stopped, next) = tokio::join!(stopping, stream.next());
    assert!(stopped.is_ok(), "it waits for the stream");
    assert_eq!(next, None);
}
