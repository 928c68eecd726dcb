//! How one value became another: the only file that uses `similar`.

use std::time::Duration;

use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use super::ink::{ADD, REMOVE, ink};
use crate::principal::shown;

/// Long enough for any value of a person; a hostile one must not keep a report waiting.
const PATIENCE: Duration = Duration::from_millis(200);

/// A value wider than this is cut in a picture; the JSON has it whole.
const WIDEST: usize = 400;

/// The old and the new value, one line each, what differs emphasised.
pub(super) fn value_lines(from: &Value, to: &Value) -> Vec<String> {
    let (old, new) = (plain(from), plain(to));
    if old.is_empty() || new.is_empty() {
        let or_nothing = |text: String| if text.is_empty() { "(nothing)".into() } else { text };
        return vec![ink(REMOVE, &format!("- {}", or_nothing(old))), ink(ADD, &format!("+ {}", or_nothing(new)))];
    }
    let diff = TextDiff::configure().timeout(PATIENCE).diff_words(&old, &new);
    let side = |tag: ChangeTag, sign: &str, style: anstyle::Style| {
        let mut line = format!("{style}{sign} {style:#}");
        for change in diff.iter_all_changes().filter(|change| change.tag() == tag || change.tag() == ChangeTag::Equal) {
            let style = if change.tag() == tag { style.underline() } else { style };
            line.push_str(&ink(style, change.value()));
        }
        line
    };
    vec![side(ChangeTag::Delete, "-", REMOVE), side(ChangeTag::Insert, "+", ADD)]
}

/// A unified diff of two texts under the given titles.
pub(super) fn unified(from: &str, to: &str, from_title: &str, to_title: &str) -> String {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(from, to);
    diff.unified_diff().context_radius(2).header(from_title, to_title).missing_newline_hint(false).to_string()
}

/// A value as a person reads it, safe to print.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => shown(text, WIDEST),
        other => shown(&other.to_string(), WIDEST),
    }
}
