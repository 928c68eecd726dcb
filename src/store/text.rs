use super::value::Value;

/// PostgreSQL has no text with a NUL in it, and a directory may have: one such name must not make the state of all
/// others unwritable. U+10FFFF, which is no character, stands before what takes its place.
const MARK: char = '\u{10FFFF}';
const NUL: &str = "\u{10FFFF}0";
const ITSELF: &str = "\u{10FFFF}1";

/// A value as PostgreSQL can hold it.
pub(super) fn held(value: Value) -> Value {
    match value {
        Value::Text(Some(text)) => Value::Text(Some(plain(text))),
        Value::Json(text) => Value::Json(json(text)),
        other => other,
    }
}

fn plain(text: String) -> String {
    if text.contains(['\0', MARK]) { text.replace(MARK, ITSELF).replace('\0', NUL) } else { text }
}

/// The same in JSON, where a NUL is written `\u0000`.
fn json(text: String) -> String {
    if !text.contains(MARK) && !text.contains("\\u0000") {
        return text;
    }
    let text = text.replace(MARK, ITSELF);
    replaced(&text, "\\u0000", NUL)
}

/// JSON from the database as it was written.
pub(super) fn told(json: String) -> String {
    if json.contains(MARK) { json.replace(NUL, "\\u0000").replace(ITSELF, "\u{10FFFF}") } else { json }
}

/// Replaces an escape of JSON, but not the same letters after a backslash that is itself escaped.
fn replaced(json: &str, escape: &str, by: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let long = if rest[at..].starts_with(escape) { escape.len() } else { 2 };
        out.push_str(if long == 2 { &rest[at..at + long] } else { by });
        rest = &rest[at + long..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_comes_back_from_where_it_cannot_be() {
        for text in [
            "",
            "plain",
            "nul\0nul",
            "\\u0000",
            "\\\0",
            "\\\\u0000\0",
            "\u{10FFFF}0\0\u{10FFFF}",
            "\u{10FFFF}1",
            "\"\n",
        ] {
            let written = serde_json::to_string(&[text]).unwrap();
            let Value::Json(kept) = held(Value::Json(written.clone())) else { panic!() };
            let seen: Vec<String> = serde_json::from_str(&kept).unwrap();
            assert!(!seen[0].contains('\0') && !kept.contains("\\u0000\\u0000"), "{kept:?}");
            let Value::Text(Some(alone)) = held(Value::from(text)) else { panic!() };
            assert_eq!(seen[0], alone, "the same in JSON and alone");
            let back: Vec<String> = serde_json::from_str(&told(serde_json::to_string(&[&alone]).unwrap())).unwrap();
            assert_eq!(back, [text]);
        }
    }
}
