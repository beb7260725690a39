//! One tenant with everybody and everything in it, and the way back to that state after every request, so that each is judged afresh.
//! What is asked stands in `rows`; who asks stands here. Background work rests meanwhile, and so do the clocks.

use std::{collections::BTreeMap, fmt::Write, path::PathBuf};

use http_api::registration_cookie;
use reqwest::{Method, RequestBuilder, header};
use serde_json::Value;
use testkit::{Answer, Client, Options, Person, TestApp, database::on_postgres, server::Doors};

use crate::{
    cast::cast,
    rows::{Body, ROWS, Row},
};

/// Somebody who asks, with whatever shows who they are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Caller {
    /// What the golden file calls them.
    pub(crate) name: &'static str,
    /// How the audit trail names them.
    pub(crate) actor: String,
    /// The secret of their session.
    pub(crate) secret: Option<String>,
    /// The id of their session.
    pub(crate) session: Option<String>,
    /// Their API key or the operator's.
    pub(crate) bearer: Option<String>,
    /// The cookie of who has just bought.
    pub(crate) registration: Option<String>,
}

/// The tenant, its people, and everybody else.
pub(crate) struct Stage {
    /// The app.
    pub(crate) t: TestApp,
    /// Everybody who asks.
    pub(crate) callers: Vec<Caller>,
    /// Every table but the audit trail.
    tables: Vec<String>,
    /// What stands for the names in paths and bodies.
    words: BTreeMap<&'static str, String>,
    methods: BTreeMap<String, Method>,
    bought: String,
    asking: Client,
}

/// Nothing is otherwise.
pub(crate) const NONE: [&str; 0] = [];

/// The audit trail is never put back: it only grows, and its chain must hold at the end.
const TRAIL: [&str; 2] = ["audit_log", "audit_heads"];

impl Stage {
    /// Sets everything up.
    pub(crate) async fn set() -> Self {
        let t = crowd().await;
        let mut callers = vec![Caller::named("nobody", "anonymous")];
        let mut words = BTreeMap::new();
        let bought = cast(&t, &mut callers, &mut words).await;
        let document = t.anonymous().get("/openapi.json").await.expect(200).json();
        let asking = t.anonymous();
        let mut stage = Self {
            methods: methods(&document),
            asking,
            t,
            callers,
            words,
            bought,
            tables: Vec::new(),
        };
        stage.tables = stage.t.tables().await;
        stage.tables.retain(|name| !TRAIL.contains(&&**name));
        stage.keep().await;
        stage
    }

    /// The caller of that name.
    pub(crate) fn caller(&self, name: &str) -> &Caller {
        let mut callers = self.callers.iter();
        callers.find(|caller| caller.name == name).unwrap()
    }

    /// The method of a row.
    pub(crate) fn method(&self, row: &Row) -> Method {
        match row.of.split_once(' ') {
            Some((method, _)) => method.parse().unwrap(),
            None => self.methods[row.of].clone(),
        }
    }

