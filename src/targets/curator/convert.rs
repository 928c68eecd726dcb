//! Rows become principals, and principals what the portal can hold.

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use super::config::MembershipsFrom;
use super::wire::{GroupRow, Mention, UserRow};
use crate::plan::Untold;
use crate::principal::{CaseRules, GroupNames, Kind, Principal, PrincipalSet, Record, shown};

/// Both lists, read one after the other.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub(super) users: Vec<UserRow>,
    pub(super) groups: Vec<GroupRow>,
}

/// What the lists come to.
#[derive(Debug)]
pub(super) struct Portal {
    pub(super) set: PrincipalSet,
    /// What proves it whole.
    pub(super) proof: String,
    /// Neither list tells who is in which group.
    pub(super) hides_memberships: bool,
    /// Values that no row shows, and groups that show groups of other platforms attached.
    pub(super) untold: Untold,
    /// Folded names that several rows have.
    pub(super) ambiguous: FxHashSet<(Kind, CompactString)>,
}

/// Who is in which group, as positions in the two lists.
type Pairs = Vec<(usize, usize)>;

/// Brings both lists together.
///
/// # Errors
/// When one names somebody whom the other lacks, or both tell of memberships and differ: something may have moved
/// between them.
pub(super) fn portal(lists: Lists, from: MembershipsFrom, rules: CaseRules) -> Result<Portal, String> {
    let of_users = told_by_users(&lists)?;
    let of_groups = told_by_groups(&lists)?;
    let nothing_to_tell = lists.groups.is_empty().then(Vec::new);
    let (pairs, told) = match (from, of_users, of_groups) {
        (MembershipsFrom::Both, Some(of_users), Some(of_groups)) => {
            if let Some(why) = differ(&of_users, &of_groups, &lists) {
                return Err(why);
            }
            (Some(of_users), "both lists agree")
        }
        (MembershipsFrom::Users, of_users, _) | (MembershipsFrom::Both, of_users @ Some(_), None) => {
            (of_users, "listUsers tells")
        }
        (MembershipsFrom::Groups | MembershipsFrom::Both, _, of_groups) => (of_groups, "listGroups tells"),
    };
    let pairs = pairs.or(nothing_to_tell);
    let hides_memberships = pairs.is_none();
    let told = if hides_memberships { "no list tells" } else { told };
    let Lists { users, groups } = &lists;
    let proof = format!(
        "listUsers and listGroups read to their ends, {} users and {} groups; {told} who is in which",
        users.len(),
        groups.len()
    );
    let untold = Untold {
        display_names: users.iter().all(|row| row.full_name.is_none()),
        mails: users.iter().all(|row| row.mail.is_none()),
        attributes: groups.iter().all(|row| row.attributes.is_none()),
        groups: groups.iter().filter(|row| row.has_platforms).map(|row| row.name.clone()).collect(),
        ..Untold::default()
    };
    let (set, ambiguous) = principals(lists, pairs.as_ref(), rules);
    Ok(Portal { set, proof, hides_memberships, untold, ambiguous })
}

/// Rows of one name are left out, and who is in groups of one name: which of them a name means is nobody's to choose.
fn principals(
    lists: Lists,
    pairs: Option<&Pairs>,
    rules: CaseRules,
) -> (PrincipalSet, FxHashSet<(Kind, CompactString)>) {
    let Lists { users, groups } = lists;
    let mut names = GroupNames::new();
    let references: Vec<_> = groups.iter().map(|row| names.intern(&row.name)).collect();
    let mut records = Vec::with_capacity(users.len() + groups.len());
    for GroupRow { id, name, attributes, .. } in groups {
        let mut group = Principal::new(Kind::Group, name.clone());
        // The name is what people read.
        group.display_name = Some(name);
        group.id = id;
        group.attributes = attributes.map(Box::new);
        group.set_groups(Vec::new());
        records.push(Record::new(group, None));
    }
    let mut inside = vec![Vec::new(); users.len()];
    for (user, group) in pairs.into_iter().flatten() {
        inside[*user].push(references[*group]);
    }
    for (UserRow { id, name, mail, full_name, .. }, inside) in users.into_iter().zip(inside) {
        let mut user = Principal::new(Kind::User, name);
        (user.id, user.mail, user.display_name) = (id, mail, full_name);
        if pairs.is_some() {
            user.set_groups(inside);
        }
        records.push(Record::new(user, None));
    }
    let (mut set, collisions) = PrincipalSet::build(records, names, rules);
    let several = collisions.iter().filter_map(|collision| collision.records.first());
    let ambiguous: FxHashSet<_> = several.map(|record| (record.kind(), CompactString::from(record.key()))).collect();
    forget_groups(&mut set, |name| ambiguous.contains(&(Kind::Group, rules.key(Kind::Group, name))));
    (set, ambiguous)
}

