//! The JSON form of a principal: the object of `ThoughtSpot`'s `/user/sync` and `/user/list` (API v1), and three
//! members of our own: `active`, `id`, `attributes`.

use std::fmt::{self, Write};

use compact_str::CompactString;
use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{Attributes, GroupNames, Kind, Password, Principal, PrincipalType, Visibility};

/// What to do with a member that this format does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Members {
    /// A source: a misspelt member would silently manage nothing, so it is an error.
    Strict,
    /// A target: members of its own are carried through unchanged.
    Carried,
}

/// A principal as written, before it is checked.
#[derive(Debug, Default)]
pub struct PrincipalDocument {
    name: Option<CompactString>,
    display_name: Option<CompactString>,
    description: Option<CompactString>,
    mail: Option<CompactString>,
    type_name: Option<CompactString>,
    groups: Option<Vec<CompactString>>,
    visibility: Option<CompactString>,
    active: Option<bool>,
    id: Option<CompactString>,
    attributes: Option<Attributes>,
    password: Option<CompactString>,
    extra: String,
    first_unknown: Option<String>,
}

/// Why a record cannot be used. The name is there when it could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordError {
    pub name: Option<(Kind, CompactString)>,
    pub reason: String,
}

const KNOWN: [&str; 13] = [
    "name",
    "displayName",
    "description",
    "mail",
    "principalTypeEnum",
    "groupNames",
    "visibility",
    "created",
    "modified",
    "password",
    "active",
    "id",
    "attributes",
];

impl PrincipalDocument {
    /// The checked principal, its group names interned.
    ///
    /// # Errors
    /// Says which member is wrong, and the name if there is one.
    pub fn into_principal(self, names: &mut GroupNames, members: Members) -> Result<Principal, RecordError> {
        let typed = self.type_name.as_deref().map(PrincipalType::parse);
        let kind = typed.as_ref().map_or(Some(Kind::User), |parsed| parsed.as_ref().map(|(_, kind)| *kind));
        let Some(name) = self.name.filter(|name| !name.trim().is_empty()) else {
            return Err(RecordError { name: None, reason: "`name` is missing or blank".into() });
        };
        let fail = |reason: String| RecordError { name: kind.map(|kind| (kind, name.clone())), reason };
        let Some(kind) = kind else {
            let text = self.type_name.unwrap_or_default();
            return Err(fail(format!("`principalTypeEnum` is `{text}`: expected one that ends in _USER or _GROUP")));
        };
        if let (Members::Strict, Some(unknown)) = (members, &self.first_unknown) {
            return Err(fail(format!("unknown member `{unknown}`: expected one of {}", KNOWN.join(", "))));
        }
        let visibility = match self.visibility.as_deref() {
            None => None,
            Some("") => Some(Visibility::Default),
            Some(text) => Some(
                Visibility::parse(text)
                    .ok_or_else(|| fail(format!("`visibility` is `{text}`: expected DEFAULT or NON_SHARABLE")))?,
            ),
        };
        let mut principal = Principal::new(kind, name.clone());
        principal.display_name = self.display_name;
        principal.description = self.description;
        principal.mail = self.mail;
        principal.visibility = visibility;
        principal.active = self.active;
        principal.id = self.id.filter(|id| !id.is_empty());
        principal.type_name = typed.flatten().map(|(type_name, _)| type_name);
        principal.attributes = self.attributes.map(Box::new);
        principal.password = self.password.filter(|text| !text.is_empty()).map(|text| Box::new(Password::new(&text)));
        principal.extra = (!self.extra.is_empty()).then(|| self.extra.into_boxed_str());
        if let Some(groups) = self.groups {
            principal.set_groups(groups.iter().map(|group| names.intern(group)).collect());
        }
        Ok(principal)
    }

    fn carry(&mut self, key: &str, value: &RawValue) {
        // `activate` is in the list of newer ThoughtSpot releases: an export of it must stay a usable source.
        if !matches!(key, "created" | "modified" | "activate") && self.first_unknown.is_none() {
            self.first_unknown = Some(key.to_owned());
        }
        let comma = if self.extra.is_empty() { "" } else { "," };
        let quoted = serde_json::Value::from(key);
        let _ = write!(self.extra, "{comma}{quoted}:{}", value.get());
    }
}

impl<'de> Deserialize<'de> for PrincipalDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(DocumentVisitor)
    }
}

struct DocumentVisitor;

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = PrincipalDocument;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a principal: an object with `name`, `displayName`, `principalTypeEnum`, `groupNames` …")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut document = PrincipalDocument::default();
        let mut seen = Seen::default();
        while let Some(Key { text, known }) = map.next_key()? {
            if !seen.first(&text, known) {
                return Err(de::Error::custom(format!("member `{text}` stands twice")));
            }
            document
                .read(&text, &mut map)
                .map_err(|error| de::Error::custom(format!("`{text}`: {}", plain(&error))))?;
        }
        Ok(document)
    }
}

