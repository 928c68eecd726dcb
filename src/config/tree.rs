use std::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_yaml::{Mapping, Number, Value};

use super::path::Path;

/// A key that stands again in the same map: where, and the which time it is (the second is 1).
pub(super) struct Again {
    pub(super) path: Path,
    pub(super) time: usize,
}

/// More values than any configuration needs: an alias of an alias of a list may stand for billions.
const MOST_VALUES: usize = 1_000_000;

/// What is noticed while a document is read.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) again: Vec<Again>,
    values: usize,
}

/// Reads a document into a tree of values. A repeated key keeps its first value and is noted.
///
/// `serde_yaml`'s own reading of a `Value` would stop at the first repeated key, and take keys that are no text.
pub(super) struct Tree<'a> {
    path: Path,
    notes: &'a mut Notes,
}

impl<'a> Tree<'a> {
    pub(super) fn new(notes: &'a mut Notes) -> Self {
        Self { path: Path::default(), notes }
    }

    fn below(&mut self, path: Path) -> Tree<'_> {
        Tree { path, notes: &mut *self.notes }
    }
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.notes.values += 1;
        if self.notes.values > MOST_VALUES {
            return Err(de::Error::custom("too many values, aliases written out"));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a plain value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    /// An empty document.
    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Value, E> {
        Ok(Value::String(value.to_string()))
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Value, E> {
        Ok(Value::String(value.to_string()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(Number::from(value)))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(self.below(self.path.index(values.len())))? {
            values.push(value);
        }
        Ok(Value::Sequence(values))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<Value, A::Error> {
        let mut values = Mapping::new();
        let mut keys = Vec::new();
        while let Some(Key(key)) = members.next_key::<Key>()? {
            let path = self.path.key(&key);
            let value = members.next_value_seed(self.below(path.clone()))?;
            let time = keys.iter().filter(|known| **known == key).count();
            if time == 0 {
                values.insert(Value::String(key.clone()), value);
            } else {
                self.notes.again.push(Again { path, time });
            }
            keys.push(key);
        }
        Ok(Value::Mapping(values))
    }

    fn visit_enum<A: de::EnumAccess<'de>>(self, _: A) -> Result<Value, A::Error> {
        Err(de::Error::custom("a tag such as `!name` is not understood"))
    }
}

/// A key of a map. A number or a truth value is taken as the text it is: a sync may be called `2026`.
pub(super) struct Key(pub(super) String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeyVisitor)
    }
}

struct KeyVisitor;

impl Visitor<'_> for KeyVisitor {
    type Value = Key;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("text as a key")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Key, E> {
        Ok(Key(value.to_string()))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Key, E> {
        Ok(Key(value.to_string()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Key, E> {
        Ok(Key(value.to_string()))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Key, E> {
        Ok(Key(value.to_owned()))
    }
}
