//! JSON in one form only, so that the same entry is always the same bytes: RFC 8785 (JSON Canonicalization Scheme).

use std::cmp::Ordering;
use std::fmt::Write;

use serde_json::{Number, Value};

/// The greatest whole number that every reader of JSON holds exactly. RFC 7493, section 2.2.
const GREATEST: u64 = (1 << 53) - 1;

/// Why a value has no canonical form here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the audit trail cannot hold the number {0}: only whole numbers up to 2^53 - 1 are written, all others as texts"
)]
pub struct CanonicalError(pub String);

/// One line of canonical JSON, without a newline: members sorted by UTF-16 code units (RFC 8785, section 3.2.3), no
/// blanks, the shortest escapes (section 3.2.2.2).
///
/// # Errors
/// For a number with a fraction or beyond 2^53: how these are written is where two programs differ.
pub fn canonical(value: &Value) -> Result<String, CanonicalError> {
    let mut out = String::with_capacity(512);
    write(&mut out, value)?;
    Ok(out)
}

/// Whether a number can be written as it is.
pub(super) fn is_plain(number: &Number) -> bool {
    number.as_i64().is_some_and(|number| number.unsigned_abs() <= GREATEST)
}

fn write(out: &mut String, value: &Value) -> Result<(), CanonicalError> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) if is_plain(number) => {
            let _ = write!(out, "{number}");
        }
        Value::Number(number) => return Err(CanonicalError(number.to_string())),
        Value::String(text) => quote(out, text),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(out, item)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(one, _), (other, _)| by_code_units(one, other));
            out.push('{');
            for (at, (name, member)) in members.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                quote(out, name);
                out.push(':');
                write(out, member)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

/// Bytes give the same order as code units, but for characters beyond U+FFFF.
fn by_code_units(one: &str, other: &str) -> Ordering {
    if one.is_ascii() && other.is_ascii() { one.cmp(other) } else { one.encode_utf16().cmp(other.encode_utf16()) }
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            0x08 => "\\b",
            b'\t' => "\\t",
            b'\n' => "\\n",
            0x0c => "\\f",
            b'\r' => "\\r",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        if escape.is_empty() {
            let _ = write!(out, "\\u{byte:04x}");
        } else {
            out.push_str(escape);
        }
        from = at + 1;
    }
    out.push_str(&text[from..]);
    out.push('"');
}
