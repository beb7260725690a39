//! The code samples, copied from the page as a reader would, and run as they stand: curl, Python and Node against the listener.

mod audit_trail;
mod keys;
mod set_up;

use std::process::{Command, Output};

use testkit::{ApiKey, Client, TestApp};

const URL: &str = "http://console.payphone.example";

/// The pages that have samples.
const PAGES: [&str; 6] = [
    "usage-events",
    "billing",
    "api-keys",
    "connect",
    "audit-trail",
    "set-up",
];

/// The samples of a page: task, language, text.
fn samples(page: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for part in page.split("<details name=\"sample-").skip(1) {
        let between = |start: &str, end: &str| {
            let (_, rest) = part.split_once(start).unwrap();
            rest.split_once(end).unwrap().0
        };
        let task = part.split('"').next().unwrap();
        let language = between("<summary>", "</summary>");
        let (_, text) = between("<pre", "</pre>").split_once('>').unwrap();
        let text = text.replace("&lt;", "<").replace("&gt;", ">");
        let text = text
            .replace("&quot;", "\"")
            .replace("&#x27;", "'")
            .replace("&amp;", "&");
        found.push((task.to_owned(), language.to_owned(), text));
    }
    found
}

/// Runs one; the machine's proxies are not asked about the loopback.
async fn run(t: &TestApp, language: &str, text: &str, key: &str) -> Output {
    let (program, file) = match language {
        "curl" => ("sh", "sample.sh"),
        "Python" => ("python3", "sample.py"),
        _ => ("node", "sample.mjs"),
    };
    let path = t.folder().join(file);
    assert!(text.contains(URL), "{text}");
    std::fs::write(&path, text.replace(URL, &t.server().public)).unwrap();
    let mut command = Command::new(program);
    command
        .arg(path)
        // What it saves goes with the test.
        .current_dir(t.folder())
        .env("PAYPHONE_API_KEY", key)
        // What looks again and again looks once: no test waits.
        .env("PAYPHONE_LOOKS", "1")
        .env("NO_PROXY", "*");
    // The server answers on this very thread.
    let output = tokio::task::spawn_blocking(move || command.output());
    output
        .await
        .unwrap()
        .unwrap_or_else(|error| panic!("{program}: {error}; see `cargo xtask doctor`"))
}

/// What came of a sample in one language.
struct Ran {
    language: String,
    ok: bool,
    /// What it wrote, faults last.
    said: String,
}

impl Ran {
    fn of(language: String, output: &Output) -> Self {
        let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
        said += &String::from_utf8_lossy(&output.stderr);
        Self {
            language,
            ok: output.status.success(),
            said,
        }
    }
}

/// Runs the sample of a page that has one, in every language, after a change that the test makes to its text.
async fn run_all(
    t: &TestApp,
    reader: &Client,
    page: &str,
    key: &ApiKey,
    change: impl Fn(&str) -> String,
) -> Vec<Ran> {
    let text = reader
        .get(&format!("/docs/{page}"))
        .await
        .expect(200)
        .text();
    let mut ran = Vec::new();
    for (_, language, text) in samples(&text) {
        let output = run(t, &language, &change(&text), &key.secret).await;
        ran.push(Ran::of(language, &output));
    }
    assert_eq!(ran.len(), 3, "{page}");
    ran
}

/// Every sample of every page, in every language, does what its page says.
#[tokio::test]
async fn every_sample_runs() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let reader = acme.api_key("test", &["admin:read"]).await;
    let mut ran = Vec::new();
    for page in PAGES {
        let text = acme
            .browser
            .get(&format!("/docs/{page}"))
            .await
            .expect(200)
            .text();
        for (task, language, text) in samples(&text) {
            let key = match &*task {
                "send-usage-event" | "list-usage" | "list-metering-records" => &till,
                _ => &reader,
            };
            let output = run(&t, &language, &text, &key.secret).await;
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let what = format!(
                "{task} in {language}: {said}{}",
                String::from_utf8_lossy(&output.stderr)
            );
            assert!(output.status.success(), "{what}");
            let expected: &[&str] = match (&*task, &*language) {
                ("send-usage-event", "curl") => &["\"status\":\"accepted\""],
                // The same event again: it counts once.
                ("send-usage-event", _) => &["payment-", " duplicate"],
                ("list-usage", "curl") => {
                    &["\"meter\":\"payphone.payment.approved\"", "\"quantity\":1"]
                }
                ("list-usage", _) => &["2026-11-22T10:00:00Z payphone.payment.approved 1\n"],
                ("list-metering-records", "curl") => {
                    &["\"dimension\":\"payments\"", "\"state\":\"open\""]
                }
                ("list-metering-records", _) => &["2026-11-22T10:00:00Z payments 1 open\n"],
                ("list-api-keys", "curl") => &["\"items\":["],
                ("list-api-keys", _) => &["usage:write,usage:read in use\n", &reader.prefix],
                ("fetch-keys", _) => &["Add it as a flow security key: key_", "-certificate.pem\n"],
                ("check-audit-trail", "curl") => &["lines in audit-log.csv, each linked"],
                ("check-audit-trail", _) => &["lines, none of them changed."],
                ("wait-for-setup", _) => &["usage done: Usage was counted.\n"],
                other => panic!("nothing is expected of {other:?}"),
            };
            for words in expected {
                assert!(said.contains(words), "{words}: {what}");
            }
            assert!(
                !said.contains(&till.secret) && !said.contains(&reader.secret),
                "{what}"
            );
            ran.push((task, language));
        }
    }
    assert_eq!(ran.len(), 21, "{ran:?}");
    assert_eq!(t.number("SELECT count(*) FROM usage_events").await, 1);
}

/// With a key that is not in force every sample fails, says why, and keeps the key to itself.
#[tokio::test]
async fn every_sample_fails_aloud() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let revoked = acme
        .browser
        .delete(&format!("/api/v1/api-keys/{}", till.id))
        .await;
    let _ = revoked.expect(200);
    for page in PAGES {
        let text = acme
            .browser
            .get(&format!("/docs/{page}"))
            .await
            .expect(200)
            .text();
        for (task, language, text) in samples(&text) {
            let output = run(&t, &language, &text, &till.secret).await;
            let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
            said += &String::from_utf8_lossy(&output.stderr);
            assert!(!output.status.success(), "{task} in {language}: {said}");
            assert!(
                said.contains("401") || said.contains("invalid_api_key"),
                "{task} in {language}: {said}"
            );
            assert!(!said.contains(&till.secret), "{task} in {language}: {said}");
        }
    }
}
