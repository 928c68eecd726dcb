use std::fmt;

use compact_str::CompactString;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::principal::{Kind, PrincipalType};

/// Whom a record is about, read as leniently as can be from one that cannot be used.
#[derive(Debug, Default)]
pub(super) struct Sketch {
    pub(super) kind: Option<Kind>,
    pub(super) name: Option<CompactString>,
    /// Every group it names: a record set aside takes no group away.
    pub(super) groups: Vec<CompactString>,
}

impl Sketch {
    /// What can be read of `record`. A member that stands twice tells nothing.
    pub(super) fn of(record: &RawValue) -> Self {
        let Ok(Members { mut names, kinds, groups }) = serde_json::from_str(record.get()) else {
            return Self::default();
        };
        let kind = match kinds[..] {
            [] => Some(Kind::User),
            [kind] => kind,
            _ => None,
        };
        let name = if names.len() == 1 { names.remove(0) } else { None };
        Self { kind, name, groups }
    }
}

/// What the two members say, each time they stand; `None` where that cannot be read.
#[derive(Default)]
struct Members {
    names: Vec<Option<CompactString>>,
    kinds: Vec<Option<Kind>>,
    groups: Vec<CompactString>,
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Members::default();
        while let Some((key, value)) = map.next_entry::<CompactString, &RawValue>()? {
            match key.as_str() {
                "name" => members.names.push(serde_json::from_str(value.get()).unwrap_or_default()),
                "principalTypeEnum" => members.kinds.push(kind(value)),
                "groupNames" => members.groups.extend(groups(value)),
                _ => {}
            }
        }
        Ok(members)
    }
}

fn kind(value: &RawValue) -> Option<Kind> {
    match serde_json::from_str::<Option<CompactString>>(value.get()).ok()? {
        None => Some(Kind::User),
        Some(text) => PrincipalType::parse(&text).map(|(_, kind)| kind),
    }
}

/// The texts in a list of groups, whatever else is in it.
fn groups(value: &RawValue) -> Vec<CompactString> {
    let items: Vec<serde_json::Value> = serde_json::from_str(value.get()).unwrap_or_default();
    items.iter().filter_map(serde_json::Value::as_str).map(CompactString::from).collect()
}
