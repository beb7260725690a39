//! The documentation over HTTP: for everybody, with one's own ids, whole in its links, true in what it says, its samples run.

mod crawl;
mod problems;
mod reference;
mod samples;

use testkit::{Answer, TestApp};

fn is_page(answer: &Answer) -> bool {
    answer.header("content-type").starts_with("text/html")
}

/// Nobody has to sign in to read; who is signed in reads inside the console, with their own ids in the samples.
#[tokio::test]
async fn everybody_reads_and_members_see_their_own_ids() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let (tenant, _) = acme.ids().await;
    let till = acme.till().await;
    for path in [
        "/docs",
        "/docs/usage-events",
        "/docs/api",
        "/docs/problems/bad_cursor",
    ] {
        for (client, inside) in [
            (&t.anonymous(), false),
            (&acme.browser, true),
            (&till.client, false),
        ] {
            let answer = client.get(path).await.expect(200);
            assert!(is_page(&answer), "{path}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
            let text = answer.text();
            assert_eq!(text.contains("aria-label=\"Main\""), inside, "{path}");
            assert_eq!(
                text.contains("href=\"/login?next=%2Fdocs"),
                !inside,
                "{path}"
            );
            let ids = text.contains(&tenant.to_string());
            assert_eq!(ids, inside && path == "/docs/usage-events", "{path}");
            assert!(!text.contains(&till.secret), "{path}");
        }
    }
    for path in [
        "/docs/nothing",
        "/docs/nothing.md",
        "/docs/problems/nothing",
        "/docs/problems/the-request",
    ] {
        let _ = t.anonymous().get(path).await.expect(404);
    }
}

/// A browser whose session is broken, and a database that does not tell who somebody is, still leave the guide readable.
#[tokio::test]
async fn a_look_that_fails_leaves_the_text() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    t.break_database("UPDATE tenants SET state = 'dreaming'")
        .await;
    t.expect_error_log("the request failed by a defect");
    let answer = acme.browser.get("/docs/usage-events").await.expect(200);
    assert!(answer.text().contains("ten_"), "{}", answer.text());
    assert!(!answer.text().contains("dreaming"));
}

/// Security 40: what a tenant is called is text, in the frame around the samples as well.
#[tokio::test]
async fn a_tenants_name_is_text() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    t.break_database("UPDATE tenants SET name = '<script>alert(1)</script>\"''>'")
        .await;
    for path in ["/docs", "/docs/usage-events", "/docs/problems/bad_cursor"] {
        let text = acme.browser.get(path).await.expect(200).text();
        let ours = "<script type=\"module\" src=\"/assets/islands-";
        let (all, ours) = (text.matches("<script").count(), text.matches(ours).count());
        assert!(ours < 2 && all == ours, "{path}: {text}");
        assert!(text.contains("&lt;script&gt;alert(1)"), "{path}: {text}");
    }
}

/// What programs read is the same for everybody, and may be kept.
#[tokio::test]
async fn markdown_is_the_same_for_everybody_and_may_be_kept() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for path in [
        "/llms.txt",
        "/docs/usage-events.md",
        "/docs/api.md",
        "/docs/problems.md",
    ] {
        let answer = t.anonymous().get(path).await.expect(200);
        assert_eq!(
            answer.body,
            acme.browser.get(path).await.expect(200).body,
            "{path}"
        );
        assert_eq!(
            answer.header("cache-control"),
            "public, max-age=300",
            "{path}"
        );
        let tag = answer.header("etag").to_owned();
        let client = t.anonymous();
        let request = client.request(reqwest::Method::GET, path);
        let again = client
            .send(request.header("if-none-match", &tag))
            .await
            .expect(304);
        assert!(
            again.body.is_empty() && again.header("etag") == tag,
            "{path}"
        );
    }
    let list = t.anonymous().get("/llms.txt").await;
    assert!(list.header("content-type").starts_with("text/plain"));
    let page = t.anonymous().get("/docs/usage-events.md").await;
    assert!(page.header("content-type").starts_with("text/markdown"));
    assert!(
        page.text().contains("```python\nimport json"),
        "{}",
        page.text()
    );
}
