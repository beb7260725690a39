//! Changes a header or claims as JSON, so that most inputs are still tokens that somebody might make: a claim that is missing,
//! another's value, one in an array, one twice, or a number that is one second too large.
//! Invariant: a function of the input and the seed, so that libFuzzer can repeat it.

use serde_json::{Map, Value, json};

const NAMES: &[&str] = &[
    "alg",
    "kid",
    "crit",
    "jku",
    "jwk",
    "x5u",
    "x5c",
    "b64",
    "typ",
    "iss",
    "sub",
    "aud",
    "client_id",
    "token_use",
    "nonce",
    "exp",
    "iat",
    "nbf",
    "auth_time",
    "email",
    "email_verified",
    "cognito:username",
    "username",
    "cognito:groups",
    "origin_jti",
    "acr",
    "amr",
    "azp",
];
const NUDGES: &[i64] = &[
    1,
    59,
    60,
    61,
    899,
    900,
    901,
    3_600,
    86_399,
    86_400,
    86_401,
    1 << 31,
];

/// Another input from this one, or nothing if it is not one that is signed.
pub(crate) fn mutated(input: &[u8], seed: u32) -> Option<Vec<u8>> {
    let random = &mut Random(u64::from(seed) + 1);
    let [b'S', signer, minutes, text @ ..] = input else {
        return None;
    };
    let (mut signer, mut minutes) = (*signer, *minutes);
    let (header, claims) = std::str::from_utf8(text).ok()?.split_once('\n')?;
    let (mut header, mut claims) = (header.to_owned(), claims.to_owned());
    for _ in 0..=random.below(3) {
        match random.below(16) {
            0 => signer = *random.one_of(b"04567"),
            1 => minutes = minutes.wrapping_add(random.one_of(&[1, 255, 14, 15, 16]).to_owned()),
            2..=5 => header = changed(&header, random)?,
            _ => claims = changed(&claims, random)?,
        }
    }
    let mut output = vec![b'S', signer, minutes];
    output.extend_from_slice(format!("{header}\n{claims}").as_bytes());
    Some(output)
}

fn changed(text: &str, random: &mut Random) -> Option<String> {
    let mut object: Map<String, Value> = serde_json::from_str(text).ok()?;
    let name = match object.keys().nth(random.below(object.len() + 1)) {
        Some(name) => name.clone(),
        None => (*random.one_of(NAMES)).to_owned(),
    };
    let old = object.get(&name).cloned().unwrap_or_default();
    let new = match random.below(8) {
        0 => {
            object.remove(&name);
            return Some(Value::from(object).to_string());
        }
        // Twice, which no JSON object of ours can hold.
        1 => {
            let first = json!({ name: interesting(random) }).to_string();
            return Some(text.replacen('{', &format!("{},", first.trim_end_matches('}')), 1));
        }
        2 => json!([old]),
        3 => json!([old, interesting(random)]),
        4 => {
            let nudge = *random.one_of(NUDGES);
            let sign = *random.one_of(&[1, -1]);
            json!(
                old.as_i64()
                    .unwrap_or(1_795_000_000)
                    .saturating_add(sign * nudge)
            )
        }
        5 => object
            .values()
            .nth(random.below(object.len().max(1)))
            .cloned()?,
        _ => interesting(random),
    };
    object.insert(name, new);
    Some(Value::from(object).to_string())
}

fn interesting(random: &mut Random) -> Value {
    let values = [
        json!(null),
        json!(true),
        json!(""),
        json!([]),
        json!({}),
        json!("RS256"),
        json!("HS256"),
        json!("none"),
        json!("first"),
        json!("second"),
        json!("id"),
        json!("access"),
        json!(oidc::testing::NONCE),
        json!(oidc::testing::settings().client_id),
        json!(oidc::testing::settings().issuer),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(0),
        json!(1e300),
        json!(1_795_000_000.5),
    ];
    random.one_of(&values).clone()
}

/// Xorshift: any generator will do that repeats itself.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % end
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}
