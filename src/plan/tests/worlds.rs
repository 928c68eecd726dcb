//! Small worlds for the properties: few names, so that they meet.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::build::{Draft, World, group, set_of, user};
use crate::plan::{Action, Change, First, Ledger, Memberships, Owned, Owner, Ownership, Plan, Policy, applied};
use crate::principal::{Kind, Principal, PrincipalSet, Visibility};

const USERS: [&str; 10] =
    ["ada", "ADA", "bob", "straße", "STRASSE", "e\u{301}va", "éva", "tsadmin", "svc-1", "a\u{202e}\u{0}'\"b"];
const GROUPS: [&str; 8] = ["x", "X", "y", "z", "All", "Administrator", "prot", "caf\u{e9}"];

/// A principal of either side, in numbers.
#[derive(Debug, Clone)]
struct One {
    kind: Kind,
    name: &'static str,
    display: Option<&'static str>,
    mail: Option<&'static str>,
    hidden: Option<bool>,
    active: Option<bool>,
    attribute: Option<&'static str>,
    groups: Option<Vec<&'static str>>,
    id: Option<u8>,
}

impl One {
    fn draft(&self, with_id: bool) -> Draft {
        let Self { kind, name, display, mail, hidden, active, attribute, groups, id } = self;
        let mut draft = if *kind == Kind::User { user(name) } else { group(name) };
        if let Some(text) = display {
            draft = draft.display(text);
        }
        if let Some(text) = mail {
            draft = draft.mail(text);
        }
        if let Some(hidden) = hidden {
            draft = draft.visibility(if *hidden { Visibility::NonSharable } else { Visibility::Default });
        }
        if let Some(active) = active {
            draft = draft.active(*active);
        }
        if let Some(text) = attribute {
            draft = draft.attribute("k", (*text).into());
        }
        if let Some(groups) = groups {
            draft = draft.in_groups(groups.iter().copied());
        }
        match id {
            Some(id) if with_id => draft.id(&id.to_string()),
            _ => draft,
        }
    }
}

/// A world in numbers, so that it can be built again in another order.
#[derive(Debug, Clone)]
pub(super) struct Sketch {
    source: Vec<One>,
    target: Vec<One>,
    /// Position in the target, id, and whether rollcall disabled it.
    owned: Vec<(usize, Option<u8>, bool)>,
    foreign: Vec<usize>,
    thoughtspot: bool,
    policy: (bool, bool, bool, Option<First>, Option<First>),
}

fn one() -> impl Strategy<Value = One> {
    let name = prop_oneof![
        3 => select(&USERS[..]).prop_map(|name| (Kind::User, name)),
        2 => select(&GROUPS[..]).prop_map(|name| (Kind::Group, name)),
    ];
    let text = || option::of(select(&["", "a", "b"][..]));
    let groups = option::weighted(0.8, subsequence(GROUPS.to_vec(), 0..=4));
    (name, text(), text(), option::of(any::<bool>()), option::of(any::<bool>()), text(), groups, option::of(0..5_u8))
        .prop_map(|((kind, name), display, mail, hidden, active, attribute, groups, id)| One {
            kind,
            name,
            display,
            mail,
            hidden,
            active,
            attribute,
            groups,
            id,
        })
}

pub(super) fn sketches() -> impl Strategy<Value = Sketch> {
    let first = || option::of(select(&[First::Delete, First::Disable, First::Strip, First::Report][..]));
    let policy = (prop::bool::weighted(0.8), any::<bool>(), any::<bool>(), first(), first());
    (
        vec(one(), 0..9),
        vec(one(), 0..9),
        vec((0..9_usize, option::of(0..5_u8), any::<bool>()), 0..6),
        vec(0..9_usize, 0..2),
        any::<bool>(),
        policy,
    )
        .prop_map(|(source, target, owned, foreign, thoughtspot, policy)| Sketch {
            source,
            target,
            owned,
            foreign,
            thoughtspot,
            policy,
        })
}

impl Sketch {
    fn empty_world(&self) -> World {
        let world = if self.thoughtspot { World::thoughtspot() } else { World::file() };
        let (remove, managed, exact, users, groups) = self.policy;
        world.protect("user:svc-*").protect("group:prot").policy(|policy: &mut Policy| {
            policy.remove_deleted = remove;
            policy.ownership = if managed { Ownership::Managed } else { Ownership::All };
            policy.memberships = if exact { Memberships::Exact } else { Memberships::Managed };
            policy.leavers.users = users;
            // A group is deleted or reported.
            policy.leavers.groups = groups.filter(|first| matches!(first, First::Delete | First::Report));
        })
    }

