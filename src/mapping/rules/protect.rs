//! Whoever is set aside must not be removed for it, under whatever name the target knows them.

use std::sync::Arc;

use compact_str::CompactString;

use super::naming::Namer;
use super::walk::Work;
use super::{Rules, values};
use crate::connector::Rejected;
use crate::mapping::expression::Subject;
use crate::principal::{GroupNames, Kind, Principal};

/// How many of those that were set aside have no name in the target that could be worked out.
#[derive(Debug, Default)]
pub(super) struct Unnamed {
    users: Vec<String>,
    groups: Vec<String>,
    more_users: usize,
    more_groups: usize,
}

/// How many places a sentence tells.
const TOLD: usize = 3;

impl Unnamed {
    pub(super) fn count(&mut self, kind: Kind, origin: &str) {
        let (told, more) = match kind {
            Kind::User => (&mut self.users, &mut self.more_users),
            Kind::Group => (&mut self.groups, &mut self.more_groups),
        };
        if told.len() < TOLD {
            told.push(origin.to_owned());
        } else {
            *more += 1;
        }
    }

    /// A proof that is missing, for each kind.
    pub(super) fn missing(&self) -> Vec<String> {
        let kinds = [(Kind::Group, &self.groups, self.more_groups), (Kind::User, &self.users, self.more_users)];
        let told = kinds.into_iter().filter(|(_, told, _)| !told.is_empty()).map(|(kind, told, more)| {
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let (kind, told) = (kind.plural(), told.join(", "));
            format!("what {kind} that were set aside are called in the target: {told}{more}")
        });
        told.collect()
    }
}

/// Protects what was set aside before the rules: only the names are known.
pub(super) fn protect(work: &mut Work<'_>, unreadable: &[Rejected], names: &GroupNames) {
    let Work { rules, case, .. } = *work;
    let namer = Namer::new(&rules.naming, case);
    let of_name = rules.user_name.as_ref().is_none_or(super::NameRule::is_of_name);
    let mut unnamed = Unnamed::default();
    let nothing = Arc::default();
    let contested = std::mem::take(&mut work.desired.contested);
    // Where even the name cannot be read, the source has said that the reading is unproven.
    for Rejected { kind, name, origin, .. } in unreadable.iter().filter(|record| !record.name.is_empty()) {
        let subject = Subject::take(&mut Principal::new(*kind, name.clone()), &nothing, None);
        let known = *kind == Kind::Group || of_name;
        let key = case.key(*kind, name);
        match known.then(|| name_of(rules, &namer, &key, &subject)) {
            Some(Ok(name)) => {
                let named = case.key(*kind, &name);
                if *kind == Kind::Group && contested.contains(&key) {
                    work.desired.contested.insert(named.clone());
                }
                work.desired.set_aside.insert((*kind, named));
            }
            _ => unnamed.count(*kind, origin),
        }
    }
    work.desired.coverage.missing.extend(unnamed.missing());
    if rules.follows_groups() {
        let cut = cut_ways(work, unreadable, names);
        work.desired.coverage.missing.extend(cut);
    }
}

/// What a group is in is not known where its record cannot be read: who is in it may be in more.
fn cut_ways(work: &Work<'_>, unreadable: &[Rejected], names: &GroupNames) -> Option<String> {
    let groups = unreadable.iter().filter(|rejected| rejected.kind == Kind::Group && !rejected.name.is_empty());
    let keys: rustc_hash::FxHashSet<_> = groups.map(|group| work.case.key(Kind::Group, &group.name)).collect();
    if keys.is_empty() {
        return None;
    }
    let mut named: Vec<&str> = names.iter().map(|(_, name)| name).collect();
    named.retain(|name| keys.contains(&work.case.key(Kind::Group, name)));
    named.sort_unstable();
    let told: Vec<_> = named.iter().take(TOLD).map(|name| format!("`{name}`")).collect();
    (!named.is_empty()).then(|| format!("what groups that were set aside are in: {}", told.join(", ")))
}

/// What a record is called in the target.
///
/// # Errors
/// A sentence: the rule that should say it fails, or leaves nothing.
pub(super) fn name_of(
    rules: &Rules,
    namer: &Namer<'_>,
    key: &str,
    subject: &Arc<Subject>,
) -> Result<CompactString, String> {
    let principal = subject.principal();
    match (principal.kind, &rules.user_name) {
        (Kind::Group, _) => {
            let name = namer.name(key, &principal.name);
            if name.is_empty() { Err("`groups.rename` leaves nothing of its name".into()) } else { Ok(name) }
        }
        (Kind::User, None) => Ok(principal.name.clone()),
        (Kind::User, Some(rule)) => {
            let name = rule.value.value(subject).and_then(values::text);
            let name = name.map_err(|why| format!("{}: {why}", rule.place))?;
            if name.trim().is_empty() { Err(format!("{}: gave no name", rule.place)) } else { Ok(name) }
        }
    }
}
