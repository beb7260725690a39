//! Somebody who signs in by managed login, as a browser without script would: forms filled in, one page after the other.
//! What a person remembers is here: the password they chose, the keys in their authenticator app, the session's cookie.
//! Every page is asked at the stand's own addresses, whatever name a browser would be shown.

use reqwest::{
    StatusCode,
    blocking::{Client, RequestBuilder, Response},
    header::{COOKIE, LOCATION, SET_COOKIE},
};
use serde_json::Value;

use crate::{
    World, soon, totp,
    world::{answer, client},
};

/// The password that everybody here chooses.
pub const PASSWORD: &str = "correct horse battery staple";

const SIGN_IN_COOKIE: &str = "__Host-sign-in=";
const SESSION_COOKIE: &str = "__Host-session=";

/// A person and their browser.
#[derive(Clone)]
pub struct Person {
    /// Their address.
    pub email: String,
    /// The keys in their authenticator app, the newest last.
    keys: Vec<String>,
    has_password: bool,
    session: Option<String>,
    control: String,
    sim: String,
    http: Client,
}

/// Why an attempt to sign in did not succeed.
type Setback = String;

impl Person {
    /// Nobody knows them yet.
    pub fn new(world: &World, email: impl Into<String>) -> Self {
        Self {
            email: email.into(),
            keys: Vec::new(),
            has_password: false,
            session: None,
            control: world.ready.addresses.control.clone(),
            sim: world.ready.addresses.aws_sim.clone(),
            http: client(),
        }
    }

    /// The session's cookie as a browser sends it; empty before signing in.
    pub fn cookie(&self) -> &str {
        self.session.as_deref().unwrap_or_default()
    }

    /// Waits for the first password and signs in; anything that goes wrong on the way fails the test.
    pub fn sign_in(&mut self) {
        if !self.has_password {
            soon("a temporary password is in the mail", || {
                self.temporary_password().ok()
            });
        }
        if let Err(setback) = self.attempt() {
            panic!("{} could not sign in: {setback}", self.email);
        }
    }

    /// Signs in whatever fails meanwhile, beginning again each time as a person would.
    pub fn sign_in_in_spite_of_faults(&mut self) {
        let mut last = String::new();
        let signed_in = xtask::stand::eventually(crate::world::PATIENCE, || {
            self.attempt().map_err(|setback| last = setback).ok()
        });
        assert!(signed_in.is_some(), "{} is locked out: {last}", self.email);
    }

    /// One attempt from the beginning.
    fn attempt(&mut self) -> Result<(), Setback> {
        let begun = send(self.http.get(format!("{}/login", self.control)))?;
        let remembered = cookie_of(&begun, SIGN_IN_COOKIE)?;
        let authorize = path_of(&location(begun, 303)?);
        let login = location(
            send(self.http.get(format!("{}{authorize}", self.sim)))?,
            302,
        )?;
        let mut page = self.give_password(&path_of(&login))?;
        let callback = loop {
            page = match page {
                Page::Back(url) => break path_of(&url),
                Page::Form { action, text } => self.fill(&action, &text)?,
            };
        };
        let request = self.http.get(format!("{}{callback}", self.control));
        let back = send(request.header(COOKIE, remembered))?;
        if back.status() != StatusCode::SEE_OTHER {
            return Err(words_of(back));
        }
        self.session = Some(cookie_of(&back, SESSION_COOKIE)?);
        Ok(())
    }

    /// The password they chose; if the answer to choosing it was lost, it may be the temporary one that still counts.
    fn give_password(&self, path: &str) -> Result<Page, Setback> {
        let mut refused = "no password yet".to_owned();
        let chosen = self.has_password.then(|| Ok(PASSWORD.to_owned()));
        let temporary = std::iter::once_with(|| self.temporary_password());
        for password in chosen.into_iter().chain(temporary) {
            let fields = [("username", self.email.as_str()), ("password", &*password?)];
            let response = self.post(path, &fields)?;
            if response.status() != StatusCode::BAD_REQUEST {
                return Page::read(response);
            }
            refused = message(&response.text().unwrap_or_default());
        }
        Err(refused)
    }

    /// The newest one in the mailbox.
    fn temporary_password(&self) -> Result<String, Setback> {
        let mailbox = send(self.http.get(format!("{}/_sim/v1/mailbox", self.sim)))?;
        let mailbox: Value = mailbox.json().map_err(|error| error.to_string())?;
        let mails = mailbox["items"].as_array().into_iter().flatten();
        mails
            .filter(|mail| mail["to"] == *self.email)
            .filter_map(|mail| mail["temporaryPassword"].as_str())
            .next_back()
            .map(str::to_owned)
            .ok_or_else(|| "no temporary password in the mail".to_owned())
    }

