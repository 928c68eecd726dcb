//! From two listings to what is there now.

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::api::Listing;
use super::convert;
use crate::plan::{Coverage, Current};
use crate::principal::{CaseRules, GroupNames, Kind, Principal, PrincipalSet, Record, shown};

/// A name that several have: nobody can tell which of them is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Namesakes {
    pub(super) kind: Kind,
    pub(super) name: CompactString,
    /// In the order of the listing.
    pub(super) ids: Vec<CompactString>,
}

impl Namesakes {
    /// A sentence of a check.
    pub(super) fn told(&self) -> String {
        format!(
            "{} {} of the Back Office are called `{}` (ids {}): they are left as they are",
            self.ids.len(),
            self.kind.plural(),
            shown(&self.name, 80),
            self.ids.join(", ")
        )
    }
}

/// A reading, and whom it had to leave out.
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
    let (found, mut namesakes) = apart(found, rules);
    let mut names = GroupNames::new();
    let by_id: FxHashMap<_, _> =
        found.iter().filter_map(|group| Some((group.id.clone()?, names.intern(&group.name)))).collect();
    let people = users.rows.iter().map(|row| convert::user(row, &by_id)).collect::<Result<Vec<Principal>, _>>()?;
    let (people, doubles) = apart(people, rules);
    namesakes.extend(doubles);
    let records = found.into_iter().chain(people).map(|principal| Record::new(principal, None)).collect();
    let (set, _) = PrincipalSet::build(records, names, rules);
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
    let several = namesakes.iter().map(|known| (known.kind, rules.key(known.kind, &known.name)));
    current.ambiguous = several.collect();
    Ok(Read { current, namesakes })
}

/// Those whose name is their own, and the others.
fn apart(all: Vec<Principal>, rules: CaseRules) -> (Vec<Principal>, Vec<Namesakes>) {
    let key = |principal: &Principal| rules.key(principal.kind, &principal.name);
    let mut count: FxHashMap<CompactString, usize> = FxHashMap::default();
    for principal in &all {
        *count.entry(key(principal)).or_default() += 1;
    }
    let (alone, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| count.get(&key(one)) == Some(&1));
    let mut namesakes: Vec<Namesakes> = Vec::new();
    for one in others {
        let key = key(&one);
        let id = one.id.unwrap_or_default();
        match namesakes.iter_mut().find(|known| rules.key(known.kind, &known.name) == key) {
            Some(known) => known.ids.push(id),
            None => namesakes.push(Namesakes { kind: one.kind, name: one.name, ids: vec![id] }),
        }
    }
    (alone, namesakes)
}
