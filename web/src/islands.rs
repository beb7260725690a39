//! The built islands, inside the binary: a loader, what it loads, and the WebAssembly; each under a name with a hash of its content.
//! They may be absent, when they could not be built: then no page names them, and every page is whole all the same.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::assets::FOR_EVER;

/// One file.
struct File {
    name: &'static str,
    plain: &'static [u8],
    /// The same, by gzip.
    packed: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/islands.rs"));

/// The address of the script that brings islands to life, if they are built in.
pub(crate) fn loader_url() -> Option<String> {
    Some(format!("/assets/{}", FILES.first()?.name))
}

/// The answer with the file of that name, packed for whoever takes it so.
pub(crate) fn answer(name: &str, headers: &HeaderMap) -> Option<Response> {
    let file = FILES.iter().find(|file| file.name == name)?;
    let kind = if is_wasm(name) {
        "application/wasm"
    } else {
        "text/javascript; charset=utf-8"
    };
    let mut response = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, FOR_EVER),
        (header::VARY, "accept-encoding"),
    ]
    .into_response();
    *response.body_mut() = if takes_gzip(headers) {
        response
            .headers_mut()
            .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        file.packed.into()
    } else {
        file.plain.into()
    };
    Some(response)
}

/// The names are ours, so they are written in one way.
fn is_wasm(name: &str) -> bool {
    name.rsplit('.').next() == Some("wasm")
}

/// RFC 9110, 12.5.3: named, and not with a weight of nothing.
pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    let all = headers.get_all(header::ACCEPT_ENCODING);
    all.iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let is_gzip = parts
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            is_gzip
                && weight
                    .is_none_or(|weight| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0))
        })
}

/// Says in the log, once at the start, that pages will not follow what changes, if that is so.
pub fn say_what_is_built_in() {
    if loader_url().is_none() {
        tracing::warn!(
            "built without islands: pages are whole, and do not follow what changes; `cargo xtask islands` before the build brings them"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_whoever_takes_it() {
        for (value, takes) in [
            ("gzip, deflate, br", true),
            ("br;q=1.0, gzip;q=0.8", true),
            ("GZIP", true),
            ("gzip;q=0", false),
            ("gzip; q=0.000", false),
            ("br", false),
            ("", false),
            ("xgzip", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            assert_eq!(takes_gzip(&headers), takes, "{value}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    /// Holds with and without them: what is built in is whole, and nothing else is answered.
    #[test]
    fn every_file_is_there_plain_and_packed_under_its_kind() {
        let mut gzip = HeaderMap::new();
        gzip.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        for file in FILES {
            assert!(file.packed.starts_with(&[0x1f, 0x8b]) && file.packed.len() < file.plain.len());
            let plain = answer(file.name, &HeaderMap::new()).unwrap();
            let packed = answer(file.name, &gzip).unwrap();
            assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
            assert_eq!(packed.headers()[header::CONTENT_ENCODING], "gzip");
            for answer in [plain, packed] {
                assert_eq!(answer.headers()[header::VARY], "accept-encoding");
                let kind = answer.headers()[header::CONTENT_TYPE].to_str().unwrap();
                assert_eq!(kind == "application/wasm", is_wasm(file.name));
            }
        }
        assert!(answer("islands-0.wasm", &gzip).is_none());
        assert!(FILES.is_empty() || FILES.len() == 3);
    }
}
