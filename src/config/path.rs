use std::fmt;

use serde_yaml::Value;

use crate::principal::neutral;

/// One step from a value to one that it holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// The way from the root of a document to a value: `syncs.corp-to-bi.from[0]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Path(pub(super) Vec<Step>);

impl Path {
    pub(super) fn of(keys: &[&str]) -> Self {
        Self(keys.iter().map(|key| Step::Key((*key).to_owned())).collect())
    }

    pub(super) fn key(&self, key: &str) -> Self {
        self.with(Step::Key(key.to_owned()))
    }

    pub(super) fn index(&self, index: usize) -> Self {
        self.with(Step::Index(index))
    }

    pub(super) fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    pub(super) fn starts_with(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// The keys along the way; none at an index.
    pub(super) fn keys(&self) -> impl Iterator<Item = Option<&str>> {
        self.0.iter().map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        })
    }

    /// Whether it is the way that `pattern` describes, such as `syncs.*.match.*`.
    pub(super) fn is_like(&self, pattern: &str) -> bool {
        let words: Vec<_> = pattern.split('.').collect();
        words.len() == self.0.len() && self.keys().zip(words).all(|(key, word)| word == "*" || key == Some(word))
    }

    /// The way to the default of this value of a sync or target.
    pub(super) fn in_defaults(&self) -> Option<Self> {
        let section = match self.0.first()? {
            Step::Key(section) if section == "syncs" => "sync",
            Step::Key(section) if section == "targets" => "target",
            _ => return None,
        };
        let mut shared = Self::of(&["defaults", section]);
        shared.0.extend_from_slice(self.0.get(2..).filter(|rest| !rest.is_empty())?);
        Some(shared)
    }

    pub(super) fn value<'a>(&self, root: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(root, |value, step| match step {
            Step::Key(key) => value.as_mapping()?.get(key),
            Step::Index(index) => value.as_sequence()?.get(*index),
        })
    }

    pub(super) fn value_mut<'a>(&self, root: &'a mut Value) -> Option<&'a mut Value> {
        self.0.iter().try_fold(root, |value, step| match step {
            Step::Key(key) => value.as_mapping_mut()?.get_mut(key),
            Step::Index(index) => value.as_sequence_mut()?.get_mut(*index),
        })
    }

    /// The longest part of it that exists below `root`.
    pub(super) fn existing(&self, root: &Value) -> Self {
        let mut found = Self::default();
        for step in &self.0 {
            let next = found.with(step.clone());
            if next.value(root).is_none() {
                break;
            }
            found = next;
        }
        found
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if at == 0 => write!(out, "{}", neutral(key))?,
                Step::Key(key) => write!(out, ".{}", neutral(key))?,
                Step::Index(index) => write!(out, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Every way below `root` with its value, in the order of the document.
pub(super) fn walk<'a>(root: &'a Value, visit: &mut dyn FnMut(&Path, &'a Value)) {
    fn below<'a>(path: &Path, value: &'a Value, visit: &mut dyn FnMut(&Path, &'a Value)) {
        visit(path, value);
        match value {
            Value::Mapping(members) => {
                let members = members.iter().filter_map(|(key, value)| Some((key.as_str()?, value)));
                members.for_each(|(key, value)| below(&path.key(key), value, visit));
            }
            Value::Sequence(items) => {
                items.iter().enumerate().for_each(|(index, value)| below(&path.index(index), value, visit));
            }
            _ => {}
        }
    }
    below(&Path::default(), root, visit);
}
