//! A stand-in for AWS in tests: an HTTP server of one thread that keeps what it received and answers what it was told.
//! It also computes `SigV4` anew from the bytes that arrived, so that a body changed after signing cannot go unnoticed.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_lc_rs::{digest, hmac};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// One answer.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// Status, content type, body.
    Http(u16, &'static str, Vec<u8>),
    /// The connection closes when the request is read.
    Lost,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &serde_json::Value) -> Self {
        let body = body.to_string().into_bytes();
        Self::Http(status, "application/x-amz-json-1.1", body)
    }

    /// An error as the JSON protocols write it.
    pub(crate) fn error(status: u16, code: &str, message: &str) -> Self {
        let kind = format!("com.amazonaws.marketplacemetering#{code}");
        Self::json(
            status,
            &serde_json::json!({"__type": kind, "message": message}),
        )
    }
}

/// One request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    method: String,
    pub(crate) path: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The credential scope: date, region, service.
    pub(crate) fn scope(&self) -> Vec<&str> {
        let scope = self.authorization("Credential=");
        scope.split('/').skip(1).collect()
    }

    fn authorization(&self, part: &str) -> &str {
        let all = self.header("authorization").unwrap();
        let rest = all.split_once(part).unwrap().1;
        rest.split(',').next().unwrap()
    }

    /// Whether the signature is the right one for exactly these bytes.
    pub(crate) fn is_signed(&self) -> bool {
        let names = self.authorization("SignedHeaders=");
        let mut headers = String::new();
        for name in names.split(';') {
            let value = self.header(name).unwrap().trim();
            headers.push_str(
                &[
                    name, ":", value, "
",
                ]
                .concat(),
            );
        }
        let canonical = format!(
            "{}\n{}\n\n{headers}\n{names}\n{}",
            self.method,
            self.path,
            sha256(&self.body)
        );
        let scope = self.scope().join("/");
        let date = self.header("x-amz-date").unwrap();
        let text = format!(
            "AWS4-HMAC-SHA256\n{date}\n{scope}\n{}",
            sha256(canonical.as_bytes())
        );
        let start = format!("AWS4{SECRET}").into_bytes();
        let key = scope
            .split('/')
            .fold(start, |key, part| mac(&key, part.as_bytes()));
        hex::encode(mac(&key, text.as_bytes())) == self.authorization("Signature=")
    }
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, bytes))
}

fn mac(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    hmac::sign(&key, bytes).as_ref().to_vec()
}

/// The server. Its thread ends with the process.
pub(crate) struct TestServer {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl TestServer {
    /// Answers in this order; the last answer is given again and again.
    pub(crate) fn answering(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&received);
        std::thread::spawn(move || {
            let mut answers = answers.into_iter().peekable();
            while let Ok((stream, _)) = listener.accept() {
                let answer = answers.next().unwrap();
                if answers.peek().is_none() {
                    answers = vec![answer.clone()].into_iter().peekable();
                }
                serve(stream, &answer, &keep);
            }
        });
        Self { url, received }
    }

    /// A configuration that reaches this server alone, with credentials of no worth, metering in eu-central-1.
    pub(crate) fn config(&self) -> SdkConfig {
        let credentials = Credentials::new("AKIDEXAMPLE", SECRET, None, None, "tests");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-central-1"))
            .endpoint_url(&self.url)
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build()
    }

    /// What came so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, answer: &Answer, keep: &Mutex<Vec<Received>>) {
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let Some(request) = read(&mut stream) else {
        return;
    };
    keep.lock().unwrap().push(request);
    if let Answer::Http(status, kind, body) = answer {
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nx-amzn-requestid: req-1\r\nsmithy-protocol: rpc-v2-cbor\r\nconnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
    }
}

fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        match stream.read(&mut buffer).ok()? {
            0 => return None,
            count => bytes.extend_from_slice(&buffer[..count]),
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let mut start = lines.next()?.split(' ');
    let (method, path) = (start.next()?.to_owned(), start.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let mut body = bytes.split_off(head_end + 4);
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map_or(0, |(_, value)| value.parse().unwrap());
    while body.len() < length {
        match stream.read(&mut buffer).ok()? {
            0 => return None,
            count => body.extend_from_slice(&buffer[..count]),
        }
    }
    Some(Received {
        method,
        path,
        headers,
        body,
    })
}
