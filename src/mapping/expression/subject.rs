use std::sync::{Arc, OnceLock};

use minijinja::Value;
use minijinja::value::{Enumerator, Object, ObjectRepr, Serde};

use super::engine::FUNCTIONS;
use crate::mapping::hierarchy::Hierarchy;
use crate::principal::{GroupRef, Principal};

/// A record as an expression sees it: each variable is looked up when it is asked for.
///
/// The record is moved in and taken out again with [`release`](Self::release): the engine holds only what it owns.
#[derive(Debug)]
pub(in crate::mapping) struct Subject {
    principal: Principal,
    groups: Arc<Hierarchy>,
    /// In place of what the hierarchy says, where a test of the rules gives it.
    all: Option<Box<[GroupRef]>>,
    direct_list: OnceLock<Value>,
    all_list: OnceLock<Value>,
}

impl Subject {
    /// Takes the record's principal, and leaves an empty one of its kind.
    pub(in crate::mapping) fn take(
        principal: &mut Principal,
        groups: &Arc<Hierarchy>,
        all: Option<&[GroupRef]>,
    ) -> Arc<Self> {
        let empty = Principal::new(principal.kind, "");
        Arc::new(Self {
            principal: std::mem::replace(principal, empty),
            groups: Arc::clone(groups),
            all: all.map(Into::into),
            direct_list: OnceLock::new(),
            all_list: OnceLock::new(),
        })
    }

    /// Gives the principal back.
    pub(in crate::mapping) fn release(self: Arc<Self>) -> Principal {
        Arc::try_unwrap(self).map_or_else(|shared| shared.principal.clone(), |subject| subject.principal)
    }

    pub(in crate::mapping) fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Direct and indirect groups.
    pub(in crate::mapping) fn all_groups(&self) -> Vec<GroupRef> {
        match &self.all {
            Some(all) => all.to_vec(),
            None => self.groups.all(self.principal.group_refs()),
        }
    }

    fn list(&self, mut groups: Vec<GroupRef>) -> Value {
        self.groups.sort(&mut groups);
        Value::from_object(GroupList { groups, hierarchy: Arc::clone(&self.groups) })
    }

    fn look_up(&self, name: &str) -> Option<Value> {
        let principal = &self.principal;
        let text = |value: &Option<compact_str::CompactString>| Value::from(value.as_deref().unwrap_or_default());
        let value = match name {
            "name" => Value::from(principal.name.as_str()),
            "displayName" => text(&principal.display_name),
            "description" => text(&principal.description),
            "mail" => text(&principal.mail),
            "id" => text(&principal.id),
            "active" => Value::from(principal.is_active()),
            "visibility" => {
                Value::from(principal.visibility.map(crate::principal::Visibility::text).unwrap_or_default())
            }
            "kind" => Value::from(principal.kind.word()),
            "groupNames" => self.direct_list.get_or_init(|| self.list(principal.group_refs().to_vec())).clone(),
            "allGroups" => self.all_list.get_or_init(|| self.list(self.all_groups())).clone(),
            "attributes" => self.attributes(),
            // A function is a function, whatever attributes there are.
            function if FUNCTIONS.contains(&function) => return None,
            attribute => {
                principal.attributes.as_ref().and_then(|all| all.get(attribute)).map_or(Value::from(""), of_json)
            }
        };
        Some(value)
    }

    fn attributes(&self) -> Value {
        let attributes = self.principal.attributes.as_deref();
        let members = attributes.into_iter().flatten().map(|(name, value)| (name.to_string(), of_json(value)));
        Value::from_object(AttributeMap(members.collect()))
    }

    /// What an expression sees under `name`; nothing where it can see no such thing.
    pub(in crate::mapping) fn value(&self, name: &str) -> serde_json::Value {
        let value = self.look_up(name).map(|value| serde_json::to_value(value).unwrap_or_default());
        value.unwrap_or_default()
    }

    /// Whether the attribute `name` is there.
    pub(in crate::mapping) fn has(&self, name: &str) -> bool {
        self.principal.attributes.as_ref().is_some_and(|all| all.contains_key(name))
    }
}

impl Object for Subject {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.look_up(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.look_up(key)
    }
}

fn of_json(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::String(text) => Value::from(text.as_str()),
        // Missing and `null` are the same.
        serde_json::Value::Null => Value::from(""),
        other => Value::from(Serde(other)),
    }
}

/// Group names, made as they are looked at.
#[derive(Debug)]
struct GroupList {
    groups: Vec<GroupRef>,
    hierarchy: Arc<Hierarchy>,
}

impl Object for GroupList {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.groups.get(key.as_usize()?).map(|group| self.hierarchy.value(*group))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.groups.len())
    }
}

/// All attributes of a record; one that it lacks is "".
#[derive(Debug)]
struct AttributeMap(std::collections::BTreeMap<String, Value>);

impl Object for AttributeMap {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(key.as_str()?).cloned().or_else(|| Some(Value::from("")))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let names: Vec<Value> = self.0.keys().map(|name| Value::from(name.as_str())).collect();
        Enumerator::Values(names)
    }
}
