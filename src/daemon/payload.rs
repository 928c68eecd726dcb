//! What a call of a webhook may say: whom it is about. Nothing else is read.

use serde::Deserialize;

use crate::principal::{PrincipalId, shown};

/// Arrays and objects in each other.
const DEEPEST: usize = 16;

/// Names in one call. Whoever has more to tell asks for a whole run.
const MOST_NAMES: usize = 100;

/// How much of a fault is told, in characters: the body may stand in it.
const LONGEST: usize = 200;

/// The body of a call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Payload {
    /// Only these principals; empty: all.
    pub only: Vec<PrincipalId>,
}

/// Why a body is not understood: the sender, whose signature was right, is told, with status 400.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    #[error("the body is not JSON: {0}")]
    Json(String),
    #[error("the body is JSON, but no object")]
    NoObject,
    #[error("the body is nested deeper than {DEEPEST}")]
    Deep,
    #[error("`only` has {0} names: expected 1 to {MOST_NAMES}; leave it out for everybody")]
    Count(usize),
    #[error("`only[{at}]`: {why}")]
    Name { at: usize, why: String },
}

/// What is read of a body.
#[derive(Deserialize)]
struct Body {
    #[serde(default, deserialize_with = "there")]
    only: Option<Vec<String>>,
}

impl Payload {
    /// Reads a body. What else it says is passed over.
    ///
    /// # Errors
    /// When it is not JSON, not an object, too deep, or names nobody or too many.
    pub fn read(body: &[u8]) -> Result<Self, PayloadError> {
        if depth(body) > DEEPEST {
            return Err(PayloadError::Deep);
        }
        let json = |error: serde_json::Error| PayloadError::Json(shown(&error.to_string(), LONGEST));
        if !body.trim_ascii_start().starts_with(b"{") {
            return serde_json::from_slice::<serde::de::IgnoredAny>(body)
                .map_or_else(|error| Err(json(error)), |_| Err(PayloadError::NoObject));
        }
        let Body { only } = serde_json::from_slice(body).map_err(json)?;
        let Some(names) = only else { return Ok(Self::default()) };
        if names.is_empty() || names.len() > MOST_NAMES {
            return Err(PayloadError::Count(names.len()));
        }
        let parse = |(at, name): (usize, &String)| {
            PrincipalId::parse(name).map_err(|why| PayloadError::Name { at, why: shown(&why, LONGEST) })
        };
        Ok(Self { only: names.iter().enumerate().map(parse).collect::<Result<_, _>>()? })
    }
}

/// A list that is there is a list: nothing would stand for everybody.
fn there<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    Vec::deserialize(deserializer).map(Some)
}

/// How deep arrays and objects stand in each other, up to where it is too deep.
fn depth(body: &[u8]) -> usize {
    let (mut deep, mut deepest) = (0_usize, 0);
    let (mut text, mut escaped) = (false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if text => escaped = true,
            b'"' => text = !text,
            b'{' | b'[' if !text => deep += 1,
            b'}' | b']' if !text => deep = deep.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(deep);
    }
    deepest
}
