//! What a rule's value becomes in a principal.

use compact_str::{CompactString, format_compact};
use serde_json::Value as Json;

use crate::plan::Field;
use crate::principal::{Principal, Visibility, shown};

/// A value that its field can take.
#[derive(Debug)]
pub(super) enum Given {
    Text(CompactString),
    Visibility(Visibility),
    Active(bool),
    Json(Json),
}

/// # Errors
/// What was expected, and what was found: a sentence.
pub(super) fn read(field: &Field, value: Json) -> Result<Given, String> {
    match field {
        Field::DisplayName | Field::Description | Field::Mail => text(value).map(Given::Text),
        Field::Visibility => match &value {
            Json::Null => Ok(Given::Visibility(Visibility::Default)),
            Json::String(text) if text.is_empty() => Ok(Given::Visibility(Visibility::Default)),
            Json::String(text) => Visibility::parse(text)
                .map(Given::Visibility)
                .ok_or_else(|| expected("`DEFAULT` or `NON_SHARABLE`", &value)),
            _ => Err(expected("`DEFAULT` or `NON_SHARABLE`", &value)),
        },
        Field::Active => value.as_bool().map(Given::Active).ok_or_else(|| expected("true or false", &value)),
        Field::Attribute(_) => Ok(Given::Json(value)),
    }
}

/// Text; numbers are written out, nothing clears.
pub(super) fn text(value: Json) -> Result<CompactString, String> {
    match value {
        Json::Null => Ok(CompactString::default()),
        Json::String(text) => Ok(text.into()),
        Json::Number(number) => Ok(format_compact!("{number}")),
        other => Err(expected("text", &other)),
    }
}

pub(super) fn write(principal: &mut Principal, field: &Field, given: Given) {
    match (field, given) {
        (Field::DisplayName, Given::Text(text)) => principal.display_name = Some(text),
        (Field::Description, Given::Text(text)) => principal.description = Some(text),
        (Field::Mail, Given::Text(text)) => principal.mail = Some(text),
        (Field::Visibility, Given::Visibility(visibility)) => principal.visibility = Some(visibility),
        (Field::Active, Given::Active(active)) => principal.active = Some(active),
        (Field::Attribute(name), Given::Json(value)) => {
            principal.attributes.get_or_insert_default().insert(name.clone(), value);
        }
        // `read` gives each field what it takes.
        _ => {}
    }
}

fn expected(what: &str, found: &Json) -> String {
    let found = match found {
        Json::Null => "nothing".into(),
        Json::Bool(value) => format!("`{value}`"),
        Json::Number(number) => format!("the number {number}"),
        Json::String(text) => format!("the text \"{}\"", shown(text, 40)),
        Json::Array(_) => "a list".into(),
        Json::Object(_) => "keys and values".into(),
    };
    format!("expected {what}, found {found}")
}
