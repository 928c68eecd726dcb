//! What is noted of one principal while a plan is made.

use compact_str::CompactString;
use rustc_hash::FxHashSet;

use super::decided::Decided;
use super::follow::{Person, followed, matches};
use crate::config::nearby;
use crate::mapping::rules::Answer;
use crate::mapping::{Finding, LintCode, Mapped, MergeRule, Rules, Severity, Sifted, claims};
use crate::plan::{Current, HoldCode, Ledger, Passed, Plan, Policy};
use crate::principal::{CaseRules, Kind, PrincipalId, PrincipalSet, Record};
use crate::report::{Fate, Found, MatchStep, MergeStep, Shown};
use crate::run::Job;
use crate::run::witness::Witness;

/// How many names that are about the same are told.
const NEAR: usize = 3;

/// What one source has of the principal.
pub(super) struct Read {
    /// Position in `from`.
    pub(super) source: usize,
    pub(super) found: Found,
}

/// What is noted. `names` grows on the way: a principal may have one name in the source and another in the target.
pub(super) struct Trail<'a> {
    pub(super) kind: Kind,
    /// The name that was asked for, folded.
    key: CompactString,
    asked: &'a PrincipalId,
    rules: &'a Rules,
    merge: MergeRule,
    case: CaseRules,
    /// Kept where there are several.
    sources: Vec<(String, Sifted)>,
    unused: Vec<(usize, Shown)>,
    pub(super) reads: Vec<Read>,
    pub(super) merges: Vec<MergeStep>,
    pub(super) people: Vec<Person>,
    pub(super) matches: Vec<MatchStep>,
    /// Folded names of the target under which the plan may speak of it.
    pub(super) names: FxHashSet<CompactString>,
    pub(super) decided: Decided,
    /// Names in the target that are about the same, where nobody has the one that was asked for.
    pub(super) near_in_target: Vec<String>,
    /// Proofs without which nobody is removed, those that the rules lack included.
    pub(super) missing: Vec<String>,
}

