//! From two listings to what is there: which rows are meant, whom the product brings along, and who is elsewhere.

use std::collections::BTreeSet;

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::product::ALL;
use super::convert;
use super::pages::Listing;
use super::wire::{GroupRow, OrgRef, SessionUser, UserRow};
use crate::plan::{Coverage, Current};
use crate::principal::{CaseRules, GroupNames, GroupRef, Kind, Pattern, PrincipalSet, Record, shown};

/// What is to be known of a reading besides who is there.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// The product's own principals by kind and folded name, as their rows say.
    pub(super) system: FxHashSet<(Kind, CompactString)>,
    /// GUIDs of users who are in other orgs too.
    pub(super) elsewhere: FxHashSet<CompactString>,
    /// Users of other orgs alone, GUIDs by folded name.
    pub(super) outside: FxHashMap<CompactString, CompactString>,
    /// The org that is meant; none where the cluster has no orgs.
    pub(super) org: Option<u32>,
}

impl Seen {
    /// Patterns of the product's own principals.
    pub(super) fn patterns(&self) -> impl Iterator<Item = Pattern> {
        self.system.iter().map(|(kind, name)| Pattern::new(*kind, name))
    }
}

/// Two listings, and how to read them.
pub(super) struct Rows<'a> {
    pub(super) users: &'a Listing<UserRow>,
    pub(super) groups: &'a Listing<GroupRow>,
    /// Who asked.
    pub(super) account: &'a SessionUser,
    pub(super) org: Option<u32>,
    /// Whether super users are the product's own.
    pub(super) super_users: bool,
    /// Whether it is told who is active.
    pub(super) tells_state: bool,
    pub(super) rules: CaseRules,
}

/// GUIDs of groups that users or groups name and that the listing does not show: it may lack them, or they went and were
/// left in the members.
pub(super) fn unknown_groups(users: &[UserRow], groups: &[GroupRow]) -> BTreeSet<CompactString> {
    let known: FxHashSet<&str> = groups.iter().map(|group| group.id.as_str()).collect();
    let of_users = users.iter().flat_map(|user| user.user_groups.iter().flatten());
    let of_groups = groups.iter().flat_map(|group| group.sub_groups.iter().flatten());
    let named = of_users.chain(of_groups).filter(|named| !known.contains(named.id.as_str()));
    named.map(|named| named.id.clone()).collect()
}

impl Rows<'_> {
    /// Puts the listings together.
    ///
    /// # Errors
    /// A sentence: why they cannot be the whole.
    pub(super) fn read(&self) -> Result<(Current, Seen), String> {
        self.prove()?;
        let mut seen = Seen { org: self.org, ..Seen::default() };
        let mut names = GroupNames::new();
        let (here, by_id) = self.groups_here(&mut names)?;
        let mut records: Vec<Record> = group_records(&here, &by_id, self.rules, &mut seen);
        let mut hides_memberships = false;
        for row in &self.users.rows {
            let key = self.rules.key(Kind::User, &row.name);
            if !self.is_meant(row.orgs.as_deref(), &row.name)? {
                seen.outside.insert(key, row.id.clone());
                continue;
            }
            if row.orgs.iter().flatten().any(|org| Some(org.id) != self.org) && self.org.is_some() {
                seen.elsewhere.insert(row.id.clone());
            }
            if row.system_user == Some(true) || (self.super_users && row.super_user == Some(true)) {
                seen.system.insert((Kind::User, key));
            }
            // Everybody is in some group: a row without any does not tell.
            hides_memberships |= row.user_groups.is_none();
            records.push(Record::new(convert::user(row, &by_id, self.tells_state), None));
        }
        let (set, collisions) = PrincipalSet::build(records, names, self.rules);
        if set.get(Kind::Group, &self.rules.key(Kind::Group, ALL)).is_none() {
            return Err(format!("the group `{ALL}`, which every org has, is not among those listed: it is not whole"));
        }
        let mut current = Current::new(set, Coverage::proved(self.proof()));
        current.hides_memberships = hides_memberships;
        let several = collisions.iter().filter_map(|collision| collision.records.first());
        current.ambiguous = several.map(|record| (record.kind(), record.key().into())).collect();
        Ok((current, seen))
    }

    /// Whoever asks is a user, and every cluster has principals of its own: a listing without them is none.
    fn prove(&self) -> Result<(), String> {
        if !self.users.rows.iter().any(|row| row.id == self.account.id) {
            let name = shown(&self.account.name, 60);
            return Err(format!("the account `{name}` that asks is not among the users listed: it is not whole"));
        }
        let own = |row: &UserRow| row.system_user == Some(true) || matches!(row.name.as_str(), "tsadmin" | "su");
        if !self.users.rows.iter().any(own) {
            return Err("none of the product's own users (`tsadmin`, `su`) is listed: it is not whole".into());
        }
        Ok(())
    }

    fn proof(&self) -> String {
        let place = self.org.map(|org| format!(", org {org}")).unwrap_or_default();
        format!(
            "{} users on {} pages and {} groups on {} pages, each page joined to the last and the last row of all \
             among them{place}",
            self.users.rows.len(),
            self.users.pages,
            self.groups.rows.len(),
            self.groups.pages
        )
    }

    /// The groups that are meant, and what users and groups name them by; `All` is in nobody's list, nor is one of
    /// several of a name: who is in which of them is left as it is.
    fn groups_here(
        &self,
        names: &mut GroupNames,
    ) -> Result<(Vec<&GroupRow>, FxHashMap<CompactString, GroupRef>), String> {
        let (mut here, mut count) = (Vec::new(), FxHashMap::<CompactString, usize>::default());
        for row in &self.groups.rows {
            if self.is_meant(row.orgs.as_deref(), &row.name)? {
                here.push(row);
                *count.entry(self.rules.key(Kind::Group, &row.name)).or_default() += 1;
            }
        }
        let is_alone = |row: &&&GroupRow| count.get(&self.rules.key(Kind::Group, &row.name)) == Some(&1);
        let named = here.iter().filter(is_alone).filter(|row| row.name != ALL);
        let by_id = named.map(|row| (row.id.clone(), names.intern(&row.name))).collect();
        Ok((here, by_id))
    }

    /// Whether a row is of the org that is meant: a search shows those of every org (measured on live clusters).
    fn is_meant(&self, orgs: Option<&[OrgRef]>, name: &str) -> Result<bool, String> {
        match (self.org, orgs) {
            (None, _) => Ok(true),
            (Some(org), Some(orgs)) => Ok(orgs.iter().any(|own| own.id == org)),
            (Some(org), None) => {
                Err(format!("the row of `{}` does not tell its orgs, and org {org} is meant", shown(name, 60)))
            }
        }
    }
}

/// Groups with their parents: the product keeps the children in the parent.
fn group_records(
    here: &[&GroupRow],
    by_id: &FxHashMap<CompactString, GroupRef>,
    rules: CaseRules,
    seen: &mut Seen,
) -> Vec<Record> {
    let mut parents: FxHashMap<&str, Vec<GroupRef>> = FxHashMap::default();
    for row in here {
        let Some(own) = by_id.get(&row.id) else { continue };
        for child in row.sub_groups.iter().flatten() {
            parents.entry(child.id.as_str()).or_default().push(*own);
        }
    }
    let record = |row: &&GroupRow| {
        if row.system_group == Some(true) {
            seen.system.insert((Kind::Group, rules.key(Kind::Group, &row.name)));
        }
        Record::new(convert::group(row, parents.remove(row.id.as_str()).unwrap_or_default()), None)
    };
    here.iter().map(record).collect()
}