/// Shows nobody as a member of the groups that `is_meant` names.
pub(super) fn forget_groups(set: &mut PrincipalSet, is_meant: impl Fn(&str) -> bool) {
    let names = set.names().clone();
    let meant: FxHashSet<_> = names.iter().filter(|(_, name)| is_meant(name)).map(|(group, _)| group).collect();
    if meant.is_empty() {
        return;
    }
    set.retain(|_, principal| {
        if let Some(inside) = &principal.groups {
            principal.groups = Some(inside.iter().filter(|group| !meant.contains(*group)).copied().collect());
        }
        true
    });
}

/// Where somebody stands in a list, by number and by name.
struct Places<'a> {
    by_id: FxHashMap<&'a str, usize>,
    by_name: FxHashMap<&'a str, usize>,
}

impl<'a> Places<'a> {
    fn of(rows: impl Iterator<Item = (Option<&'a str>, &'a str)>) -> Self {
        let mut places = Self { by_id: FxHashMap::default(), by_name: FxHashMap::default() };
        for (at, (id, name)) in rows.enumerate() {
            if let Some(id) = id {
                places.by_id.insert(id, at);
            }
            places.by_name.insert(name, at);
        }
        places
    }

    /// By number where both have numbers, else by name.
    fn find(&self, Mention { id, name }: &Mention) -> Option<usize> {
        let by_id = id.as_deref().and_then(|id| self.by_id.get(id));
        let by_name = || name.as_deref().and_then(|name| self.by_name.get(name));
        let numbered = id.is_some() && !self.by_id.is_empty();
        if numbered { by_id.copied() } else { by_name().copied() }
    }
}

/// What the users' rows tell; `None` where none of them has a list of groups.
fn told_by_users(lists: &Lists) -> Result<Option<Pairs>, String> {
    let places = Places::of(lists.groups.iter().map(|row| (row.id.as_deref(), row.name.as_str())));
    let rows = lists.users.iter().map(|row| (row.name.as_str(), row.groups.as_deref()));
    let pairs = gather(rows, &places, "listUsers", "group", "listGroups")?;
    Ok(pairs.map(|mut pairs| {
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }))
}

/// What the groups' rows tell; `None` where none of them has a list of members.
fn told_by_groups(lists: &Lists) -> Result<Option<Pairs>, String> {
    let places = Places::of(lists.users.iter().map(|row| (row.id.as_deref(), row.name.as_str())));
    let rows = lists.groups.iter().map(|row| (row.name.as_str(), row.members.as_deref()));
    let pairs = gather(rows, &places, "listGroups", "user", "listUsers")?;
    Ok(pairs.map(|pairs| {
        let mut pairs: Pairs = pairs.into_iter().map(|(group, user)| (user, group)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }))
}

fn gather<'a>(
    rows: impl Iterator<Item = (&'a str, Option<&'a [Mention]>)>,
    places: &Places<'_>,
    list: &str,
    kind: &str,
    other: &str,
) -> Result<Option<Pairs>, String> {
    let (mut pairs, mut told) = (Vec::new(), false);
    for (at, (name, mentions)) in rows.enumerate() {
        let Some(mentions) = mentions else { continue };
        told = true;
        for mention in mentions {
            let found = places.find(mention).ok_or_else(|| {
                let called = mention.name.as_deref().or(mention.id.as_deref()).unwrap_or_default();
                let (called, name) = (shown(called, 60), shown(name, 60));
                format!("{list} names the {kind} `{called}` at `{name}`, and {other} lacks it")
            })?;
            pairs.push((at, found));
        }
    }
    Ok(told.then_some(pairs))
}

/// The first membership that only one of the lists has. Both are sorted.
fn differ(of_users: &Pairs, of_groups: &Pairs, lists: &Lists) -> Option<String> {
    let lacks = |pairs: &Pairs, pair: &(usize, usize)| pairs.binary_search(pair).is_err();
    let in_users = of_users.iter().find(|pair| lacks(of_groups, pair)).map(|pair| (pair, "listUsers"));
    let in_groups = || of_groups.iter().find(|pair| lacks(of_users, pair)).map(|pair| (pair, "listGroups"));
    let ((user, group), list) = in_users.or_else(in_groups)?;
    let (user, group) = (shown(&lists.users[*user].name, 60), shown(&lists.groups[*group].name, 60));
    Some(format!("only {list} has `{user}` in `{group}`"))
}

/// What the portal can hold: a user's name and mail come with the sign-in, a group has a name and what it was given
/// when it was made.
pub(super) fn project(principal: &mut Principal) {
    principal.description = None;
    principal.visibility = None;
    match principal.kind {
        Kind::User => principal.attributes = None,
        Kind::Group => {
            principal.display_name = None;
            principal.mail = None;
        }
    }
}

/// Why the portal takes no principal of that name. What a name may hold is published nowhere.
pub(super) fn refuses(principal: &Principal) -> Option<String> {
    let name = principal.name.as_str();
    if name.trim().is_empty() {
        return Some("the name is empty".into());
    }
    if name.trim() != name {
        return Some("the name begins or ends with a space, which the portal may cut off".into());
    }
    let control = name.chars().find(|c| c.is_control())?;
    Some(format!("the name holds the control character U+{:04X}", u32::from(control)))
}
