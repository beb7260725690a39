//! Every sample page, as the tests of the console write them out: states that nobody walks into are looked at too, and German, whose words
//! are longer, is tried for room. What the pages do is walked elsewhere; these run no script of ours.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    thread,
};

use crate::{browser::Browser, look::WIDTHS, webdriver::Driver};

/// What makes a page load again, in the middle of being looked at.
const REFRESH: &str = "<meta http-equiv=\"refresh\" content=\"2\">";

#[test]
fn every_sample_page_is_looked_at() {
    let pages = std::env::temp_dir().join("payphone-pages");
    let mut names: Vec<String> = fs::read_dir(&pages)
        .expect("sample pages: `cargo test --workspace --lib` writes them")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| !name.starts_with("frame-"))
        .filter_map(|name| Some(name.strip_suffix(".html")?.to_owned()))
        .collect();
    names.sort();
    assert!(names.len() > 200, "{}", names.len());
    let driver = Driver::start();
    let eye = Browser::open(&driver);
    let address = serves(pages.clone());
    for name in names {
        // Pictures of the console are not written out.
        eye.expect_status(404);
        let html = fs::read_to_string(pages.join(format!("{name}.html"))).expect("a page");
        let still = pages.join("frame-looked-at.html");
        fs::write(&still, html.replace(REFRESH, "")).expect("room for a page");
        eye.go(&format!("http://{address}/frame-looked-at.html"));
        if name.contains(".de") {
            for width in WIDTHS {
                eye.set_width(width);
                assert_eq!(
                    eye.sideways(),
                    serde_json::json!([]),
                    "{name} at {width} px"
                );
            }
        } else {
            eye.look(&format!("sample-{name}"));
        }
    }
}

/// Files of the folder over HTTP, for as long as the test runs: a browser treats files of a disk as strangers to each other.
fn serves(folder: PathBuf) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // Whoever went away meanwhile needs no answer.
            let _ = answer(&stream, &folder);
        }
    });
    address
}

fn answer(mut stream: &TcpStream, folder: &Path) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines
        .next()
        .transpose()?
        .is_some_and(|line| !line.is_empty())
    {}
    let path = first.split(' ').nth(1).unwrap_or_default();
    let path = path.trim_start_matches('/').split('?').next();
    let path = folder.join(path.unwrap_or_default());
    let file = fs::read(&path);
    let kind = if path.extension().is_some_and(|kind| kind == "css") {
        "text/css"
    } else {
        "text/html; charset=utf-8"
    };
    let (status, body) = file.map_or(("404 Not Found", Vec::new()), |body| ("200 OK", body));
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    )?;
    stream.write_all(&body)
}
