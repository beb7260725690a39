//! Which keys of a document count, and which documents are none.

use serde_json::json;

use super::*;
use crate::testing::{self, Signer};

/// 1024 bits: too short by now, and in the clone without its private half.
const SHORT: &str = "j8j_u1_guL38Wcdxxn2m0fRRAqqRV6l-chvlSQNg_YmMPAoG6UXn2UgSuEgxauuotLm91q75mYaSoQHxSPsYDK6TqUgDOAQ0oGa1LHH3ORf-f8mmMVFR6W2WfonCVnJ37y2DvVN8am2cVnq2SRBsgC46v7jDOp-Jtw9wKbBr9QWEDKkPRQoUv-oqjqOJkV8";

fn read(keys: &[Value]) -> Result<KeySet, BadKeySet> {
    KeySet::from_json(json!({ "keys": keys }).to_string().as_bytes())
}

fn with(name: &str, value: Value) -> Value {
    let mut jwk = Signer::first().jwk();
    jwk[name] = value;
    jwk
}

/// A modulus of so many bits; a product of two primes it is not, but only its form is looked at here.
fn modulus(bits: usize) -> Value {
    let mut n = vec![0xff; bits.div_ceil(8)];
    n[0] = 0xff >> (n.len() * 8 - bits);
    URL_SAFE_NO_PAD.encode(n).into()
}

#[test]
fn a_pool_s_two_keys_are_both_there() {
    let body = testing::jwks(&[&Signer::first(), &Signer::second()]);
    let keys = KeySet::from_json(&body).unwrap();
    assert_eq!(keys.len(), 2);
    assert!(keys.contains("first") && keys.contains("second"));
    assert!(!keys.contains("third") && !keys.is_empty());
}

#[test]
fn junk_is_left_out_and_the_good_key_stays() {
    let junk = [
        Value::Null,
        json!("key"),
        json!({}),
        with("kid", Value::Null),
        with("kid", json!("")),
        with("kid", json!(1)),
        with("kty", json!("EC")),
        with("kty", json!("oct")),
        with("use", json!("enc")),
        with("use", Value::Null),
        with("alg", json!("RS384")),
        with("alg", json!("HS256")),
        with("n", json!("")),
        with("n", json!("not base64!")),
        with("n", json!(SHORT)),
        with("e", json!("")),
    ];
    for bad in junk {
        let keys = read(&[bad.clone(), Signer::second().jwk()]).unwrap();
        assert_eq!(keys.len(), 1, "{bad}");
        assert!(keys.contains("second"));
        assert_eq!(read(&[bad]).unwrap_err(), BadKeySet::Empty);
    }
    let mut without_alg = Signer::first().jwk();
    without_alg.as_object_mut().unwrap().remove("alg");
    assert!(read(&[without_alg]).is_ok());
}

#[test]
fn keys_have_2048_to_8192_bits() {
    for (bits, is_good) in [
        (1024, false),
        (2047, false),
        (2048, true),
        (8192, true),
        (8193, false),
    ] {
        assert_eq!(read(&[with("n", modulus(bits))]).is_ok(), is_good, "{bits}");
    }
    let mut padded = vec![0];
    padded.extend([0xff; 256]);
    let mut even = vec![0xff; 256];
    even[255] = 0xfe;
    for n in [padded, even] {
        let n = URL_SAFE_NO_PAD.encode(n).into();
        assert!(read(&[with("n", n)]).is_err());
    }
}

#[test]
fn exponents_are_odd_and_of_a_usual_size() {
    let exponents: [(&[u8], bool); 7] = [
        (&[1, 0, 1], true),
        (&[0xff, 0xff, 0xff, 0xff], true),
        (&[3], false),
        (&[1, 0, 0], false),
        (&[0, 0, 1, 1], false),
        (&[0xff, 0xff], false),
        (&[1, 0, 0, 0, 1], false),
    ];
    for (e, is_good) in exponents {
        let jwk = with("e", URL_SAFE_NO_PAD.encode(e).into());
        assert_eq!(read(&[jwk]).is_ok(), is_good, "{e:?}");
    }
}

#[test]
fn of_two_keys_with_one_name_the_first_counts() {
    let mut impostor = Signer::second().jwk();
    impostor["kid"] = "first".into();
    let keys = read(&[Signer::first().jwk(), impostor]).unwrap();
    assert_eq!(keys.len(), 1);
    let settings = testing::settings();
    let token = Signer::first().sign(&testing::id_claims());
    let expect = testing::expect_id(&settings);
    assert!(crate::verify(&token, &expect, &keys, testing::now()).is_ok());
}

#[test]
fn what_is_no_document_is_no_key_set() {
    for body in [
        "",
        "null",
        "[]",
        "{}",
        "{\"keys\":{}}",
        "<html>",
        "{\"keys\":[]",
    ] {
        assert_eq!(
            KeySet::from_json(body.as_bytes()).unwrap_err(),
            BadKeySet::Malformed
        );
    }
    assert_eq!(read(&[]).unwrap_err(), BadKeySet::Empty);
    let many = vec![Signer::first().jwk(); 17];
    assert_eq!(read(&many).unwrap_err(), BadKeySet::TooLarge);
    assert_eq!(read(&many[..16]).unwrap().len(), 1);
    let mut long = testing::jwks(&[&Signer::first()]);
    long.resize(LONGEST + 1, b' ');
    assert_eq!(KeySet::from_json(&long).unwrap_err(), BadKeySet::TooLarge);
    long.truncate(LONGEST);
    assert!(KeySet::from_json(&long).is_ok());
}
