use std::borrow::Cow;
use std::fmt::Write;

/// Directory text made safe for a terminal or a log line: control characters, bidirectional marks and invisible
/// characters are written out as `\u{…}`, and so is a space at either end.
#[must_use]
pub fn neutral(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) && text.trim_matches(' ').len() == text.len() {
        return Cow::Borrowed(text);
    }
    let last = text.chars().count().saturating_sub(1);
    let mut out = String::with_capacity(text.len() + 8);
    for (at, c) in text.chars().enumerate() {
        let edge_space = c == ' ' && (at == 0 || at == last);
        if edge_space || is_deceiving(c) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// The same, cut to `most` characters with an ellipsis, for one cell of a picture.
#[must_use]
pub fn shown(text: &str, most: usize) -> String {
    let safe = neutral(text);
    if safe.chars().count() <= most {
        return safe.into_owned();
    }
    let mut cut: String = safe.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// Characters that act on a terminal, turn the reading direction, or cannot be seen (Unicode 16, categories Cc, Zl,
/// Zp, and the format characters that hide or reorder text).
#[must_use]
pub fn is_deceiving(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        || (c.is_whitespace() && c != ' ')
}
