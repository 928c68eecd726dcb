//! The parts of a call of `user/sync`. Clients send them in any order, with or without a file name and a media type.

use axum::extract::multipart::{Multipart, MultipartError};
use axum::http::StatusCode;
use secrecy::SecretString;

use super::super::problem::{Code, Problem};
use super::error::Refusal;

/// What a part that is no list may be long, in bytes.
const LONGEST: usize = 1024;

/// What a client asks for.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) principals: Vec<u8>,
    pub(super) apply_changes: bool,
    pub(super) remove_deleted: bool,
    /// Of every user that is new and has none.
    pub(super) password: Option<SecretString>,
}

impl Parts {
    /// # Errors
    /// When a part is missing, there twice, or is not understood.
    pub(super) async fn read(mut multipart: Multipart) -> Result<Self, Refusal> {
        let (mut principals, mut apply, mut remove, mut password) = (None, None, None, None);
        while let Some(field) = multipart.next_field().await.map_err(refusal)? {
            let name = field.name().unwrap_or_default().to_owned();
            let slot = match name.as_str() {
                "principals" => &mut principals,
                "applyChanges" => &mut apply,
                "removeDeleted" => &mut remove,
                "password" => &mut password,
                // As the product does: no part that it does not know has an effect.
                _ => continue,
            };
            let bytes = field.bytes().await.map_err(refusal)?;
            if name != "principals" && bytes.len() > LONGEST {
                return Err(wrong(format!("part `{name}` is longer than {LONGEST} bytes")));
            }
            if slot.replace(bytes.to_vec()).is_some() {
                return Err(wrong(format!("part `{name}` is there twice")));
            }
        }
        let principals = principals.ok_or_else(|| wrong("part `principals` is missing"))?;
        Ok(Self {
            principals,
            apply_changes: flag("applyChanges", apply)?,
            remove_deleted: flag("removeDeleted", remove)?,
            password: password.map(text).transpose()?.filter(|text| !text.is_empty()).map(Into::into),
        })
    }
}

/// A flag; one that is left out is false.
fn flag(name: &str, bytes: Option<Vec<u8>>) -> Result<bool, Refusal> {
    let Some(bytes) = bytes else { return Ok(false) };
    let text = text(bytes)?;
    match text.trim() {
        word if word.eq_ignore_ascii_case("true") => Ok(true),
        word if word.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(wrong(format!("part `{name}`: expected `true` or `false`"))),
    }
}

fn text(bytes: Vec<u8>) -> Result<String, Refusal> {
    String::from_utf8(bytes).map_err(|_| wrong("a part is not UTF-8 text"))
}

fn wrong(line: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, line)
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` gives it away")]
fn refusal(error: MultipartError) -> Refusal {
    let code = if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Code::TooLarge } else { Code::BadRequest };
    Problem::new(code, error.body_text()).into()
}
