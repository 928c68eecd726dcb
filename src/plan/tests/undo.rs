//! What takes a run back, told as worlds: the run, what somebody did since, and the lines of the plan.

use super::build::{Draft, World, group, set_of, user};
use super::tell;
use super::worlds::after;
use crate::plan::{Ability, Action, Change, Coverage, Current, Deed, First, HoldCode, Plan, ReasonCode, applied, undo};
use crate::principal::PrincipalSet;

/// A run, and the world that it left.
struct Past {
    plan: Plan,
    left: World,
}

fn run(world: &World) -> Past {
    let plan = world.plan();
    Past { left: after(world, &plan), plan }
}

impl Past {
    /// What takes all of it back.
    fn undo(&self) -> Plan {
        self.undo_done(|_| true)
    }

    fn undo_done(&self, done: impl Fn(&Change) -> bool) -> Plan {
        let deeds: Vec<_> = self.plan.changes.iter().map(|change| Deed { change, done: done(change) }).collect();
        let World { policy, can, ledger, .. } = &self.left;
        undo(&deeds, &self.plan.names, &self.left.current(), policy, can, ledger)
    }

    /// The lines of it, with the reasons of what is held.
    fn told(&self) -> Vec<String> {
        lines(&self.undo())
    }

    /// Somebody changes the target since: it has these instead.
    fn since(mut self, target: impl IntoIterator<Item = Draft>) -> Self {
        self.left.target = target.into_iter().collect();
        self
    }

    /// The principals after the undo.
    fn back(&self) -> Vec<String> {
        let plan = self.undo();
        let changes: Vec<&Change> = plan.changes.iter().collect();
        shown(&applied(self.left.current().set, &changes, &plan.names, self.left.can.rules))
    }
}

fn lines(plan: &Plan) -> Vec<String> {
    let reasons = plan.held.iter().map(|held| format!("because {}", held.reason));
    tell::lines(plan).into_iter().chain(reasons).collect()
}

fn shown(set: &PrincipalSet) -> Vec<String> {
    set.records().iter().map(|record| tell::json(&record.principal, set.names())).collect()
}

#[test]
fn every_kind_of_change_is_taken_back() {
    let world = World::file()
        .policy(|policy| policy.leavers.users = Some(First::Strip))
        .source([
            group("made"),
            group("new name").id("g"),
            user("ada").mail("a@x").groups(["made"]),
            user("back").active(true),
            user("bob").mail("new@x").groups(["new name", "made"]),
            user("off").active(false).groups(["new name"]),
            user("robert").id("1").display("Robert").groups(["new name"]),
        ])
        .target([
            group("doomed"),
            group("old name"),
            user("back").active(false),
            user("bob").mail("old@x").groups(["doomed"]),
            user("gone").groups(["old name", "doomed"]),
            user("off").groups(["old name"]),
            user("rob").id("r").groups(["old name"]),
        ])
        .owned("group:old name", "g")
        .owned("user:rob", "1");
    let past = run(&world);
    assert_eq!(
        past.told(),
        [
            "create group doomed (undone)",
            "delete group made (undone) touches user:bob",
            "rename group new name (undone) -> old name touches user:bob user:off user:robert",
            "delete user ada (undone)",
            "disable user back (undone)",
            r#"update user bob (undone) mail: "new@x" -> "old@x" +doomed -new name"#,
            "update user gone (undone) +doomed +new name",
            "enable user off (undone)",
            r#"rename user robert (undone) -> rob displayName: "Robert" -> null"#,
            "note not brought back with 1 group (`doomed`): what was shared with them, their ids in the target",
            "note what 1 user (`ada`) made since goes with them, as the target does it",
        ]
    );
    assert_eq!(past.back(), shown(&world.current().set), "what was missing is missing again, and not empty");
}

#[test]
fn who_is_deleted_comes_back_without_what_the_journal_does_not_have() {
    let world = World::thoughtspot()
        .policy(|policy| policy.leavers.transfer_to = Some("heir".into()))
        .source([group("x"), user("heir")])
        .target([group("x"), user("eve").id("e-1").mail("e@x").groups(["x", "All"]), user("heir").display("heir")]);
    let past = run(&world);
    assert_eq!(
        past.told(),
        [
            "create user eve (undone) +x",
            "note not brought back with 1 user (`eve`): the content they owned, what was shared with them, their passwords, their ids in the target",
            "note what `eve` owned went to `heir` and stays there",
        ]
    );
    let plan = past.undo();
    assert_eq!((plan.changes[0].after().unwrap().id.as_deref(), plan.changes[0].reason), (None, ReasonCode::Undone));
}

