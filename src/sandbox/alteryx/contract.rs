//! Request bodies: read, and found wanting field by field.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use crate::sandbox::alteryx::refusal::Refusal;
use crate::sandbox::alteryx::role::Role;
use crate::sandbox::payload::{Encoding, Payload};

/// The body of a create or an update while it is read. What is wrong is gathered, so that one answer names all of it;
/// nothing may be kept before [`Contract::finish`].
#[derive(Debug)]
pub(super) struct Contract {
    name: &'static str,
    members: Map<String, Value>,
    wrong: BTreeMap<String, Vec<String>>,
}

/// The length that names may have (vendor's "User Endpoints").
pub(super) const NAME: RangeInclusive<usize> = 1..=255;

/// Any length.
pub(super) const ANY: RangeInclusive<usize> = 0..=usize::MAX;

impl Contract {
    /// Takes a JSON object or a form.
    ///
    /// # Errors
    /// 400 for a body that is neither, 415 for another content type.
    pub(super) fn read(name: &'static str, headers: &HeaderMap, payload: &Payload) -> Result<Self, Refusal> {
        let members = if payload.encoding == Encoding::Form {
            let fields = payload.names().map(|field| {
                let value = payload.text(field).unwrap_or_default().into_owned();
                (field.to_owned(), Value::String(value))
            });
            fields.collect()
        } else {
            match json(headers, payload)? {
                Value::Object(members) => members,
                _ => return Err(Refusal::bad("The request is invalid.")),
            }
        };
        Ok(Self { name, members, wrong: BTreeMap::new() })
    }

    fn complain(&mut self, field: &str, text: String) {
        self.wrong.entry(format!("{}.{field}", self.name)).or_default().push(text);
    }

    fn value(&self, field: &str) -> Option<&Value> {
        self.members.get(field).filter(|value| !value.is_null())
    }

    /// A text that must be there. Its length counts characters.
    pub(super) fn text(&mut self, field: &str, length: RangeInclusive<usize>) -> String {
        self.text_or(field, length).unwrap_or_else(|| {
            if self.value(field).is_none() {
                self.complain(field, format!("The {field} field is required."));
            }
            String::new()
        })
    }

    /// A text that may be there.
    pub(super) fn text_or(&mut self, field: &str, length: RangeInclusive<usize>) -> Option<String> {
        let Value::String(text) = self.value(field)?.clone() else {
            self.complain(field, format!("The field {field} must be a string."));
            return None;
        };
        if !length.contains(&text.chars().count()) {
            let (least, most) = length.into_inner();
            let limits = format!("with a minimum length of {least} and a maximum length of {most}");
            self.complain(field, format!("The field {field} must be a string {limits}."));
        }
        Some(text)
    }

    /// A flag that must be there.
    pub(super) fn flag(&mut self, field: &str) -> bool {
        if self.value(field).is_none() {
            self.complain(field, format!("The {field} field is required."));
        }
        self.flag_or(field, false)
    }

    /// A flag that may be there; a form says it in letters.
    pub(super) fn flag_or(&mut self, field: &str, otherwise: bool) -> bool {
        let flag = match self.value(field) {
            None => return otherwise,
            Some(Value::Bool(flag)) => Some(*flag),
            Some(Value::String(text)) => text.trim().to_ascii_lowercase().parse().ok(),
            Some(_) => None,
        };
        flag.unwrap_or_else(|| {
            self.complain(field, format!("The field {field} must be true or false."));
            otherwise
        })
    }

    /// A role that must be there.
    pub(super) fn role(&mut self) -> Role {
        let text = self.text("role", ANY);
        if text.is_empty() { Role::default() } else { self.known_role(&text) }
    }

    /// A role that may be there.
    pub(super) fn role_or_default(&mut self) -> Role {
        self.text_or("role", ANY).map_or_else(Role::default, |text| self.known_role(&text))
    }

    fn known_role(&mut self, text: &str) -> Role {
        Role::read(text).unwrap_or_else(|| {
            self.complain("role", format!("The value '{text}' is not valid for role."));
            Role::default()
        })
    }

    /// An e-mail address that must be there.
    pub(super) fn mail(&mut self) -> String {
        let mail = self.text("email", ANY);
        if !mail.contains('@') && self.value("email").is_some() {
            self.complain("email", "The email field is not a valid e-mail address.".to_owned());
        }
        mail
    }

    /// A language that must be there (the list is that of the vendor's "User Endpoints").
    pub(super) fn language(&mut self) -> String {
        const LANGUAGES: [&str; 8] = ["de-de", "en-us", "es-es", "fr-fr", "it-it", "ja-jp", "pt-br", "zh-cn"];
        let language = self.text("language", ANY);
        if self.value("language").is_some() && !LANGUAGES.contains(&language.as_str()) {
            self.complain("language", format!("The value '{language}' is not valid for language."));
        }
        language
    }

    /// # Errors
    /// 400 naming every field that is missing or wrong.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        if self.wrong.is_empty() { Ok(()) } else { Err(Refusal::fields(self.wrong)) }
    }
}

/// The body as JSON.
///
/// # Errors
/// 400 when it is none, 415 for a content type that is neither JSON nor a form; XML, which a real server also takes, is
/// not emulated.
pub(super) fn json(headers: &HeaderMap, payload: &Payload) -> Result<Value, Refusal> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if payload.encoding == Encoding::Form {
        return Err(Refusal::bad("The request is invalid."));
    }
    if !matches!(essence.as_str(), "application/json" | "text/json") {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE.as_u16();
        let text = "The request entity's media type is not supported for this resource.";
        return Err(Refusal::numbered(status, text));
    }
    payload.json().ok_or_else(|| Refusal::bad("The request is invalid."))
}
