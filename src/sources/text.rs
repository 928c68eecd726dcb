use super::file::Flaw;

const MARK: &str = "\u{feff}";

/// The bytes as UTF-8, without the byte order mark that may stand first.
///
/// # Errors
/// At the first byte that is not UTF-8; without a hint.
pub(super) fn utf8(bytes: Vec<u8>) -> Result<String, Flaw> {
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let (line, column) = position(&String::from_utf8_lossy(valid));
        let why = match error.utf8_error().error_len() {
            None => "the file ends inside a character (UTF-8)".to_owned(),
            Some(_) => format!("byte {:#04x} is not UTF-8", error.as_bytes()[valid.len()]),
        };
        Flaw::new(line, why).at_column(column)
    })?;
    if text.starts_with(MARK) {
        text.drain(..MARK.len());
    }
    Ok(text)
}

/// The line and column, from 1, of what follows `before`. Columns count characters.
pub(super) fn position(before: &str) -> (u64, u64) {
    let last = before.rsplit('\n').next().unwrap_or_default();
    (1 + lines(before), 1 + last.strip_prefix(MARK).unwrap_or(last).chars().count() as u64)
}

/// The number of line ends in `text`.
pub(super) fn lines(text: &str) -> u64 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u64
}
