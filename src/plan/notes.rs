//! What a plan has to say of the readings it stands on.

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use super::facts::Facts;
use super::matching::Case;
use super::plan::begin_of_note;
use super::{Capabilities, Current, Field, Ledger, Untold};
use crate::principal::{GroupRef, Kind, Principal, PrincipalSet, Record, shown};

/// How many groups a note tells.
const TOLD: usize = 5;

/// Whose memberships are left as they are, and which values are not compared.
pub(super) fn notes(desired: &PrincipalSet, contested: &FxHashSet<CompactString>, current: &Current) -> Vec<String> {
    let why = "more than one group of the source is called so: who is in them is left as it is";
    let mut found: Vec<String> = named(contested.iter(), why).into_iter().collect();
    if current.hides_memberships {
        let hidden = "the target does not tell who is in which group: the memberships of those who are there are left";
        found.push(hidden.into());
    }
    let why = "something else keeps their members in the target: who is in them is left as it is";
    found.extend(named(current.untold.groups.iter(), why));
    for kind in [Kind::Group, Kind::User] {
        let why = format!("more than one {} of the target is called so: they are left alone", kind.word());
        found.extend(named(current.ambiguous.iter().filter(|(of, _)| *of == kind).map(|(_, name)| name), &why));
    }
    let why = "the target does not tell for sure who is in it: left as it is";
    found.extend(named(current.untold.unsure.iter(), why));
    found.extend(not_compared(desired, &current.untold));
    found
}

/// How many `[users, groups]` a sync that removes only what is in its care finds in nobody's.
pub(super) fn strangers([users, groups]: [usize; 2], facts: &Facts<'_>) -> Option<String> {
    if users + groups == 0 || !facts.policy.remove_deleted {
        return None;
    }
    let each = [(users, "user"), (groups, "group")].into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<_> =
        each.map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" })).collect();
    let is_new = Kind::ALL.into_iter().all(|kind| facts.ledger.count(kind) == 0);
    let why = if is_new {
        "this sync has nobody in its care, as its state is new or was lost"
    } else {
        "this sync neither created them nor has once matched them (`adopt` takes one into its care)"
    };
    Some(format!("not removed under `ownership: managed`: {} that no source has; {why}", counts.join(" and ")))
}

/// Groups that principals of the source name and that are left out, with the reason.
pub(super) fn missing_groups(missing: &[GroupRef], desired: &PrincipalSet, facts: &Facts<'_>) -> Vec<String> {
    let key = |name: &str| facts.can.rules.key(Kind::Group, name);
    let is_implicit = |group: &&GroupRef| facts.can.is_implicit(Kind::Group, &key(desired.names().name(**group)));
    let mut count: FxHashMap<GroupRef, usize> =
        missing.iter().filter(|group| !is_implicit(group)).map(|group| (*group, 0)).collect();
    if count.is_empty() {
        return Vec::new();
    }
    for record in desired.records() {
        for group in record.principal.group_refs() {
            count.entry(*group).and_modify(|n| *n += 1);
        }
    }
    let mut notes: Vec<_> = count.into_iter().filter(|(_, members)| *members > 0).collect();
    notes.sort_by_key(|(group, _)| desired.names().name(*group));
    let note = |(group, members): &(GroupRef, usize)| {
        let name = desired.names().name(*group);
        let why = match desired.get(Kind::Group, &key(name)) {
            Some(_) => "it is not created",
            None if facts.is_ambiguous(Kind::Group, &key(name)) => "more than one group of the target is called so",
            None => "no source defines it and the target lacks it",
        };
        format!("{}{members} of the source, but {why}: left out", begin_of_note(name))
    };
    notes.iter().map(note).collect()
}

/// Who was switched off by somebody else, and so is put into no group of the source.
pub(super) fn switched_off(
    desired: &PrincipalSet,
    cases: &[Case],
    current: &Current,
    (can, ledger): (&Capabilities, &Ledger),
) -> Option<String> {
    let ours = |has: &Record| ledger.owned(has.kind(), has.key()).is_some_and(|owned| owned.disabled);
    let left = cases.iter().filter(|_| !can.joins_disabled).filter_map(|case| match *case {
        Case::Both { desired: at, current: has, .. } => {
            let (wanted, has) = (&desired.records()[at].principal, &current.set.records()[has]);
            let lacks = wanted.group_refs().len() > has.principal.group_refs().len();
            let is_off = wanted.active.is_none() && !has.principal.is_active() && !ours(has);
            (is_off && lacks).then_some(&has.principal.name)
        }
        _ => None,
    });
    let why = "not active in the target, of which the source says nothing: they join no group until they are active";
    named(left, why)
}

fn named<'a>(names: impl Iterator<Item = &'a CompactString>, why: &str) -> Option<String> {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    let told: Vec<_> = names.iter().take(TOLD).map(|name| format!("`{}`", shown(name, 60))).collect();
    let more = if names.len() > TOLD { format!(" and {} more", names.len() - TOLD) } else { String::new() };
    (!names.is_empty()).then(|| format!("{}{more}: {why}", told.join(", ")))
}

/// Values that the source gives and the target does not show.
fn not_compared(desired: &PrincipalSet, untold: &Untold) -> Option<String> {
    let Untold { display_names, mails, attributes, values, groups: _, unsure: _, unkept: _ } = untold;
    let given = |has: &dyn Fn(&Principal) -> bool| desired.records().iter().any(|record| has(&record.principal));
    let fields = [
        ("`displayName`", *display_names && given(&|principal| principal.display_name.is_some())),
        ("`mail`", *mails && given(&|principal| principal.mail.is_some())),
        ("`attributes`", *attributes && given(&|principal| principal.attributes.is_some())),
    ];
    let fields = fields.into_iter().filter(|(_, hidden)| *hidden).map(|(field, _)| field.to_owned());
    let values = values.iter().filter(|field| given(&|principal| gives(principal, field)));
    let fields: Vec<String> = fields.chain(values.map(|field| format!("`{}`", field.text()))).collect();
    (!fields.is_empty()).then(|| format!("{} of those who are there: the target does not show it", fields.join(", ")))
}

/// Whether the source manages the value.
pub(super) fn gives(principal: &Principal, field: &Field) -> bool {
    match field {
        Field::DisplayName => principal.display_name.is_some(),
        Field::Description => principal.description.is_some(),
        Field::Mail => principal.mail.is_some(),
        Field::Visibility => principal.visibility.is_some(),
        Field::Active => principal.active.is_some(),
        Field::Attribute(name) => principal.attributes.as_ref().is_some_and(|has| has.contains_key(name)),
    }
}
