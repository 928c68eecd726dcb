//! Who is followed: every record of the sources that has the name, gets it, or is known by it in the target.

use compact_str::CompactString;
use rustc_hash::FxHashSet;

use crate::mapping::rules::Answer;
use crate::mapping::{Finding, Inquiry, Rules};
use crate::plan::{Case, Current, Ledger, Owner, Policy, pair};
use crate::principal::{CaseRules, Kind, PrincipalSet, Record};
use crate::report::{Fate, MatchCase, MatchStep, Shown};

/// One record of all sources together, and what becomes of it.
pub(super) struct Person {
    kind: Kind,
    /// Folded, before the rules.
    key: CompactString,
    /// Tells it from another record that gets the same name.
    origin: String,
    pub(super) id: Option<CompactString>,
    /// As it is called in the target; none where that cannot be worked out.
    pub(super) name: Option<CompactString>,
    /// By position of the source.
    pub(super) claims: Vec<(usize, Shown)>,
    pub(super) record: Shown,
    pub(super) answer: Answer,
    pub(super) fate: Fate,
    /// As the rules gave it.
    pub(super) ruled: Option<Shown>,
    /// As the target can hold it.
    pub(super) desired: Option<Shown>,
    pub(super) lint: Vec<Finding>,
}

impl Person {
    pub(super) fn new(
        record: &Record,
        claims: Vec<(usize, Shown)>,
        shown: Shown,
        answer: Answer,
        name: Option<CompactString>,
    ) -> Self {
        Self {
            kind: record.kind(),
            key: record.key().into(),
            origin: place(record),
            id: record.principal.id.clone(),
            name,
            claims,
            record: shown,
            answer,
            fate: Fate::Outside,
            ruled: None,
            desired: None,
            lint: Vec::new(),
        }
    }

    /// The same record among those that the rules let through.
    pub(super) fn find<'a>(&self, set: &'a PrincipalSet, case: CaseRules) -> Option<&'a Record> {
        let key = case.key(self.kind, self.name.as_deref()?);
        set.get(self.kind, &key).filter(|record| place(record) == self.origin)
    }

    /// Whether a finding is about this record.
    pub(super) fn is_of(&self, finding: &Finding) -> bool {
        let names = [Some(self.record.name.as_str()), Some(self.key.as_str()), self.name.as_deref()];
        finding.kind == self.kind && finding.origin == self.origin && names.contains(&Some(finding.name.as_str()))
    }

    /// Whether one of the sources' records is its own.
    pub(super) fn has_claim(&self, records: &[(usize, &Record)]) -> bool {
        let has = |source: usize, origin: &str| {
            self.claims.iter().any(|(at, shown)| *at == source && shown.origin.as_deref() == Some(origin))
        };
        records.iter().any(|(source, record)| has(*source, &place(record)))
    }
}

fn place(record: &Record) -> String {
    record.origin.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// The records of `set` that are meant by a folded name, each with what the rules say of it and its name in the target.
pub(super) fn followed<'a>(
    rules: &Rules,
    set: &'a PrincipalSet,
    case: CaseRules,
    (kind, key): (Kind, &str),
    ledger: &Ledger,
) -> Vec<(&'a Record, Answer, Option<CompactString>)> {
    let inquiry = Inquiry::new(rules, set, case);
    let mut positions = inquiry.named(kind, key);
    positions.extend(set.position(kind, key));
    let id = ledger.owned(kind, key).and_then(|owned| owned.source_id.as_deref());
    if let Some(id) = id {
        let has_id = |record: &Record| record.kind() == kind && record.principal.id.as_deref() == Some(id);
        positions.extend(set.records().iter().position(has_id));
    }
    positions.sort_unstable();
    positions.dedup();
    let records = positions.into_iter().map(|at| &set.records()[at]);
    records.map(|record| (record, inquiry.ask(record), inquiry.name(record))).collect()
}

/// Who those at `positions`, and those who are called so in the target, are in each other's eyes.
pub(super) fn matches(
    desired: &PrincipalSet,
    positions: &[usize],
    names: &FxHashSet<CompactString>,
    current: &Current,
    policy: &Policy,
    ledger: &Ledger,
    kind: Kind,
) -> Vec<MatchStep> {
    let (wanted, has) = (desired.records(), current.set.records());
    let is_named = |at: usize| has[at].kind() == kind && names.contains(has[at].key());
    let meant = pair(desired, &current.set, policy, ledger).into_iter().filter(|case| match *case {
        Case::Both { desired, current, .. } => positions.contains(&desired) || is_named(current),
        Case::New { desired } | Case::Reused { desired } | Case::Ambiguous { desired } => positions.contains(&desired),
        Case::Gone { current } => is_named(current),
    });
    let step = |case: Case| {
        let (by, at, other) = match case {
            Case::Both { desired, current, renamed: true } => (MatchCase::Renamed, Some(desired), Some(current)),
            Case::Both { desired, current, renamed: false } => {
                let id = wanted[desired].principal.id.as_deref();
                let known = id.and_then(|id| ledger.key_of(kind, id));
                let by_id = known == Some(has[current].key());
                (if by_id { MatchCase::ById } else { MatchCase::ByName }, Some(desired), Some(current))
            }
            Case::New { desired } => (MatchCase::New, Some(desired), None),
            Case::Reused { desired } => (MatchCase::ReusedName, Some(desired), None),
            Case::Ambiguous { desired } => (MatchCase::Ambiguous, Some(desired), None),
            Case::Gone { current } => (MatchCase::Gone, None, Some(current)),
        };
        // Whose name it is, where it is not the same person.
        let rival = at.and_then(|at| current.set.position(kind, wanted[at].key()));
        let account = other.or(rival).map(|at| &has[at]);
        let key = account.map(Record::key);
        let owned = key.and_then(|key| ledger.owned(kind, key));
        MatchStep {
            case: by,
            desired: at.map(|at| wanted[at].principal.name.to_string()),
            current: account.map(|record| Shown::new(&record.principal, current.set.names(), None)),
            owner: owned.map_or(Owner::None, |owned| owned.owner),
            other_owner: key.and_then(|key| ledger.other_owner(kind, key)).map(String::from),
            recorded_id: owned.and_then(|owned| owned.source_id.as_ref()).map(ToString::to_string),
        }
    };
    meant.map(step).collect()
}
