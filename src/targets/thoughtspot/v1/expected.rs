//! What the server should say it changes, held against what it does say.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use compact_str::CompactString;

use super::super::UpdatedLists;
use super::super::product::display_name;
use super::wire::SyncAnswer;
use crate::plan::Capabilities;
use crate::principal::{CaseRules, Kind, Principal, PrincipalSet, Record, Visibility, shown};

/// Folded names by what happens to them: users and groups, added, updated, deleted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Expected {
    lists: [BTreeSet<String>; 6],
}

const TITLES: [&str; 6] =
    ["usersAdded", "usersUpdated", "usersDeleted", "groupsAdded", "groupsUpdated", "groupsDeleted"];

fn at(kind: Kind, what: usize) -> usize {
    match kind {
        Kind::User => what,
        Kind::Group => what + 3,
    }
}

impl Expected {
    /// What the server has to change so that the list `before` becomes the payload made of `after`.
    pub(super) fn between(before: &PrincipalSet, after: &PrincipalSet, can: &Capabilities) -> Self {
        let mut expected = Self::default();
        let (mut old, mut new) = (before.records().iter().peekable(), after.records().iter().peekable());
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => return expected,
                (Some(a), Some(b)) => (a.kind(), a.key()).cmp(&(b.kind(), b.key())),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
            };
            let was = if order == Ordering::Greater { None } else { old.next() };
            let will = if order == Ordering::Less { None } else { new.next() };
            match (was, will) {
                (Some(was), None) => expected.note(2, was),
                (None, Some(will)) => expected.note(0, will),
                (Some(was), Some(will)) => {
                    let same = on_wire(&was.principal, &will.principal)
                        && groups(before, was, can) == groups(after, will, can);
                    if !same {
                        expected.note(1, was);
                    }
                }
                (None, None) => {}
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lists.iter().all(BTreeSet::is_empty)
    }

    fn note(&mut self, what: usize, record: &Record) {
        self.lists[at(record.kind(), what)].insert(record.key().to_owned());
    }

    /// Every difference between this and the server's answer, in sentences; none where they agree.
    pub(super) fn surprises(&self, answer: SyncAnswer, updated: UpdatedLists, rules: CaseRules) -> Vec<String> {
        let SyncAnswer { users_added, users_updated, users_deleted, groups_added, groups_updated, groups_deleted } =
            answer;
        let lists = [users_added, users_updated, users_deleted, groups_added, groups_updated, groups_deleted];
        let mut surprises = Vec::new();
        for (index, list) in lists.into_iter().enumerate() {
            let kind = if index < 3 { Kind::User } else { Kind::Group };
            let said: BTreeSet<String> =
                list.unwrap_or_default().iter().map(|name| rules.key(kind, name).to_string()).collect();
            let matches_too = updated == UpdatedLists::Matches && index % 3 == 1;
            if !matches_too {
                surprises.extend(
                    listed(&said, &self.lists[index])
                        .map(|names| format!("{} has {names}, which the plan has not", TITLES[index])),
                );
            }
            surprises.extend(
                listed(&self.lists[index], &said)
                    .map(|names| format!("{} lacks {names}, which the plan has", TITLES[index])),
            );
        }
        surprises
    }
}

/// Whether the server sees no difference of values between what it lists and what it is sent.
fn on_wire(listed: &Principal, sent: &Principal) -> bool {
    let text = |value: &Option<CompactString>| value.clone().unwrap_or_default();
    let visibility = |principal: &Principal| principal.visibility.unwrap_or(Visibility::Default);
    text(&listed.display_name) == display_name(sent)
        && text(&listed.description) == text(&sent.description)
        && (listed.kind == Kind::Group || text(&listed.mail) == text(&sent.mail))
        && visibility(listed) == visibility(sent)
}

/// The groups that count: the product itself puts everybody into the implicit ones.
fn groups<'a>(set: &'a PrincipalSet, record: &Record, can: &Capabilities) -> Vec<&'a str> {
    let mut names = set.names().sorted(record.principal.group_refs());
    names.retain(|name| !can.is_implicit(Kind::Group, &can.rules.key(Kind::Group, name)));
    names
}

/// The first names of `has` that `other` lacks.
fn listed(has: &BTreeSet<String>, other: &BTreeSet<String>) -> Option<String> {
    let names: Vec<_> = has.difference(other).collect();
    let (first, more) = names.split_at(names.len().min(5));
    if first.is_empty() {
        return None;
    }
    let shown: Vec<_> = first.iter().map(|name| format!("`{}`", shown(name, 60))).collect();
    let rest = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
    Some(format!("{}{rest}", shown.join(", ")))
}
