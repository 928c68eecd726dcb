use compact_str::CompactString;
use rustc_hash::FxHashSet;

use super::{CaseRules, Kind, PrincipalId};

/// A name pattern such as `user:svc-*`, where `*` stands for any run of characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    kind: Kind,
    text: CompactString,
}

impl Pattern {
    #[must_use]
    pub fn new(kind: Kind, text: &str) -> Self {
        Self { kind, text: text.into() }
    }

    /// Reads `user:PATTERN` or `group:PATTERN`.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let id = PrincipalId::parse(text)?;
        Ok(Self { kind: id.kind, text: id.name })
    }

    #[must_use]
    pub fn text(&self) -> String {
        format!("{}:{}", self.kind, self.text)
    }
}

/// Patterns made ready for the names of one target: plain names are looked up, only `*` is tried one by one.
#[derive(Debug, Clone, Default)]
pub struct PatternSet {
    plain: FxHashSet<(Kind, CompactString)>,
    wild: Vec<(Kind, CompactString)>,
}

impl PatternSet {
    #[must_use]
    pub fn new<'a>(patterns: impl IntoIterator<Item = &'a Pattern>, rules: CaseRules) -> Self {
        let mut set = Self::default();
        for Pattern { kind, text } in patterns {
            let key = (*kind, rules.key(*kind, text));
            if text.contains('*') {
                set.wild.push(key);
            } else {
                set.plain.insert(key);
            }
        }
        set
    }

    /// Whether a principal with this folded name is meant.
    #[must_use]
    pub fn matches(&self, kind: Kind, key: &str) -> bool {
        let plain = !self.plain.is_empty() && self.plain.contains(&(kind, CompactString::from(key)));
        plain || self.wild.iter().any(|(of, pattern)| *of == kind && wild(pattern.as_bytes(), key.as_bytes()))
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.plain.is_empty() && self.wild.is_empty()
    }
}

/// Whether `text` is like `pattern`, where `*` stands for any run of characters.
#[must_use]
pub fn is_like(pattern: &str, text: &str) -> bool {
    wild(pattern.as_bytes(), text.as_bytes())
}

/// Matches with one point of return, so that many `*` cost no more than the product of the lengths.
fn wild(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while t < text.len() {
        match (pattern.get(p), back) {
            (Some(b'*'), _) => {
                back = Some((p, t));
                p += 1;
            }
            (Some(byte), _) if *byte == text[t] => {
                p += 1;
                t += 1;
            }
            (_, Some((star, from))) => {
                back = Some((star, from + 1));
                p = star + 1;
                t = from + 1;
            }
            (_, None) => return false,
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}
