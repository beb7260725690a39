//! The documentation in a browser: by a stranger, and from the page where the question arises.

use crate::{browser::Browser, stage::Stage};

/// Every page of the guide, to be looked at.
const PAGES: [(&str, &str); 13] = [
    ("set-up", "Set up, step by step"),
    ("connect", "Connect Amazon Connect"),
    ("people", "People and roles"),
    ("access", "Losing access"),
    ("usage-events", "Send usage events"),
    ("billing", "How you are billed"),
    ("api-keys", "API keys and scopes"),
    ("api", "API reference"),
    ("errors", "Errors"),
    ("problems", "Problem codes"),
    ("limits", "Limits"),
    ("audit-trail", "Audit trail and its proof"),
    ("pci", "PCI scope and merchant levels"),
];

/// Every page reads well for a stranger, in a narrow window and in the dark.
#[test]
fn a_stranger_reads_every_page() {
    let stage = Stage::set();
    let browser = Browser::open(&stage.driver);
    browser.go(&format!("{}/docs", stage.console));
    browser.at("Docs");
    browser.look("docs");
    for (page, heading) in PAGES {
        browser.go(&format!("{}/docs/{page}", stage.console));
        browser.at(heading);
        browser.look(&format!("docs-{page}"));
    }
    browser.click("Next Glossary");
    browser.at("Glossary");
    browser.look("docs-glossary");
    browser.go(&format!(
        "{}/docs/problems/too_many_requests",
        stage.console
    ));
    browser.at("too_many_requests");
    browser.look("docs-problem");
    assert_eq!(stage.csp_reports(), 0);
}

/// From the keys to the page about them, whose samples name the reader's own tenant, without a script.
#[test]
fn a_member_finds_the_answer_beside_the_question() {
    let stage = Stage::set();
    let ann = Browser::open(&stage.driver);
    stage.owner(&ann, "ann@harbour.example", "Ann Harbour");
    ann.click("API keys");
    ann.click("API keys and scopes");
    ann.at("API keys and scopes");
    ann.look("docs-inside");
    ann.click("usage events");
    ann.at("Send usage events");
    ann.sees("Filled with your account's own ids.");
    ann.sees("\"subject\": \"ten_");
    ann.click_at("//summary[.='Python']");
    ann.sees("urllib.request");
    ann.look("docs-samples");
    assert_eq!(stage.csp_reports(), 0);
}
