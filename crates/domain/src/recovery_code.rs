//! Recovery codes: what stands in for a lost authenticator. Ten at a time, each good once; what is kept is their hashes.
//! A code replaces the second factor only: it makes the identity provider forget the authenticator, and the password is still asked for.

use crate::time::Ids;

/// How many are made at a time.
pub const COUNT: usize = 10;
/// Letters and digits that are hard to mistake for each other: no 0/o, 1/l/i, no u (Crockford's alphabet without them).
const ALPHABET: &[u8; 32] = b"23456789abcdefghjkmnpqrstvwxyz#@";

/// One code in its written form: `xxxxx-xxxxx-xxxxx`, 15 characters of 30, some 73 bits, drawn without bias.
pub fn make(ids: &dyn Ids) -> String {
    let mut code = String::with_capacity(17);
    let mut drawn = 0;
    while drawn < 15 {
        let mut byte = [0_u8; 1];
        ids.fill(&mut byte);
        // 5 bits choose among 32; the last two are no letters of ours and are drawn again.
        let Some(letter) = ALPHABET
            .get(usize::from(byte[0] & 31))
            .filter(|letter| letter.is_ascii_alphanumeric())
        else {
            continue;
        };
        if drawn > 0 && drawn % 5 == 0 {
            code.push('-');
        }
        code.push(char::from(*letter));
        drawn += 1;
    }
    code
}

/// The code as it is hashed, whatever spaces, hyphens and capitals a person typed; none if it cannot be one.
pub fn normalise(typed: &str) -> Option<String> {
    if typed.len() > 64 {
        return None;
    }
    let code: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_lowercase())
        .collect();
    (code.len() == 15
        && code
            .bytes()
            .all(|b| ALPHABET.contains(&b) && b.is_ascii_alphanumeric()))
    .then_some(code)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, sync::Mutex};

    use super::*;

    struct Drawn(Mutex<u64>);

    impl Ids for Drawn {
        fn uuid(&self) -> uuid::Uuid {
            uuid::Uuid::nil()
        }

        fn fill(&self, bytes: &mut [u8]) {
            let mut state = self.0.lock().unwrap();
            for byte in bytes {
                // xorshift64: evenly spread, which is all that is asked for here.
                *state ^= *state << 13;
                *state ^= *state >> 7;
                *state ^= *state << 17;
                *byte = state.to_le_bytes()[0];
            }
        }
    }

    #[test]
    fn codes_are_readable_and_come_back_however_they_are_typed() {
        let ids = Drawn(Mutex::new(7));
        let codes: BTreeSet<String> = (0..COUNT).map(|_| make(&ids)).collect();
        assert_eq!(codes.len(), COUNT);
        for code in codes {
            assert_eq!(code.len(), 17, "{code}");
            let plain = normalise(&code).unwrap();
            assert_eq!(
                normalise(&code.to_uppercase().replace('-', " ")),
                Some(plain)
            );
        }
        for wrong in [
            "",
            "abc",
            "0o1li-0o1li-0o1li",
            "#####-#####-#####",
            &"2".repeat(65),
        ] {
            assert_eq!(normalise(wrong), None, "{wrong}");
        }
    }
}
