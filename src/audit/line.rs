//! One line of a trail, looked at by itself.

use serde_json::{Map, Value};

use super::canonical::{canonical, is_plain};
use super::key::VerifyingKey;
use super::tree::{TreeHash, leaf_hash};

/// What the verifier needs of a line; the line itself is not kept.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) hash: TreeHash,
    pub(super) seq: Option<u64>,
    pub(super) time: Option<String>,
    pub(super) flaw: Option<Flaw>,
    pub(super) news: Option<News>,
}

/// What is wrong with a line as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("it is no JSON object")]
    NotJson,
    #[error("it is not in canonical form")]
    NotCanonical,
    #[error("it has no `seq`, `time` or `event`")]
    Incomplete,
}

/// What an entry says of the trail itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum News {
    Rotated(VerifyingKey),
    /// Both ends included.
    Purged(u64, u64),
}

impl Line {
    /// Looks at a line, without its newline.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let hash = leaf_hash(bytes);
        let Ok(value @ Value::Object(_)) = serde_json::from_slice::<Value>(bytes) else {
            return Self { hash, seq: None, time: None, flaw: Some(Flaw::NotJson), news: None };
        };
        let is_canonical = canonical(&value).is_ok_and(|line| line.as_bytes() == bytes);
        let members = value.as_object();
        let text = |name: &str| members.and_then(|members| members.get(name)).and_then(Value::as_str);
        let seq = members.and_then(|members| number(members, "seq"));
        let (time, event) = (text("time").map(str::to_owned), text("event"));
        let flaw = match (is_canonical, seq, &time, event) {
            (false, ..) => Some(Flaw::NotCanonical),
            (true, Some(_), Some(_), Some(_)) => None,
            (true, ..) => Some(Flaw::Incomplete),
        };
        let news = members.zip(event).and_then(|(members, event)| News::of(event, members));
        Self { hash, seq, time, flaw, news }
    }
}

impl News {
    fn of(event: &str, members: &Map<String, Value>) -> Option<Self> {
        match event {
            "key.rotated" => {
                let key = members.get("publicKey")?.as_str()?;
                VerifyingKey::parse(key).ok().map(Self::Rotated)
            }
            "retention.purged" => Some(Self::Purged(number(members, "from")?, number(members, "to")?)),
            _ => None,
        }
    }
}

fn number(members: &Map<String, Value>, name: &str) -> Option<u64> {
    members.get(name)?.as_number().filter(|number| is_plain(number))?.as_u64()
}