impl<'a> Trail<'a> {
    pub(super) fn new(job: &'a Job<'_>, asked: &'a PrincipalId) -> Self {
        let case = job.target.capabilities().rules;
        let key = case.key(asked.kind, &asked.name);
        Self {
            kind: asked.kind,
            names: FxHashSet::from_iter([key.clone()]),
            key,
            asked,
            rules: &job.sync.rules,
            merge: job.sync.merge,
            case,
            sources: Vec::new(),
            unused: Vec::new(),
            reads: Vec::new(),
            merges: Vec::new(),
            people: Vec::new(),
            matches: Vec::new(),
            decided: Decided::default(),
            near_in_target: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// Whether a name is the one of somebody who is followed.
    pub(super) fn is_meant(&self, kind: Kind, name: &str) -> bool {
        kind == self.kind && self.names.contains(&self.case.key(kind, name))
    }

    fn is_asked(&self, finding: &Finding) -> bool {
        finding.kind == self.kind && self.case.key(self.kind, &finding.name) == self.key
    }

    /// What each source has of those who are followed.
    fn note_reads(&mut self, whole: &Sifted) {
        let alone = self.sources.is_empty();
        let sources = if alone { 1 } else { self.sources.len() };
        for source in 0..sources {
            let sifted = if alone { whole } else { &self.sources[source].1 };
            let before = self.reads.len();
            let mut found: Vec<Found> = Vec::new();
            let people = self.people.iter().flat_map(|person| &person.claims);
            let of_source = people.chain(&self.unused).filter(|(at, _)| alone || *at == source);
            found.extend(of_source.map(|(_, shown)| Found::Record(shown.clone())));
            let aside = sifted.findings().iter().filter(|finding| finding.severity == Severity::SetAside);
            let aside = aside.filter(|finding| self.is_asked(finding) && finding.code != LintCode::SourceConflict);
            found.extend(aside.cloned().map(Found::Aside));
            self.reads.extend(found.into_iter().map(|found| Read { source, found }));
            if self.reads.len() == before {
                let is_found = !(self.people.is_empty() && self.unused.is_empty());
                let nearest = if is_found { Vec::new() } else { near(&self.asked.name, self.kind, sifted.set()) };
                self.reads.push(Read { source, found: Found::Nowhere { nearest } });
            }
        }
    }

    /// What the merge made of those who are followed, and of records under the name that it does not use.
    fn note_merges(&mut self, whole: &Sifted) {
        let unused = Some((&self.unused, None)).filter(|(claims, _)| !claims.is_empty());
        let people = self.people.iter().map(|person| (&person.claims, Some(&person.record)));
        for (claims, record) in unused.into_iter().chain(people).filter(|_| !self.sources.is_empty()) {
            let keys: Vec<_> = claims.iter().map(|(_, shown)| self.case.key(self.kind, &shown.name)).collect();
            let told = whole.findings().iter().filter(|finding| {
                matches!(finding.code, LintCode::Shadowed | LintCode::SourceConflict)
                    && finding.kind == self.kind
                    && keys.contains(&self.case.key(self.kind, &finding.name))
            });
            let findings: Vec<Finding> = told.cloned().collect();
            // What one source alone has is merged with nothing.
            if claims.len() == 1 && record.is_some() && findings.is_empty() {
                continue;
            }
            let place = |(source, shown): &(usize, Shown)| {
                (self.sources[*source].0.clone(), shown.origin.clone().unwrap_or_default())
            };
            let claims = claims.iter().map(place).collect();
            self.merges.push(MergeStep { rule: self.merge, claims, whole: record.cloned(), findings });
        }
    }

    /// Records under the name that the merge set aside.
    fn unused(&self) -> Vec<(usize, Shown)> {
        let claims = claims(&self.sources, self.kind, &self.key);
        if self.people.iter().any(|person| person.has_claim(&claims)) {
            return Vec::new();
        }
        claims.into_iter().map(|(source, record)| (source, self.shown(source, record))).collect()
    }

    fn shown(&self, source: usize, record: &Record) -> Shown {
        shown(record, &self.sources[source].1)
    }

    fn person(&self, whole: &Sifted, record: &Record, answer: Answer, name: Option<CompactString>) -> Person {
        let of_sources = claims(&self.sources, self.kind, record.key());
        let mut claims: Vec<_> =
            of_sources.iter().map(|(source, record)| (*source, self.shown(*source, record))).collect();
        if claims.is_empty() {
            claims.push((0, shown(record, whole)));
        }
        Person::new(record, claims, shown(record, whole), answer, name)
    }
}

impl Witness for Trail<'_> {
    fn read(&mut self, sources: &[(String, Sifted)]) {
        // The merge takes them: of a single one the whole is the same.
        if sources.len() > 1 {
            self.sources = sources.to_vec();
        }
    }

    fn merged(&mut self, whole: &Sifted, current: &Current, ledger: &Ledger) {
        let found = followed(self.rules, whole.set(), self.case, (self.kind, &self.key), ledger);
        for (record, answer, name) in found {
            let person = self.person(whole, record, answer, name);
            self.names.extend(person.name.as_deref().map(|name| self.case.key(self.kind, name)));
            self.people.push(person);
        }
        self.unused = self.unused();
        self.note_reads(whole);
        self.note_merges(whole);
        if self.people.is_empty() {
            self.near_in_target = near(&self.asked.name, self.kind, &current.set);
        }
    }

    fn ruled(&mut self, set: &PrincipalSet) {
        for person in &mut self.people {
            let Some(record) = person.find(set, self.case) else { continue };
            let origin = record.origin.as_ref().map(ToString::to_string);
            person.ruled = Some(Shown::new(&record.principal, set.names(), origin));
        }
    }

    fn desired(&mut self, mapped: &Mapped, current: &Current, ledger: &Ledger, policy: &Policy) {
        let set = &mapped.desired.set;
        for person in &mut self.people {
            person.place(mapped, self.case);
        }
        self.missing.clone_from(&mapped.desired.coverage.missing);
        let positions = self.people.iter().filter_map(|person| person.find(set, self.case));
        let positions: Vec<usize> = positions.filter_map(|record| set.position(self.kind, record.key())).collect();
        let ids = self.people.iter().filter_map(|person| person.id.as_deref());
        self.names.extend(ids.filter_map(|id| ledger.key_of(self.kind, id)).map(CompactString::from));
        self.matches = matches(set, &positions, &self.names, current, policy, ledger, self.kind);
        let current = self.matches.iter().filter_map(|step| step.current.as_ref());
        self.names.extend(current.map(|shown| self.case.key(self.kind, &shown.name)));
    }

    fn passed(&mut self, record: &Record, why: Passed) {
        if record.kind() == self.kind && self.names.contains(record.key()) {
            self.decided.passed.push((record.principal.name.clone(), why));
        }
    }

    fn decided(&mut self, plan: &Plan) {
        let mut decided = Decided::of(plan, |kind, name| self.is_meant(kind, name));
        decided.passed.append(&mut self.decided.passed);
        self.decided = decided;
    }

    fn drifted(&mut self, plan: &Plan) {
        let held = plan.held.iter().filter(|item| item.code == HoldCode::Drift);
        let held: Vec<_> = held.filter(|item| self.is_meant(item.kind, &item.name)).cloned().collect();
        self.decided.held.extend(held);
    }
}

impl Person {
    /// What became of the record under the rules and in the target's hands.
    fn place(&mut self, mapped: &Mapped, case: CaseRules) {
        let set = &mapped.desired.set;
        let here = self.find(set, case).map(|record| Shown::new(&record.principal, set.names(), None));
        let aside = mapped.lint.iter().find(|finding| {
            matches!(finding.code, LintCode::RuleFailed | LintCode::NameRefusedByTarget) && self.is_of(finding)
        });
        self.fate = match (&here, aside) {
            (Some(shown), _) => Fate::Inside { name: shown.name.clone() },
            (None, Some(finding)) => Fate::Aside(finding.clone()),
            (None, None) => Fate::Outside,
        };
        let told = mapped.lint.iter().filter(|finding| {
            finding.severity == Severity::Warning
                && !matches!(finding.code, LintCode::Shadowed | LintCode::SourceConflict)
                && self.is_of(finding)
        });
        self.lint = told.cloned().collect();
        self.desired = here;
    }
}

fn shown(record: &Record, sifted: &Sifted) -> Shown {
    let origin = record.origin.as_ref().map(ToString::to_string);
    Shown::new(&record.principal, sifted.set().names(), origin)
}

fn near(name: &str, kind: Kind, set: &PrincipalSet) -> Vec<String> {
    let of_kind = set.records().iter().filter(|record| record.kind() == kind);
    let names = of_kind.map(|record| record.principal.name.as_str());
    nearby(name, names, NEAR).into_iter().map(String::from).collect()
}
