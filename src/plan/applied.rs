//! What a sync last applied, remembered as digests: enough to tell later who moved, and no value a second time.

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{Action, Cause, Change, Field, FieldChange, fields};
use crate::principal::{CaseRule, CaseRules, GroupNames, GroupRef, Kind, Principal};

/// Of a field: three bytes that tell which, five of its value. Of a membership: eight of the group's name.
type Digest = [u8; 8];

/// Bytes of a digest that tell the field.
const TAG: usize = 3;
const FORMAT: u8 = 1;
const HEADER: usize = 4;
/// Flags of the second byte.
const KNOWS_GROUPS: u8 = 1;
const WITHOUT_CASE: u8 = 2;

/// What a sync last applied to a principal, or found there as it wants it. A value that it never gave is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Sorted, none twice.
    fields: Vec<Digest>,
    /// Sorted, none twice; none where memberships are not known.
    groups: Option<Vec<Digest>>,
}

impl Applied {
    /// Reads what [`Applied::bytes`] wrote. None where it is of another format, or written when the target compared
    /// group names otherwise: nothing is known then.
    #[must_use]
    pub fn read(bytes: &[u8], rules: CaseRules) -> Option<Self> {
        let (header, digests) = bytes.split_first_chunk::<HEADER>()?;
        let [FORMAT, flags, low, high] = *header else { return None };
        let (digests, rest) = digests.as_chunks::<8>();
        let fields = usize::from(u16::from_le_bytes([low, high]));
        if !rest.is_empty() || digests.len() < fields || (flags & WITHOUT_CASE != 0) != is_without_case(rules) {
            return None;
        }
        let (fields, groups) = digests.split_at(fields);
        Some(Self { fields: fields.to_vec(), groups: (flags & KNOWS_GROUPS != 0).then(|| groups.to_vec()) })
    }

    /// Four bytes, and eight for each value and each membership.
    #[must_use]
    pub fn bytes(&self, rules: CaseRules) -> Vec<u8> {
        let Self { fields, groups } = self;
        let mut flags = if groups.is_some() { KNOWS_GROUPS } else { 0 };
        flags |= if is_without_case(rules) { WITHOUT_CASE } else { 0 };
        // Nobody has so many values; who had would be remembered in part.
        let count = u16::try_from(fields.len()).unwrap_or(u16::MAX);
        let [low, high] = count.to_le_bytes();
        let mut bytes = vec![FORMAT, flags, low, high];
        bytes.extend(fields.iter().take(usize::from(count)).flatten());
        bytes.extend(groups.iter().flatten().flatten());
        bytes
    }

    /// Who moved, where a field is `from` in the target and `to` in the source.
    #[must_use]
    pub fn cause(&self, field: &Field, from: &Value, to: &Value) -> Cause {
        let tag = tag(field);
        let Some(known) = self.fields.iter().find(|known| known[..TAG] == tag) else { return Cause::Unknown };
        if *known == of_value(field, to) {
            Cause::Drift
        } else if *known == of_value(field, from) {
            Cause::Intended
        } else {
            Cause::Conflict
        }
    }

    /// Who moved, where a membership is to be made (`joins`) or taken away.
    fn cause_of_group(&self, group: Digest, joins: bool) -> Cause {
        let Some(groups) = &self.groups else { return Cause::Unknown };
        let had = groups.binary_search(&group).is_ok();
        if had == joins { Cause::Drift } else { Cause::Intended }
    }

    fn set(&mut self, field: &Field, value: &Value) {
        let digest = of_value(field, value);
        self.fields.retain(|known| known[..TAG] != digest[..TAG]);
        insert(&mut self.fields, digest);
    }

    /// A group is called otherwise, or is gone.
    fn follow(&mut self, from: Digest, to: Option<Digest>) {
        let Some(groups) = &mut self.groups else { return };
        let Ok(at) = groups.binary_search(&from) else { return };
        groups.remove(at);
        if let Some(to) = to {
            insert(groups, to);
        }
    }
}

/// Makes [`Applied`]s. It works out the digest of a group once, however many are in it.
pub struct Scribe<'a> {
    names: &'a GroupNames,
    rules: CaseRules,
    groups: Vec<Option<Digest>>,
}

impl<'a> Scribe<'a> {
    /// For principals that speak in the group names `names`.
    #[must_use]
    pub fn new(names: &'a GroupNames, rules: CaseRules) -> Self {
        Self { names, rules, groups: vec![None; names.len()] }
    }

    /// Everything that is given of `principal`; what is cleared is given too.
    #[must_use]
    pub fn of(&mut self, principal: &Principal) -> Applied {
        let mut known: Vec<Digest> =
            fields::given(principal).into_iter().map(|(field, value)| of_value(&field, &value)).collect();
        known.sort_unstable();
        let groups = principal.groups.as_ref().map(|groups| self.sorted(groups));
        Applied { fields: known, groups }
    }

    /// What is remembered once `change` was carried out, where `before` was. What of it was withheld stays as it was.
    #[must_use]
    pub fn after(&mut self, before: Applied, change: &Change) -> Applied {
        let mut known = before;
        for FieldChange { field, from: _, to, cause: _ } in &change.detail().fields {
            known.set(field, to);
        }
        match change.action() {
            Action::Enable => known.set(&Field::Active, &true.into()),
            Action::Disable => known.set(&Field::Active, &false.into()),
            _ => {}
        }
        if let Some(groups) = &mut known.groups {
            for group in change.leaves() {
                let digest = self.group(*group);
                groups.retain(|known| *known != digest);
            }
            for group in change.joins() {
                insert(groups, self.group(*group));
            }
        }
        match change.action() {
            // Some products take whoever is switched off out of every group.
            Action::Disable => known.groups = None,
            Action::Strip => known.groups = Some(Vec::new()),
            _ => {}
        }
        known
    }