    /// Fills in whichever form comes after the password.
    fn fill(&mut self, action: &str, text: &str) -> Result<Page, Setback> {
        let session = between(text, "name=\"session\" value=\"", "\"")?;
        match action {
            "/login/new-password" => {
                // From now on it may be this one, whether or not the answer arrives.
                self.has_password = true;
                let fields = [
                    ("session", session),
                    ("password", PASSWORD),
                    ("confirm_password", PASSWORD),
                ];
                Page::read(self.post(action, &fields)?)
            }
            "/login/authenticator-setup" => {
                let key = between(text, "<code id=\"secret\">", "</code>")?;
                if self.keys.last().is_none_or(|newest| newest != key) {
                    self.keys.push(key.to_owned());
                }
                let code = totp::code(key);
                Page::read(self.post(action, &[("session", session), ("code", &code)])?)
            }
            "/login/authenticator" => self.give_code(action, session),
            other => Err(format!("an unknown form: {other}")),
        }
    }

    /// The code of the newest key first: a set-up whose answer was lost may or may not have counted.
    fn give_code(&self, action: &str, session: &str) -> Result<Page, Setback> {
        let mut session = session.to_owned();
        let mut refused = "no authenticator yet".to_owned();
        for key in self.keys.iter().rev() {
            let code = totp::code(key);
            let response = self.post(action, &[("session", &session), ("code", &code)])?;
            if response.status() != StatusCode::BAD_REQUEST {
                return Page::read(response);
            }
            let text = response.text().unwrap_or_default();
            refused = message(&text);
            between(&text, "name=\"session\" value=\"", "\"")?.clone_into(&mut session);
        }
        Err(refused)
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Result<Response, Setback> {
        send(self.http.post(format!("{}{path}", self.sim)).form(fields))
    }

    /// A page or a REST route of the control plane, with the session's cookie.
    pub fn get(&self, path: &str) -> reqwest::Result<Response> {
        let request = self.http.get(format!("{}{path}", self.control));
        request.header(COOKIE, self.cookie()).send()
    }

    /// JSON of a REST route that must answer.
    pub fn json(&self, path: &str) -> Value {
        answer(self.get(path).expect("the control plane answers"))
    }
}

/// What a form was answered with.
enum Page {
    /// The next form.
    Form { action: String, text: String },
    /// Back to the console, with the code.
    Back(String),
}

impl Page {
    fn read(response: Response) -> Result<Self, Setback> {
        match response.status() {
            StatusCode::FOUND => Ok(Self::Back(location(response, 302)?)),
            StatusCode::OK => {
                let text = response.text().map_err(|error| error.to_string())?;
                let action = between(&text, "action=\"", "\"")?.replace("&amp;", "&");
                Ok(Self::Form { action, text })
            }
            _ => Err(words_of(response)),
        }
    }
}

fn send(request: RequestBuilder) -> Result<Response, Setback> {
    request.send().map_err(|error| error.to_string())
}

fn location(response: Response, status: u16) -> Result<String, Setback> {
    if response.status() != status {
        return Err(words_of(response));
    }
    let value = response.headers().get(LOCATION);
    let text = value.and_then(|value| value.to_str().ok());
    text.map(str::to_owned)
        .ok_or_else(|| "no location".to_owned())
}

fn words_of(response: Response) -> Setback {
    let (status, url) = (response.status(), response.url().clone());
    format!(
        "{} answered {status}: {}",
        url.path(),
        response.text().unwrap_or_default()
    )
}

/// `name=value` of the cookie that is set under that name.
fn cookie_of(response: &Response, name: &str) -> Result<String, Setback> {
    response
        .headers()
        .get_all(SET_COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .filter_map(|cookie| cookie.split(';').next())
        .find(|cookie| cookie.starts_with(name) && cookie.len() > name.len())
        .map(str::to_owned)
        .ok_or_else(|| format!("{} and no cookie {name}", response.status()))
}

/// Path and query of an address.
fn path_of(url: &str) -> String {
    match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]).to_owned(),
        None => url.to_owned(),
    }
}

fn message(text: &str) -> Setback {
    between(text, "id=\"message\">", "</p>")
        .unwrap_or(text)
        .to_owned()
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Result<&'a str, Setback> {
    text.split_once(before)
        .and_then(|(_, rest)| rest.split_once(after))
        .map(|(found, _)| found)
        .ok_or_else(|| format!("no {before} in {text}"))
}