#[test]
fn a_value_that_was_changed_since_stands() {
    let world = World::file()
        .source([group("x"), group("y"), user("ada").mail("new@x").display("New").groups(["x"])])
        .target([group("x"), group("y"), group("z"), user("ada").mail("old@x").display("Old").groups(["y"])])
        .policy(|policy| policy.remove_deleted = false);
    let since = user("ada").mail("third@x").display("New").groups(["x", "z"]);
    let past = run(&world).since([group("x"), group("y"), group("z"), since]);
    assert_eq!(
        past.told(),
        [
            r#"update user ada (undone) displayName: "New" -> "Old" +y -x"#,
            "hold user ada: update (moved-since)",
            "because `mail`: it was changed in the target since",
        ]
    );
    let held = &past.undo().held[0];
    assert!(held.code == HoldCode::MovedSince && held.code.makes_partial() && !held.code.by_guard());
}

#[test]
fn who_was_made_and_changed_since_stays() {
    let world = World::file().source([group("x"), user("ada").mail("a@x").groups(["x"])]).target([]);
    let told = |ada: Draft| {
        run(&world)
            .since([group("x").display("x"), user("ada").copied(&principal(ada.display("ada"))).groups(["x"])])
            .told()
    };
    assert_eq!(told(user("ada").mail("a@x")).len(), 3, "both go");
    for (since, what) in [(user("ada").mail("other@x"), "mail"), (user("ada").mail("a@x").active(false), "active")] {
        assert_eq!(
            told(since)[..3],
            [
                "delete group x (undone) touches user:ada",
                "hold user ada: delete (moved-since)",
                &format!("because {what} was changed in the target since")
            ]
        );
    }
    let joined = run(&world).since([
        group("x").display("x"),
        group("y"),
        user("ada").display("ada").mail("a@x").groups(["x", "y"]),
    ]);
    assert!(
        joined.told().contains(&"because groupNames was changed in the target since".into()),
        "{:?}",
        joined.told()
    );
}

fn principal(draft: Draft) -> crate::principal::Principal {
    draft.record(&mut crate::principal::GroupNames::new()).principal
}

#[test]
fn a_group_that_others_were_put_into_since_stays() {
    let world = World::file()
        .source([group("x"), user("ada").groups(["x"])])
        .target([user("ada"), user("bob")])
        .policy(|policy| policy.remove_deleted = false);
    let ada = || user("ada").groups(["x"]);
    assert_eq!(
        run(&world).told(),
        ["delete group x (undone) touches user:ada"],
        "who joined by the run leaves with the group"
    );
    let past = run(&world).since([group("x").display("x"), ada(), user("bob").groups(["x"])]);
    assert_eq!(
        past.told(),
        ["update user ada (undone) -x", "hold group x: delete (moved-since)", "because somebody was put into it since"]
    );
}

#[test]
fn what_is_taken_back_already_is_no_change() {
    let world = World::file()
        .source([group("x"), user("ada").mail("new@x").groups(["x"]), user("new")])
        .target([user("ada").mail("old@x"), user("gone")]);
    let past = run(&world);
    let plan = past.undo();
    let again = Past { left: after(&past.left, &plan), plan: past.plan };
    assert_eq!(again.told(), ["note 4 changes are of the run taken back already, or undone by somebody else"]);
}

#[test]
fn what_was_not_done_is_not_taken_back() {
    let world = World::file().source([user("ada").mail("new@x"), user("new")]).target([user("ada").mail("old@x")]);
    let past = run(&world);
    let plan = past.undo_done(|change| change.action() == Action::Create);
    assert_eq!(
        tell::lines(&plan),
        [
            "delete user new (undone)",
            "note what 1 user (`new`) made since goes with them, as the target does it",
            "note 1 change is of the run not done, so that there is nothing to take back",
        ]
    );
}

