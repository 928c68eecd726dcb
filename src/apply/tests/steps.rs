//! A plan carried out step by step.

use rustc_hash::FxHashMap;

use super::stepping::{Fate, Stepping};
use crate::apply::{Executed, execute};
use crate::connector::{FailureClass, Journal, Outcome, Silent};
use crate::guard::{ApprovedPlan, Evidence, Limits, Readings, SourceEvidence, review};
use crate::plan::tests::build::{Draft, World, group, numbered, user};
use crate::plan::{Batch, First, Membership};

const ON_GROUP: Membership = Membership::OnGroup { join: 2, leave: 1, overlap: false };

fn world(source: impl IntoIterator<Item = Draft>, target: impl IntoIterator<Item = Draft>) -> World {
    let world = World::file().can(|can| {
        can.batch = Batch::Steps(ON_GROUP);
        can.concurrency = 4;
    });
    let world = world.policy(|policy| policy.leavers.users = Some(First::Delete));
    let mut world = world;
    world.source.extend(source);
    world.target.extend(target);
    world
}

fn approved(world: &World) -> ApprovedPlan {
    let current = world.current();
    let sources = [SourceEvidence { users: 1, ..SourceEvidence::default() }];
    let evidence = Evidence {
        current: &current.set,
        can: &world.can,
        sources: Readings::Measured(&sources),
        unattended: false,
        never_applied: false,
        never_completed: false,
        config_changed: false,
        spent: crate::guard::Spending::default(),
        overrides: &[],
    };
    let limits: Limits = serde_yaml::from_str("{ removals: off, budget: off, admins: off, creations: off }").unwrap();
    review(world.plan(), &limits, &evidence).approved().unwrap()
}

fn target(world: &World) -> Stepping {
    Stepping::new(world.can.clone(), &world.current().set)
}

fn run(world: &World, target: &Stepping) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let approved = approved(world);
    let Executed { outcomes, .. } =
        runtime.block_on(execute(&approved, target, &FxHashMap::default(), &Journal::unkept(), &Silent)).unwrap();
    let tell = |outcome: &Outcome| match outcome {
        Outcome::Done => "done".to_owned(),
        Outcome::Failed(error) => format!("failed: {}", error.why),
        Outcome::SetAside(why) => format!("set aside: {why}"),
        Outcome::NotTried(why) => format!("not tried: {why}"),
    };
    approved
        .plan()
        .changes
        .iter()
        .zip(&outcomes)
        .map(|(change, outcome)| format!("{} {}", change.name(), tell(outcome)))
        .collect()
}

fn company() -> World {
    world(
        [group("x"), user("ada").groups(["x"]), user("bob").groups(["x"]), user("cy").groups(["x"]).mail("new")],
        [group("old"), user("cy").mail("old").groups(["old"]), user("eve").groups(["old"])],
    )
}

#[test]
fn groups_come_first_then_users_then_memberships_then_who_goes() {
    let world = company();
    let target = target(&world);
    assert_eq!(run(&world, &target), ["old done", "x done", "ada done", "bob done", "cy done", "eve done"]);
    assert_eq!(
        target.steps(),
        [
            "creating group `x`",
            "creating user `ada`",
            "creating user `bob`",
            "changing user `cy`",
            "adding 2 members to group `x`",
            "adding 1 members to group `x`",
            "deleting user `eve`",
            "deleting group `old`",
        ]
    );
    assert_eq!(target.members("x"), ["ada", "bob", "cy"]);
    assert_eq!(target.reads(), 1, "only the reading before anything is written");
    assert!(target.most() > 1, "users are made side by side");
}

#[test]
fn whoever_was_not_made_joins_nothing_and_the_others_do() {
    let world = company();
    let target = target(&world).failing("user `bob`", Fate::Refused(FailureClass::Rejected));
    assert_eq!(run(&world, &target)[3], "bob failed: so it was ordered");
    assert_eq!(target.members("x"), ["ada", "cy"]);
}

#[test]
fn where_a_group_was_not_made_its_members_are_named_and_nothing_else_of_them_is_lost() {
    let world = company();
    let target = target(&world).failing("group `x`", Fate::Refused(FailureClass::Rejected));
    let told = run(&world, &target);
    assert_eq!(
        told[1..5],
        [
            "x failed: so it was ordered",
            "ada not tried: the group `x` was not made",
            "bob not tried: the group `x` was not made",
            "cy not tried: the group `x` was not made",
        ]
    );
    assert!(target.steps().contains(&"changing user `cy`".to_owned()));
}

#[test]
fn a_lost_answer_is_settled_by_reading_and_nothing_is_sent_again() {
    let world = company();
    let target = target(&world).failing("creating user `ada`", Fate::LostAfter);
    assert!(run(&world, &target).iter().all(|line| line.ends_with(" done")));
    assert_eq!(target.steps().iter().filter(|step| step.contains("`ada`")).count(), 1);
    assert_eq!((target.reads(), target.members("x").len()), (2, 3), "she joins by the id that the reading told");
}

