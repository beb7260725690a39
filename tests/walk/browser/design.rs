//! What the console is made of, and how it looks: every component, and the look that somebody chooses.

use serde_json::Value;

use crate::{browser::Browser, stage::Stage};

#[test]
fn every_component_is_looked_at() {
    let stage = Stage::set();
    let browser = Browser::open(&stage.driver);
    browser.go(&format!("{}/design", stage.console));
    browser.at("Components");
    browser.look("design");
    let text = browser
        .session
        .script("return document.querySelector('textarea').value", None);
    assert_eq!(text, "1 Harbour Road\nPortsmouth");
    browser.click("Why two keys?");
    browser.sees("Amazon Connect holds two keys at a time");
    browser.look("design-dialog");
    assert_eq!(stage.csp_reports(), 0);
}

/// With scripts and without: a form and a cookie do it.
#[test]
fn the_look_is_chosen_without_a_script() {
    let stage = Stage::set();
    for script in [true, false] {
        let browser = Browser::with(&stage.driver, script);
        browser.go(&format!("{}/design", stage.console));
        browser.at("Components");
        let ground = || {
            let script = "return getComputedStyle(document.body).backgroundColor";
            browser.session.script(script, None)
        };
        let light = ground();
        for (label, dark) in [("Dark", true), ("Light", false), ("System", false)] {
            browser.click_at(&format!("(//button[normalize-space(.)='{label}'])[1]"));
            browser.at("Components");
            let pressed = format!("//button[@aria-pressed='true'][normalize-space(.)='{label}']");
            walk::soon("the look", || {
                browser.session.find_all(&pressed).ok()?.first().map(drop)
            });
            assert_eq!(ground() != light, dark, "{label}");
        }
        browser.set_dark(true);
        assert_ne!(ground(), light, "the system's look is followed");
        browser.click_at("(//button[normalize-space(.)='Light'])[1]");
        walk::soon("the look", || (ground() == light).then_some(()));
        browser.set_dark(false);
        assert_ne!(light, Value::Null);
    }
}