#[test]
fn a_target_that_cannot_delete_disables_and_one_that_can_neither_says_so() {
    let without = |abilities: &'static [Ability]| {
        let world = World::file().source([user("ada"), user("on").active(false)]).target([user("on")]);
        let mut past = run(&world);
        for ability in abilities {
            past.left.can.users = past.left.can.users.without(*ability);
        }
        past.told()
    };
    assert_eq!(without(&[Ability::Delete])[..2], ["disable user ada (undone)", "enable user on (undone)"]);
    assert_eq!(
        without(&[Ability::Delete, Ability::Disable]),
        [
            "hold user ada: delete (target-cannot)",
            "hold user on: enable (target-cannot)",
            "because the target cannot delete users",
            "because the target cannot disable users",
        ]
    );
}

#[test]
fn policy_and_protection_bind_it() {
    let world = World::file().source([user("ada"), user("bob").mail("m")]).target([user("bob")]);
    let mut past = run(&world);
    past.left = past.left.protect("user:bob").policy(|policy| policy.allow.users = vec![]);
    assert_eq!(past.told()[..2], ["hold user ada: delete (not-allowed)", "hold user bob: update (protected)"]);
    let mut past = run(&world);
    past.left =
        past.left.owned_by("user:bob", "other").policy(|policy| policy.ownership = crate::plan::Ownership::Managed);
    assert_eq!(past.told()[..2], ["delete user ada (undone)", "hold user bob: update (other-owner)"]);
}

#[test]
fn names_that_are_taken_by_now_are_left() {
    let world = World::file()
        .source([user("robert").id("1").mail("new@x")])
        .target([user("rob").mail("old@x"), user("gone").mail("g@x")])
        .policy(|policy| policy.leavers.users = Some(First::Delete))
        .owned("user:rob", "1");
    let past = run(&world).since([user("robert").mail("new@x"), user("rob").mail("other"), user("gone").mail("other")]);
    assert_eq!(
        past.told(),
        [
            r#"update user robert (undone) mail: "new@x" -> "old@x""#,
            "hold user gone: create (moved-since)",
            "hold user robert: rename (moved-since)",
            "because somebody is called so by now, with other values",
            "because its former name `rob` is taken by now",
        ]
    );
}

#[test]
fn another_account_of_the_name_is_left_alone() {
    let world = World::file().source([user("ada").mail("new@x")]).target([user("ada").id("1").mail("old@x")]);
    let past = run(&world).since([user("ada").id("2").mail("new@x")]);
    assert_eq!(
        past.told()[..2],
        ["hold user ada: update (moved-since)", "because another account has the name by now"]
    );
}

#[test]
fn who_was_deleted_while_switched_off_is_not_made_switched_on() {
    let world = World::file()
        .policy(|policy| policy.leavers.users = Some(First::Delete))
        .source([group("x")])
        .target([group("x"), user("eve").active(false).groups(["x"])]);
    assert_eq!(
        run(&world).told(),
        ["hold user eve: create (target-cannot)", "because it was switched off, and nobody is made switched off"]
    );
}

#[test]
fn a_group_that_is_gone_by_now_is_not_joined() {
    let world = World::file().source([group("x"), group("y"), user("ada").groups(["x"])]).target([
        group("x"),
        group("y"),
        user("ada").groups(["y"]),
    ]);
    let past = run(&world).since([group("x"), user("ada").groups(["x"])]);
    assert_eq!(
        past.told(),
        [
            "update user ada (undone) -x",
            "hold user ada: join y (moved-since)",
            "because the group is not there any more"
        ]
    );
}

#[test]
fn a_reading_that_is_not_whole_takes_nothing_away() {
    let world = World::file().source([user("ada"), user("bob").mail("m")]).target([user("bob")]);
    let past = run(&world);
    let deeds: Vec<_> = past.plan.changes.iter().map(|change| Deed { change, done: true }).collect();
    let World { policy, can, ledger, .. } = &past.left;
    let mut coverage = Coverage::proved("begun");
    coverage.missing.push("page 2".into());
    let current = Current::new(set_of(past.left.target.clone(), can.rules), coverage);
    let plan = undo(&deeds, &past.plan.names, &current, policy, can, ledger);
    assert_eq!(
        tell::lines(&plan),
        ["hold user ada: delete (unproven-source)", "hold user bob: update (unproven-source)"]
    );
}
