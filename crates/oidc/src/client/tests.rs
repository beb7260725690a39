//! What goes over the wire to managed login, and what each of its answers means.
//! The server is one thread that reads one request at a time and answers what it was told.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, mpsc},
    thread,
};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::*;
use crate::testing;

#[derive(Debug)]
struct Received {
    line: String,
    headers: BTreeMap<String, String>,
    body: String,
}

impl Received {
    fn form(&self) -> BTreeMap<String, String> {
        form_urlencoded::parse(self.body.as_bytes())
            .into_owned()
            .collect()
    }
}

struct Server {
    client: Client,
    received: Arc<Mutex<Vec<Received>>>,
    answers: mpsc::Sender<String>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (answers, prepared) = mpsc::channel::<String>();
        let received = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&received);
        // It ends with the test, whose senders are gone by then.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                kept.lock().unwrap().push(read(&stream));
                let Ok(answer) = prepared.recv() else { return };
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        let mut settings = testing::settings();
        settings.issuer = format!("http://{address}/eu-west-1_Example01");
        settings.login_url = format!("http://{address}/");
        Self {
            client: Client::new(settings).unwrap(),
            received,
            answers,
        }
    }

    fn answer(&self, status: &str, body: &str) {
        self.answer_with(status, "", body);
    }

    fn answer_with(&self, status: &str, headers: &str, body: &str) {
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
        );
        self.answers.send(answer).unwrap();
    }

    fn last(&self) -> Received {
        self.received.lock().unwrap().pop().unwrap()
    }

    fn count(&self) -> usize {
        self.received.lock().unwrap().len()
    }
}

fn read(stream: &TcpStream) -> Received {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let headers: BTreeMap<String, String> = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers
        .get("content-length")
        .map_or(0, |n| n.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    Received {
        line: lines[0].clone(),
        headers,
        body: String::from_utf8(body).unwrap(),
    }
}

const TOKENS: &str = r#"{"id_token":"i","access_token":"a","refresh_token":"r","token_type":"Bearer","expires_in":900}"#;

fn misconfigured(what: &str) -> LoginError {
    LoginError::Misconfigured(what.to_owned())
}

#[tokio::test]
async fn a_code_is_exchanged_with_basic_authentication_and_its_verifier() {
    let server = Server::start();
    server.answer("200 OK", TOKENS);
    let tokens = server
        .client
        .exchange(&"c&d".into(), &"v".into())
        .await
        .unwrap();
    assert_eq!(tokens.id_token.expose_secret(), "i");
    assert_eq!(tokens.access_token.expose_secret(), "a");
    assert_eq!(tokens.refresh_token.unwrap().expose_secret(), "r");
    let request = server.last();
    assert_eq!(request.line, "POST /oauth2/token HTTP/1.1");
    let basic = STANDARD.encode("1example23456789:s3cr3t");
    assert_eq!(request.headers["authorization"], format!("Basic {basic}"));
    assert_eq!(
        request.headers["content-type"],
        "application/x-www-form-urlencoded"
    );
    let form = request.form();
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["code"], "c&d");
    assert_eq!(form["code_verifier"], "v");
    assert_eq!(form["client_id"], "1example23456789");
    assert_eq!(form["redirect_uri"], "https://payphone.example/callback");
    assert!(!request.body.contains("s3cr3t"));
}

