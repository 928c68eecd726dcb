//! The digest of a saved plan, worked out from its text alone: every byte that it covers counts, also those that are
//! written for people and that nothing here reads.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::principal::hex;

/// Members that two plans of the same inputs do not share.
const OWN: [&str; 4] = ["id", "digest", "created", "requestedBy"];
const TIMES: [&str; 3] = ["readStarted", "readFinished", "dataAge"];

/// SHA-256 of `text` without those members and without blanks between its tokens.
pub(super) fn seal_of(text: &str) -> Result<String, serde_json::Error> {
    let mut hash = Sha256::new();
    let Members(members) = serde_json::from_str(text)?;
    let mut before: &[u8] = b"{";
    for (name, value) in members.iter().filter(|(name, _)| !OWN.contains(&name.as_str())) {
        hash.update(before);
        before = b",";
        member(&mut hash, name);
        match name.as_str() {
            "sources" => sources(&mut hash, value)?,
            _ => compact(&mut hash, value),
        }
    }
    hash.update(b"}");
    Ok(hex("sha256:", &hash.finalize()))
}

fn sources(hash: &mut Sha256, value: &RawValue) -> Result<(), serde_json::Error> {
    let items: Vec<Members<'_>> = serde_json::from_str(value.get())?;
    let mut before: &[u8] = b"[";
    for Members(members) in &items {
        hash.update(before);
        let mut inside: &[u8] = b"{";
        for (name, value) in members.iter().filter(|(name, _)| !TIMES.contains(&name.as_str())) {
            hash.update(inside);
            inside = b",";
            member(hash, name);
            compact(hash, value);
        }
        hash.update(b"}");
        before = b",";
    }
    hash.update(if items.is_empty() { b"[]".as_slice() } else { b"]" });
    Ok(())
}

fn member(hash: &mut Sha256, name: &str) {
    hash.update(serde_json::Value::from(name).to_string());
    hash.update(b":");
}

/// The tokens of `value`: what is between them is no content.
fn compact(hash: &mut Sha256, value: &RawValue) {
    let bytes = value.get().as_bytes();
    let (mut from, mut at) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = end_of_text(bytes, at),
            b' ' | b'\t' | b'\n' | b'\r' => {
                hash.update(&bytes[from..at]);
                at += 1;
                from = at;
            }
            _ => at += 1,
        }
    }
    hash.update(&bytes[from..]);
}

/// The place behind the quote that ends the text which begins at `at`.
fn end_of_text(bytes: &[u8], mut at: usize) -> usize {
    at += 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// The members of an object in the order in which they are written.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Ordered;
        impl<'de> Visitor<'de> for Ordered {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Ordered).map(Self)
    }
}
