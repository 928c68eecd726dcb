//! Signatures of webhooks: vectors that others published or computed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::http::SigningKey;

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
    let of = |bytes: usize| format!("whsec_{}", STANDARD.encode(vec![7; bytes]));
    assert!([24, 32, 64].into_iter().all(|bytes| SigningKey::parse(&of(bytes)).is_some()));
    assert!([0, 16, 23, 65].into_iter().all(|bytes| SigningKey::parse(&of(bytes)).is_none()));
    for text in
        ["", "whsec_", "secret", "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "whsec_not base64 at all!"]
    {
        assert!(SigningKey::parse(text).is_none(), "{text}");
    }
    assert!(SigningKey::parse(&format!("{SECRET}\n")).is_some());
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// The one in the documentation of GitHub, and two computed with the code that reproduces it: of this body alone, and of
/// a time before it, as Stripe does.
#[test]
fn any_text_may_be_a_key() {
    for (key, parts, signature) in [
        (
            "It's a Secret to Everybody",
            &["Hello, World!"][..],
            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        ),
        ("topsecret", &[BODY], "f784afbc6d42d3efef3eee9c5dee32b5d26387faf0ffd1763fbbc74d13eb2d1c"),
        ("whsec_test", &["1767323045", ".", BODY], "b6e0131f3aa0f7a08d86d4c51753449b16c7e82f0a252f835ac6baa819a97845"),
    ] {
        let parts: Vec<_> = parts.iter().map(|part| part.as_bytes()).collect();
        let key = SigningKey::of_text(key).unwrap();
        assert!(key.has_signed(&parts, &[bytes(signature)]));
        let other = SigningKey::of_text("another").unwrap();
        assert!(!other.has_signed(&parts, &[bytes(signature)]));
    }
    assert!(SigningKey::of_text("").is_none());
}

#[test]
fn one_of_several_signatures_is_enough_and_part_of_one_is_not() {
    let key = SigningKey::of_text("topsecret").unwrap();
    let right = bytes("f784afbc6d42d3efef3eee9c5dee32b5d26387faf0ffd1763fbbc74d13eb2d1c");
    let signed = |signatures: &[&[u8]]| {
        let signatures: Vec<_> = signatures.iter().map(|signature| signature.to_vec()).collect();
        key.has_signed(&[BODY.as_bytes()], &signatures)
    };
    assert!(signed(&[&right]) && signed(&[&[0; 32], &right]) && signed(&[&right, &[]]));
    assert!(!signed(&[]) && !signed(&[&[]]) && !signed(&[&right[..31]]) && !signed(&[&[&right[..], &[0]].concat()]));
    assert_eq!(format!("{key:?}"), "SigningKey(***)");
}
