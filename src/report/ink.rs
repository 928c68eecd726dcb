//! The few colours of a report. They are stripped where the output is no terminal, so nothing hangs on them alone.

use anstyle::{AnsiColor, Style};

pub(super) const ADD: Style = AnsiColor::Green.on_default();
pub(super) const REMOVE: Style = AnsiColor::Red.on_default();
pub(super) const CHANGE: Style = AnsiColor::Yellow.on_default();
pub(super) const WARN: Style = AnsiColor::Yellow.on_default().bold();
pub(super) const STOP: Style = AnsiColor::Red.on_default().bold();
pub(super) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(super) const TITLE: Style = Style::new().bold();
pub(super) const FAINT: Style = Style::new().dimmed();

/// `text` in `style`.
pub(super) fn ink(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// `text` in `style`, filled up with spaces to `width` characters before it is coloured.
pub(super) fn column(style: Style, text: &str, width: usize) -> String {
    let fill = width.saturating_sub(text.chars().count());
    format!("{style}{text}{style:#}{}", " ".repeat(fill))
}

/// A number with its thousands apart: 100,000.
pub(crate) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The same for a count.
pub(crate) fn count(value: usize) -> String {
    number(u64::try_from(value).unwrap_or(u64::MAX))
}

/// `1 user`, `2 users`.
pub(crate) fn counted(value: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(value), if value == 1 { one } else { many })
}
