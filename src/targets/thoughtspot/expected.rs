//! What the server should say it changes, held against what it does say.

use std::collections::BTreeSet;

use super::UpdatedLists;
use super::wire::SyncAnswer;
use crate::plan::{Action, Change};
use crate::principal::{CaseRules, Kind, shown};

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
    /// What `changes` come to on the wire. A rename is an addition and a deletion; who is in a group that goes is
    /// updated with it.
    pub(super) fn of(changes: &[&Change], rules: CaseRules) -> Self {
        let mut expected = Self::default();
        for change in changes {
            let kind = change.kind();
            match (change.action(), &change.detail().new_name) {
                (Action::Create, _) => expected.note(at(kind, 0), kind, change.name(), rules),
                (Action::Delete, _) => expected.note(at(kind, 2), kind, change.name(), rules),
                (_, Some(name)) => {
                    expected.note(at(kind, 0), kind, name, rules);
                    expected.note(at(kind, 2), kind, change.name(), rules);
                }
                _ => expected.note(at(kind, 1), kind, change.name(), rules),
            }
            for id in &change.detail().touches {
                expected.note(at(id.kind, 1), id.kind, &id.name, rules);
            }
        }
        for kind in [0, 3] {
            let gone = expected.lists[kind + 2].clone();
            expected.lists[kind + 1].retain(|name| !gone.contains(name));
        }
        expected
    }

    /// One more principal that is new to the server.
    pub(super) fn add(&mut self, kind: Kind, name: &str, rules: CaseRules) {
        self.note(at(kind, 0), kind, name, rules);
    }

    /// One more principal that goes.
    pub(super) fn delete(&mut self, kind: Kind, name: &str, rules: CaseRules) {
        self.note(at(kind, 2), kind, name, rules);
        self.lists[at(kind, 1)].remove(rules.key(kind, name).as_str());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lists.iter().all(BTreeSet::is_empty)
    }

    fn note(&mut self, list: usize, kind: Kind, name: &str, rules: CaseRules) {
        self.lists[list].insert(rules.key(kind, name).to_string());
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