#[tokio::test]
async fn refreshing_may_bring_no_new_refresh_token() {
    let server = Server::start();
    server.answer("200 OK", r#"{"id_token":"i","access_token":"a"}"#);
    let tokens = server.client.refresh(&"r".into()).await.unwrap();
    assert!(tokens.refresh_token.is_none());
    let form = server.last().form();
    assert_eq!(form["grant_type"], "refresh_token");
    assert_eq!(form["refresh_token"], "r");
}

#[tokio::test]
async fn revoking_what_is_dead_already_is_fine() {
    let server = Server::start();
    server.answer("200 OK", "");
    server.client.revoke(&"r".into()).await.unwrap();
    let request = server.last();
    assert_eq!(request.line, "POST /oauth2/revoke HTTP/1.1");
    assert_eq!(request.form()["token"], "r");
    assert!(request.headers["authorization"].starts_with("Basic "));
    server.answer("400 Bad Request", r#"{"error":"invalid_grant"}"#);
    server.client.revoke(&"r".into()).await.unwrap();
    server.answer("400 Bad Request", r#"{"error":"unsupported_token_type"}"#);
    let revoked = server.client.revoke(&"r".into()).await;
    assert_eq!(
        revoked.unwrap_err(),
        misconfigured("unsupported_token_type")
    );
}

#[tokio::test]
async fn the_key_set_is_asked_for_without_our_secret() {
    let server = Server::start();
    server.answer("200 OK", r#"{"keys":[]}"#);
    assert_eq!(server.client.jwks().await.unwrap(), br#"{"keys":[]}"#);
    let request = server.last();
    assert_eq!(
        request.line,
        "GET /eu-west-1_Example01/.well-known/jwks.json HTTP/1.1"
    );
    assert!(!request.headers.contains_key("authorization"));
    server.answer("404 Not Found", "no such pool");
    assert!(matches!(
        server.client.jwks().await,
        Err(LoginError::Misconfigured(_))
    ));
}

#[tokio::test]
async fn each_refusal_says_whose_turn_it_is() {
    let server = Server::start();
    let other = |status: &str| misconfigured(&format!("an answer of another kind, {status}"));
    let cases = [
        (
            "400 Bad Request",
            r#"{"error":"invalid_grant","error_description":"s3cr3t"}"#,
            LoginError::SignInAgain,
        ),
        (
            "400 Bad Request",
            r#"{"error":"invalid_client"}"#,
            misconfigured("invalid_client"),
        ),
        (
            "401 Unauthorized",
            r#"{"error":"invalid_client"}"#,
            misconfigured("invalid_client"),
        ),
        (
            "400 Bad Request",
            r#"{"error":"unauthorized_client"}"#,
            misconfigured("unauthorized_client"),
        ),
        (
            "400 Bad Request",
            r#"{"error":"invalid_request"}"#,
            misconfigured("invalid_request"),
        ),
        (
            "400 Bad Request",
            r#"{"error":"a word of theirs"}"#,
            other("400 Bad Request"),
        ),
        (
            "403 Forbidden",
            "<html>s3cr3t</html>",
            other("403 Forbidden"),
        ),
        (
            "429 Too Many Requests",
            "",
            LoginError::Busy("429 Too Many Requests".to_owned()),
        ),
        (
            "500 Internal Server Error",
            r#"{"error":"invalid_grant"}"#,
            LoginError::Busy("500 Internal Server Error".to_owned()),
        ),
        (
            "503 Service Unavailable",
            "",
            LoginError::Busy("503 Service Unavailable".to_owned()),
        ),
        (
            "200 OK",
            r#"{"access_token":"s3cr3t"}"#,
            misconfigured("the tokens cannot be read"),
        ),
        (
            "200 OK",
            "<html>s3cr3t</html>",
            misconfigured("the tokens cannot be read"),
        ),
    ];
    for (status, body, expected) in cases {
        server.answer(status, body);
        let refreshed = server.client.refresh(&"r".into()).await;
        assert_eq!(refreshed.unwrap_err(), expected, "{status} {body}");
    }
}

#[tokio::test]
async fn our_secret_follows_no_redirect() {
    let server = Server::start();
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        server.answer_with(status, "location: /elsewhere\r\n", "");
        let exchanged = server.client.exchange(&"c".into(), &"v".into()).await;
        assert!(
            matches!(exchanged, Err(LoginError::Misconfigured(_))),
            "{status}"
        );
    }
    assert_eq!(server.count(), 4);
}

#[tokio::test]
async fn an_answer_is_read_up_to_64_kib() {
    let server = Server::start();
    server.answer("200 OK", &" ".repeat(64 * 1024));
    assert_eq!(server.client.jwks().await.unwrap().len(), 64 * 1024);
    server.answer("200 OK", &" ".repeat(64 * 1024 + 1));
    let error = server.client.jwks().await.unwrap_err();
    assert_eq!(error, misconfigured("the answer is longer than 64 KiB"));
}

#[tokio::test]
async fn a_lost_answer_is_busy_and_names_no_secret() {
    let server = Server::start();
    server.answers.send(String::new()).unwrap();
    let error = server
        .client
        .exchange(&"s3cr3t-code".into(), &"s3cr3t-verifier".into())
        .await;
    let error = error.unwrap_err();
    assert!(matches!(error, LoginError::Busy(_)));
    assert!(!format!("{error} {error:?}").contains("s3cr3t"));
    let nobody = Client::new(Settings {
        login_url: "http://127.0.0.1:1".to_owned(),
        ..testing::settings()
    });
    let error = nobody.unwrap().refresh(&"s3cr3t".into()).await.unwrap_err();
    assert!(matches!(error, LoginError::Busy(_)));
    assert!(!format!("{error} {error:?}").contains("s3cr3t"));
}

#[tokio::test]
async fn a_pool_that_is_configured_with_https_is_never_asked_in_the_open() {
    let client = Client::new(testing::settings()).unwrap();
    let asked = ask(client.http.get("http://127.0.0.1:1/")).await;
    let Err(LoginError::Busy(why)) = asked else {
        panic!("it was asked");
    };
    assert!(why.contains("scheme"), "{why}");
}

/// R-13: who signs in asks for tokens, and for keys if they are new, and is told within five seconds that nothing came.
#[tokio::test]
async fn silence_ends_in_time() {
    let server = Server::start();
    let began = std::time::Instant::now();
    let (code, verifier) = ("code".to_owned().into(), "verifier".to_owned().into());
    let tokens = server.client.exchange(&code, &verifier).await;
    assert!(matches!(tokens, Err(LoginError::Busy(_))), "no answer");
    let keys = server.client.jwks().await;
    assert!(matches!(keys, Err(LoginError::Busy(_))), "no answer");
    let took = began.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");
}
