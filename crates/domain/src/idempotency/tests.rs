//! Which texts are keys, which requests are the same, and how long a claim lasts.

use super::*;

/// Security 57: no header value but a printable one of 1 to 255 characters is a key.
#[test]
fn a_key_is_printable_and_neither_empty_nor_long() {
    let longest = "k".repeat(255);
    for good in ["k", "a key of ours", "\"8e03978e-40d5\"", "~!{}", &longest] {
        let key = IdempotencyKey::parse(good.as_bytes()).unwrap();
        assert_eq!(key.as_str(), good);
    }
    let long = "k".repeat(256);
    for bad in ["", "a\tb", "a\u{7f}", "schlüssel", "a\0b", &long] {
        let error = IdempotencyKey::parse(bad.as_bytes()).unwrap_err();
        assert_eq!(error.code(), "bad_idempotency_key", "{bad}");
    }
    assert!(IdempotencyKey::parse(b"\xff\xfe").is_err());
}

/// Security 57: whatever is moved from one part of a request to another makes it another request.
#[test]
fn fingerprints_tell_requests_apart() {
    let requests = [
        ("POST", "/a", "b"),
        ("PUT", "/a", "b"),
        ("POST", "/", "ab"),
        ("POST", "/ab", ""),
        ("POST", "/a", "B"),
        ("POST", "/a", "\0b"),
    ];
    let of =
        |(method, path, body): (&str, &str, &str)| Fingerprint::of(method, path, body.as_bytes());
    let all: std::collections::BTreeSet<String> = requests.iter().map(|one| of(*one).0).collect();
    assert_eq!(all.len(), requests.len());
    assert_eq!(of(requests[0]), of(requests[0]));
    assert_eq!(of(requests[0]).as_str().len(), 64);
}

#[test]
fn a_claim_without_an_answer_lasts_a_minute() {
    let at: Timestamp = "2026-11-28T10:00:00Z".parse().unwrap();
    let claim = |seconds| Claim {
        holder: Holder("somebody".to_owned()),
        key: IdempotencyKey("key".to_owned()),
        fingerprint: Fingerprint::of("POST", "/", b""),
        at: at + Duration::seconds(seconds),
    };
    let earlier = |answer: Option<&str>| Earlier {
        fingerprint: claim(0).fingerprint.0,
        at,
        answer: answer.map(str::to_owned),
    };
    for (before, seconds, verdict) in [
        (earlier(None), 0, Verdict::Wait),
        (earlier(None), 59, Verdict::Wait),
        (earlier(None), 60, Verdict::Run),
        (earlier(Some("x")), 60, Verdict::Replay("x".into())),
    ] {
        assert_eq!(judge(&before, &claim(seconds)).unwrap(), verdict);
    }
    let other = Claim {
        fingerprint: Fingerprint::of("POST", "/", b"other"),
        ..claim(60)
    };
    for answer in [None, Some("x")] {
        let error = judge(&earlier(answer), &other).unwrap_err();
        assert_eq!(error.code(), "idempotency_key_reused");
    }
}
