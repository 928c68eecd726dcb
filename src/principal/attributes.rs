use compact_str::CompactString;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// Fields that only some products have, by name. In order of the names, each once: a few of them cost little more than
/// their values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes(Vec<(CompactString, Value)>);

impl Attributes {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the value of `name`.
    pub fn insert(&mut self, name: CompactString, value: Value) {
        match self.at(&name) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (name, value)),
        }
    }

    /// Sets the value of `name` where it has none.
    pub fn insert_new(&mut self, name: CompactString, value: Value) {
        if let Err(at) = self.at(&name) {
            self.0.insert(at, (name, value));
        }
    }

    pub fn remove(&mut self, name: &str) {
        if let Ok(at) = self.at(name) {
            self.0.remove(at);
        }
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.at(name).ok().map(|at| &self.0[at].1)
    }

    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.at(name).is_ok()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// In the order of the names.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&CompactString, &Value)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// In their order.
    #[must_use]
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &CompactString> {
        self.0.iter().map(|(name, _)| name)
    }

    /// Leaves out those that `keep` says no to.
    pub fn retain(&mut self, mut keep: impl FnMut(&CompactString, &mut Value) -> bool) {
        self.0.retain_mut(|(name, value)| keep(name, value));
    }

    fn at(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(name))
    }
}

impl FromIterator<(CompactString, Value)> for Attributes {
    /// Of two with one name the last counts.
    fn from_iter<T: IntoIterator<Item = (CompactString, Value)>>(values: T) -> Self {
        let mut attributes = Self::new();
        for (name, value) in values {
            attributes.insert(name, value);
        }
        attributes.0.shrink_to_fit();
        attributes
    }
}

impl IntoIterator for Attributes {
    type Item = (CompactString, Value);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Attributes {
    type Item = (&'a CompactString, &'a Value);
    type IntoIter =
        std::iter::Map<std::slice::Iter<'a, (CompactString, Value)>, fn(&'a (CompactString, Value)) -> Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(name, value)| (name, value))
    }
}

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Attributes;

            fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("an object of attributes")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Attributes, A::Error> {
                let mut attributes = Attributes::new();
                while let Some((name, value)) = map.next_entry()? {
                    attributes.insert(name, value);
                }
                attributes.0.shrink_to_fit();
                Ok(attributes)
            }
        }
        deserializer.deserialize_map(Members)
    }
}
