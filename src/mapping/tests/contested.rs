//! A group name that stands for more than one group of the source: nobody joins and nobody leaves it.

use super::reading;
use crate::connector::fake::FakeTarget;
use crate::connector::{Reading, Rejected};
use crate::mapping::expression::Condition;
use crate::mapping::rules::KindRules;
use crate::mapping::{KindScope, Naming, Rules, Scope, desire, sift};
use crate::plan::tests::build::{Draft, World, group, user};
use crate::plan::tests::tell;
use crate::plan::{Plan, Policy, diff};
use crate::principal::{Kind, Pattern, PrincipalSet};

fn plan_of(reading: Reading, rules: &Rules, target: impl IntoIterator<Item = Draft>) -> Plan {
    let world = World::file().target(target);
    let fake = FakeTarget::new(World::file().can, PrincipalSet::default());
    let mapped = desire(sift(reading, world.can.rules, &[]).0, &fake, rules);
    let policy = Policy { remove_deleted: true, ..Policy::default() };
    diff(mapped.desired, &world.current(), &policy, &world.can, &world.ledger)
}

/// What becomes of the target, without adoptions, what is retained and notes.
fn story(reading: Reading, rules: &Rules, target: impl IntoIterator<Item = Draft>) -> Vec<String> {
    let told = tell::lines(&plan_of(reading, rules, target));
    told.into_iter().filter(|line| !line.starts_with("adopt ") && !line.starts_with("note ")).collect()
}

fn stripped() -> Rules {
    Rules { naming: Naming { strip: "bi-".into(), ..Naming::default() }, ..Rules::default() }
}

/// Ada is an administrator of the target already, Bob is not, and Eve is one of whom no source says so.
fn target(name: &str) -> [Draft; 4] {
    let member = |user: Draft| user.groups([name]);
    [group(name), member(user("ada")), user("bob"), member(user("eve"))]
}

#[test]
fn two_groups_of_one_name_let_nobody_in_and_nobody_out() {
    let people = || [user("ada").groups(["admins"]), user("bob").groups(["admins"]), user("eve").groups([])];
    let twice = [group("admins").at("cn=admins,ou=appA"), group("admins").at("cn=admins,ou=appB")];
    let plan = plan_of(reading(twice.into_iter().chain(people())), &Rules::default(), target("admins"));
    assert_eq!(plan.changes.len() + plan.retained.len() + plan.held.len(), 0, "{:?}", tell::lines(&plan));
    assert_eq!(
        plan.notes,
        ["`admins`: more than one group of the source is called so: who is in them is left as it is"]
    );
    let once = [group("admins")];
    let one = story(reading(once.into_iter().chain(people())), &Rules::default(), target("admins"));
    assert_eq!(one, ["update user bob (changed) +admins", "update user eve (changed) -admins"]);
}

#[test]
fn a_group_beside_a_broken_one_of_its_name_lets_nobody_in() {
    let mut reading = reading([group("admins"), user("bob").groups(["admins"])]);
    let broken = |origin: &str| Rejected {
        kind: Kind::Group,
        name: "admins".into(),
        origin: origin.into(),
        reason: "broken".into(),
    };
    reading.rejected.push(broken("cn=admins,ou=appB"));
    assert_eq!(story(reading, &Rules::default(), [group("admins"), user("bob")]), Vec::<String>::new());
}

#[test]
fn a_contested_group_is_contested_under_its_new_name() {
    let drafts = [group("bi-adm").at("a"), group("bi-adm").at("b"), user("bob").groups(["bi-adm"]), user("ada")];
    assert_eq!(story(reading(drafts), &stripped(), [group("adm"), user("ada"), user("bob")]), Vec::<String>::new());
    let unnamed = [group("bi-adm").at("a"), group("bi-adm").at("b"), user("ada").groups([])];
    let target = [group("adm"), user("ada").groups(["adm"])];
    assert_eq!(story(reading(unnamed), &stripped(), target), Vec::<String>::new(), "nobody leaves either");
}

#[test]
fn two_groups_that_the_rules_give_one_name_let_nobody_in() {
    let drafts = [group("adm"), group("bi-adm"), user("ada").groups(["adm"]), user("bob").groups(["bi-adm"])];
    let people = drafts.into_iter().chain([user("eve").groups([])]);
    assert_eq!(story(reading(people), &stripped(), target("adm")), Vec::<String>::new());
}

#[test]
fn a_group_whose_rule_fails_loses_nobody_to_the_one_that_takes_its_name() {
    let rules = || Rules {
        groups: KindRules { when: Condition::compile("level | int > 0", "when (a.yaml:1:2)").ok(), set: Vec::new() },
        ..stripped()
    };
    let level = |draft: Draft, level: &str| draft.attribute("level", level.into());
    let people = || [user("ada").groups(["adm"]), user("bob").groups(["bi-adm"]), user("eve").groups([])];
    for (plain, other) in [("x", "1"), ("1", "x")] {
        let groups = [level(group("adm"), plain), level(group("bi-adm"), other)];
        let plan = plan_of(reading(groups.into_iter().chain(people())), &rules(), target("adm"));
        assert!(plan.changes.iter().all(|change| change.kind() == Kind::Group), "{:?}", tell::lines(&plan));
    }
}

#[test]
fn two_names_that_no_group_in_scope_stands_for_let_nobody_in() {
    let exclude = vec![Pattern::new(Kind::Group, "*adm")];
    let scope = Scope { groups: KindScope { exclude, ..KindScope::default() }, ..Scope::default() };
    let people = || [user("ada").groups(["adm"]), user("bob").groups(["bi-adm"]), user("eve").groups([])];
    let groups = || [group("adm"), group("bi-adm")];
    let told = story(reading(groups().into_iter().chain(people())), &Rules { scope, ..stripped() }, target("adm"));
    assert_eq!(told, Vec::<String>::new());
}

#[test]
fn the_members_of_a_group_out_of_scope_are_not_those_of_the_one_that_takes_its_name() {
    let include = vec![Pattern::new(Kind::Group, "bi-*")];
    let scope = Scope { groups: KindScope { include, ..KindScope::default() }, ..Scope::default() };
    let people = [user("ada").groups(["bi-adm"]), user("bob").groups(["adm"]), user("eve").groups(["bi-adm"])];
    let groups = [group("adm"), group("bi-adm")];
    let told = story(reading(groups.into_iter().chain(people)), &Rules { scope, ..stripped() }, target("adm"));
    assert_eq!(told, Vec::<String>::new(), "Bob is in the other group, and whose name this is can be told");
}
