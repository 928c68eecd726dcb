//! Calls of webhooks: vectors that others published or computed, and everything that is wrong with a call.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use secrecy::SecretString;

use crate::config::Scheme;
use crate::daemon::{HookError, HookKeys, MOST_BYTES, Verified, refuse, verify};
use crate::http::SigningKey;

/// The bytes 00 to 1f, and 20 to 3f.
const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const OLD: &str = "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

const TIME: &str = "1767323045";

const BODY: &str = r#"{"type":"sync.requested","timestamp":"2026-01-02T03:04:05Z","data":{"pipeline":"hr-to-github"}}"#;

const T1: &str = "v1,B5PYkFehqsPdz4JFGcdPRLBEDoIBuIwb2BBXrAZlQpk=";
const T3: &str = "v1,rzNu9AGgONZAAdSZAVDAZfncw6nzQ+SIwToiMtUbNDQ=";
const T5: &str = "v1a,a8hdTvRZVCrJqL0R3k2mXw+9q2PTQPb+yNs/GAHN4/+iOYv1WpxKpIbXS+gJOwqu0QSH//sTIB/puHdfUm5HBw==";
const T6: &str = "sha256=f784afbc6d42d3efef3eee9c5dee32b5d26387faf0ffd1763fbbc74d13eb2d1c";

/// A call, as it may be wrong in one way or another.
#[derive(Clone)]
struct Call {
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    late: i64,
}

impl Call {
    fn standard(id: &str, signature: &str, body: &str) -> Self {
        Self::of(&[("webhook-id", id), ("webhook-timestamp", TIME), ("webhook-signature", signature)], body)
    }

    fn github(signature: &str, body: &str) -> Self {
        Self::of(&[("x-hub-signature-256", signature)], body)
    }

    fn of(headers: &[(&'static str, &str)], body: &str) -> Self {
        let kind = ("content-type", "application/json".to_owned());
        let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned()));
        Self { headers: std::iter::once(kind).chain(headers).collect(), body: body.into(), late: 0 }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.and(name, value)
    }

    fn and(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    fn without(mut self, name: &'static str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    fn saying(self, body: &str) -> Self {
        Self { body: body.into(), ..self }
    }

    fn late(self, late: i64) -> Self {
        Self { late, ..self }
    }

    fn headers(&self) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in &self.headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        map
    }

    fn received(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(TIME.parse().unwrap(), 0).unwrap() + TimeDelta::seconds(self.late)
    }

    fn verify(&self, keys: &HookKeys) -> Result<Verified, HookError> {
        verify(&self.headers(), &self.body, self.received(), keys)
    }

    /// The status that it is answered with; 202 where it counts.
    fn status(&self, keys: &HookKeys) -> u16 {
        self.verify(keys).map_or_else(HookError::status, |_| 202)
    }
}

fn keys(scheme: Scheme, secrets: &[&str]) -> HookKeys {
    let secrets: Vec<_> = secrets.iter().map(|text| SecretString::from(*text)).collect();
    HookKeys::new(scheme, &secrets).unwrap()
}

fn standard() -> HookKeys {
    keys(Scheme::Standard, &[SECRET])
}

fn t1() -> Call {
    Call::standard("msg_2026A", T1, BODY)
}

