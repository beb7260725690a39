//! A person's browser: what can be clicked, typed and read, always by the words that a person sees.
//! Whatever is looked for is waited for. Invariant: an error in the browser's log that nobody expected fails the test.

use std::{cell::RefCell, time::Duration};

use reqwest::Method;
use serde_json::{Value, json};
use walk::soon;

use crate::webdriver::{Driver, Element, Refusal, Session};

/// How long a page may take to become what it must; shorter than the programs' own patience, because somebody is watching.
const PATIENCE: Duration = Duration::from_secs(30);

/// How wide the window is, unless a page is looked at narrow.
pub(crate) const WIDE: u32 = 1280;

/// A browser with a profile of its own.
pub(crate) struct Browser {
    pub(crate) session: Session,
    /// Whether its pages run script.
    pub(crate) script: bool,
    /// What the log may have: parts of messages.
    expected: RefCell<Vec<String>>,
}

impl Browser {
    /// With JavaScript.
    pub(crate) fn open(driver: &Driver) -> Self {
        Self::with(driver, true)
    }

    /// With JavaScript or without.
    pub(crate) fn with(driver: &Driver, script: bool) -> Self {
        let browser = Self {
            session: Session::open(driver, script),
            script,
            expected: RefCell::default(),
        };
        browser.set_width(WIDE);
        browser
    }

    /// The width of the page's viewport.
    pub(crate) fn set_width(&self, width: u32) {
        let size =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.session
            .devtools("Emulation.setDeviceMetricsOverride", &size);
    }