    /// Who moved, where `group` is to be joined (`joins`) or left.
    #[must_use]
    pub fn cause(&mut self, known: &Applied, group: GroupRef, joins: bool) -> Cause {
        known.cause_of_group(self.group(group), joins)
    }

    fn group(&mut self, group: GroupRef) -> Digest {
        let (names, rules) = (self.names, self.rules);
        *self.groups[group.index()].get_or_insert_with(|| of_group(names.name(group), rules))
    }

    fn sorted(&mut self, groups: &[GroupRef]) -> Vec<Digest> {
        let mut digests: Vec<Digest> = groups.iter().map(|group| self.group(*group)).collect();
        digests.sort_unstable();
        digests.dedup();
        digests
    }
}

/// By kind and folded name, what is remembered.
pub type Memories = FxHashMap<(Kind, CompactString), Applied>;

/// Those of whom [`remember`] wants to know what was remembered before.
#[must_use]
pub fn to_recall(done: &[&Change], rules: CaseRules) -> Vec<(Kind, CompactString)> {
    let changed = done.iter().filter(|change| change.action() != Action::Create).map(|change| change.id());
    let touched = done.iter().flat_map(|change| change.detail().touches.iter().cloned());
    let mut keys: Vec<_> = changed.chain(touched).map(|id| (id.kind, rules.key(id.kind, &id.name))).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// What is to be remembered after `done` was carried out, where `before` was. Members of a group that was renamed or
/// deleted are among them: by its old name nobody would know it again.
#[must_use]
pub fn remember(done: &[&Change], names: &GroupNames, rules: CaseRules, mut before: Memories) -> Memories {
    let mut scribe = Scribe::new(names, rules);
    let mut found = Memories::default();
    let mut renamed = FxHashMap::default();
    for change in done.iter().filter(|change| change.action() != Action::Delete) {
        let Some(after) = change.after() else { continue };
        let kind = change.kind();
        let (old_key, key) = ((kind, rules.key(kind, change.name())), (kind, rules.key(kind, &after.name)));
        let known = match before.remove(&old_key).filter(|_| change.action() != Action::Create) {
            Some(before) => scribe.after(before, change),
            None => scribe.of(after),
        };
        if old_key != key {
            renamed.insert(old_key, key.clone());
        }
        found.insert(key, known);
    }
    for change in done.iter().filter(|change| change.kind() == Kind::Group) {
        let new_name = change.detail().new_name.as_deref();
        if new_name.is_none() && change.action() != Action::Delete {
            continue;
        }
        let (from, to) = (of_group(change.name(), rules), new_name.map(|name| of_group(name, rules)));
        for id in &change.detail().touches {
            let key = (id.kind, rules.key(id.kind, &id.name));
            let key = renamed.get(&key).cloned().unwrap_or(key);
            if let Some(known) = before.remove(&key) {
                found.insert(key, known);
            }
        }
        for known in found.values_mut() {
            known.follow(from, to);
        }
    }
    found
}

fn insert(digests: &mut Vec<Digest>, digest: Digest) {
    if let Err(at) = digests.binary_search(&digest) {
        digests.insert(at, digest);
    }
}

fn is_without_case(rules: CaseRules) -> bool {
    rules.of(Kind::Group) == CaseRule::Ignored
}

fn of_group(name: &str, rules: CaseRules) -> Digest {
    first(Sha256::new().chain_update(b"group\0").chain_update(rules.key(Kind::Group, name).as_bytes()))
}

fn of_value(field: &Field, value: &Value) -> Digest {
    let mut hash = Sha256::new().chain_update(b"value\0").chain_update(field.text()).chain_update(b"\0");
    if !fields::is_nothing(value) {
        feed(&mut hash, value);
    }
    let mut digest = first::<8>(hash);
    digest.copy_within(..8 - TAG, TAG);
    digest[..TAG].copy_from_slice(&tag(field));
    digest
}

/// Which field it is. Common ones are told without work: a million principals are written down at a first run.
fn tag(field: &Field) -> [u8; TAG] {
    match field {
        Field::DisplayName => [0, 0, 1],
        Field::Description => [0, 0, 2],
        Field::Mail => [0, 0, 3],
        Field::Visibility => [0, 0, 4],
        Field::Active => [0, 0, 5],
        Field::Attribute(name) => {
            let [a, b, c] = first(Sha256::new().chain_update(b"attribute\0").chain_update(name));
            [a | 0x80, b, c]
        }
    }
}

/// The same for equal values, in whatever order the members of an object stand.
fn feed(hash: &mut Sha256, value: &Value) {
    match value {
        Value::Array(items) => {
            hash.update(format!("[{}:", items.len()));
            for item in items {
                feed(hash, item);
            }
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            hash.update(format!("{{{}:", members.len()));
            for (name, value) in members {
                hash.update(format!("{}:{name}", name.len()));
                feed(hash, value);
            }
        }
        Value::String(text) => {
            hash.update(format!("\"{}:", text.len()));
            hash.update(text);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => hash.update(format!("{value},")),
    }
}

fn first<const N: usize>(hash: Sha256) -> [u8; N] {
    let mut found = [0; N];
    found.copy_from_slice(&hash.finalize()[..N]);
    found
}
