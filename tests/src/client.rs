//! An HTTP client as a browser or an integration would be one: cookies kept, redirects shown and not followed, every answer read whole.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use reqwest::{
    Method, RequestBuilder,
    header::{self, HeaderMap},
};
use serde_json::Value;

/// A client with cookies and perhaps a bearer.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    bearer: Option<String>,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Client {
    /// A client of the service at this base address.
    pub fn new(base: &str) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build();
        Self {
            http: http.expect("an HTTP client"),
            base: base.to_owned(),
            bearer: None,
            cookies: Mutex::default(),
        }
    }

    /// The service's base address.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The same with a bearer.
    #[must_use]
    pub fn with_bearer(mut self, bearer: &str) -> Self {
        self.bearer = Some(bearer.to_owned());
        self
    }

    /// The cookie as it is kept.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.get(name).cloned()
    }

    /// Puts a cookie in.
    pub fn set_cookie(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Looks at what is live, as by the switch at the top of every page.
    pub fn looks_at_live(&self) {
        self.set_cookie("__Host-mode", "live");
    }

    /// A request to be finished by the test; send it with [`Client::send`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(bearer) = &self.bearer {
            request = request.bearer_auth(bearer);
        }
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        if !cookies.is_empty() {
            let pairs: Vec<String> = cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        request
    }

    /// Sends a request, keeps its cookies, reads its answer whole.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("the service answers");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        for value in headers.get_all(header::SET_COOKIE) {
            let text = value.to_str().expect("a readable cookie");
            let pair = text.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.set_cookie(name, value);
            }
        }
        let body = response.bytes().await.expect("a whole answer").to_vec();
        Answer {
            status,
            headers,
            body,
        }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// POST of a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// POST of a form.
    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.request(Method::POST, path).form(fields))
            .await
    }

    /// POST of anything.
    pub async fn post_raw(
        &self,
        path: &str,
        content_type: &str,
        body: impl Into<reqwest::Body>,
    ) -> Answer {
        let request = self.request(Method::POST, path);
        let request = request.header(header::CONTENT_TYPE, content_type);
        self.send(request.body(body)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{} is not JSON: {error}: {}", self.status, self.text()))
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }

    /// The code of a problem.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The items of a list.
    pub fn items(&self) -> Vec<Value> {
        let json = self.json();
        let items = json["items"].as_array().cloned();
        items.unwrap_or_else(|| panic!("{} has no items: {json}", self.status))
    }

    /// The answer, if it has this status.
    #[must_use]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// A problem with this status and code, and with every member that problems have.
    #[must_use]
    pub fn expect_problem(self, status: u16, code: &str) -> Self {
        assert_eq!(
            (self.status, &*self.code()),
            (status, code),
            "{}",
            self.text()
        );
        self.check_problem();
        self
    }

    /// Whether the answer is a whole RFC 9457 problem that belongs to its own request.
    pub fn check_problem(&self) {
        let problem = self.json();
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["status"], self.status, "{problem}");
        for member in ["type", "title", "detail", "code"] {
            let text = problem[member].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "no {member}: {problem}");
        }
        let code = problem["code"].as_str().unwrap_or_default();
        assert_eq!(problem["type"], format!("{}{code}", runtime::problem::DOCS));
        assert!(web::explains(code), "no page in the guide is about {code}");
        assert_eq!(
            problem["requestId"],
            self.header("x-request-id"),
            "{problem}"
        );
    }
}
