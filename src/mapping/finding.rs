use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::connector::Rejected;
use crate::principal::{Kind, Record};

/// Something about a record that a person should know before anything is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub severity: Severity,
    pub code: LintCode,
    pub kind: Kind,
    /// Empty where the name itself cannot be read.
    pub name: CompactString,
    /// Where the record was read.
    pub origin: String,
    pub reason: String,
}

/// What follows from a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The record is not used, and nobody is removed for it.
    SetAside,
    /// The record is used as it is.
    Warning,
}

/// What was found. The list is closed and documented in `docs/lint.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LintCode {
    /// Records of one source that the target would take for one.
    DuplicateName,
    /// Records of one source that share an immutable id.
    DuplicateId,
    /// The source itself could not make a principal of it.
    UnusableRecord,
    /// A rule cannot be worked out for it, or gives several records one name.
    RuleFailed,
    NameRefusedByTarget,
    /// Sources disagree about one principal.
    SourceConflict,
    /// A later source has it too.
    Shadowed,
    MailUsedTwice,
    /// A group that principals name and no source defines.
    DanglingGroup,
    GroupCycle,
    /// It looks like another name, or like one of another script.
    Confusable,
    InvisibleCharacter,
}

impl LintCode {
    pub const ALL: [Self; 12] = [
        Self::DuplicateName,
        Self::DuplicateId,
        Self::UnusableRecord,
        Self::RuleFailed,
        Self::NameRefusedByTarget,
        Self::SourceConflict,
        Self::Shadowed,
        Self::MailUsedTwice,
        Self::DanglingGroup,
        Self::GroupCycle,
        Self::Confusable,
        Self::InvisibleCharacter,
    ];

    /// The word of the JSON form.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::DuplicateName => "duplicate-name",
            Self::DuplicateId => "duplicate-id",
            Self::UnusableRecord => "unusable-record",
            Self::RuleFailed => "rule-failed",
            Self::NameRefusedByTarget => "name-refused-by-target",
            Self::SourceConflict => "source-conflict",
            Self::Shadowed => "shadowed",
            Self::MailUsedTwice => "mail-used-twice",
            Self::DanglingGroup => "dangling-group",
            Self::GroupCycle => "group-cycle",
            Self::Confusable => "confusable",
            Self::InvisibleCharacter => "invisible-character",
        }
    }
}

impl Severity {
    pub const ALL: [Self; 2] = [Self::SetAside, Self::Warning];

    /// The word of the JSON form.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::SetAside => "set-aside",
            Self::Warning => "warning",
        }
    }
}

impl Finding {
    /// `record` is not used.
    pub(super) fn aside(code: LintCode, record: &Record, reason: String) -> Self {
        Self { severity: Severity::SetAside, ..Self::warning(code, record, reason) }
    }

    /// `record` is used all the same.
    pub(super) fn warning(code: LintCode, record: &Record, reason: String) -> Self {
        let (kind, name) = (record.kind(), record.principal.name.clone());
        Self { severity: Severity::Warning, code, kind, name, origin: place(record), reason }
    }

    /// What the source itself set aside.
    pub(super) fn unusable(rejected: Rejected) -> Self {
        let Rejected { kind, name, origin, reason } = rejected;
        Self { severity: Severity::SetAside, code: LintCode::UnusableRecord, kind, name, origin, reason }
    }

    /// What a rule of the sync set aside.
    pub(super) fn by_rule(rejected: Rejected) -> Self {
        Self { code: LintCode::RuleFailed, ..Self::unusable(rejected) }
    }

    /// The same among the records that are not used; none where it is used.
    pub(super) fn rejected(&self) -> Option<Rejected> {
        let Self { severity, code: _, kind, name, origin, reason } = self;
        let rejected = || Rejected { kind: *kind, name: name.clone(), origin: origin.clone(), reason: reason.clone() };
        (*severity == Severity::SetAside).then(rejected)
    }
}

/// Kind, name, place, code: whatever found them, and in whatever order.
pub(super) fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        (a.kind, &a.name, &a.origin, a.code, &a.reason).cmp(&(b.kind, &b.name, &b.origin, b.code, &b.reason))
    });
}

/// Where a record was read.
pub(super) fn place(record: &Record) -> String {
    record.origin.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// The first `most` of `all`, and how many more there are of the `total`.
pub(super) fn few(all: impl Iterator<Item = String>, most: usize, total: usize) -> String {
    let named = all.take(most).collect::<Vec<_>>().join(", ");
    if total > most { format!("{named} and {} more", total - most) } else { named }
}
