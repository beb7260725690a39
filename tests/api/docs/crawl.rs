//! Every link of the documentation, of the console around it and of `llms.txt`, followed until there is no new one.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use testkit::{Client, TestApp};

/// Where links of a page lead, as they are written.
fn links(kind: &str, text: &str) -> Vec<String> {
    let (start, end) = if kind.starts_with("text/html") {
        ("href=\"", '"')
    } else if kind.starts_with("text/markdown") || kind.starts_with("text/plain") {
        ("](", ')')
    } else {
        return Vec::new();
    };
    let found = text
        .split(start)
        .skip(1)
        .filter_map(|rest| rest.split(end).next());
    found.map(|href| href.replace("&amp;", "&")).collect()
}

/// What one walk found.
#[derive(Default)]
struct Walk {
    /// Each address with its status and where it redirects to.
    seen: BTreeMap<String, (u16, String)>,
    /// The ids of each page.
    ids: BTreeMap<String, BTreeSet<String>>,
    /// Addresses with the fragment that somebody links to.
    fragments: BTreeSet<(String, String)>,
}

async fn walk(client: &Client, public_url: &str, begin: &[&str]) -> Walk {
    let mut walk = Walk::default();
    let mut next: Vec<String> = begin.iter().map(|path| (*path).to_owned()).collect();
    while let Some(path) = next.pop() {
        if walk.seen.contains_key(&path) {
            continue;
        }
        let answer = client.get(&path).await;
        let place = answer.header("location").to_owned();
        walk.seen.insert(path.clone(), (answer.status, place));
        let (kind, text) = (answer.header("content-type").to_owned(), answer.text());
        let ids = text
            .split(" id=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next());
        walk.ids
            .insert(path.clone(), ids.map(str::to_owned).collect());
        for href in links(&kind, &text) {
            let href = href.strip_prefix(public_url).unwrap_or(&href);
            if href.contains(':') {
                let known = href.starts_with("https://") || href.starts_with("mailto:");
                assert!(known, "{path} links to {href}");
                continue;
            }
            let (target, fragment) = href.split_once('#').unwrap_or((href, ""));
            // Files link to their neighbours.
            let target = match target {
                "" => path.clone(),
                // The same page, asked otherwise (RFC 3986, 5.3).
                _ if target.starts_with('?') => {
                    let page = path.split('?').next().unwrap_or(&path);
                    format!("{page}{target}")
                }
                _ if target.starts_with('/') => target.to_owned(),
                _ => format!("/docs/{target}"),
            };
            if !fragment.is_empty() {
                // A heading of the Markdown is one of the page.
                let page = target.strip_suffix(".md").unwrap_or(&target).to_owned();
                walk.fragments.insert((page, fragment.to_owned()));
            }
            next.push(target);
        }
    }
    walk
}

impl Walk {
    fn check_fragments(&self) {
        for (path, fragment) in &self.fragments {
            let known = self.ids.get(path).is_some_and(|ids| ids.contains(fragment));
            // Who is not let in sees no headings.
            let shown = self.seen.get(path).is_none_or(|(status, _)| *status == 200);
            assert!(known || !shown, "nothing has the id {fragment} on {path}");
        }
    }
}

/// From the index and from `llms.txt`, as an owner: whatever is linked is there, every heading too.
#[tokio::test]
async fn every_link_leads_somewhere() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let _ = till.sends(&acme.usage("one", 1)).await;
    let url = "http://console.payphone.example";
    let walk = walk(&acme.browser, url, &["/docs", "/llms.txt"]).await;
    for (path, (status, place)) in &walk.seen {
        // The way in leads to the sign-in service.
        let is_login = path.starts_with("/login") && *status == 303;
        assert!(*status == 200 || is_login, "{path}: {status} {place}");
    }
    walk.check_fragments();
    for wanted in [
        "/docs/pci",
        "/docs/pci.md",
        "/docs/api",
        "/docs/problems",
        "/keys",
        "/usage",
        "/activity",
        "/people",
        "/account",
        "/openapi.json",
    ] {
        assert!(walk.seen.contains_key(wanted), "nothing leads to {wanted}");
    }
    assert!(walk.fragments.len() > 100, "{}", walk.fragments.len());
}

/// The same for a stranger: what is not for everybody leads to the sign-in page and back.
#[tokio::test]
async fn a_strangers_links_lead_to_the_text_or_to_the_way_in() {
    let t = TestApp::start().await;
    let url = "http://console.payphone.example";
    let walk = walk(&t.anonymous(), url, &["/docs", "/llms.txt"]).await;
    for (path, (status, place)) in &walk.seen {
        let is_way_in =
            *status == 303 && (path.starts_with("/login") || place.starts_with("/login"));
        assert!(*status == 200 || is_way_in, "{path}: {status} {place}");
        if path.starts_with("/docs") || path == "/llms.txt" {
            assert_eq!(*status, 200, "{path}");
        }
    }
    walk.check_fragments();
}

/// The same for the vendor's operator, from list to list.
#[tokio::test]
async fn the_operators_links_lead_somewhere() {
    let t = TestApp::start().await;
    t.tenant("acme").await;
    t.tenant("other").await;
    t.queue.put("no event at all");
    t.run_until_quiet().await;
    let operator = t.signed_in_operator("op@vendor.example").await;
    let url = "http://console.payphone.example";
    let walk = walk(&operator.browser, url, &["/"]).await;
    for (path, (status, place)) in &walk.seen {
        // What belongs to a tenant leads an operator home.
        let is_home = *status == 303 && place == "/";
        let is_login = path.starts_with("/login") && *status == 303;
        assert!(
            *status == 200 || is_home || is_login,
            "{path}: {status} {place}"
        );
    }
    walk.check_fragments();
    for wanted in [
        "/operator/registrations",
        "/operator/tenants?sort=name",
        "/operator/events?sort=oldest",
        "/operator/jobs",
        "/api/v1/operator/tenants?format=csv",
        "/account",
        "/docs",
    ] {
        assert!(walk.seen.contains_key(wanted), "nothing leads to {wanted}");
    }
}

/// Who is in keeps the way on, also where there is nothing.
#[tokio::test]
async fn a_page_that_is_not_there_is_within_the_console_for_who_is_in() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for path in ["/docs/nothing", "/docs/problems/nothing", "/nothing"] {
        let request = acme.browser.request(Method::GET, path);
        let request = request.header("accept", "text/html");
        let answer = acme.browser.send(request).await.expect(404);
        assert!(answer.text().contains("href=\"/activity\""), "{path}");
        let request = t.anonymous().request(Method::GET, path);
        let request = request.header("accept", "text/html");
        let answer = t.anonymous().send(request).await.expect(404);
        assert!(!answer.text().contains("href=\"/activity\""), "{path}");
    }
}
