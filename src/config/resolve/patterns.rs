use super::whole::Resolving;
use crate::config::complaint::Complaint;
use crate::config::path::Path;
use crate::principal::{Kind, Pattern};

/// Reads `user:PATTERN` and `group:PATTERN`.
pub(super) fn any_kind(texts: &[String], path: &Path, at: &mut Resolving<'_>) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        match Pattern::parse(text) {
            Ok(pattern) => patterns.push(pattern),
            Err(message) => {
                let complaint = Complaint::at_value(path.index(index), message);
                at.complaints.add(complaint.hinting("such as `user:svc-*`: `*` stands for any text"));
            }
        }
    }
    patterns
}

/// Reads patterns where the section tells the kind, so that it may be left out.
pub(super) fn of_kind(kind: Kind, texts: Option<&[String]>, path: &Path, at: &mut Resolving<'_>) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    for (index, text) in texts.unwrap_or_default().iter().enumerate() {
        let (word, name) = match text.split_once(':') {
            Some((word @ ("user" | "group"), name)) => (word, name),
            _ => (kind.word(), text.as_str()),
        };
        if word != kind.word() || name.is_empty() {
            let message = format!("expected a pattern of {} names, found `{text}`", kind.word());
            let hint = format!("such as `{kind}:test-*` or just `test-*`: `*` stands for any text");
            at.complaints.add(Complaint::at_value(path.index(index), message).hinting(hint));
        } else {
            patterns.push(Pattern::new(kind, name));
        }
    }
    patterns
}
