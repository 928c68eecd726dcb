//! One entry into one principal.

use compact_str::CompactString;
use serde_json::Value;

use super::active::ActiveRule;
use super::dn::rdn_value;
use super::entry::Entry;
use super::identity::{id_text, value_text};
use crate::principal::{Attributes, Kind, Principal, shown};

/// Which attribute of an entry is which member of a principal.
#[derive(Debug, Clone)]
pub(super) struct EntryReader {
    pub(super) kind: Kind,
    /// Of the name.
    pub(super) name: String,
    /// Of the immutable id.
    pub(super) id: String,
    pub(super) display_name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) mail: Option<String>,
    /// Further attributes: the name for rules and targets, and the directory's.
    pub(super) attributes: Vec<(CompactString, String)>,
    pub(super) active: Option<ActiveRule>,
}

/// An entry that is no principal, and why. Its id counts even so.
#[derive(Debug)]
pub(super) struct Unreadable {
    /// Empty where it cannot be read.
    pub(super) name: CompactString,
    pub(super) reason: String,
}

impl EntryReader {
    /// Every attribute that is read.
    pub(super) fn wanted(&self) -> impl Iterator<Item = &str> {
        let Self { kind: _, name, id, display_name, description, mail, attributes, active } = self;
        let fields = [Some(name), Some(id), display_name.as_ref(), description.as_ref(), mail.as_ref()];
        let further = attributes.iter().map(|(_, attribute)| attribute);
        let active = active.iter().map(|rule| &rule.attribute);
        fields.into_iter().flatten().chain(further).chain(active).map(String::as_str)
    }

    /// Reads an entry. An attribute that is mapped and that the entry lacks is empty: it clears.
    pub(super) fn read(&self, entry: &Entry) -> Result<Principal, Unreadable> {
        let name = self.name(entry)?;
        let wrong = |reason: String| Unreadable { name: name.clone(), reason };
        let mut principal = Principal::new(self.kind, name.clone());
        principal.id = self.id(entry).map_err(wrong)?;
        principal.display_name = one(self.display_name.as_deref(), entry).map_err(wrong)?;
        principal.description = one(self.description.as_deref(), entry).map_err(wrong)?;
        principal.mail = one(self.mail.as_deref(), entry).map_err(wrong)?;
        if let Some(rule) = &self.active {
            principal.active = Some(rule.is_active(entry).map_err(wrong)?);
        }
        if !self.attributes.is_empty() {
            let all = self.attributes.iter().map(|(member, attribute)| (member.clone(), all(entry, attribute)));
            principal.attributes = Some(Box::new(all.collect::<Attributes>()));
        }
        Ok(principal)
    }

    fn name(&self, entry: &Entry) -> Result<CompactString, Unreadable> {
        let name = one(Some(&self.name), entry).map(Option::unwrap_or_default);
        let reason = match name {
            Ok(name) if !name.trim().is_empty() => return Ok(name),
            Ok(_) => format!("it has no `{}`, which is the name", self.name),
            Err(reason) => reason,
        };
        Err(Unreadable { name: CompactString::default(), reason })
    }

    fn id(&self, entry: &Entry) -> Result<Option<CompactString>, String> {
        match entry.values(&self.id) {
            [] => Ok(None),
            [value] => Ok(id_text(&self.id, value)),
            values => Err(format!("`{}` has {} values, and an id is one", self.id, values.len())),
        }
    }
}

/// The one value of an attribute that may have several: the one in the entry's own RDN, else the first in order, so
/// that two servers that list them differently give the same. Empty where there is none.
fn one(attribute: Option<&str>, entry: &Entry) -> Result<Option<CompactString>, String> {
    let Some(attribute) = attribute else { return Ok(None) };
    let value = match entry.values(attribute) {
        [] => return Ok(Some(CompactString::default())),
        [value] => value.as_slice(),
        values => {
            let named = rdn_value(&entry.dn, attribute);
            let named = named.and_then(|named| values.iter().find(|value| value.as_slice() == named.as_bytes()));
            named.or_else(|| values.iter().min()).map(Vec::as_slice).unwrap_or_default()
        }
    };
    match std::str::from_utf8(value) {
        Ok(text) => Ok(Some(text.into())),
        Err(_) => Err(format!("`{attribute}` is no text: {}", shown(&String::from_utf8_lossy(value), 40))),
    }
}

/// One value as itself, several as a list in order, none as empty.
fn all(entry: &Entry, attribute: &str) -> Value {
    let text = |value: &Vec<u8>| value_text(attribute, value).to_string();
    match entry.values(attribute) {
        [] => Value::from(""),
        [value] => text(value).into(),
        values => {
            let mut texts: Vec<_> = values.iter().map(text).collect();
            texts.sort_unstable();
            texts.into()
        }
    }
}