    /// The operations of the document, by their ids.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &str> {
        self.methods.keys().map(String::as_str)
    }

    /// A text with the names in it replaced by what they stand for to this caller.
    pub(crate) fn text(&self, text: &str, caller: &Caller) -> String {
        let own = caller.session.as_ref().unwrap_or(&self.words["session"]);
        let mut text = text.replace("<own>", own);
        for (name, value) in &self.words {
            text = text.replace(&format!("<{name}>"), value);
        }
        assert!(!text.contains('<'), "{text} names what is not there");
        text
    }

    /// What is asked.
    pub(crate) fn request(&self, row: &Row, caller: &Caller) -> RequestBuilder {
        let path = self.text(row.path, caller);
        let mut request = self.asking.request(self.method(row), &path);
        if let Some(bearer) = &caller.bearer {
            request = request.bearer_auth(bearer);
        }
        let registration = caller.registration.as_ref();
        let registration = registration.or(row.bought.then_some(&self.bought));
        let cookies = [
            ("__Host-session", caller.secret.as_ref()),
            (registration_cookie::NAME, registration),
        ];
        let cookies: Vec<String> = cookies
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", value?)))
            .collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        match row.body {
            Body::None => request,
            Body::Json(text) => {
                let body: Value = serde_json::from_str(&self.text(text, caller)).unwrap();
                request.json(&body)
            }
            Body::Form(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, value)| (*name, self.text(value, caller)));
                request.form(&fields.collect::<Vec<_>>())
            }
        }
    }

    /// Asks.
    pub(crate) async fn ask(&self, row: &Row, caller: &Caller) -> Answer {
        // Not through the client's own `send`: it would keep the cookies, and each request shall be judged by its own.
        let response = self.request(row, caller).send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        // A stream has no end to be waited for.
        let is_stream = headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind == "text/event-stream");
        let body = if is_stream {
            Vec::new()
        } else {
            response.bytes().await.unwrap().to_vec()
        };
        Answer {
            status,
            headers,
            body,
        }
    }

    /// What is otherwise than at the start, an entry for each row that came or went; nothing at all, if all is well.
    pub(crate) async fn changes(&self) -> Vec<String> {
        let now = self.t.database().schema();
        let but = |sign: &str, name: &str, a: &str, b: &str| {
            format!(
                "SELECT '{sign} {name}' FROM (SELECT * FROM {a}.{name} EXCEPT SELECT * FROM {b}.{name}) AS other"
            )
        };
        let queries = self
            .tables
            .iter()
            .flat_map(|name| [but("-", name, "start", now), but("+", name, now, "start")]);
        let query = queries.collect::<Vec<_>>().join(" UNION ALL ");
        self.t.rows(&query).await.concat()
    }

    /// Puts everything but the audit trail back to where it was at the start.
    pub(crate) async fn restore(&self) {
        let now = self.t.database().schema();
        let (mut sql, end) = if on_postgres() {
            // Foreign keys rest meanwhile.
            let begin = "BEGIN; SET LOCAL session_replication_role = replica;";
            (begin.to_owned(), "COMMIT")
        } else {
            let copy = self.copy().display().to_string();
            let begin =
                format!("PRAGMA foreign_keys = OFF; ATTACH '{copy}' AS start; BEGIN IMMEDIATE;");
            (begin, "COMMIT; DETACH start")
        };
        for name in &self.tables {
            let _ = write!(
                sql,
                "DELETE FROM {now}.{name}; INSERT INTO {now}.{name} SELECT * FROM start.{name};"
            );
        }
        self.t.break_database(&(sql + end)).await;
    }

    /// Keeps what is there, under the name `start`: in a file beside, or in a schema beside.
    async fn keep(&self) {
        if on_postgres() {
            let mut sql = "CREATE SCHEMA start;".to_owned();
            for name in &self.tables {
                let _ = write!(sql, "CREATE TABLE start.{name} AS TABLE public.{name};");
            }
            self.t.break_database(&sql).await;
        } else {
            let copy = self.copy().display().to_string();
            let sql = format!("VACUUM INTO '{copy}'");
            self.t.break_database(&sql).await;
            self.t.rows(&format!("ATTACH '{copy}' AS start")).await;
        }
    }

    fn copy(&self) -> PathBuf {
        self.t.folder().join("start.db")
    }
}

impl Caller {
    pub(crate) fn named(name: &'static str, actor: &str) -> Self {
        Self {
            name,
            actor: actor.to_owned(),
            ..Self::default()
        }
    }

    pub(crate) async fn signed_in(name: &'static str, person: Person<'_>) -> Self {
        let account = person.account().await;
        let sessions = account["sessions"].as_array().unwrap();
        let mut current = sessions.iter().filter(|one| one["current"] == true);
        Self {
            name,
            actor: format!("user:{}", account["id"].as_str().unwrap()),
            secret: person.browser.cookie("__Host-session"),
            session: current.next().unwrap()["id"].as_str().map(str::to_owned),
            ..Self::default()
        }
    }
}

/// The app without limits: all these people are one machine, and the clock stands still.
pub(crate) async fn crowd() -> TestApp {
    let options = Options {
        doors: Doors::without_limits(),
        ..Options::default()
    };
    options.start().await
}

fn methods(document: &Value) -> BTreeMap<String, Method> {
    let mut found = BTreeMap::new();
    for path in document["paths"].as_object().unwrap().values() {
        for (method, operation) in path.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            let before = found.insert(id, method.to_uppercase().parse().unwrap());
            assert!(before.is_none(), "two operations of one id: {operation}");
        }
    }
    found
}

/// Security 59: the table is whole. An operation or a route without a row fails here, and so does a row of nothing.
#[tokio::test]
async fn every_operation_and_every_route_has_its_row() {
    let stage = Stage::set().await;
    let routes = crate::rows::routes();
    let known = stage.operations().map(str::to_owned).chain(routes);
    let known: Vec<String> = known.collect();
    for of in &known {
        assert!(ROWS.iter().any(|row| row.of == of), "no row for {of}");
    }
    for row in ROWS {
        assert!(known.iter().any(|of| of == row.of), "nothing is {}", row.of);
        // To an owner the operator's pages do not exist.
        let theirs = row.path.starts_with("/operator/");
        let asks = if theirs { "op" } else { "owner" };
        let answer = stage.ask(row, stage.caller(asks)).await;
        let api = row.path.starts_with("/api/");
        assert!(
            answer.status != 405 && (api || row.misses || answer.status != 404),
            "{} answers {asks} {}",
            row.of,
            answer.status
        );
        stage.restore().await;
    }
    assert_eq!(stage.changes().await, NONE, "the way back leads back");
}
