//! `WebDriver` (W3C, 2018) as far as the suite needs it: a chromedriver of our own, and sessions of headless Chromium.
//! No client crate: thirtyfour turns on `preserve_order` of `serde_json`, which a build of the workspace would give to the product too,
//! and the protocol is a POST of JSON. Invariant: no process and no profile outlives its value.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStdout, Command, Stdio},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{Method, blocking::Client};
use serde_json::{Value, json};
use tempfile::TempDir;
use walk::world::client;

/// chromedriver on a free port of the loopback.
pub(crate) struct Driver {
    child: Child,
    url: String,
    /// Kept open, or the next word it says would end it.
    _out: BufReader<ChildStdout>,
}

impl Driver {
    /// Starts it; it chooses its port itself and says which.
    pub(crate) fn start() -> Self {
        let mut child = Command::new("chromedriver")
            .args(["--port=0", "--log-level=WARNING"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("chromedriver: `cargo xtask doctor` installs it");
        let mut out = BufReader::new(child.stdout.take().expect("its output"));
        let port = out.by_ref().lines().map_while(Result::ok).find_map(|line| {
            let port = line.split_once("started successfully on port ")?.1;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = port.expect("chromedriver says its port");
        Self {
            child,
            url: format!("http://127.0.0.1:{port}"),
            _out: out,
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Nothing can be reported from a drop, and a process that is gone already is what we want.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One window of one browser with a fresh profile.
pub(crate) struct Session {
    url: String,
    http: Client,
    _profile: TempDir,
}

/// Why a command failed: what `WebDriver` calls the error, and its message.
pub(crate) type Refusal = String;

/// An element's reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element(String);

const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

impl Session {
    /// Opens a browser, with or without JavaScript.
    pub(crate) fn open(driver: &Driver, script: bool) -> Self {
        let profile = tempfile::tempdir().expect("a temporary directory");
        let mut args = vec![
            "--headless".to_owned(),
            // Chromium refuses its sandbox to root, and shows nothing here but our own pages.
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--no-proxy-server".to_owned(),
            "--hide-scrollbars".to_owned(),
            "--force-prefers-reduced-motion".to_owned(),
            // Over a pipe, so that it ends with chromedriver whatever ends that.
            "--remote-debugging-pipe".to_owned(),
            format!("--user-data-dir={}", profile.path().display()),
        ];
        if !script {
            args.push("--blink-settings=scriptEnabled=false".to_owned());
        }
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "args": args },
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "implicit": 0, "pageLoad": 25_000, "script": 25_000 },
        } } });
        let mut session = Self {
            url: format!("{}/session", driver.url),
            http: client(),
            _profile: profile,
        };
        let opened = session.must(Method::POST, "", &wanted);
        let id = opened["sessionId"].as_str().expect("a session's id");
        session.url = format!("{}/session/{id}", driver.url);
        session
    }

    /// One command.
    pub(crate) fn command(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<Value, Refusal> {
        let mut request = self
            .http
            .request(method.clone(), format!("{}{path}", self.url));
        if method == Method::POST {
            request = request.json(body);
        }
        let response = request.send().expect("chromedriver answers");
        let ok = response.status().is_success();
        let mut answer: Value = response.json().expect("chromedriver answers in JSON");
        let value = answer["value"].take();
        if ok {
            return Ok(value);
        }
        let text = |member: &str| value[member].as_str().unwrap_or_default();
        Err(format!("{}: {}", text("error"), text("message")))
    }

    /// One command that must succeed.
    pub(crate) fn must(&self, method: Method, path: &str, body: &Value) -> Value {
        self.command(method, path, body)
            .unwrap_or_else(|refusal| panic!("{path}: {refusal}"))
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        self.must(Method::GET, path, &Value::Null)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        self.must(Method::POST, path, body)
    }

    /// Every element that an `XPath` finds, in the order of the page.
    pub(crate) fn find_all(&self, xpath: &str) -> Result<Vec<Element>, Refusal> {
        let how = json!({ "using": "xpath", "value": xpath });
        let found = self.command(Method::POST, "/elements", &how)?;
        let elements = found.as_array().into_iter().flatten();
        Ok(elements.filter_map(Element::of).collect())
    }

    /// A command about one element.
    pub(crate) fn about(
        &self,
        element: &Element,
        method: Method,
        what: &str,
        body: &Value,
    ) -> Result<Value, Refusal> {
        self.command(method, &format!("/element/{}/{what}", element.0), body)
    }

    /// What has the keyboard.
    pub(crate) fn active(&self) -> Element {
        Element::of(&self.get("/element/active")).expect("an element")
    }

    /// Runs script in the page, whatever the page's policy says; `element` is its first argument.
    pub(crate) fn script(&self, script: &str, element: Option<&Element>) -> Value {
        let args: Vec<Value> = element
            .map(|element| json!({ ELEMENT: element.0 }))
            .into_iter()
            .collect();
        self.post("/execute/sync", &json!({ "script": script, "args": args }))
    }

    /// The same, for script that calls its last argument when it is done.
    pub(crate) fn script_async(&self, script: &str) -> Value {
        self.post("/execute/async", &json!({ "script": script, "args": [] }))
    }

    /// A command of the `DevTools` protocol.
    pub(crate) fn devtools(&self, command: &str, params: &Value) -> Value {
        let body = json!({ "cmd": command, "params": params });
        self.post("/goog/cdp/execute", &body)
    }

    /// What the browser's log has had since it was asked last.
    pub(crate) fn log(&self) -> Vec<Value> {
        let entries = self.post("/se/log", &json!({ "type": "browser" }));
        entries.as_array().expect("a list").clone()
    }

    /// The whole page as it is, as a PNG.
    pub(crate) fn screenshot(&self) -> Vec<u8> {
        let whole = json!({ "format": "png", "captureBeyondViewport": true });
        let image = self.devtools("Page.captureScreenshot", &whole);
        let data = image["data"].as_str().expect("text");
        STANDARD.decode(data).expect("base64")
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // As above; chromedriver takes the browser with it in any case.
        let _ = self.http.delete(&self.url).send();
    }
}

impl Element {
    fn of(value: &Value) -> Option<Self> {
        value[ELEMENT].as_str().map(|id| Self(id.to_owned()))
    }
}
