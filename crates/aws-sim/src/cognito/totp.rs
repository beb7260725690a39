//! Authenticator codes: RFC 6238 with SHA-1, six digits, steps of 30 seconds of real time.
//!
//! Cognito accepts the step before and after the present one, and each step once ("Your software token has already been used once").

use aws_lc_rs::hmac;

/// Length of one step in milliseconds.
pub const STEP_MS: i64 = 30_000;

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The step of a moment.
pub fn step(real_ms: i64) -> i64 {
    real_ms.div_euclid(STEP_MS)
}

/// The code of a secret in base32 at a step; none if the secret cannot be read.
pub fn code(secret: &str, step: i64) -> Option<String> {
    let key = decode(secret)?;
    let counter = u64::try_from(step).ok()?.to_be_bytes();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
    let tag = hmac::sign(&key, &counter);
    let bytes = tag.as_ref();
    let offset = usize::from(bytes.last()? & 0x0f);
    let word: [u8; 4] = bytes.get(offset..offset + 4)?.try_into().ok()?;
    let number = (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000;
    Some(format!("{number:06}"))
}

/// The step whose code this is, if it is the present one or a neighbour.
pub fn matching(secret: &str, text: &str, real_ms: i64) -> Option<i64> {
    let now = step(real_ms);
    [now, now - 1, now + 1]
        .into_iter()
        .find(|s| code(secret, *s).as_deref() == Some(text))
}

/// Base32 without padding (RFC 4648).
pub fn encode(bytes: &[u8]) -> String {
    let mut out = String::new();
    let (mut held, mut bits) = (0_u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(char::from(ALPHABET[(held >> bits) as usize & 31]));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        out.push(char::from(ALPHABET[(held << (5 - bits)) as usize & 31]));
    }
    out
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let (mut held, mut bits) = (0_u32, 0);
    for c in text.bytes() {
        let value = ALPHABET.iter().position(|a| *a == c)?;
        held = (held << 5) | u32::try_from(value).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from((held >> bits) & 0xff).ok()?);
        }
        held &= (1 << bits) - 1;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vectors_hold() {
        // RFC 6238, appendix B (SHA-1), the last six of eight digits.
        let secret = encode(b"12345678901234567890");
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000_i64, "353130"),
        ] {
            let at = step(seconds * 1000);
            assert_eq!(code(&secret, at).as_deref(), Some(expected));
        }
        assert_eq!(encode(b"foobar"), "MZXW6YTBOI");
        assert_eq!(decode("MZXW6YTBOI").unwrap(), b"foobar");
        assert_eq!(code("not base32", 1), None);
    }

    #[test]
    fn the_neighbouring_steps_are_taken_and_no_others() {
        let secret = encode(&[7; 20]);
        let now = 1_000 * STEP_MS;
        for (at, taken) in [
            (998, false),
            (999, true),
            (1_000, true),
            (1_001, true),
            (1_002, false),
        ] {
            let text = code(&secret, at).unwrap();
            assert_eq!(matching(&secret, &text, now), taken.then_some(at), "{at}");
        }
    }
}
