//! An authenticator app: RFC 6238 codes with SHA-1, six digits and steps of thirty seconds, from a key in base32.
//! Forty lines over the HMAC that is in the tree already: totp-lite would bring sha1 and hmac of an older digest, totp-rs its own.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::hmac;

/// The code that the app shows now.
pub fn code(key: &str) -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "an authenticator goes by the wall clock, as the real processes do"
    )]
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    code_at(key, now.expect("a time after 1970").as_secs())
}

fn code_at(key: &str, seconds: u64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &decode(key));
    let tag = hmac::sign(&key, &(seconds / 30).to_be_bytes());
    let offset = usize::from(tag.as_ref()[19] & 0x0f);
    let word: [u8; 4] = tag.as_ref()[offset..offset + 4]
        .try_into()
        .expect("four bytes");
    let number = (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000;
    format!("{number:06}")
}

/// Base32 (RFC 4648); spaces, in which pages group keys, and padding count for nothing.
fn decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0_u32, 0);
    for letter in text.bytes().filter(|byte| !matches!(byte, b' ' | b'=')) {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            other => panic!("{:?} is not base32", char::from(other)),
        };
        held = (held << 5) | u32::from(value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            let [.., byte] = (held >> bits).to_be_bytes();
            bytes.push(byte);
        }
        held &= (1 << bits) - 1;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B (SHA-1), the last six of eight digits; the key is `12345678901234567890`.
    #[test]
    fn the_published_vectors_hold() {
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            let code = code_at("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ", seconds);
            assert_eq!(code, expected);
        }
        assert_eq!(decode("MZXW6YTBOI======"), b"foobar");
    }
}
