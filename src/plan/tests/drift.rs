//! Who moved since the last apply, told as worlds that were settled and then touched.

use rustc_hash::FxHashSet;

use super::build::{Draft, World, group, user};
use super::tell;
use super::worlds::after;
use crate::plan::{
    Action, Change, Drift, HoldCode, Memories, Plan, Privilege, Scribe, When, remember, settle, to_recall, weigh,
};
use crate::principal::{GroupRef, Kind};

/// A world and what is remembered of it.
#[derive(Debug, Clone)]
pub(super) struct Settled {
    pub(super) world: World,
    pub(super) known: Memories,
}

impl Settled {
    /// Nothing is remembered yet.
    pub(super) fn new(world: World) -> Self {
        Self { world, known: Memories::default() }
    }

    pub(super) fn plan(&self) -> Plan {
        let mut plan = self.world.plan();
        // As a run does: who is in nobody's care has nothing to be remembered.
        let mut known = self.known.clone();
        known.retain(|(kind, key), _| self.world.ledger.owned(*kind, key).is_some());
        weigh(&mut plan, self.world.can.rules, &known);
        plan
    }

    /// The plan as the policy of the world leaves it; members of `leads` have rights.
    pub(super) fn settled(&self, leads: &[&str]) -> Plan {
        let mut plan = self.plan();
        let leads: FxHashSet<GroupRef> = leads.iter().filter_map(|name| plan.names.find(name)).collect();
        let _ = settle(&mut plan, self.world.policy.drift, &self.world.can, &|group| leads.contains(&group));
        plan
    }

    /// The world after an apply of `plan`, with what is then remembered.
    pub(super) fn applied(&self, plan: &Plan) -> Self {
        let rules = self.world.can.rules;
        let mut known = self.known.clone();
        let current = self.world.current();
        let mut scribe = Scribe::new(current.set.names(), rules);
        for adopted in plan.adopted.iter().filter(|adopted| adopted.first) {
            let key = rules.key(adopted.kind, &adopted.name);
            let record = current.set.get(adopted.kind, &key).unwrap();
            known.insert((adopted.kind, key), scribe.of(&record.principal));
        }
        let done: Vec<&Change> = plan.changes.iter().collect();
        let asked = to_recall(&done, rules);
        let before = asked.iter().filter_map(|key| Some((key.clone(), self.known.get(key)?.clone()))).collect();
        for change in
            done.iter().filter(|change| change.action() == Action::Delete || change.detail().new_name.is_some())
        {
            known.remove(&(change.kind(), rules.key(change.kind(), change.name())));
        }
        known.extend(remember(&done, &plan.names, rules, before));
        Self { world: after(&self.world, plan), known }
    }

    /// After an apply of what the source wants.
    pub(super) fn run(&self) -> Self {
        self.applied(&self.plan())
    }

    fn source(mut self, source: impl IntoIterator<Item = Draft>) -> Self {
        self.world.source = source.into_iter().collect();
        self
    }

    fn target(mut self, target: impl IntoIterator<Item = Draft>) -> Self {
        self.world.target = target.into_iter().collect();
        self
    }

    fn policy(mut self, drift: Drift) -> Self {
        self.world.policy.drift = drift;
        self
    }

    fn told(&self) -> Vec<String> {
        tell::lines(&self.plan())
    }

    fn told_under(&self, drift: Drift) -> Vec<String> {
        tell::lines(&self.clone().policy(drift).settled(&[]))
    }
}

fn ada(display: &str) -> Draft {
    user("ada").display(display).mail("a@x").groups(["x"])
}

fn groups() -> [Draft; 3] {
    [group("x"), group("y"), group("z")]
}

fn with(one: Draft) -> Vec<Draft> {
    groups().into_iter().chain([one]).collect()
}

/// Ada is in `x`, and both sides agree.
fn agreed() -> Settled {
    Settled::new(World::file().source(with(ada("Ada"))).target([])).run()
}

