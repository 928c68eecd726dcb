use compact_str::CompactString;
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::combine::{Claim, add, conflicts, differences, named};
use super::finding::{Finding, LintCode, few, place};
use super::link::link;
use super::sift::{Aside, Sifted};
use crate::plan::Coverage;
use crate::principal::{CaseRules, GroupNames, GroupRef, Kind, PrincipalSet, Record};

/// What becomes of a principal that several sources have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MergeRule {
    /// The first source that has it gives the whole record.
    #[default]
    First,
    /// The first source that manages a value gives it; groups are united.
    Union,
}

/// How many sources or places a reason tells.
const TOLD: usize = 3;

/// Makes one reading of several, in the order of precedence, each with the name of its source. Records are one when
/// their immutable ids or folded names agree.
///
/// Where one source has two records that another's joins, none of them is used. Where a source that goes before set its
/// own record aside, the next one is used, its memberships are left as they are, and it cannot switch anybody off.
#[must_use]
pub fn merge(mut sources: Vec<(String, Sifted)>, rule: MergeRule, rules: CaseRules) -> Sifted {
    if sources.len() < 2 {
        return sources.pop().map(|(_, sifted)| sifted).unwrap_or_default();
    }
    let mut merge = Merge { rule, sources: Vec::new(), asides: Vec::new(), aside: Aside::default(), whole: Vec::new() };
    let (mut records, mut source_of) = (Vec::new(), Vec::new());
    let (mut names, mut coverage) = (GroupNames::new(), Coverage::default());
    for (at, (name, Sifted { set, coverage: own, aside })) in sources.into_iter().enumerate() {
        let (mut more, more_names) = set.into_parts();
        if at == 0 {
            names = more_names;
        } else {
            renumber(&mut more, &more_names, &mut names, rules);
        }
        records.append(&mut more);
        source_of.resize(records.len(), at);
        coverage.join(own);
        merge.sources.push(name);
        merge.asides.push(aside);
    }
    let people = link(&records);
    let mut records: Vec<Option<Record>> = records.into_iter().map(Some).collect();
    for one in people.iter() {
        let claims = one.iter().filter_map(|at| Some(Claim { source: source_of[*at], record: records[*at].take()? }));
        merge.one(claims.collect());
    }
    let Merge { whole, mut aside, asides, .. } = merge;
    // Names were made one above: nothing collides any more. Were something left, it must not be lost.
    let (set, left) = PrincipalSet::build(whole, names, rules);
    aside.add_collisions(LintCode::SourceConflict, &left, "the sources come to the same name for it as for");
    Sifted { set, coverage, aside: asides.into_iter().fold(aside, Aside::join) }
}

