//! From two listings to what is there now.

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::api::Listing;
use super::convert;
use crate::plan::{Coverage, Current};
use crate::principal::{CaseRules, GroupNames, Kind, Principal, PrincipalSet, Record, fold, shown};

/// Groups that share a name: nobody can tell which of them is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Namesakes {
    pub(super) name: CompactString,
    /// In the order of the listing.
    pub(super) ids: Vec<CompactString>,
}

impl Namesakes {
    /// A sentence of a plan.
    pub(super) fn told(&self) -> String {
        format!(
            "{} groups of the Back Office are called `{}` (ids {}): they and their members are left as they are",
            self.ids.len(),
            shown(&self.name, 60),
            self.ids.join(", ")
        )
    }
}

/// A reading, and the groups that had to be left out of it.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) current: Current,
    pub(super) namesakes: Vec<Namesakes>,
}

/// Puts two listings together.
///
/// # Errors
/// A sentence: why they cannot be the whole. There is always a group, `Administrators`, and always a user: whoever
/// asks. Where it is known who that is, it must be among them.
pub(super) fn read(groups: &Listing, users: &Listing, account: Option<&str>, rules: CaseRules) -> Result<Read, String> {
    if groups.rows.is_empty() {
        return Err("the list of groups is empty, though every Back Office has one: it is not whole".into());
    }
    if users.rows.is_empty() {
        return Err("the list of users is empty, though whoever asks is one: it is not whole".into());
    }
    let found = groups.rows.iter().map(convert::group).collect::<Result<Vec<Principal>, _>>()?;
    let (found, namesakes) = apart(found, rules);
    let mut names = GroupNames::new();
    let by_id: FxHashMap<_, _> =
        found.iter().filter_map(|group| Some((group.id.clone()?, names.intern(&group.name)))).collect();
    let mut records: Vec<Record> = found.into_iter().map(|group| Record::new(group, None)).collect();
    for row in &users.rows {
        records.push(Record::new(convert::user(row, &by_id)?, None));
    }
    let (set, collisions) = PrincipalSet::build(records, names, rules);
    if let Some(collision) = collisions.first() {
        let ids: Vec<&str> = collision.records.iter().filter_map(|record| record.principal.id.as_deref()).collect();
        return Err(format!("several users have one e-mail address: users {}", ids.join(", ")));
    }
    let is_there = |account: &&str| set.get(Kind::User, &rules.key(Kind::User, account)).is_some();
    if let Some(account) = account.filter(|account| !is_there(account)) {
        return Err(format!("the list does not show the account `{}` that asks: it is not whole", shown(account, 80)));
    }
    let proof = format!(
        "{} groups on {} pages and {} users on {} pages, each ended by an empty one",
        groups.rows.len(),
        groups.pages,
        users.rows.len(),
        users.pages
    );
    let mut current = Current::new(set, Coverage::proved(proof));
    // A list may show less of a user than the user itself.
    current.hides_memberships = users.rows.iter().any(|row| row.groups().is_none());
    Ok(Read { current, namesakes })
}

/// The groups whose name is their own, and the others.
fn apart(groups: Vec<Principal>, rules: CaseRules) -> (Vec<Principal>, Vec<Namesakes>) {
    let mut count: FxHashMap<CompactString, usize> = FxHashMap::default();
    for group in &groups {
        *count.entry(rules.key(Kind::Group, &group.name)).or_default() += 1;
    }
    let is_alone = |group: &Principal| count.get(&rules.key(Kind::Group, &group.name)) == Some(&1);
    let (alone, others): (Vec<_>, Vec<_>) = groups.into_iter().partition(is_alone);
    let mut namesakes: Vec<Namesakes> = Vec::new();
    for group in others {
        let id = group.id.unwrap_or_default();
        match namesakes.iter_mut().find(|known| fold(&known.name, rules.groups) == fold(&group.name, rules.groups)) {
            Some(known) => known.ids.push(id),
            None => namesakes.push(Namesakes { name: group.name, ids: vec![id] }),
        }
    }
    (alone, namesakes)
}
