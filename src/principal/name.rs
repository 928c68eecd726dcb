use std::borrow::Cow;

use compact_str::CompactString;
use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizerBorrowed;

use super::Kind;

/// How a target compares names. NFC always; some ignore case besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseRule {
    Exact,
    /// Full Unicode case folding, between two normalisations to NFC.
    Ignored,
}

/// The rule of each kind: ThoughtSpot ignores the case of users and minds that of groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseRules {
    pub users: CaseRule,
    pub groups: CaseRule,
}

impl CaseRules {
    pub const EXACT: Self = Self { users: CaseRule::Exact, groups: CaseRule::Exact };

    /// As two settings say it: whether names that differ in case only are different ones.
    #[must_use]
    pub fn minding(users: bool, groups: bool) -> Self {
        let rule = |exact| if exact { CaseRule::Exact } else { CaseRule::Ignored };
        Self { users: rule(users), groups: rule(groups) }
    }

    #[must_use]
    pub fn of(self, kind: Kind) -> CaseRule {
        match kind {
            Kind::User => self.users,
            Kind::Group => self.groups,
        }
    }

    /// The form of a name that is compared. Two names with one key are one principal to the target.
    #[must_use]
    pub fn key(self, kind: Kind, name: &str) -> CompactString {
        fold(name, self.of(kind))
    }
}

/// The form of `name` that is compared under `rule`.
#[must_use]
pub fn fold(name: &str, rule: CaseRule) -> CompactString {
    if name.is_ascii() {
        let mut key = CompactString::from(name);
        if rule == CaseRule::Ignored {
            key.make_ascii_lowercase();
        }
        return key;
    }
    let normal = composed(name);
    match rule {
        CaseRule::Exact => normal.into(),
        CaseRule::Ignored => composed(&CaseMapper::new().fold_string(&normal)).into(),
    }
}

fn composed(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}
