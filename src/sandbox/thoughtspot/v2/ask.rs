//! The JSON body of a request, member by member.
//!
//! Members that nobody asks for are passed over, as live clusters do with misspelt ones, and become warnings in the
//! journal. Numbers stand for texts and texts for flags: public clients send `org_identifiers: [0]` and
//! `remember_me: "true"`, and are served.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::sandbox::failure::Failure;
use crate::sandbox::payload::Payload;
use crate::sandbox::secret::Secret;
use crate::sandbox::thoughtspot::v2::error::invalid;

/// The members of an object that have not been asked for yet.
#[derive(Debug)]
pub(super) struct Ask {
    members: Map<String, Value>,
}

impl Ask {
    /// The body of a request that must have one, if only `{}`.
    ///
    /// # Errors
    /// 400 when it is no JSON object.
    pub(super) fn read(payload: &Payload) -> Result<Self, Failure> {
        match payload.json() {
            Some(Value::Object(members)) => Ok(Self { members }),
            _ => Err(invalid("the body must be a JSON object")),
        }
    }

    /// The same where no body stands for `{}`: public clients end their own token so.
    ///
    /// # Errors
    /// 400 when it is neither empty nor a JSON object.
    pub(super) fn read_if_any(payload: &Payload) -> Result<Self, Failure> {
        if payload.raw.is_empty() { Ok(Self { members: Map::new() }) } else { Self::read(payload) }
    }

    /// A member that has a value.
    fn take(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name).filter(|value| !value.is_null())
    }

    /// Whether a member is there and asks for the value to be gone.
    pub(super) fn clears(&self, name: &str) -> bool {
        self.members.get(name).is_some_and(Value::is_null)
    }

    pub(super) fn value(&mut self, name: &str) -> Option<Value> {
        self.take(name)
    }

    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Failure> {
        self.take(name).map(|value| text(name, value)).transpose()
    }

    /// A text that must be there and not be empty.
    pub(super) fn required(&mut self, name: &str) -> Result<String, Failure> {
        let found = self.text(name)?.filter(|text| !text.trim().is_empty());
        found.ok_or_else(|| invalid(format!("{name} is required")))
    }

    pub(super) fn secret(&mut self, name: &str) -> Result<Option<Secret>, Failure> {
        let found = self.text(name)?.filter(|text| !text.is_empty());
        Ok(found.map(Secret::new))
    }

    pub(super) fn flag(&mut self, name: &str) -> Result<Option<bool>, Failure> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let told = value.as_bool().or_else(|| value.as_str()?.parse().ok());
        told.map(Some).ok_or_else(|| invalid(format!("{name} must be true or false")))
    }

    pub(super) fn number(&mut self, name: &str) -> Result<Option<i64>, Failure> {
        let Some(value) = self.take(name) else { return Ok(None) };
        value.as_i64().map(Some).ok_or_else(|| invalid(format!("{name} must be a whole number")))
    }

    pub(super) fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>, Failure> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Array(items)) => {
                items.into_iter().map(|item| text(name, item)).collect::<Result<_, _>>().map(Some)
            }
            Some(_) => Err(invalid(format!("{name} must be an array"))),
        }
    }

    /// One of a closed list of words.
    pub(super) fn choice<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, Failure> {
        let Some(value) = self.take(name) else { return Ok(None) };
        serde_json::from_value(value).map(Some).map_err(|error| invalid(format!("{name}: {error}")))
    }

    /// An object inside.
    pub(super) fn object(&mut self, name: &str) -> Result<Option<Self>, Failure> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Object(members)) => Ok(Some(Self { members })),
            Some(_) => Err(invalid(format!("{name} must be an object"))),
        }
    }

    /// An array of objects inside.
    pub(super) fn objects(&mut self, name: &str) -> Result<Option<Vec<Self>>, Failure> {
        let item = |value| match value {
            Value::Object(members) => Ok(Self { members }),
            _ => Err(invalid(format!("{name} must be an array of objects"))),
        };
        match self.take(name) {
            None => Ok(None),
            Some(Value::Array(items)) => items.into_iter().map(item).collect::<Result<_, _>>().map(Some),
            Some(_) => Err(invalid(format!("{name} must be an array of objects"))),
        }
    }

    /// Members that the description has and that change nothing here.
    pub(super) fn pass_over(&mut self, names: &[&str]) {
        for name in names {
            self.members.remove(*name);
        }
    }

    /// What was sent in vain.
    pub(super) fn warnings(&self) -> Vec<String> {
        self.members.keys().map(|name| format!("the member {name} is unknown and has no effect")).collect()
    }
}

fn text(name: &str, value: Value) -> Result<String, Failure> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(invalid(format!("{name} must be a text"))),
    }
}
