use serde::Serialize;
use sqlx::error::BoxDynError;
use sqlx::{Arguments, Encode, Type};

use super::StoreError;

/// A statement: one text for both databases, or two where they differ. `$1` stands for the first value in both.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sql {
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
}

impl From<&'static str> for Sql {
    fn from(both: &'static str) -> Self {
        Self { sqlite: both, postgres: both }
    }
}

/// A value of a statement. There are no truth values, which SQLite does not know: they are written as 0 and 1.
#[derive(Debug)]
pub(super) enum Value {
    Text(Option<String>),
    Integer(Option<i64>),
    Bytes(Option<Vec<u8>>),
    /// Text that is JSON, for `json_each`.
    Json(String),
}

impl Value {
    /// Rows as one value: each statement of its own costs a thread hop, or a way over the network.
    pub(super) fn rows(rows: &impl Serialize) -> Result<Self, StoreError> {
        serde_json::to_string(rows).map(Self::Json).map_err(|error| StoreError::Content(error.to_string()))
    }

    /// Adds it to the arguments of a statement.
    pub(super) fn add<A: Arguments>(self, to: &mut A) -> Result<(), BoxDynError>
    where
        Option<String>: for<'t> Encode<'t, A::Database> + Type<A::Database>,
        Option<i64>: for<'t> Encode<'t, A::Database> + Type<A::Database>,
        Option<Vec<u8>>: for<'t> Encode<'t, A::Database> + Type<A::Database>,
    {
        match self {
            Self::Text(text) => to.add(text),
            Self::Integer(number) => to.add(number),
            Self::Bytes(bytes) => to.add(bytes),
            Self::Json(text) => to.add(Some(text)),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(Some(text.clone()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<&Option<String>> for Value {
    fn from(text: &Option<String>) -> Self {
        Self::Text(text.clone())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Integer(Some(truth.into()))
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(Some(bytes.to_vec()))
    }
}

/// The values of a statement in their order: `values![sync, 7]`.
macro_rules! values {
    ($($value:expr),* $(,)?) => { [$($crate::store::value::Value::from($value)),*] };
}
pub(super) use values;