/// The name of a member, and its place among the known ones.
struct Key {
    text: CompactString,
    known: Option<usize>,
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = CompactString::deserialize(deserializer)?;
        let known = KNOWN.iter().position(|name| *name == text);
        Ok(Self { text, known })
    }
}

/// Which members were there already.
#[derive(Default)]
struct Seen {
    known: u32,
    others: Vec<CompactString>,
}

impl Seen {
    fn first(&mut self, text: &CompactString, known: Option<usize>) -> bool {
        if let Some(at) = known {
            let before = self.known;
            self.known |= 1 << at;
            return self.known != before;
        }
        let first = !self.others.contains(text);
        self.others.push(text.clone());
        first
    }
}

impl PrincipalDocument {
    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        /// `null` and `""` clear alike.
        fn clearing<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<CompactString>, A::Error> {
            Ok(Some(map.next_value::<Option<CompactString>>()?.unwrap_or_default()))
        }
        match key {
            "name" => self.name = map.next_value()?,
            "displayName" => self.display_name = clearing(map)?,
            "description" => self.description = clearing(map)?,
            "mail" => self.mail = clearing(map)?,
            "visibility" => self.visibility = clearing(map)?,
            "principalTypeEnum" => self.type_name = map.next_value()?,
            "id" => self.id = map.next_value()?,
            "active" => self.active = map.next_value()?,
            "groupNames" => self.groups = Some(map.next_value::<Option<_>>()?.unwrap_or_default()),
            "attributes" => self.attributes = Some(map.next_value::<Option<_>>()?.unwrap_or_default()),
            // What was found may be the password: it must not be in the message.
            "password" => {
                let found: &RawValue = map.next_value()?;
                self.password = serde_json::from_str(found.get()).map_err(|_| de::Error::custom("expected text"))?;
            }
            other => self.carry(other, map.next_value()?),
        }
        Ok(())
    }
}

/// The message without the position inside the fragment, which would mislead.
fn plain(error: &impl fmt::Display) -> String {
    let text = error.to_string();
    text.split_once(" at line ").map_or(text.clone(), |(message, _)| message.to_owned())
}

/// A principal as it is printed: members in a fixed order, unmanaged ones left out, never a password.
pub struct PrincipalView<'a> {
    principal: &'a Principal,
    names: &'a GroupNames,
    extra: bool,
}

impl<'a> PrincipalView<'a> {
    /// The form of plans, reports and `dump`.
    #[must_use]
    pub fn new(principal: &'a Principal, names: &'a GroupNames) -> Self {
        Self { principal, names, extra: false }
    }

    /// The form that goes back to a target: with the members that were carried.
    #[must_use]
    pub fn carried(principal: &'a Principal, names: &'a GroupNames) -> Self {
        Self { principal, names, extra: true }
    }
}

impl Serialize for PrincipalView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Principal {
            kind,
            name,
            display_name,
            description,
            mail,
            visibility,
            active,
            id,
            type_name,
            groups,
            attributes,
            password: _,
            extra,
        } = self.principal;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", name)?;
        let texts = [("displayName", display_name), ("description", description), ("mail", mail), ("id", id)];
        for (member, value) in texts {
            if let Some(value) = value {
                map.serialize_entry(member, value)?;
            }
        }
        let type_name = type_name.as_ref().unwrap_or(&PrincipalType::Local);
        map.serialize_entry("principalTypeEnum", &type_name.text(*kind))?;
        if groups.is_some() {
            map.serialize_entry("groupNames", &self.names.sorted(self.principal.group_refs()))?;
        }
        if let Some(visibility) = visibility {
            map.serialize_entry("visibility", visibility.text())?;
        }
        if let Some(active) = active {
            map.serialize_entry("active", active)?;
        }
        if let Some(attributes) = attributes {
            map.serialize_entry("attributes", attributes)?;
        }
        if let (true, Some(extra)) = (self.extra, extra) {
            serialize_extra(&mut map, extra)?;
        }
        map.end()
    }
}

fn serialize_extra<M: SerializeMap>(map: &mut M, extra: &str) -> Result<(), M::Error> {
    use serde::ser::Error;
    let members: std::collections::BTreeMap<String, Box<RawValue>> =
        serde_json::from_str(&format!("{{{extra}}}")).map_err(M::Error::custom)?;
    for (key, value) in &members {
        map.serialize_entry(key, value)?;
    }
    Ok(())
}
