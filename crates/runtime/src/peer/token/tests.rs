//! Each claim wrong in turn, and the classic attacks on JWS: all refused.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::DateTime;
use jsonwebtoken::EncodingKey;

use super::{super::key::decoding_key, *};

/// What is changed, how, and the refusal it earns.
type Case = (&'static str, fn(&mut Claims), PeerRefusal);

const NOW: i64 = 1_795_000_000;
const PATH: &str = "/internal/v1/keys?tenantId=ten_1";
const BODY: &[u8] = b"{}";

struct Standing;

impl RealTime for Standing {
    fn now(&self) -> Timestamp {
        at(NOW)
    }
}

fn at(seconds: i64) -> Timestamp {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn key(directory: &tempfile::TempDir, name: &str) -> Arc<PeerKey> {
    Arc::new(PeerKey::load_or_create(&directory.path().join(name)).unwrap())
}

fn verifier(key: &PeerKey) -> PeerVerifier {
    let public = decoding_key(&key.public_jwk().to_string()).unwrap();
    PeerVerifier::new(public, "payphone", "payphone-card")
}

fn good() -> Claims {
    Claims {
        iss: "payphone".into(),
        aud: "payphone-card".into(),
        iat: NOW,
        exp: NOW + 60,
        method: "POST".into(),
        path: PATH.into(),
        body: body_hash(BODY),
        act: Some("usr_1".into()),
    }
}

fn token(key: &PeerKey, claims: &Claims) -> String {
    jsonwebtoken::encode(&Header::new(Algorithm::ES256), claims, &key.encoding).unwrap()
}

fn judge(verifier: &PeerVerifier, token: &str, now: i64) -> Result<Option<String>, PeerRefusal> {
    verifier.verify(token, "POST", PATH, BODY, at(now))
}

#[test]
fn a_signed_request_is_recognised_with_its_acting_user() {
    let directory = tempfile::tempdir().unwrap();
    let key = key(&directory, "a");
    let signer = PeerSigner {
        key: key.clone(),
        iss: "payphone",
        aud: "payphone-card",
        real: Arc::new(Standing),
    };
    let token = signer.sign("POST", PATH, BODY, Some("usr_1")).unwrap();
    let verifier = verifier(&key);
    for now in [NOW - 5, NOW, NOW + 64] {
        assert_eq!(
            judge(&verifier, &token, now),
            Ok(Some("usr_1".into())),
            "{now}"
        );
    }
    for now in [NOW - 6, NOW + 65] {
        assert_eq!(
            judge(&verifier, &token, now),
            Err(PeerRefusal::Time),
            "{now}"
        );
    }
}

#[test]
fn each_wrong_claim_is_refused() {
    use PeerRefusal::{OtherRequest, Time, Unknown};
    let directory = tempfile::tempdir().unwrap();
    let key = key(&directory, "a");
    let verifier = verifier(&key);
    let cases: [Case; 9] = [
        ("issuer", |c| c.iss = "payphone-card".into(), Unknown),
        ("audience", |c| c.aud = "payphone".into(), Unknown),
        ("expired", |c| (c.iat, c.exp) = (NOW - 70, NOW - 10), Time),
        ("future", |c| (c.iat, c.exp) = (NOW + 30, NOW + 60), Time),
        ("too long-lived", |c| c.exp = NOW + 61, Time),
        ("ends before it begins", |c| c.iat = NOW + 3 + 60, Time),
        ("method", |c| c.method = "GET".into(), OtherRequest),
        (
            "path",
            |c| c.path = "/internal/v1/keys".into(),
            OtherRequest,
        ),
        ("body", |c| c.body = body_hash(b"{ }"), OtherRequest),
    ];
    for (name, change, refusal) in cases {
        let mut claims = good();
        change(&mut claims);
        assert_eq!(
            judge(&verifier, &token(&key, &claims), NOW),
            Err(refusal),
            "{name}"
        );
    }
}

#[test]
fn other_keys_and_algorithms_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let (key, other) = (key(&directory, "a"), key(&directory, "b"));
    let verifier = verifier(&key);
    assert_eq!(
        judge(&verifier, &token(&other, &good()), NOW),
        Err(PeerRefusal::Unknown)
    );

    let claims = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&good()).unwrap());
    for header in [r#"{"alg":"none"}"#, r#"{"alg":"None","typ":"JWT"}"#] {
        let unsigned = format!("{}.{claims}.", URL_SAFE_NO_PAD.encode(header));
        assert_eq!(
            judge(&verifier, &unsigned, NOW),
            Err(PeerRefusal::Unknown),
            "{header}"
        );
    }

    // The public key as the secret of a keyed hash: what it would take to fool a verifier that believes the header.
    let public = key.public_jwk().to_string();
    for secret in [
        public.as_bytes(),
        key.public_jwk()["x"].as_str().unwrap().as_bytes(),
    ] {
        let hashed = jsonwebtoken::encode(
            &Header::new(Algorithm::HS256),
            &good(),
            &EncodingKey::from_secret(secret),
        )
        .unwrap();
        assert_eq!(judge(&verifier, &hashed, NOW), Err(PeerRefusal::Unknown));
    }
}

#[test]
fn keys_named_by_the_header_are_ignored() {
    let directory = tempfile::tempdir().unwrap();
    let (key, other) = (key(&directory, "a"), key(&directory, "b"));
    let verifier = verifier(&key);
    let mut header = Header::new(Algorithm::ES256);
    header.kid = Some("whatever".into());
    header.jku = Some("http://127.0.0.1:1/jwks".into());
    header.x5u = Some("http://127.0.0.1:1/x5u".into());
    header.jwk = serde_json::from_value(other.public_jwk()).ok();
    let by_other = jsonwebtoken::encode(&header, &good(), &other.encoding).unwrap();
    assert_eq!(judge(&verifier, &by_other, NOW), Err(PeerRefusal::Unknown));
    let by_us = jsonwebtoken::encode(&header, &good(), &key.encoding).unwrap();
    assert!(judge(&verifier, &by_us, NOW).is_ok());
}

#[test]
fn a_changed_signature_or_claim_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let key = key(&directory, "a");
    let verifier = verifier(&key);
    let token = token(&key, &good());
    for at in [token.find('.').unwrap() + 5, token.len() - 5] {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert_eq!(judge(&verifier, &changed, NOW), Err(PeerRefusal::Unknown));
    }
}
