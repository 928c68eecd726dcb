//! What a person should know of the names, addresses and groups that are about to be written.

use std::hash::Hasher;

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::circles::cycles;
use super::finding::{Finding, LintCode, Severity, few, place};
use super::looks::looks;
use crate::connector::Target;
use crate::plan::{Capabilities, Desired};
use crate::principal::{CaseRule, CaseRules, Kind, PrincipalSet, Record, fold, shown};

/// How many places or names a reason tells.
const TOLD: usize = 3;

/// How many groups of a cycle a reason tells.
const LONGEST_PATH: usize = 8;

/// Looks at all that is desired of `target`. A record whose name it refuses is set aside.
pub(super) fn lint(desired: &mut Desired, target: &dyn Target) -> Vec<Finding> {
    let can = target.capabilities();
    let mut findings = Vec::new();
    refused(desired, target, &mut findings);
    looks(&desired.set, &mut findings);
    shared_mail(&desired.set, &mut findings);
    dangling(desired, can, &mut findings);
    circles(&desired.set, can.rules, &mut findings);
    findings
}

fn refused(desired: &mut Desired, target: &dyn Target, findings: &mut Vec<Finding>) {
    let Desired { set, set_aside, set_aside_ids, .. } = desired;
    let mut bad: FxHashSet<(Kind, CompactString)> = FxHashSet::default();
    for record in set.records() {
        let Some(reason) = target.refuses(&record.principal) else { continue };
        findings.push(Finding::aside(LintCode::NameRefusedByTarget, record, reason));
        set_aside_ids.extend(record.principal.id.clone().map(|id| (record.kind(), id)));
        bad.insert((record.kind(), record.key().into()));
    }
    if !bad.is_empty() {
        set.retain(|key, principal| !bad.contains(&(principal.kind, CompactString::from(key))));
        set_aside.extend(bad);
    }
}

/// Users with one address. Compared by a number first: a million addresses cost eight million bytes.
fn shared_mail(set: &PrincipalSet, findings: &mut Vec<Finding>) {
    let users = &set.records()[set.count(Kind::Group)..];
    let mail = |record: &Record| record.principal.mail.clone().filter(|mail| !mail.trim().is_empty());
    let mut numbers: Vec<u64> =
        users.iter().filter_map(|record| record.principal.mail.as_deref()).filter_map(number).collect();
    numbers.sort_unstable();
    let twice: FxHashSet<u64> = numbers.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    if twice.is_empty() {
        return;
    }
    let mut by_mail: FxHashMap<CompactString, Vec<&Record>> = FxHashMap::default();
    for record in users {
        if let Some(mail) = mail(record).filter(|mail| number(mail).is_some_and(|number| twice.contains(&number))) {
            by_mail.entry(fold(mail.trim(), CaseRule::Ignored)).or_default().push(record);
        }
    }
    for (mail, users) in by_mail.into_iter().filter(|(_, users)| users.len() > 1) {
        for record in &users {
            let others = users.iter().filter(|other| other.key() != record.key());
            let others = others.map(|other| format!("`{}` ({})", shown(&other.principal.name, 60), place(other)));
            let others = few(others, TOLD, users.len() - 1);
            let reason = format!("its mail `{}` is also that of {others}", shown(&mail, 80));
            findings.push(Finding::warning(LintCode::MailUsedTwice, record, reason));
        }
    }
}

/// A number that two addresses share when they are one; others share it hardly ever. None for an empty one.
fn number(mail: &str) -> Option<u64> {
    let mail = mail.trim();
    if mail.is_empty() {
        return None;
    }
    let mut hasher = FxHasher::default();
    if mail.is_ascii() {
        mail.bytes().for_each(|byte| hasher.write_u8(byte.to_ascii_lowercase()));
    } else {
        fold(mail, CaseRule::Ignored).bytes().for_each(|byte| hasher.write_u8(byte));
    }
    Some(hasher.finish())
}

/// Who names a group that no source defines.
#[derive(Default)]
struct Namers {
    users: usize,
    groups: usize,
    places: Vec<String>,
}

fn dangling(desired: &Desired, can: &Capabilities, findings: &mut Vec<Finding>) {
    let Desired { set, set_aside, out_of_scope, .. } = desired;
    let is_defined = |key: &CompactString| {
        let id = (Kind::Group, key.clone());
        set.get(Kind::Group, key).is_some()
            || set_aside.contains(&id)
            || out_of_scope.contains(&id)
            || can.is_implicit(Kind::Group, key)
    };
    let keys = set.names().iter().map(|(_, name)| can.rules.key(Kind::Group, name));
    let keys: Vec<Option<CompactString>> = keys.map(|key| (!is_defined(&key)).then_some(key)).collect();
    if keys.iter().all(Option::is_none) {
        return;
    }
    let mut found: FxHashMap<&CompactString, (&str, Namers)> = FxHashMap::default();
    for record in set.records() {
        for group in record.principal.group_refs() {
            let Some(key) = &keys[group.index()] else { continue };
            let (_, namers) = found.entry(key).or_insert_with(|| (set.names().name(*group), Namers::default()));
            match record.kind() {
                Kind::User => namers.users += 1,
                Kind::Group => namers.groups += 1,
            }
            if namers.places.len() < TOLD {
                namers.places.push(place(record));
            }
        }
    }
    for (name, Namers { users, groups, places }) in found.into_values() {
        let count = |count: usize, one: &str, many: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            count => Some(format!("{count} {many}")),
        };
        let who: Vec<_> =
            [count(users, "user", "users"), count(groups, "group", "groups")].into_iter().flatten().collect();
        let origin = places.first().cloned().unwrap_or_default();
        let where_named = few(places.into_iter(), TOLD, users + groups);
        let reason = format!("named by {} ({where_named}), and no source defines it", who.join(" and "));
        findings.push(Finding {
            severity: Severity::Warning,
            code: LintCode::DanglingGroup,
            kind: Kind::Group,
            name: name.into(),
            origin,
            reason,
        });
    }
}

/// Groups that are nested in themselves.
pub(super) fn circles(set: &PrincipalSet, rules: CaseRules, findings: &mut Vec<Finding>) {
    let groups = set.records();
    for cycle in cycles(set, rules) {
        let mut path: Vec<String> =
            cycle.iter().take(LONGEST_PATH).map(|at| shown(&groups[*at].principal.name, 60)).collect();
        if cycle.len() > LONGEST_PATH {
            path.push(format!("… {} more", cycle.len() - LONGEST_PATH));
        }
        let Some(first) = cycle.first().map(|at| &groups[*at]) else { continue };
        path.push(shown(&first.principal.name, 60));
        let reason = format!("it is nested in itself: {}", path.join(" > "));
        findings.push(Finding::warning(LintCode::GroupCycle, first, reason));
    }
}