#[test]
fn who_moved_is_told_of_each_value_and_membership() {
    assert_eq!(agreed().told(), Vec::<String>::new());
    let moved = agreed().source(with(ada("Countess").groups(["y"])));
    assert_eq!(
        moved.told(),
        [r#"update user ada (changed) displayName: "Ada" -> "Countess" [intended] +y [intended]"#]
    );
    let meddled = agreed().target(with(user("ada").display("Meddled").mail("a@x").groups(["z"])));
    assert_eq!(
        meddled.told(),
        [r#"update user ada (changed) displayName: "Meddled" -> "Ada" [drift] +x [drift] -z [drift]"#]
    );
    let both = meddled.source(with(user("ada").display("Countess").mail("b@x").groups(["y"])));
    assert_eq!(
        both.told(),
        [concat!(
            r#"update user ada (changed) displayName: "Meddled" -> "Countess" [conflict] mail: "a@x" -> "b@x" [intended]"#,
            " +y [intended] -z [drift]"
        )]
    );
}

#[test]
fn of_whom_nothing_is_remembered_nothing_is_told() {
    let world = World::file().source(with(ada("Ada"))).target(with(ada("Other")));
    let first = Settled::new(world);
    let told = [r#"update user ada (changed) displayName: "Other" -> "Ada""#];
    assert_eq!(first.told()[..1], told);
    for drift in [Drift::Repair, Drift::Keep, Drift::Report] {
        assert_eq!(first.told_under(drift)[..1], told, "as today, whatever the policy says");
    }
    let unmanaged =
        agreed().source(with(ada("Ada").description("new"))).target(with(ada("Ada").description("by hand")));
    assert_eq!(
        unmanaged.told(),
        [r#"update user ada (changed) description: "by hand" -> "new""#],
        "the source never gave that value"
    );
}

#[test]
fn who_is_found_as_wanted_is_remembered_so() {
    let found = Settled::new(World::file().source(with(ada("Ada"))).target(with(ada("Ada")))).run();
    let meddled = found.target(with(ada("Meddled")));
    assert_eq!(meddled.told(), [r#"update user ada (changed) displayName: "Meddled" -> "Ada" [drift]"#]);
}

#[test]
fn a_value_that_was_cleared_is_remembered_as_cleared() {
    let cleared = agreed().source(with(ada("Ada").mail(""))).run();
    assert_eq!(cleared.told(), Vec::<String>::new());
    let meddled = cleared.target(with(ada("Ada").mail("back@x")));
    assert_eq!(meddled.told(), [r#"update user ada (changed) mail: "back@x" -> null [drift]"#]);
}

#[test]
fn repair_goes_on_and_says_how_much() {
    let meddled = agreed().target(with(user("ada").display("Meddled").mail("a@x").groups(["z"])));
    assert_eq!(
        meddled.told_under(Drift::Repair),
        [
            r#"update user ada (changed) displayName: "Meddled" -> "Ada" [drift] +x [drift] -z [drift]"#,
            "note changed in the target since last applied: 1 value and 2 memberships of 1 principal, set back",
        ]
    );
}

#[test]
fn keep_leaves_what_drifted_and_carries_out_the_rest() {
    let meddled = agreed().target(with(user("ada").display("Meddled").mail("a@x").groups(["z"])));
    let note = "note changed in the target since last applied: 1 value and 2 memberships of 1 principal, left so (`drift: keep`)";
    assert_eq!(meddled.told_under(Drift::Keep), [note]);
    assert_eq!(meddled.clone().policy(Drift::Keep).settled(&[]).bases.users.unchanged, 1);
    let source = with(user("ada").display("Ada").mail("new@x").groups(["x", "y"]));
    let moved = meddled.clone().source(source.clone()).policy(Drift::Keep);
    let told = [r#"update user ada (changed) mail: "a@x" -> "new@x" [intended] +y [intended]"#, note];
    assert_eq!(moved.told_under(Drift::Keep), told);
    // What stands is not taken for what was applied: it stands the next time too, and is drift when it is set back.
    let next = moved.applied(&moved.settled(&[]));
    assert_eq!(next.told_under(Drift::Keep), [note]);
    assert_eq!(
        next.told_under(Drift::Repair)[0],
        r#"update user ada (changed) displayName: "Meddled" -> "Ada" [drift] +x [drift] -z [drift]"#
    );
}

#[test]
fn keep_carries_conflicts_out() {
    let both = agreed().source(with(ada("Countess"))).target(with(ada("Meddled")));
    assert_eq!(
        both.told_under(Drift::Keep),
        [
            r#"update user ada (changed) displayName: "Meddled" -> "Countess" [conflict]"#,
            "note changed in the target since last applied: 1 value of 1 principal, which the source has changed too, set to what it says",
        ]
    );
}

#[test]
fn report_holds_drift_and_conflict_again_and_again() {
    let both = agreed()
        .source(with(user("ada").display("Countess").mail("new@x").groups(["x"])))
        .target(with(user("ada").display("Meddled").mail("a@x").groups(["z"])))
        .policy(Drift::Report);
    let held = ["hold user ada: join x (drift)", "hold user ada: leave z (drift)", "hold user ada: update (drift)"];
    let told = both.told_under(Drift::Report);
    assert_eq!(told[0], r#"update user ada (changed) mail: "a@x" -> "new@x" [intended]"#);
    assert_eq!(told[1..], held);
    let plan = both.settled(&[]);
    let reasons: Vec<_> = plan.held.iter().map(|held| held.reason.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "it was taken out of the group in the target since it was last applied",
            "it was put into the group in the target since it was last applied",
            "`displayName` was changed in the source and in the target since it was last applied",
        ]
    );
    assert!(plan.held.iter().all(|held| held.code == HoldCode::Drift && !held.code.by_guard()));
    assert_eq!(both.applied(&plan).told_under(Drift::Report), held, "nothing of it was carried out");
}

#[test]
fn a_right_that_somebody_was_given_by_hand_is_told_where_it_is_kept() {
    const PRIVILEGES: &[Privilege] =
        &[Privilege { kind: Kind::User, attribute: "role", when: When::Is("admin"), administrates: true }];
    let person = |role: &str| ada("Ada").attribute("role", role.into());
    let world = World::file().can(|can| can.privileges = PRIVILEGES).source(with(person("viewer"))).target([]);
    let meddled = Settled::new(world).run().target(with(person("admin").groups(["z", "y"]))).policy(Drift::Keep);
    assert_eq!(
        tell::lines(&meddled.settled(&["z"])),
        [
            "note changed in the target since last applied: 1 value and 2 memberships of 1 principal, left so (`drift: keep`)",
            "note user `ada` was put into the privileged group `z` in the target since, and stays in it (`drift: keep`)",
            "note user `ada` was given `attributes.role` in the target since, and keeps it (`drift: keep`)",
        ]
    );
}

#[test]
fn who_was_switched_off_in_the_target_stays_off_where_drift_is_kept() {
    let on = |active: bool| ada("Ada").active(active);
    let settled = Settled::new(World::file().source(with(on(true))).target([])).run();
    let off = settled.target(with(on(false)));
    assert_eq!(off.told(), ["enable user ada (returned) [drift]"]);
    assert_eq!(
        off.told_under(Drift::Keep),
        ["note changed in the target since last applied: 1 value of 1 principal, left so (`drift: keep`)"]
    );
    assert_eq!(off.told_under(Drift::Report), ["hold user ada: enable (drift)"]);
    let renamed = off.source(with(on(true).mail("new@x")));
    assert_eq!(renamed.told_under(Drift::Keep)[0], r#"update user ada (changed) mail: "a@x" -> "new@x" [intended]"#);
}

#[test]
fn who_is_switched_off_in_the_source_is_switched_off_whatever_the_policy_says() {
    let on = |active: bool| ada("Ada").active(active);
    let world = World::file().source(with(on(true))).target([]);
    let settled = Settled::new(world).run().source(with(on(false))).run();
    let on_again = settled.target(with(on(true)));
    for drift in [Drift::Repair, Drift::Keep, Drift::Report] {
        let told = on_again.told_under(drift);
        assert_eq!(told[0], "disable user ada (inactive) [drift]");
    }
}

#[test]
fn who_was_deleted_in_the_target_is_made_again_whatever_the_policy_says() {
    let gone = agreed().target(groups());
    for drift in [Drift::Repair, Drift::Keep, Drift::Report] {
        assert_eq!(
            gone.told_under(drift),
            ["create user ada (new) [drift] +x", "note deleted in the target since last applied: 1 user, made again"]
        );
    }
    let group_gone = agreed().target([group("y"), group("z"), user("ada").display("Ada").mail("a@x")]);
    assert_eq!(
        group_gone.told_under(Drift::Keep)[..2],
        ["create group x (new) [drift]", "update user ada (changed) +x [intended]"],
        "who is in a group that is made anew is what the source says"
    );
}

#[test]
fn a_group_that_is_renamed_by_us_is_still_the_same_group() {
    let people = || user("ada").display("Ada").groups(["old"]);
    let world = World::file().source([group("old").id("g"), people()]).target([]);
    let settled = Settled::new(world).run();
    let renamed = settled.source([group("new").id("g"), user("ada").display("Ada").groups(["new"])]).run();
    assert_eq!(renamed.told(), Vec::<String>::new());
    let left = renamed.source([group("new").id("g"), user("ada").display("Ada").groups([])]);
    assert_eq!(left.told(), ["update user ada (changed) -new [intended]"], "not by hand: nothing would take it away");
}

#[test]
fn a_group_that_was_deleted_by_us_is_forgotten() {
    let world = World::file().source(with(user("ada").groups(["x"]))).target([]);
    let gone = Settled::new(world).run().source([group("y"), group("z"), user("ada").groups([])]).run();
    let other = gone.target([group("x"), group("y"), group("z"), user("ada")]);
    let back = other.source(with(user("ada").groups(["x"])));
    assert_eq!(back.told()[0], "update user ada (changed) +x [intended]");
}

#[test]
fn who_was_switched_off_by_us_comes_back_with_its_groups() {
    let on = |active: bool| ada("Ada").active(active);
    let off = Settled::new(World::file().source(with(on(true))).target([])).run().source(with(on(false))).run();
    // Some products take whoever is switched off out of every group.
    let off = off.target(with(user("ada").display("Ada").mail("a@x").active(false)));
    let back = off.source(with(on(true)));
    assert_eq!(back.told_under(Drift::Keep), ["enable user ada (returned) [intended] +x"]);
}
