//! `/usage/{record}`: the story of an hour, for the tenant whose hour it is.

use testkit::TestApp;

use super::{link, page};

#[tokio::test]
async fn an_hour_tells_its_story_from_counting_to_awss_record() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    acme.browser.looks_at_live();
    let till = acme.till().await;
    till.sends(&acme.usage("one", 2)).await;
    till.sends(&acme.usage("two", 3)).await;
    let usage = page(acme.browser.get("/usage").await, 200, "Hours");
    let path = link(&usage, "/usage/met_");
    let text = page(acme.browser.get(&path).await, 200, "5 units in 2 events");
    for part in ["still counting", "10:00 to 11:00 UTC", "AWS takes it until"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    t.an_hour_passes().await;
    acme.signs_in().await;
    let text = page(acme.browser.get(&path).await, 200, "AWS has it");
    let sealed = t
        .rows("SELECT sealed_at FROM metering_records WHERE quantity = 5")
        .await;
    assert_ne!(sealed[0][0], "null", "{sealed:?}");
    for part in [
        "From here on its quantity never changed",
        "payphone.payment.approved",
        "Success",
        "aws-",
        "Sendings",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("is not kept"));
}

#[tokio::test]
async fn anothers_hour_is_not_there_and_neither_is_nonsense() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    other.browser.looks_at_live();
    other.till().await.sends(&other.usage("one", 2)).await;
    let usage = page(other.browser.get("/usage").await, 200, "Hours");
    let path = link(&usage, "/usage/met_");
    page(other.browser.get(&path).await, 200, "Counted");
    for path in [
        path.as_str(),
        "/usage/met_0192aaaabbbb7ccc8dddeeeeffff0001",
        "/usage/lic_0192aaaabbbb7ccc8dddeeeeffff0001",
        "/usage/%3Cscript%3E",
        "/usage/%00",
    ] {
        let text = page(acme.browser.get(path).await, 404, "nothing here");
        assert!(!text.contains("<script>"), "{path}");
    }
    let agent = t
        .member(&other.browser, "agent@other.example", "agent")
        .await;
    page(agent.browser.get(&path).await, 403, "Your role");
}

/// Security 40: what AWS says is text, like everything that others say.
#[tokio::test]
async fn what_is_kept_of_awss_words_is_shown_as_text() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    acme.browser.looks_at_live();
    acme.till().await.sends(&acme.usage("one", 2)).await;
    t.an_hour_passes().await;
    acme.signs_in().await;
    let nasty = "<script>alert(1)</script><img src=x onerror=alert(1)>";
    t.break_database(&format!(
        "UPDATE metering_records SET note = '{nasty}', metering_record_id = '{nasty}', state = 'held'"
    ))
    .await;
    t.break_database(&format!(
        "UPDATE metering_attempts SET outcome = '{nasty}', detail = '{nasty}'"
    ))
    .await;
    let usage = page(acme.browser.get("/usage").await, 200, "&lt;script&gt;");
    let path = link(&usage, "/usage/met_");
    let rest = usage.split("/usage/met_").skip(2);
    let mut stories = vec![path];
    stories.extend(rest.map(|rest| format!("/usage/met_{}", &rest[..32])));
    let mut shown = 0;
    for path in stories {
        let text = page(acme.browser.get(&path).await, 200, "Sealed");
        shown += text.matches("&lt;script&gt;").count();
        assert!(!text.contains("<script>alert") && !text.contains("<img"));
    }
    assert!(shown >= 4, "{shown}");
    assert!(!usage.contains("<script>alert") && !usage.contains("<img"));
}
