//! The language itself: a small closed part of `minijinja` (the expressions of Jinja), and what is our own.

use std::borrow::Cow;
use std::sync::LazyLock;

use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};

/// What an evaluation may cost. An instruction costs 1, an item that is looked at a half, 64 bytes of text 1: a user in
/// 10,000 groups may be asked for 19 of them. Using all of it up takes some milliseconds.
const FUEL: u64 = 100_000;

/// How deep macros and loops may call each other.
const DEPTH: usize = 32;

/// What every record has, besides its attributes by their own names.
pub const VARIABLES: [&str; 11] = [
    "name",
    "displayName",
    "description",
    "mail",
    "active",
    "id",
    "visibility",
    "kind",
    "groupNames",
    "allGroups",
    "attributes",
];

pub(super) const FUNCTIONS: [&str; 3] = ["values", "startswith", "endswith"];

pub(super) const FILTERS: [&str; 29] = [
    "lower",
    "upper",
    "title",
    "capitalize",
    "trim",
    "replace",
    "split",
    "join",
    "default",
    "d",
    "first",
    "last",
    "length",
    "count",
    "list",
    "sort",
    "unique",
    "reverse",
    "select",
    "reject",
    "map",
    "min",
    "max",
    "int",
    "float",
    "string",
    "values",
    "startswith",
    "endswith",
];

pub(super) const TESTS: [&str; 15] = [
    "startingwith",
    "endingwith",
    "in",
    "defined",
    "undefined",
    "none",
    "string",
    "number",
    "integer",
    "sequence",
    "mapping",
    "true",
    "false",
    "eq",
    "ne",
];

/// Everything that can be compiled is compiled against this.
pub(super) static ENGINE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut engine = Environment::new();
    engine.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_fuel(Some(FUEL));
    engine.set_recursion_limit(DEPTH);
    // Places come from what is compiled; a record's values have no place in a message.
    engine.set_debug(false);
    engine.add_function("values", values);
    engine.add_function("startswith", startswith);
    engine.add_function("endswith", endswith);
    engine.add_filter("values", values);
    engine.add_filter("startswith", startswith);
    engine.add_filter("endswith", endswith);
    engine
});

/// What an attribute holds as a list: none, one or several values.
fn values(value: &Value) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable => Ok(value.clone()),
        ValueKind::Undefined | ValueKind::None => Ok(Value::from(Vec::<Value>::new())),
        ValueKind::String if value.as_str() == Some("") => Ok(Value::from(Vec::<Value>::new())),
        ValueKind::Map => Err(Error::new(ErrorKind::InvalidOperation, "`values` of keys and values")),
        _ => Ok(Value::from(vec![value.clone()])),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the engine gives arguments so")]
fn startswith(text: Cow<'_, str>, start: Cow<'_, str>) -> bool {
    text.starts_with(&*start)
}

#[expect(clippy::needless_pass_by_value, reason = "the engine gives arguments so")]
fn endswith(text: Cow<'_, str>, end: Cow<'_, str>) -> bool {
    text.ends_with(&*end)
}

/// A sentence about a failed evaluation.
pub(super) fn sentence(error: &Error) -> String {
    if error.kind() == ErrorKind::OutOfFuel {
        return "it takes too many steps".into();
    }
    match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    }
}
