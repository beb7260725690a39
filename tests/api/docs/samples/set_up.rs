//! The sample that waits for the set-up, where something is left to wait for; `every_sample_runs` has it where nothing is.

use testkit::TestApp;

use super::run_all;

#[tokio::test]
async fn what_is_still_waiting_is_said_and_fails() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let reader = acme.api_key("test", &["admin:read"]).await;
    for ran in run_all(&t, &acme.browser, "set-up", &reader, str::to_owned).await {
        let what = format!("{}: {}", ran.language, ran.said);
        assert!(!ran.ok, "{what}");
        for line in [
            "tenant done: Your account exists.\n",
            "apiKey done: The key “till” was used last.\n",
            "usage waiting: No usage has come yet.\n",
        ] {
            assert!(ran.said.contains(line), "{line}: {what}");
        }
        let last = ran.said.lines().last().unwrap();
        let waiting = match &*ran.language {
            "curl" => "Still waiting for: usage",
            _ => {
                "Still waiting for usage. Send a usage event with your API key. \
                  The page about usage has the command."
            }
        };
        assert_eq!(last, waiting, "{what}");
    }
}