    /// Those of `ones` whose names do not meet an earlier one.
    fn distinct<'a>(world: &World, ones: &'a [One]) -> Vec<&'a One> {
        let mut seen = std::collections::BTreeSet::new();
        ones.iter().filter(|one| seen.insert((one.kind, world.can.rules.key(one.kind, one.name)))).collect()
    }

    pub(super) fn world(&self) -> World {
        let mut world = self.empty_world();
        let target = Self::distinct(&world, &self.target);
        let mut ids = std::collections::BTreeSet::new();
        for (at, id, disabled) in &self.owned {
            let Some(one) = target.get(*at) else { continue };
            let key = world.can.rules.key(one.kind, one.name);
            if world.can.is_implicit(one.kind, &key) || world.ledger.owned(one.kind, &key).is_some() {
                continue;
            }
            let id = id.filter(|id| ids.insert((one.kind, *id))).map(|id| id.to_string()).unwrap_or_default();
            world = world.remember(&format!("{}:{}", one.kind, one.name), &id, |owned| owned.disabled = *disabled);
        }
        for at in &self.foreign {
            let Some(one) = target.get(*at) else { continue };
            world = world.owned_by(&format!("{}:{}", one.kind, one.name), "other");
        }
        let source = self.source_for(&world);
        // Nobody is in a group that a target does not have.
        let there: Vec<_> = target.iter().filter(|one| one.kind == Kind::Group).map(|one| one.name).collect();
        let stands = |group: &&str| there.contains(group) || world.can.implicit.contains(group);
        let consistent = |one: &&One| One {
            groups: one.groups.clone().map(|groups| groups.into_iter().filter(stands).collect()),
            ..(*one).clone()
        };
        let target = target.iter().map(|one| consistent(one).draft(false)).collect::<Vec<_>>();
        world.source(source).target(target)
    }

    /// Its source, as it would be read for another world.
    pub(super) fn source_for(&self, world: &World) -> Vec<Draft> {
        // Those who share an immutable id were set aside before: which of them is the person cannot be told.
        let mut ids = std::collections::BTreeSet::new();
        let ones = Self::distinct(world, &self.source).into_iter();
        ones.filter(|one| one.id.is_none_or(|id| ids.insert((one.kind, id)))).map(|one| one.draft(true)).collect()
    }

    /// The same world, read in another order.
    pub(super) fn shuffled(&self, seed: u64) -> World {
        let mut world = self.world();
        shuffle(&mut world.source, seed);
        shuffle(&mut world.target, seed.rotate_left(17));
        world
    }
}

/// The world after `plan` was applied and written down: its ledger is as an apply leaves it.
pub(super) fn after(world: &World, plan: &Plan) -> World {
    let changes: Vec<&Change> = plan.changes.iter().collect();
    let set = applied(world.current().set, &changes, &plan.names, world.can.rules);
    let target = drafts(&set, world.can.implicit.contains(&"All"));
    assert_eq!(set_of(target.clone(), world.can.rules).len(), set.len(), "nobody is lost to a collision");
    let mut next = world.clone();
    (next.target, next.ledger) = (target, remembered(world, plan));
    next
}

fn remembered(world: &World, plan: &Plan) -> Ledger {
    let mut ledger = Ledger::default();
    let key = |kind, name: &str| world.can.rules.key(kind, name);
    let changed =
        |kind: Kind, k: &str| plan.changes.iter().find(|change| change.kind() == kind && key(kind, change.name()) == k);
    for record in world.current().set.records() {
        let (kind, k) = (record.kind(), record.key());
        if let Some(sync) = world.ledger.other_owner(kind, k) {
            ledger.insert_other(kind, k.into(), sync.into());
        }
        let adopted = plan.adopted.iter().find(|adopted| adopted.kind == kind && key(kind, &adopted.name) == k);
        let Some(mut owned) = world.ledger.owned(kind, k).cloned().or_else(|| adopted.map(|_| new_row(Owner::Adopted)))
        else {
            continue;
        };
        if let Some(id) = adopted.and_then(|adopted| adopted.source_id.clone()) {
            owned.source_id = Some(id);
        }
        let Some(change) = changed(kind, k) else {
            ledger.insert(kind, k.into(), owned);
            continue;
        };
        match change.action() {
            Action::Delete => continue,
            Action::Disable => owned.disabled = true,
            Action::Enable => owned.disabled = false,
            _ => {}
        }
        let name = change.detail().new_name.as_ref().map_or(k.into(), |name| key(kind, name));
        ledger.insert(kind, name, owned);
    }
    for change in plan.changes.iter().filter(|change| change.action() == Action::Create) {
        let mut owned = new_row(Owner::Created);
        owned.source_id.clone_from(&change.detail().source_id);
        ledger.insert(change.kind(), key(change.kind(), change.name()), owned);
    }
    ledger
}

fn new_row(owner: Owner) -> Owned {
    Owned { owner, source_id: None, disabled: false }
}

/// The principals of a state; ThoughtSpot itself puts everybody into `All`.
fn drafts(set: &PrincipalSet, thoughtspot: bool) -> Vec<Draft> {
    let draft = |record: &crate::principal::Record| {
        let principal = &record.principal;
        let mut draft = if principal.kind == Kind::User { user(&principal.name) } else { group(&principal.name) };
        draft = draft.copied(principal);
        if thoughtspot && principal.name != "All" {
            draft = draft.groups(["All"]);
        }
        match &principal.groups {
            Some(groups) => draft.in_groups(groups.iter().map(|group| set.names().name(*group))),
            None => draft,
        }
    };
    set.records().iter().map(draft).collect()
}

/// The principals of `mine`, each with the values and the memberships that `theirs` has of it, where it has any.
pub(super) fn mixed(mine: &PrincipalSet, theirs: &PrincipalSet) -> Vec<Draft> {
    let draft = |record: &crate::principal::Record| {
        let (own, kind) = (&record.principal, record.kind());
        let draft = if kind == Kind::User { user(&own.name) } else { group(&own.name) };
        let (names, other) = match theirs.get(kind, record.key()) {
            Some(other) => (theirs.names(), &other.principal),
            None => (mine.names(), own),
        };
        let draft = draft.copied(&Principal { name: own.name.clone(), ..other.clone() });
        let stands = |name: &&str| {
            mine.records().iter().any(|group| group.kind() == Kind::Group && group.principal.name == **name)
        };
        match &other.groups {
            Some(groups) => draft.in_groups(groups.iter().map(|group| names.name(*group)).filter(stands)),
            None => draft,
        }
    };
    mine.records().iter().map(draft).collect()
}

fn shuffle<T>(items: &mut [T], mut seed: u64) {
    for at in (1..items.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        items.swap(at, usize::try_from(seed >> 33).unwrap() % (at + 1));
    }
}
