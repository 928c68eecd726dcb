//! Both lists become the state of the service. Pure, but for what is remembered.

use std::collections::BTreeSet;

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use super::config::Members;
use super::convert::{GroupRow, UserRow, group_principal, replace};
use super::fields;
use super::kept::is_alike;
use super::listing::Listing;
use super::manner::Manner;
use super::memory::Remembered;
use super::service::Service;
use crate::plan::{Coverage, Current, Unkept, Untold};
use crate::principal::{CaseRules, GroupNames, GroupRef, Kind, Principal, PrincipalSet, Record, shown};

/// Members of a group that a service may have cut off come in such numbers.
const ROUND: usize = 50;

/// The state of a service.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) current: Current,
    pub(super) namesakes: Vec<Namesakes>,
    /// Whether some group showed a member.
    pub(super) shows_members: bool,
    /// How many groups may have more members than they show.
    pub(super) cut: usize,
}

/// Resources of one name, which are all left as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Namesakes {
    pub(super) kind: Kind,
    pub(super) key: CompactString,
    pub(super) name: CompactString,
    pub(super) ids: Vec<CompactString>,
}

impl Namesakes {
    /// For a person.
    pub(super) fn told(&self) -> String {
        let ids: Vec<String> = self.ids.iter().map(|id| format!("`{}`", shown(id, 60))).collect();
        let (kind, name) = (self.kind.plural(), shown(&self.name, 60));
        format!("{} {kind} of the service are called `{name}` (ids {})", self.ids.len(), ids.join(", "))
    }
}

/// Brings both lists together, and takes note of what they tell about what is remembered.
pub(super) fn read(
    users: Listing<UserRow>,
    groups: Listing<GroupRow>,
    (service, manner): (&Service, &Manner),
    rules: CaseRules,
    memory: &mut Remembered,
) -> Read {
    let coverage = Coverage {
        proofs: [users.proof, groups.proof].into_iter().filter(|proof| !proof.is_empty()).collect(),
        missing: [users.spoilt, groups.spoilt].concat(),
    };
    let (mut people, groups) = (users.rows, groups.rows);
    let mut unkept = Vec::new();
    people.retain_mut(|row| is_there(row, memory, rules, &mut unkept));
    unpark(&mut people, memory, rules);
    let known: FxHashSet<&CompactString> = people.iter().map(|row| &row.id).collect();
    memory.echoes.retain(|id, _| known.contains(id));
    let shows_members = groups.iter().any(|row| row.members.as_ref().is_some_and(|members| !members.is_empty()));
    memory.hides_members &= !shows_members;
    let is_hidden = manner.members.map_or(memory.hides_members, |members| members == Members::Hidden);
    if is_hidden {
        let there: FxHashSet<&CompactString> = groups.iter().map(|row| &row.id).collect();
        memory.members.retain(|id, _| there.contains(id));
    } else {
        memory.members.clear();
    }

    let mut namesakes = namesakes(Kind::Group, groups.iter().map(|row| (&row.name, &row.id)), rules);
    namesakes.extend(self::namesakes(Kind::User, people.iter().map(|row| (&row.principal.name, &row.id)), rules));
    let memberships = Memberships::of(&people, &groups, manner, if is_hidden { Some(&*memory) } else { None });
    let ambiguous = namesakes.iter().map(|one| (one.kind, one.key.clone())).collect();
    let unsure = memberships.cut.iter().map(|at| groups[*at].name.clone()).collect();
    let untold = Untold { values: service.schema.lacks.clone(), unsure, unkept, ..Untold::default() };
    let cut = memberships.cut.len();
    let set = memberships.principals(people, &groups, &namesakes, rules);
    let current = Current { untold, ambiguous, ..Current::new(set, coverage) };
    Read { current, namesakes, shows_members, cut }
}

/// Whether a listed user is one for us, with values as they were sent where the service shows them its own way. Those
/// that mean something else are `unkept`.
fn is_there(row: &mut UserRow, memory: &mut Remembered, rules: CaseRules, unkept: &mut Vec<Unkept>) -> bool {
    memory.parked.remove(&row.id);
    if memory.gone.contains(&row.id) {
        if row.principal.active == Some(false) {
            return false;
        }
        memory.gone.remove(&row.id);
    }
    if memory.echoes.contains_key(&row.id) {
        for (field, _) in fields::all() {
            let shown = value_of(&row.principal, &field);
            if let Some(echo) = memory.sent(&row.id, &field, shown.as_deref()) {
                replace(&mut row.principal, &field, echo.sent.clone());
                if !is_alike(&field, echo) {
                    let key = rules.key(Kind::User, &row.principal.name);
                    unkept.push(Unkept { kind: Kind::User, key, field, shows: shown });
                }
            }
        }
    }
    true
}

fn value_of(principal: &Principal, field: &crate::plan::Field) -> Option<CompactString> {
    use crate::plan::Field;
    match field {
        Field::DisplayName => principal.display_name.clone(),
        Field::Mail => principal.mail.clone(),
        Field::Attribute(name) => principal.attributes.as_ref()?.get(name)?.as_str().map(CompactString::from),
        Field::Description | Field::Visibility | Field::Active => None,
    }
}