#[test]
fn what_was_lost_on_its_way_has_failed_and_the_next_run_finishes() {
    let world = company();
    let target = target(&world).failing("adding 2 members", Fate::LostBefore);
    let told = run(&world, &target);
    assert_eq!(told[2..5], ["ada failed: so it was ordered", "bob failed: so it was ordered", "cy done"]);
    assert_eq!(target.members("x"), ["cy"], "the rest of the lane goes on once the reading is in");
}

/// Forty who are members already are no forty readings.
#[test]
fn whatever_may_be_so_already_is_looked_up_by_one_reading() {
    let mut source: Vec<Draft> = numbered("u", 0..40).iter().map(|name| user(name).groups(["x"])).collect();
    source.push(group("x"));
    let there = numbered("u", 0..40).iter().map(|name| user(name).groups([])).collect::<Vec<_>>();
    let mut world = world(source, [there, vec![group("x")]].concat());
    world.can.batch = Batch::Steps(Membership::OnGroup { join: 1, leave: 1, overlap: false });
    let target = target(&world).failing("to group `x`", Fate::Doubted);
    assert!(run(&world, &target).iter().all(|line| line.ends_with(" done")));
    assert_eq!((target.steps().len(), target.reads()), (40, 2));
}

#[test]
fn an_id_that_the_answer_does_not_tell_is_read() {
    let world = company();
    let target = target(&world).failing("creating user `ada`", Fate::Unnamed);
    assert!(run(&world, &target).iter().all(|line| line.ends_with(" done")));
    assert_eq!((target.reads(), target.members("x").len()), (2, 3));
}

#[test]
fn a_transfer_that_fails_keeps_the_account() {
    let mut world = world([user("heir")], [user("heir"), user("eve")]);
    world.policy.leavers.transfer_to = Some("heir".into());
    let target = target(&world).failing("handing over", Fate::Refused(FailureClass::Conflict));
    assert_eq!(run(&world, &target), ["eve failed: so it was ordered"]);
    assert_eq!(target.steps(), ["handing over what user `eve` owns"]);
}

#[test]
fn a_product_that_refuses_everything_is_not_asked_ten_thousand_times() {
    let newcomers: Vec<Draft> = numbered("u", 0..500).iter().map(|name| user(name)).collect();
    let world = world(newcomers, [user("u0000")]);
    let refused = target(&world).failing("creating", Fate::Refused(FailureClass::Rejected));
    let told = run(&world, &refused);
    assert!((50..60).contains(&refused.steps().len()), "{}", refused.steps().len());
    assert!(told.last().unwrap().contains("not tried: given up after 50 of 50 steps failed"), "{told:?}");
    let denied = target(&world).failing("creating", Fate::Refused(FailureClass::Denied));
    assert!(run(&world, &denied).last().unwrap().contains("not tried: given up: the target refuses the credentials"));
    assert!(denied.steps().len() <= 4, "what was under way, and no more: {}", denied.steps().len());
    let silent = target(&world).failing("creating", Fate::Refused(FailureClass::Unreachable));
    assert!(run(&world, &silent).last().unwrap().contains("did not answer 5 times in a row"));
}

/// Else the apply would end at the same place in each run, and what comes after it would never be done.
#[test]
fn what_is_forbidden_for_some_is_done_for_the_others() {
    let newcomers: Vec<Draft> = numbered("u", 0..40).iter().map(|name| user(name)).collect();
    let world = world(newcomers, []);
    let mut target = target(&world);
    for name in ["`u0001`", "`u0002`", "`u0003`", "`u0004`", "`u0030`", "`u0031`", "`u0032`"] {
        target = target.failing(name, Fate::Refused(FailureClass::Forbidden));
    }
    let told = run(&world, &target);
    assert_eq!(told.iter().filter(|line| line.ends_with("failed: so it was ordered")).count(), 7, "{told:?}");
    assert_eq!(told.iter().filter(|line| line.ends_with(" done")).count(), 33, "{told:?}");
}

#[test]
fn an_account_that_may_do_nothing_of_a_phase_is_let_do_the_next() {
    let groups = numbered("g", 0..20);
    let mut source: Vec<Draft> = groups.iter().map(|name| group(name)).collect();
    source.extend([user("ada"), user("bob").groups(["g0000"])]);
    let world = world(source, [user("cy").groups([])]);
    let target = target(&world).failing("group `g", Fate::Refused(FailureClass::Forbidden));
    let told = run(&world, &target);
    assert!((5..9).contains(&told.iter().filter(|line| line.contains(" failed: ")).count()), "{told:?}");
    let given_up = "g0019 not tried: given up: the account may do none of the first 5 of these";
    assert!(told.iter().any(|line| line == given_up), "{told:?}");
    assert!(told.contains(&"ada done".to_owned()) && told.contains(&"cy done".to_owned()), "{told:?}");
}

#[test]
fn where_members_keep_their_groups_no_membership_is_a_step() {
    let mut world = company();
    world.can.batch = Batch::Steps(Membership::OnMember);
    let target = target(&world);
    run(&world, &target);
    assert!(!target.steps().iter().any(|step| step.contains("members")), "{:?}", target.steps());
    assert!(target.steps().contains(&"changing user `cy`".to_owned()));
}