#[test]
fn vectors_of_standard_webhooks() {
    assert_eq!(BODY.len(), 95);
    let known = [
        (t1(), "msg_2026A"),
        (Call::standard("msg_2026B", "v1,3PqLLiT57HT4AJDjMMaiIALgfP+sdkBfOyitF4EcL1Y=", ""), "msg_2026B"),
        (
            Call::standard("msg_2026C", "v1,G1BoL6eMO59cEhwLsv4Y8i2Ch+n6bd5T2nT0Wbd0Tuw=", "{\"name\":\"Zoë\"}"),
            "msg_2026C",
        ),
    ];
    for (call, id) in known {
        let verified = Verified { id: id.into(), replay_key: id.into() };
        assert_eq!(call.verify(&standard()), Ok(verified), "{id}");
    }
    // The one in the documentation of Svix.
    let svix = Call::standard(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        r#"{"test": 2432232314}"#,
    );
    let svix = svix.with("webhook-timestamp", "1614265330").late(1_614_265_330 - 1_767_323_045);
    assert_eq!(svix.status(&keys(Scheme::Standard, &["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])), 202);
}

#[test]
fn while_a_secret_takes_the_place_of_another() {
    let call = |signatures: &str| Call::standard("msg_2026A", signatures, BODY);
    assert_eq!(call(&format!("{T3} {T1}")).status(&standard()), 202, "the sender signs with both");
    assert_eq!(call(T3).status(&standard()), 401);
    assert_eq!(call(T3).status(&keys(Scheme::Standard, &[SECRET, OLD])), 202, "we take both");
    assert_eq!(call(T1).status(&keys(Scheme::Standard, &[SECRET, OLD])), 202);
    assert_eq!(call(T1).status(&keys(Scheme::Standard, &[OLD, SECRET])), 202);
    assert_eq!(call(T1).status(&keys(Scheme::Standard, &[OLD])), 401, "the secret of another hook");
}

#[test]
fn signatures_of_other_kinds_are_passed_over() {
    let call = |signatures: &str| Call::standard("msg_2026A", signatures, BODY).status(&standard());
    assert_eq!(call(&format!("{T5} v2,AAAA v1,*** {T1}")), 202);
    for none in [T5, "v2,AAAA", "v1,", "v1", ",", "", "v1,***", "V1,B5PYkFehqsPdz4JFGcdPRLBEDoIBuIwb2BBXrAZlQpk="] {
        assert_eq!(call(none), 401, "{none}");
    }
}

#[test]
fn vectors_of_github() {
    let call = Call::github(T6, BODY);
    let verified = call.verify(&keys(Scheme::Github, &["topsecret"])).unwrap();
    let published = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let everybody = keys(Scheme::Github, &["It's a Secret to Everybody"]);
    assert_eq!(Call::github(published, "Hello, World!").status(&everybody), 202);
    // Written with capitals it is the same call again.
    let capitals = T6.to_uppercase().replace("SHA256", "sha256");
    assert_eq!(Call::github(&capitals, BODY).verify(&keys(Scheme::Github, &["topsecret"])), Ok(verified.clone()));
    // SHA-256 of the header and the body.
    assert_eq!(verified.replay_key, "e25e84f3d8b4ce37daeed9add898a241ab8b9684e97cfb48a37a66baf665f516");
    assert_eq!(verified.id, verified.replay_key);
    let named = call.and("x-github-delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958");
    let named = named.verify(&keys(Scheme::Github, &["topsecret"])).unwrap();
    assert_eq!((named.id.as_str(), &named.replay_key), ("72d3162e-cc78-11e3-81ab-4c9367dc0958", &verified.replay_key));
}

#[test]
fn what_is_wrong_with_a_signature_of_github() {
    let github = keys(Scheme::Github, &["other", "topsecret"]);
    assert_eq!(Call::github(T6, BODY).status(&github), 202);
    let bad = [
        "",
        "sha256=",
        &T6[..T6.len() - 1],
        &format!("{T6}0"),
        &T6[7..],
        "sha1=00",
        &T6.replace('f', "g"),
        &T6.replace("1c", "1d"),
    ];
    for signature in bad {
        assert_eq!(Call::github(signature, BODY).status(&github), 401, "{signature}");
    }
    assert_eq!(Call::github(T6, &BODY.replace('h', "H")).status(&github), 401);
    assert_eq!(Call::github(T6, BODY).and("x-hub-signature-256", T6).status(&github), 400, "twice");
    assert_eq!(t1().status(&github), 400, "the other scheme");
    assert_eq!(Call::github(T6, BODY).status(&standard()), 400);
}

#[test]
fn a_call_is_for_five_minutes() {
    for (late, status) in [(-300, 202), (300, 202), (-301, 401), (301, 401), (86_400, 401), (-86_400, 401)] {
        assert_eq!(t1().late(late).status(&standard()), status, "{late} s late");
    }
    assert_eq!(t1().late(301).verify(&standard()), Err(HookError::Unauthentic("stale")));
    assert_eq!(t1().late(-301).verify(&standard()), Err(HookError::Unauthentic("of the future")));
}

#[test]
fn each_header_is_there_once() {
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let value = t1().headers.iter().find(|(known, _)| *known == name).unwrap().1.clone();
        assert_eq!(t1().without(name).status(&standard()), 400, "without {name}");
        assert_eq!(t1().and(name, &value).status(&standard()), 400, "{name} twice");
    }
}

#[test]
fn headers_of_another_form() {
    let long = "a".repeat(129);
    for id in ["", "msg.2026A", "msg 2026A", "msg_2026Ä", "../x", long.as_str()] {
        assert_eq!(t1().with("webhook-id", id).status(&standard()), 400, "{id}");
    }
    for time in ["", "-1767323045", "+1767323045", "1767323045.0", "0x69573965", "1767323045000", "now"] {
        assert_eq!(t1().with("webhook-timestamp", time).status(&standard()), 400, "{time}");
    }
    let many = [T3; 11].join(" ");
    let most = format!("{} {T1}", [T3; 9].join(" "));
    let large = format!("v1,{}", "A".repeat(2_048));
    assert_eq!(t1().with("webhook-signature", &many).status(&standard()), 400);
    assert_eq!(t1().with("webhook-signature", &large).status(&standard()), 400);
    assert_eq!(t1().with("webhook-signature", &most).status(&standard()), 202, "ten are read to the end");
}

#[test]
fn only_plain_json() {
    for kind in ["application/json", "application/json; charset=utf-8", "Application/JSON ;charset=UTF-8"] {
        assert_eq!(t1().with("content-type", kind).status(&standard()), 202, "{kind}");
    }
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application/ld+json", ""] {
        assert_eq!(t1().with("content-type", kind).status(&standard()), 415, "{kind}");
    }
    assert_eq!(t1().without("content-type").status(&standard()), 415);
    assert_eq!(t1().and("content-type", "application/json").status(&standard()), 415);
    assert_eq!(t1().and("content-encoding", "gzip").status(&standard()), 415);
}

#[test]
fn a_body_has_a_limit() {
    let key = SigningKey::parse(SECRET).unwrap();
    for (length, status) in [(MOST_BYTES, 202), (MOST_BYTES + 1, 413)] {
        let body = format!("\"{}\"", "x".repeat(length - 2));
        let signature = key.sign("msg_large", TIME.parse().unwrap(), body.as_bytes()).unwrap();
        assert_eq!(Call::standard("msg_large", &signature, &body).status(&standard()), status, "{length} bytes");
    }
}

#[test]
fn json_that_says_the_same_is_not_the_same_call() {
    let again: serde_json::Value = serde_json::from_str(BODY).unwrap();
    let pretty = serde_json::to_string_pretty(&again).unwrap();
    for body in [again.to_string().replace(',', ", "), pretty, format!("{BODY}\n"), format!(" {BODY}")] {
        assert_eq!(t1().saying(&body).status(&standard()), 401, "{body}");
    }
}

#[test]
fn a_hook_that_is_not_there_looks_like_one_whose_secret_is_another() {
    let calls = [
        t1(),
        t1().late(301),
        t1().without("webhook-id"),
        t1().with("content-type", "text/plain"),
        t1().saying(&"x".repeat(MOST_BYTES + 1)),
    ];
    for call in calls {
        let known = call.status(&keys(Scheme::Standard, &[OLD]));
        assert_eq!(refuse(&call.headers(), &call.body, call.received()).status(), known);
    }
    // Whoever knows what it is compared with is refused as well.
    let key = SigningKey::of_text("whoever signs with this is refused all the same").unwrap();
    let signature = key.sign("msg_2026A", TIME.parse().unwrap(), BODY.as_bytes()).unwrap();
    let call = t1().with("webhook-signature", &signature);
    assert_eq!(refuse(&call.headers(), &call.body, call.received()).status(), 401);
}

#[test]
fn a_secret_of_another_scheme_is_told() {
    let secrets = [SecretString::from(SECRET), SecretString::from("topsecret")];
    assert_eq!(HookKeys::new(Scheme::Standard, &secrets).unwrap_err(), 1);
    assert!(HookKeys::new(Scheme::Github, &secrets).is_ok());
    assert_eq!(HookKeys::new(Scheme::Github, &[SecretString::from("")]).unwrap_err(), 0);
}

#[test]
fn nothing_tells_the_secret() {
    let told = format!("{:?} {:?}", standard(), t1().late(301).verify(&standard()));
    assert!(!told.contains("AAEC") && told.contains("***"), "{told}");
}

/// Other letters stand for these bits.
fn flipped(text: &str, bit: usize) -> String {
    let mut bytes = STANDARD.decode(text).unwrap();
    let at = bit % (bytes.len() * 8);
    bytes[at / 8] ^= 1 << (at % 8);
    STANDARD.encode(bytes)
}

proptest! {
    #[test]
    fn one_bit_makes_it_another(bit in 0_usize..10_000) {
        let mut body = BODY.as_bytes().to_vec();
        let at = bit % (body.len() * 8);
        body[at / 8] ^= 1 << (at % 8);
        prop_assert_eq!(Call { body, ..t1() }.status(&standard()), 401);
        let signature = format!("v1,{}", flipped(&T1[3..], bit));
        prop_assert_eq!(t1().with("webhook-signature", &signature).status(&standard()), 401);
    }

    #[test]
    fn another_id_or_time_makes_it_another(id in "[A-Za-z0-9_-]{1,128}", later in -300_i64..=300) {
        prop_assume!(id != "msg_2026A" && later != 0);
        prop_assert_eq!(t1().with("webhook-id", &id).status(&standard()), 401);
        let time = (1_767_323_045 + later).to_string();
        prop_assert_eq!(t1().with("webhook-timestamp", &time).status(&standard()), 401);
        prop_assert_eq!(t1().with("webhook-timestamp", &format!("0{TIME}")).status(&standard()), 401);
    }

    /// Whatever is sent, it is answered.
    #[test]
    fn no_call_is_too_odd(id: Vec<u8>, time: Vec<u8>, signature: Vec<u8>, body: Vec<u8>) {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        for (name, value) in [("webhook-id", &id), ("webhook-timestamp", &time), ("webhook-signature", &signature), ("x-hub-signature-256", &signature)] {
            if let Ok(value) = HeaderValue::from_bytes(value) {
                headers.insert(name, value);
            }
        }
        let now = DateTime::from_timestamp(1_767_323_045, 0).unwrap();
        for keys in [standard(), keys(Scheme::Github, &["topsecret"])] {
            let status = verify(&headers, &body, now, &keys).unwrap_err().status();
            prop_assert!([400, 401].contains(&status));
        }
    }

    #[test]
    fn whatever_is_signed_counts(id in "[A-Za-z0-9_-]{1,128}", body: Vec<u8>, late in -300_i64..=300) {
        let signature = SigningKey::parse(SECRET).unwrap().sign(&id, 1_767_323_045, &body).unwrap();
        let call = Call { body, ..Call::standard(&id, &signature, "") }.late(late);
        prop_assert_eq!(call.verify(&standard()).unwrap().replay_key, id);
    }
}
