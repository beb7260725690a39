//! The sample that fetches what Amazon Connect needs: the files hold the test key pair in force, and nothing is made up without one.

use testkit::{TestApp, card_plane};

use super::{Ran, run, run_all, samples};

#[tokio::test]
async fn the_public_key_and_the_certificate_are_saved_as_they_are() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let reader = acme.api_key("test", &["admin:read"]).await;
    let keys = acme.browser.get("/api/v1/keys").await.items();
    let id = keys[0]["id"].as_str().unwrap();
    let files = [
        ("public-key", card_plane::PUBLIC_KEY),
        ("certificate", card_plane::CERTIFICATE),
    ];
    let files = files.map(|(half, text)| (t.folder().join(format!("{id}-{half}.pem")), text));
    let page = acme.browser.get("/docs/connect").await.expect(200).text();
    for (_, language, text) in samples(&page) {
        let output = run(&t, &language, &text, &reader.secret).await;
        let Ran { language, ok, said } = Ran::of(language, &output);
        assert!(ok, "{language}: {said}");
        for (path, text) in &files {
            let saved = std::fs::read_to_string(path).unwrap();
            assert_eq!(saved, *text, "{language}");
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(said.contains(name), "{language}: {said}");
            // The next language saves its own.
            std::fs::remove_file(path).unwrap();
        }
    }
}

/// A pair that is on its way out, and one of the other mode, are not given to Amazon Connect.
#[tokio::test]
async fn only_the_test_key_pair_in_force_is_taken() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let reader = acme.api_key("test", &["admin:read"]).await;
    for other in ["state = 'retiring'", "state = 'active', mode = 'live'"] {
        t.break_database(&format!("UPDATE public_keys SET {other}"))
            .await;
        for ran in run_all(&t, &acme.browser, "connect", &reader, str::to_owned).await {
            assert!(!ran.ok, "{}: {}", ran.language, ran.said);
            assert_eq!(ran.said, "There is no test key pair in force yet.\n");
        }
    }
}
