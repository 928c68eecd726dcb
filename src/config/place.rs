use std::fmt;

use serde::Deserializer;
use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::path::{Path, Step};

/// What of a path is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Goal {
    /// The key itself, when it stands for the which time (0 is the first).
    Key(usize),
    Value,
}

/// Finds where in `text` (without a byte order mark) `path` stands: the number of bytes before it.
///
/// `serde_yaml` gives places only with errors, so the walk ends in one on purpose.
pub(super) fn locate(text: &str, path: &Path, goal: Goal) -> Option<usize> {
    let document = serde_yaml::Deserializer::from_str(text).next()?;
    let found = Walk { steps: &path.0, goal }.deserialize(document);
    found.err()?.location().map(|location| location.index())
}

/// The number of bytes before what `deserializer` is to read.
pub(super) fn here(deserializer: serde_yaml::Deserializer<'_>) -> Option<usize> {
    deserializer.deserialize_any(Here).err()?.location().map(|location| location.index())
}

struct Walk<'a> {
    steps: &'a [Step],
    goal: Goal,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.steps.is_empty() {
            return deserializer.deserialize_any(Here);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the way to a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let Some((Step::Key(name), rest)) = self.steps.split_first() else { return Ok(()) };
        let stop_at = match self.goal {
            Goal::Key(time) if rest.is_empty() => Some(time),
            _ => None,
        };
        let mut passed = 0;
        while let Some(found) = members.next_key_seed(Named { name, stop: stop_at == Some(passed) })? {
            if found && stop_at.is_none() {
                return members.next_value_seed(Walk { steps: rest, goal: self.goal });
            }
            passed += usize::from(found);
            members.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Some((Step::Index(index), rest)) = self.steps.split_first() else { return Ok(()) };
        for _ in 0..*index {
            items.next_element::<IgnoredAny>()?;
        }
        items.next_element_seed(Walk { steps: rest, goal: self.goal }).map(drop)
    }
}

/// Reads a key and says whether it is the one; ends the walk where it is the goal.
struct Named<'a> {
    name: &'a str,
    stop: bool,
}

impl<'de> DeserializeSeed<'de> for Named<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Named<'_> {
    type Value = bool;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("text as a key")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<bool, E> {
        let found = key == self.name;
        if found && self.stop { Err(E::custom("here")) } else { Ok(found) }
    }

    fn visit_bool<E: de::Error>(self, key: bool) -> Result<bool, E> {
        self.visit_str(&key.to_string())
    }

    fn visit_i64<E: de::Error>(self, key: i64) -> Result<bool, E> {
        self.visit_str(&key.to_string())
    }

    fn visit_u64<E: de::Error>(self, key: u64) -> Result<bool, E> {
        self.visit_str(&key.to_string())
    }
}

/// Refuses whatever it meets: the error then has the place.
struct Here;

impl Visitor<'_> for Here {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("nothing")
    }
}
