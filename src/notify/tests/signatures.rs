//! Vectors that others published or computed.

use crate::notify::signature::SigningKey;

/// The bytes 00 to 1f.
const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

const BODY: &str = r#"{"type":"sync.requested","timestamp":"2026-01-02T03:04:05Z","data":{"pipeline":"hr-to-github"}}"#;

fn signed(secret: &str, id: &str, timestamp: i64, body: &str) -> String {
    SigningKey::parse(secret).unwrap().sign(id, timestamp, body.as_bytes()).unwrap()
}

/// The one in the documentation of Svix.
#[test]
fn the_published_vector() {
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let signature = signed(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
    assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

/// Computed with the same code that reproduces GitHub's and Svix' published ones.
#[test]
fn further_vectors() {
    let at = 1_767_323_045;
    assert_eq!(BODY.len(), 95);
    assert_eq!(signed(SECRET, "msg_2026A", at, BODY), "v1,B5PYkFehqsPdz4JFGcdPRLBEDoIBuIwb2BBXrAZlQpk=");
    assert_eq!(signed(SECRET, "msg_2026B", at, ""), "v1,3PqLLiT57HT4AJDjMMaiIALgfP+sdkBfOyitF4EcL1Y=");
    let old = "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
    assert_eq!(signed(old, "msg_2026A", at, BODY), "v1,rzNu9AGgONZAAdSZAVDAZfncw6nzQ+SIwToiMtUbNDQ=");
    let zoe = "{\"name\":\"Zoë\"}";
    assert_eq!(signed(SECRET, "msg_2026C", at, zoe), "v1,G1BoL6eMO59cEhwLsv4Y8i2Ch+n6bd5T2nT0Wbd0Tuw=");
}

#[test]
fn whatever_is_signed_counts() {
    let right = signed(SECRET, "msg_1", 1, "{}");
    for (id, timestamp, body) in [("msg_2", 1, "{}"), ("msg_1", 2, "{}"), ("msg_1", 1, "{ }"), ("msg_1.1", 1, "{}")] {
        assert_ne!(signed(SECRET, id, timestamp, body), right);
    }
}

#[test]
fn a_secret_is_24_to_64_bytes_in_base64() {
    let of = |bytes: usize| format!("whsec_{}", crate::notify::base64::encode(&vec![7; bytes]));
    assert!([24, 32, 64].into_iter().all(|bytes| SigningKey::parse(&of(bytes)).is_some()));
    assert!([0, 16, 23, 65].into_iter().all(|bytes| SigningKey::parse(&of(bytes)).is_none()));
    for text in
        ["", "whsec_", "secret", "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "whsec_not base64 at all!"]
    {
        assert!(SigningKey::parse(text).is_none(), "{text}");
    }
    assert!(SigningKey::parse(&format!("{SECRET}\n")).is_some());
}