/// Some services hide whom they switched off: those whom rollcall itself switched off are there all the same. One whose
/// name somebody else has by now is forgotten.
fn unpark(people: &mut Vec<UserRow>, memory: &mut Remembered, rules: CaseRules) {
    let names: FxHashSet<CompactString> = people.iter().map(|row| rules.key(Kind::User, &row.principal.name)).collect();
    memory.parked.retain(|_, name| !names.contains(&rules.key(Kind::User, name)));
    for (id, name) in &memory.parked {
        let mut principal = Principal::new(Kind::User, name.clone());
        (principal.id, principal.active) = (Some(id.clone()), Some(false));
        people.push(UserRow { id: id.clone(), principal, groups: Vec::new() });
    }
}

fn namesakes<'a>(
    kind: Kind,
    rows: impl Iterator<Item = (&'a CompactString, &'a CompactString)>,
    rules: CaseRules,
) -> Vec<Namesakes> {
    let mut by_key: FxHashMap<CompactString, Namesakes> = FxHashMap::default();
    for (name, id) in rows {
        let key = rules.key(kind, name);
        let one = Namesakes { kind, key: key.clone(), name: name.clone(), ids: Vec::new() };
        by_key.entry(key).or_insert(one).ids.push(id.clone());
    }
    let mut several: Vec<Namesakes> = by_key.into_values().filter(|one| one.ids.len() > 1).collect();
    several.sort_by(|a, b| a.name.cmp(&b.name));
    several
}

/// Who is in which group, as places in the lists.
struct Memberships {
    of_users: Vec<Vec<usize>>,
    of_groups: Vec<Vec<usize>>,
    /// Groups that may have more members than they show.
    cut: BTreeSet<usize>,
}

impl Memberships {
    fn of(people: &[UserRow], groups: &[GroupRow], manner: &Manner, remembered: Option<&Remembered>) -> Self {
        let users: FxHashMap<&str, usize> = people.iter().enumerate().map(|(at, row)| (row.id.as_str(), at)).collect();
        let places: FxHashMap<&str, usize> = groups.iter().enumerate().map(|(at, row)| (row.id.as_str(), at)).collect();
        let (of_users, of_groups) = (vec![Vec::new(); people.len()], vec![Vec::new(); groups.len()]);
        let mut found = Self { of_users, of_groups, cut: BTreeSet::new() };
        for (at, group) in groups.iter().enumerate() {
            let known = remembered.and_then(|memory| memory.members.get(&group.id));
            let shown = group.members.as_deref().unwrap_or_default().iter().filter(|_| remembered.is_none());
            for id in shown.chain(known.into_iter().flatten()) {
                // An id that nobody has is left behind by somebody deleted: no drift.
                if let Some(user) = users.get(id.as_str()) {
                    found.of_users[*user].push(at);
                } else if let Some(inner) = places.get(id.as_str()).filter(|_| manner.nest) {
                    found.of_groups[*inner].push(at);
                }
            }
        }
        if remembered.is_none() {
            found.cut = cut(people, groups, &places, manner);
        }
        found
    }

    fn principals(
        self,
        people: Vec<UserRow>,
        groups: &[GroupRow],
        namesakes: &[Namesakes],
        rules: CaseRules,
    ) -> PrincipalSet {
        let mut names = GroupNames::new();
        let alike: FxHashSet<&CompactString> =
            namesakes.iter().filter(|one| one.kind == Kind::Group).flat_map(|one| &one.ids).collect();
        let references: Vec<Option<GroupRef>> =
            groups.iter().map(|row| (!alike.contains(&row.id)).then(|| names.intern(&row.name))).collect();
        let inside = |places: Vec<usize>| places.into_iter().filter_map(|at| references[at]).collect::<Vec<_>>();
        let mut records = Vec::with_capacity(people.len() + groups.len());
        for (row, places) in groups.iter().zip(self.of_groups) {
            let mut principal = group_principal(row);
            principal.set_groups(inside(places));
            records.push(Record::new(principal, None));
        }
        for (row, places) in people.into_iter().zip(self.of_users) {
            let mut principal = row.principal;
            principal.set_groups(inside(places));
            records.push(Record::new(principal, None));
        }
        // Those of one name are left out.
        PrincipalSet::build(records, names, rules).0
    }
}

/// Groups that show fewer members than they have: as many as the configuration says is the most, or a round number
/// while somebody else says to be in them.
fn cut(people: &[UserRow], groups: &[GroupRow], places: &FxHashMap<&str, usize>, manner: &Manner) -> BTreeSet<usize> {
    let shown = |at: usize| groups[at].members.as_ref().map_or(0, Vec::len);
    let mut cut: BTreeSet<usize> =
        (0..groups.len()).filter(|at| manner.member_cap.is_some_and(|cap| shown(*at) >= cap)).collect();
    let is_round = |at: usize| shown(at) >= ROUND && shown(at).is_multiple_of(ROUND);
    let mut inside: FxHashMap<usize, FxHashSet<&str>> = FxHashMap::default();
    for row in people {
        let round = row.groups.iter().filter_map(|id| places.get(id.as_str())).filter(|at| is_round(**at));
        for at in round {
            let members = inside
                .entry(*at)
                .or_insert_with(|| groups[*at].members.iter().flatten().map(CompactString::as_str).collect());
            if !members.contains(row.id.as_str()) {
                cut.insert(*at);
            }
        }
    }
    cut
}