/// The records that [`merge`] takes for the principal of this folded name, each with the position of its source.
#[must_use]
pub fn claims<'a>(sources: &'a [(String, Sifted)], kind: Kind, key: &str) -> Vec<(usize, &'a Record)> {
    let of = |(at, (_, sifted)): (usize, &'a (String, Sifted))| sifted.set.records().iter().map(move |one| (at, one));
    let all: Vec<(usize, &Record)> = sources.iter().enumerate().flat_map(of).collect();
    let records: Vec<&Record> = all.iter().map(|(_, record)| *record).collect();
    let people = link(&records);
    let is_meant = |one: &&[usize]| one.iter().any(|at| (records[*at].kind(), records[*at].key()) == (kind, key));
    people.iter().find(is_meant).into_iter().flatten().map(|at| all[*at]).collect()
}

/// Puts the groups of `records` in the numbers of `names`. A group that both spell otherwise keeps its first spelling.
fn renumber(records: &mut [Record], from: &GroupNames, names: &mut GroupNames, rules: CaseRules) {
    let key = |name: &str| rules.key(Kind::Group, name);
    let mut known: FxHashMap<CompactString, GroupRef> = FxHashMap::default();
    for (group, name) in names.iter() {
        known.entry(key(name)).or_insert(group);
    }
    let to: Vec<GroupRef> =
        from.iter().map(|(_, name)| *known.entry(key(name)).or_insert_with(|| names.intern(name))).collect();
    for principal in records.iter_mut().map(|record| &mut record.principal) {
        if let Some(groups) = principal.groups.take() {
            principal.set_groups(groups.iter().map(|group| to[group.index()]).collect());
        }
    }
}

struct Merge {
    rule: MergeRule,
    sources: Vec<String>,
    /// By source.
    asides: Vec<Aside>,
    /// What the merge itself set aside.
    aside: Aside,
    whole: Vec<Record>,
}

impl Merge {
    /// Takes what the sources have of one principal, in their order.
    fn one(&mut self, claims: Vec<Claim>) {
        if claims.windows(2).any(|pair| pair[0].source == pair[1].source) {
            return self.ambiguous(&claims);
        }
        let doubted = self.doubted(&claims);
        self.aliases(&claims);
        match self.rule {
            MergeRule::First => self.shadow(&claims),
            MergeRule::Union => self.weigh(&claims),
        }
        let mut records = claims.into_iter().map(|claim| claim.record);
        let Some(mut whole) = records.next() else { return };
        if self.rule == MergeRule::Union {
            records.for_each(|record| add(&mut whole.principal, record.principal));
        }
        match doubted {
            Some(source) if whole.kind() == Kind::User && !whole.principal.is_active() => {
                let reason = format!("it is not active here, but source {source} set its own record of it aside");
                self.aside.add(LintCode::SourceConflict, &whole, reason);
                return;
            }
            Some(source) => {
                let reason = format!("source {source} set its own record of it aside: its groups are left as they are");
                self.aside.findings.push(Finding::warning(LintCode::SourceConflict, &whole, reason));
                whole.principal.groups = None;
            }
            None => {}
        }
        self.whole.push(whole);
    }

    /// A source that would have a say, had it not set its record of this principal aside.
    fn doubted(&mut self, claims: &[Claim]) -> Option<String> {
        let first = claims.first()?;
        for at in (0..self.sources.len()).filter(|at| claims.iter().all(|claim| claim.source != *at)) {
            let aside = &mut self.asides[at];
            if aside.names.is_empty() || !claims.iter().any(|claim| aside.holds(&claim.record)) {
                continue;
            }
            if self.rule == MergeRule::Union || at < first.source {
                return Some(self.sources[at].clone());
            }
            // It goes behind: what it could not say does not count.
            aside.names.remove(&(first.record.kind(), first.record.key().into()));
        }
        None
    }

    /// Whoever is known by another name or id that a source gives stays, too.
    fn aliases(&mut self, claims: &[Claim]) {
        let Some((first, later)) = claims.split_first().filter(|(_, later)| !later.is_empty()) else { return };
        let id = |claim: &Claim| claim.record.principal.id.clone();
        let known = match self.rule {
            MergeRule::First => id(first),
            MergeRule::Union => claims.iter().find_map(id),
        };
        for claim in later {
            let (kind, key) = (claim.record.kind(), claim.record.key());
            if key != first.record.key() {
                self.aside.names.insert((kind, key.into()));
            }
            self.aside.ids.extend(id(claim).filter(|id| Some(id) != known.as_ref()).map(|id| (kind, id)));
        }
    }

    /// Lists the records that the first one goes before.
    fn shadow(&mut self, claims: &[Claim]) {
        let Some((first, later)) = claims.split_first().filter(|(_, later)| !later.is_empty()) else { return };
        let others = few(later.iter().map(|claim| named(claim, &self.sources)), TOLD, later.len());
        let mut reason = format!("{} gives the whole record, before {others}", named(first, &self.sources));
        let differing = later.iter().map(|claim| differences(&first.record, &claim.record));
        if let Some(names) = differing.into_iter().find(|names| !names.is_empty()) {
            reason = format!("{reason}; different: {names}");
        }
        let finding = Finding::warning(LintCode::Shadowed, &first.record, reason);
        self.aside.findings.push(Finding { origin: place(&later[0].record), ..finding });
    }

    /// Lists the values that lose against those of an earlier source.
    fn weigh(&mut self, claims: &[Claim]) {
        for at in 1..claims.len() {
            if let Some(reason) = conflicts(&claims[..at], &claims[at], &self.sources) {
                let finding = Finding::warning(LintCode::SourceConflict, &claims[0].record, reason);
                self.aside.findings.push(Finding { origin: place(&claims[at].record), ..finding });
            }
        }
    }

    /// One source has two records of what another takes for one: which is meant cannot be told.
    fn ambiguous(&mut self, claims: &[Claim]) {
        for (at, claim) in claims.iter().enumerate() {
            let others = claims.iter().enumerate().filter(|(other, _)| *other != at);
            let others = few(others.map(|(_, other)| named(other, &self.sources)), TOLD, claims.len() - 1);
            let reason = format!("by name and immutable id it is one with more than one record of a source: {others}");
            self.aside.add(LintCode::SourceConflict, &claim.record, reason);
            self.aside.contest(&claim.record);
        }
    }
}
