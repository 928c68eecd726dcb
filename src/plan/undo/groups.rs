//! Which groups go and which are made again: everybody's memberships hang on that, so it is settled first.

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use super::edits::Draft;
use super::whole::made_again;
use super::{Deed, Undoing};
use crate::plan::{Action, HoldCode, Wanted};
use crate::principal::{GroupRef, Kind};

/// By group, who is in it: kind and folded name.
type Members = FxHashMap<GroupRef, FxHashSet<(Kind, CompactString)>>;

impl<'a> Undoing<'a> {
    pub(super) fn settle_groups(&mut self, deeds: &[Deed<'a>]) {
        let of = |action: Action| {
            deeds
                .iter()
                .filter(move |deed| deed.done && deed.change.kind() == Kind::Group && deed.change.action() == action)
        };
        for deed in of(Action::Delete) {
            let Some(before) = deed.change.before() else { continue };
            let is_possible = self.may_make(before).is_ok();
            let refusal = self.asked.refusal(&made_again(before, Vec::new()));
            if let Some(group) = self.scene.group(&before.name).filter(|_| is_possible && refusal.is_none()) {
                self.scene.remade.insert(group);
            }
        }
        let made: Vec<&Deed<'a>> = of(Action::Create).collect();
        let (joined, members) = (self.joined(deeds, &made), self.members(&made));
        for deed in made {
            self.unmake_group(deed, &joined, &members);
        }
    }

    fn unmake_group(&mut self, deed: &Deed<'a>, joined: &Members, members: &Members) {
        let Some(made) = deed.change.after() else { return };
        let Some(now) = self.scene.find(Kind::Group, &made.name) else { return };
        let Some(group) = self.scene.group(&made.name) else { return };
        let (none, since) = (FxHashSet::default(), "somebody was put into it since");
        let (joined, members) = (joined.get(&group).unwrap_or(&none), members.get(&group).unwrap_or(&none));
        let why = self.scene.differs(made, now);
        if let Some(why) = why.or_else(|| (!members.is_subset(joined)).then(|| since.to_owned())) {
            let wanted = Wanted::Action(Action::Delete);
            return self.hold(Kind::Group, made.name.clone(), wanted, HoldCode::MovedSince, why);
        }
        if let Some(change) = self.removal(deed, now) {
            if change.action() == Action::Delete && self.asked.refusal(&change).is_none() {
                self.scene.doomed.insert(group);
            }
            self.push(change);
        }
    }

    /// Who was put into the groups `made` by the run, by the names that it left them with.
    fn joined(&self, deeds: &[Deed<'a>], made: &[&Deed<'a>]) -> Members {
        let made: FxHashSet<GroupRef> = made.iter().filter_map(|deed| self.scene.group(deed.change.name())).collect();
        let mut found = Members::default();
        for deed in deeds.iter().filter(|deed| deed.done) {
            let change = deed.change;
            let name = change.after().map_or(change.name(), |after| &after.name);
            for group in self.scene.groups(change.joins()).into_iter().filter(|group| made.contains(group)) {
                found.entry(group).or_default().insert((change.kind(), self.scene.key(change.kind(), name)));
            }
        }
        found
    }

    /// Who is in the groups `made` now.
    fn members(&self, made: &[&Deed<'a>]) -> Members {
        let made: FxHashSet<GroupRef> = made.iter().filter_map(|deed| self.scene.group(deed.change.name())).collect();
        let mut found = Members::default();
        if made.is_empty() {
            return found;
        }
        for record in self.scene.current.set.records() {
            for group in record.principal.group_refs().iter().filter(|group| made.contains(group)) {
                found.entry(*group).or_default().insert((record.kind(), record.key().into()));
            }
        }
        found
    }

    /// Puts those who lost a membership with a group into it again.
    pub(super) fn rejoin(&mut self, deeds: &[Deed<'a>]) {
        let deleted = deeds
            .iter()
            .filter(|deed| deed.done && deed.change.kind() == Kind::Group && deed.change.action() == Action::Delete);
        for deed in deleted {
            let Some(group) = self.scene.group(deed.change.name()) else { continue };
            if !self.scene.remade.contains(&group) {
                continue;
            }
            for id in &deed.change.detail().touches {
                let Some(now) = self.scene.find_renamed(id.kind, &id.name) else {
                    let wanted = Wanted::Join(self.scene.name(group).into());
                    self.hold(id.kind, id.name.clone(), wanted, HoldCode::MovedSince, "it is not there any more");
                    continue;
                };
                let key = (id.kind, self.scene.key(id.kind, &now.name));
                self.drafts.entry(key).or_insert_with(|| Draft::new(now)).join.push(group);
            }
        }
    }
}
