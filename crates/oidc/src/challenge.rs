//! What we remember of a sign-in while the browser is away: state, nonce and PKCE verifier, each 256 bits from the injected source.
//! Invariant: none of the three has a text form except the one that is asked for by name, and all are compared in constant time.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration};
use domain::{Ids, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// How long signing in may take. People look for their authenticator; but a left-over challenge should not lie about for hours.
const LIFETIME: Duration = Duration::minutes(30);
/// 256 bits in base64url: also RFC 7636's shortest verifier.
const TEXT_LENGTH: usize = 43;

/// How the person is to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Prompt {
    /// As managed login likes: a browser it knows comes back without being asked anything.
    SignIn,
    /// Password and second factor again, whatever managed login remembers; the answer is refused if that did not happen.
    /// Whoever comes back may be somebody else: the caller compares `sub` with its session.
    SignInAgain,
}

/// One begun sign-in. It belongs to the browser that began it and is used once.
#[derive(Debug, Clone)]
pub struct Challenge {
    state: SecretString,
    nonce: SecretString,
    verifier: SecretString,
    prompt: Prompt,
    begun_at: Timestamp,
}

impl Challenge {
    /// A fresh one.
    pub fn new(ids: &dyn Ids, prompt: Prompt, now: Timestamp) -> Self {
        Self {
            state: random(ids),
            nonce: random(ids),
            verifier: random(ids),
            prompt,
            begun_at: now,
        }
    }

    /// The text to keep until the browser comes back: on the server, or in a cookie that is signed, `HttpOnly` and `__Host-`.
    /// Unsigned it would let whoever sits at the browser claim that no fresh sign-in was asked for.
    pub fn to_text(&self) -> SecretString {
        let prompt = match self.prompt {
            Prompt::SignIn => "in",
            Prompt::SignInAgain => "again",
        };
        let begun_at = self.begun_at.timestamp();
        SecretString::from(format!(
            "{}.{}.{}.{prompt}.{begun_at}",
            self.state(),
            self.nonce(),
            self.verifier()
        ))
    }

    /// Reads the text of [`to_text`](Self::to_text); nothing else.
    pub fn from_text(text: &SecretString) -> Option<Self> {
        let parts: Vec<&str> = text.expose_secret().split('.').collect();
        let [state, nonce, verifier, prompt, begun_at] = parts[..] else {
            return None;
        };
        Some(Self {
            state: secret(state)?,
            nonce: secret(nonce)?,
            verifier: secret(verifier)?,
            prompt: match prompt {
                "in" => Prompt::SignIn,
                "again" => Prompt::SignInAgain,
                _ => return None,
            },
            begun_at: DateTime::from_timestamp(begun_at.parse().ok()?, 0)?,
        })
    }

    /// How the person was to be asked.
    pub fn prompt(&self) -> Prompt {
        self.prompt
    }

    /// When it began.
    pub fn begun_at(&self) -> Timestamp {
        self.begun_at
    }

    /// Whether it is too old to be finished.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now - self.begun_at > LIFETIME
    }

    /// Whether this is the state that we sent (RFC 6749, 10.12).
    pub fn is_state(&self, state: &str) -> bool {
        self.state().as_bytes().ct_eq(state.as_bytes()).into()
    }

    /// RFC 7636, 4.2: the only method that Cognito supports.
    pub(crate) fn code_challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier().as_bytes()))
    }

    pub(crate) fn state(&self) -> &str {
        self.state.expose_secret()
    }

    pub(crate) fn nonce(&self) -> &str {
        self.nonce.expose_secret()
    }

    pub(crate) fn verifier(&self) -> &str {
        self.verifier.expose_secret()
    }

    pub(crate) fn verifier_secret(&self) -> &SecretString {
        &self.verifier
    }
}

fn random(ids: &dyn Ids) -> SecretString {
    let mut bytes = [0; 32];
    ids.fill(&mut bytes);
    SecretString::from(URL_SAFE_NO_PAD.encode(bytes))
}

fn secret(text: &str) -> Option<SecretString> {
    let is_ours = text.len() == TEXT_LENGTH && URL_SAFE_NO_PAD.decode(text).is_ok();
    is_ours.then(|| SecretString::from(text))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::testing::{self, CountingIds};

    #[test]
    fn the_three_values_are_256_bits_and_never_the_same() {
        let ids = CountingIds::default();
        let mut seen = BTreeSet::new();
        for _ in 0..1_000 {
            let challenge = Challenge::new(&ids, Prompt::SignIn, testing::now());
            for text in [challenge.state(), challenge.nonce(), challenge.verifier()] {
                assert_eq!(text.len(), TEXT_LENGTH);
                assert!(seen.insert(text.to_owned()));
            }
        }
    }

    #[test]
    fn the_code_challenge_is_that_of_rfc_7636_appendix_b() {
        let mut challenge = testing::challenge(Prompt::SignIn);
        challenge.verifier = SecretString::from("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(
            challenge.code_challenge(),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn the_text_comes_back_as_the_same_challenge() {
        for prompt in [Prompt::SignIn, Prompt::SignInAgain] {
            let challenge = testing::challenge(prompt);
            let text = challenge.to_text();
            let read = Challenge::from_text(&text).unwrap();
            assert_eq!(read.to_text().expose_secret(), text.expose_secret());
            assert_eq!(read.prompt(), prompt);
            assert!(read.is_state(challenge.state()));
        }
    }

    #[test]
    fn other_texts_are_no_challenges() {
        let text = testing::challenge(Prompt::SignIn).to_text();
        let text = text.expose_secret();
        for other in [
            String::new(),
            format!("{text}."),
            text.replace(".in.", ".out."),
            text[1..].to_owned(),
            text.replacen('A', "+", 1),
            format!("{text}x"),
        ] {
            assert!(Challenge::from_text(&SecretString::from(other)).is_none());
        }
    }

    #[test]
    fn only_our_state_is_our_state() {
        let challenge = testing::challenge(Prompt::SignIn);
        let state = challenge.state().to_owned();
        assert!(challenge.is_state(&state));
        for other in ["", &state[1..], &format!("{state}A"), challenge.nonce()] {
            assert!(!challenge.is_state(other));
        }
    }

    #[test]
    fn a_challenge_is_over_after_half_an_hour() {
        let challenge = testing::challenge(Prompt::SignIn);
        assert!(!challenge.is_over(testing::now() + Duration::minutes(30)));
        assert!(challenge.is_over(testing::now() + Duration::minutes(31)));
    }

    #[test]
    fn debug_shows_none_of_the_three() {
        let challenge = testing::challenge(Prompt::SignIn);
        let text = format!("{challenge:?}");
        for secret in [challenge.state(), challenge.nonce(), challenge.verifier()] {
            assert!(!text.contains(secret));
        }
    }
}
