//! Security 14 and 16: which signatures count, and that a token has no say in how it is checked.

use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::EncodingKey;

use super::*;

#[test]
fn no_algorithm_is_no_algorithm_in_every_spelling() {
    let claims = testing::id_claims().to_string();
    for alg in [
        "none", "None", "NONE", "nOnE", "", "rs256", "RS256 ", "HS256", "ES256",
    ] {
        let header = json!({"kid": "first", "alg": alg}).to_string();
        let token = Signer::first().sign_text(&header, &claims);
        let (message, signature) = token.rsplit_once('.').unwrap();
        for signature in ["", "AA", signature] {
            let token = format!("{message}.{signature}");
            assert_eq!(judge_id(&token), Err(Refused::Algorithm), "{alg:?}");
        }
    }
}

#[test]
fn a_token_without_a_signature_is_refused() {
    let token = Signer::first().sign(&testing::id_claims());
    let (message, _) = token.rsplit_once('.').unwrap();
    assert_eq!(judge_id(&format!("{message}.")), Err(Refused::Signature));
    assert_eq!(
        judge_id(&format!("{message}.AAAA")),
        Err(Refused::Signature)
    );
    assert_eq!(judge_id(message), Err(Refused::Malformed));
}

#[test]
fn the_public_key_is_no_secret_to_sign_with() {
    let pem = include_str!("../../testing/first.pub.pem");
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let spki = STANDARD.decode(base64).unwrap();
    let jwk = testing::jwks(&[&Signer::first()]);
    let n = URL_SAFE_NO_PAD.decode(Signer::first().jwk()["n"].as_str().unwrap());
    // After the 24 bytes of the SubjectPublicKeyInfo's head comes the PKCS#1 form.
    let secrets = [
        pem.as_bytes(),
        pem.trim().as_bytes(),
        &spki,
        &spki[24..],
        &jwk,
        &n.unwrap(),
    ];
    for secret in secrets {
        for alg in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            // As the algorithm it is, and under a lie.
            for (named, refused) in [
                (alg, Refused::Algorithm),
                (Algorithm::RS256, Refused::Signature),
            ] {
                let header = json!({"kid": "first", "alg": named}).to_string();
                let claims = testing::id_claims().to_string();
                let key = EncodingKey::from_secret(secret);
                let token = testing::signed(&key, alg, &header, &claims);
                assert_eq!(judge_id(&token), Err(refused));
            }
        }
    }
}

#[test]
fn other_algorithms_of_the_same_key_are_refused() {
    let claims = testing::id_claims().to_string();
    let others = [
        Algorithm::RS384,
        Algorithm::RS512,
        Algorithm::PS256,
        Algorithm::PS384,
        Algorithm::PS512,
    ];
    for alg in others {
        let signer = Signer::first();
        let honest = json!({"kid": "first", "alg": alg}).to_string();
        let token = signer.sign_as(alg, &honest, &claims);
        assert_eq!(judge_id(&token), Err(Refused::Algorithm));
        let lying = signer.header().to_string();
        let token = signer.sign_as(alg, &lying, &claims);
        assert_eq!(judge_id(&token), Err(Refused::Signature));
    }
}

#[test]
fn a_key_counts_by_its_name_and_by_its_signature() {
    assert_eq!(
        judge_id(&id_under("kid", Value::Null)),
        Err(Refused::Malformed)
    );
    for kid in ["", "second", "FIRST", "first ", "../first"] {
        let token = id_under("kid", kid.into());
        assert_eq!(judge_id(&token), Err(Refused::UnknownKey), "{kid:?}");
    }
    assert_eq!(
        judge_id(&id_under("kid", json!(1))),
        Err(Refused::Malformed)
    );
    // A stranger's signature under our key's name.
    let header = Signer::first().header().to_string();
    let token = Signer::second().sign_text(&header, &testing::id_claims().to_string());
    assert_eq!(judge_id(&token), Err(Refused::Signature));
}

#[test]
fn keys_that_a_token_brings_along_are_not_looked_at() {
    let stranger = Signer::second();
    let claims = testing::id_claims().to_string();
    let brought = [
        ("jku", json!("https://evil.example/jwks.json")),
        ("x5u", json!("https://evil.example/cert.pem")),
        ("jwk", stranger.jwk()),
        ("x5c", json!(["MIIB"])),
    ];
    for (name, value) in brought {
        for (kid, refused) in [
            ("second", Refused::UnknownKey),
            ("first", Refused::Signature),
        ] {
            let mut header = json!({"kid": kid, "alg": "RS256"});
            header[name] = value.clone();
            let token = stranger.sign_text(&header.to_string(), &claims);
            assert_eq!(judge_id(&token), Err(refused), "{name}");
        }
        // With the pool's own signature it is only something that we ignore.
        assert!(judge_id(&id_under(name, value)).is_ok(), "{name}");
    }
}

#[test]
fn a_token_that_demands_an_extension_is_refused() {
    for crit in [json!(["b64"]), json!([]), json!("exp"), json!({})] {
        assert_eq!(judge_id(&id_under("crit", crit)), Err(Refused::Critical));
    }
    let claims = testing::id_claims().to_string();
    let header = r#"{"kid":"first","alg":"RS256","crit":null}"#;
    let token = Signer::first().sign_text(header, &claims);
    assert_eq!(judge_id(&token), Err(Refused::Critical));
}
