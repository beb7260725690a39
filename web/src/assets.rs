//! The stylesheet and the icon, inside the binary. Their names carry a hash of their content, so browsers may keep them for ever.

use std::{io::Write, sync::LazyLock};

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use flate2::{Compression, write::GzEncoder};
use runtime::extract::Path;

use crate::islands;

const CSS: &str = concat!(
    include_str!("../assets/css/tokens.css"),
    include_str!("../assets/css/base.css"),
    include_str!("../assets/css/layout.css"),
    include_str!("../assets/css/components.css"),
    include_str!("../assets/css/docs.css"),
    include_str!("../assets/css/islands.css"),
    include_str!("../assets/css/chart.css"),
);
/// For answers whose address changes with their content (RFC 8246).
pub(crate) const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ICON: &str = include_str!("../assets/icon.svg");

static CSS_NAME: LazyLock<String> = LazyLock::new(|| format!("console-{:016x}.css", hash(CSS)));
static ICON_NAME: LazyLock<String> = LazyLock::new(|| format!("icon-{:016x}.svg", hash(ICON)));

/// The stylesheet, gzipped. Pages are not: what is packed together with a secret tells its length (BREACH, 2013).
static CSS_PACKED: LazyLock<Bytes> = LazyLock::new(|| {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    // A vector takes whatever is written.
    let _ = packed.write_all(CSS.as_bytes());
    packed.finish().unwrap_or_default().into()
});

/// The stylesheet's address.
pub(crate) fn css_url() -> String {
    format!("/assets/{}", *CSS_NAME)
}

/// The icon's address.
pub(crate) fn icon_url() -> String {
    format!("/assets/{}", *ICON_NAME)
}

/// FNV-1a: it only has to change when the content does.
pub(crate) const fn hash(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut index = 0;
    while index < bytes.len() {
        hash = (hash ^ bytes[index] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        index += 1;
    }
    hash
}

/// `GET /assets/{name}`
pub(crate) async fn show(Path(name): Path<String>, headers: HeaderMap) -> Response {
    if name == *CSS_NAME {
        style(&headers)
    } else if name == *ICON_NAME {
        icon()
    } else {
        match islands::answer(&name, &headers) {
            Some(file) => file,
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }
}

fn icon() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, FOR_EVER),
    ];
    (headers, ICON).into_response()
}

fn style(asked: &HeaderMap) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, FOR_EVER),
        (header::VARY, "accept-encoding"),
    ];
    if islands::takes_gzip(asked) {
        let packed = [(header::CONTENT_ENCODING, "gzip")];
        (headers, packed, CSS_PACKED.clone()).into_response()
    } else {
        (headers, CSS).into_response()
    }
}

/// `GET /favicon.ico`: asked for by browsers on their own, on answers that are no pages.
pub(crate) async fn favicon() -> Redirect {
    Redirect::temporary(&icon_url())
}

#[cfg(test)]
pub(crate) use tests::css;

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn css() -> &'static str {
        CSS
    }

    #[tokio::test]
    async fn the_old_name_of_the_icon_leads_to_it() {
        let answer = favicon().await.into_response();
        assert_eq!(answer.headers()[header::LOCATION], icon_url().as_str());
        assert!(answer.status().is_redirection());
    }

    #[test]
    fn the_style_comes_packed_to_whoever_takes_it() {
        let mut asked = HeaderMap::new();
        let plain = style(&asked);
        assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
        asked.insert(
            header::ACCEPT_ENCODING,
            header::HeaderValue::from_static("gzip"),
        );
        let packed = style(&asked);
        assert_eq!(packed.headers()[header::CONTENT_ENCODING], "gzip");
        assert_eq!(packed.headers()[header::VARY], "accept-encoding");
        let mut read = String::new();
        let mut reader = flate2::read::GzDecoder::new(&CSS_PACKED[..]);
        std::io::Read::read_to_string(&mut reader, &mut read).unwrap();
        assert_eq!(read, CSS);
    }

    /// A style sheet speaks one language to everybody: words are the pages' business.
    #[test]
    fn the_style_has_no_words_of_its_own() {
        for text in CSS.split("content: \"").skip(1) {
            let text = text.split('"').next().unwrap();
            assert!(!text.contains(char::is_alphabetic), "{text}");
        }
    }

    /// The two colours of `--name: light-dark(#rrggbb, #rrggbb)`.
    fn colours(name: &str) -> [[f64; 3]; 2] {
        let start = format!("--{name}: light-dark(");
        let rest = &CSS[CSS.find(&start).unwrap() + start.len()..];
        let pair = &rest[..rest.find(')').unwrap()];
        let channel = |hex: &str, at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        let mut parsed = pair
            .split(',')
            .map(|hex| hex.trim().trim_start_matches('#'))
            .map(|hex| [channel(hex, 0), channel(hex, 2), channel(hex, 4)]);
        [parsed.next().unwrap(), parsed.next().unwrap()]
    }

    fn contrast(ink: [f64; 3], ground: [f64; 3]) -> f64 {
        let light = |[r, g, b]: [f64; 3]| 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
        let (ink, ground) = (light(ink), light(ground));
        ink.max(ground) / ink.min(ground)
    }

    #[test]
    fn text_has_a_contrast_of_four_and_a_half_in_light_and_dark() {
        for (ink, ground) in [
            ("ink", "canvas"),
            ("ink", "surface"),
            ("ink", "sunken"),
            ("ink-2", "canvas"),
            ("ink-2", "surface"),
            ("ink-2", "sunken"),
            ("brand", "surface"),
            ("brand", "canvas"),
            ("brand", "brand-soft"),
            ("brand-ink", "brand"),
            ("ok", "ok-soft"),
            ("wait", "wait-soft"),
            ("bad", "bad-soft"),
            ("bad", "surface"),
        ] {
            let (inks, grounds) = (colours(ink), colours(ground));
            for scheme in [0, 1] {
                let found = contrast(inks[scheme], grounds[scheme]);
                assert!(
                    found >= 4.5,
                    "{ink} on {ground}, scheme {scheme}: {found:.2}"
                );
            }
        }
    }
}