    /// A telephone that lies on its side: hardly any height.
    pub(crate) fn set_low(&self) {
        let size = json!({ "width": 568, "height": 320, "deviceScaleFactor": 1, "mobile": false });
        self.session
            .devtools("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Light or dark, as the system would have it.
    pub(crate) fn set_dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": value }]);
        let media = json!({ "media": "", "features": features });
        self.session.devtools("Emulation.setEmulatedMedia", &media);
    }

    /// Types an address.
    pub(crate) fn go(&self, url: &str) {
        self.session.post("/url", &json!({ "url": url }));
    }

    /// The back button.
    pub(crate) fn back(&self) {
        self.session.post("/back", &json!({}));
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        self.session.get("/url").as_str().expect("text").to_owned()
    }

    /// The page's text, as far as it can be seen.
    pub(crate) fn text(&self) -> String {
        self.try_read("//body").unwrap_or_default()
    }

    /// The text of the first element that an `XPath` finds, if there is one now.
    pub(crate) fn try_read(&self, xpath: &str) -> Option<String> {
        let element = self.session.find_all(xpath).ok()?.into_iter().next()?;
        self.text_of(&element)
    }

    fn text_of(&self, element: &Element) -> Option<String> {
        let text = self
            .session
            .about(element, Method::GET, "text", &Value::Null);
        text.ok()?.as_str().map(str::to_owned)
    }

    /// The text of the first element that an `XPath` finds.
    pub(crate) fn read(&self, xpath: &str) -> String {
        soon(xpath, || self.try_read(xpath))
    }

    /// Waits for the page with this heading.
    pub(crate) fn at(&self, heading: &str) {
        let mut seen = None;
        let arrived = xtask::stand::eventually(PATIENCE, || {
            seen = self.try_read("//h1");
            (seen.as_deref() == Some(heading)).then_some(())
        });
        assert!(
            arrived.is_some(),
            "{heading:?} is not there, but {seen:?} at {}: {}",
            self.url(),
            self.text()
        );
    }

    /// Waits for these words anywhere on the page.
    pub(crate) fn sees(&self, words: &str) {
        let seen = xtask::stand::eventually(PATIENCE, || self.text().contains(words).then_some(()));
        assert!(
            seen.is_some(),
            "{words:?} is not at {}: {}",
            self.url(),
            self.text()
        );
    }

    /// Looks at an address again and again until the words are there: pages need not look again by themselves.
    pub(crate) fn until(&self, url: &str, words: &str) {
        soon(words, || {
            self.go(url);
            self.text().contains(words).then_some(())
        });
    }

    /// Does something to the first visible element that an `XPath` finds; a page that changes meanwhile is looked at again.
    fn with_visible(&self, xpath: &str, act: impl Fn(&Element) -> Result<Value, Refusal>) {
        let mut last = String::new();
        let done = xtask::stand::eventually(PATIENCE, || {
            let found = self.session.find_all(xpath).unwrap_or_default();
            let visible = found.into_iter().find(|element| {
                let shown = self
                    .session
                    .about(element, Method::GET, "displayed", &Value::Null);
                shown.is_ok_and(|shown| shown == true)
            });
            let outcome = act(&visible?);
            match outcome {
                Ok(_) => Some(()),
                Err(refusal) => {
                    last = refusal;
                    None
                }
            }
        });
        assert!(
            done.is_some(),
            "{xpath} could not be used ({last}) at {}: {}",
            self.url(),
            self.text()
        );
    }

    /// Presses the link, button or summary of that name.
    pub(crate) fn click(&self, name: &str) {
        self.click_at(&named(name));
    }

    /// Presses what an `XPath` finds.
    pub(crate) fn click_at(&self, xpath: &str) {
        self.with_visible(xpath, |element| {
            self.session
                .about(element, Method::POST, "click", &json!({}))
        });
    }

    /// Writes into the field of that name, in the place of what is there.
    pub(crate) fn fill(&self, field: &str, text: &str) {
        let xpath = format!("//input[@name=\"{field}\"]");
        self.with_visible(&xpath, |element| {
            self.session
                .about(element, Method::POST, "clear", &json!({}))?;
            let keys = json!({ "text": text });
            self.session.about(element, Method::POST, "value", &keys)
        });
    }

    /// Chooses the radio button or box with that value, unless it is chosen.
    pub(crate) fn choose(&self, field: &str, value: &str) {
        let xpath = format!("//input[@name=\"{field}\"][@value=\"{value}\"]");
        self.with_visible(&xpath, |element| {
            let about = |method, what| self.session.about(element, method, what, &json!({}));
            if about(Method::GET, "selected")? == true {
                return Ok(Value::Null);
            }
            about(Method::POST, "click")
        });
    }

    /// Presses keys, wherever the keyboard is.
    pub(crate) fn press(&self, keys: &str) {
        let actions: Vec<Value> = keys
            .chars()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key })))
            .collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": actions });
        self.session
            .post("/actions", &json!({ "actions": [keyboard] }));
    }

    /// Whether the menu or dialog of that id is open.
    pub(crate) fn is_open(&self, id: &str) -> bool {
        let script = format!("return document.getElementById('{id}').matches(':popover-open')");
        self.session.script(&script, None) == true
    }

    /// What has the keyboard, and whether that can be seen.
    pub(crate) fn focused(&self) -> Value {
        let script = "const e = arguments[0], s = getComputedStyle(e), r = e.getBoundingClientRect(); \
            return e === document.body ? { name: '', field: '' } : { name: (e.getAttribute('aria-label') || e.innerText || e.name || '').trim(), field: e.name || '', \
            outlined: (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none', \
            inside: r.width > 0 && r.bottom > 0 && r.top < innerHeight };";
        self.session.script(script, Some(&self.session.active()))
    }

    /// Says what the browser's log may have when it is read next, by a part of the message.
    pub(crate) fn expect(&self, part: &str) {
        self.expected.borrow_mut().push(part.to_owned());
    }

    /// That a page is answered with this status: Chromium notes those of 400 and more.
    pub(crate) fn expect_status(&self, status: u16) {
        self.expect(&format!("the server responded with a status of {status} "));
    }

    /// Reads the log; answers what nobody expected. What was expected and has come is expected no more.
    pub(crate) fn unexpected(&self) -> Vec<String> {
        let log = self.session.log();
        let messages: Vec<&str> = log
            .iter()
            .filter(|entry| entry["level"] == "SEVERE" || entry["level"] == "WARNING")
            .filter_map(|entry| entry["message"].as_str())
            .collect();
        let mut expected = self.expected.borrow_mut();
        let unexpected = messages
            .iter()
            .filter(|message| !expected.iter().any(|part| message.contains(&**part)))
            .map(|message| (*message).to_owned())
            .collect();
        expected.retain(|part| !messages.iter().any(|message| message.contains(&**part)));
        unexpected
    }

    /// That the log has no error that nobody expected.
    pub(crate) fn has_no_errors(&self) {
        assert_eq!(self.unexpected(), [""; 0], "in the log, at {}", self.url());
    }
}

/// The errors of a browser's last page count too.
impl Drop for Browser {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.has_no_errors();
        }
    }
}

/// What is pressed by that name, which is its text or its label.
fn named(name: &str) -> String {
    let is = format!("normalize-space(.)=\"{name}\" or @aria-label=\"{name}\"");
    format!("//*[self::a or self::button or self::summary or self::label][{is}]")
}
