use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::apply::{Executed, PasswordRule, execute, generate};
use crate::connector::fake::FakeTarget;
use crate::connector::{ConnectorError, FailureClass, Journal, Outcome, Secret, Silent};
use crate::guard::{ApprovedPlan, Evidence, Limits, Readings, SourceEvidence, review};
use crate::plan::tests::build::{Draft, World, group, set_of, user};
use crate::plan::tests::tell;
use crate::principal::Password;

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
    let limits: Limits = serde_yaml::from_str("{ removals: off, budget: off, admins: off }").unwrap();
    review(world.plan(), &limits, &evidence).approved().unwrap()
}

/// Carries the plan of `world` out on a target that holds `now`.
fn run(world: &World, now: impl IntoIterator<Item = Draft>) -> (FakeTarget, Executed) {
    let target = FakeTarget::new(world.can.clone(), set_of(now, world.can.rules));
    let executed = block_on(&target, &approved(world)).unwrap();
    (target, executed)
}

fn block_on(target: &FakeTarget, approved: &ApprovedPlan) -> Result<Executed, ConnectorError> {
    let passwords = FxHashMap::from_iter([("ada".into(), Password::new("secret"))]);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(execute(approved, target, &passwords, &Journal::unkept(), &Silent))
}

fn told(executed: &Executed) -> Vec<String> {
    let tell = |outcome: &Outcome| match outcome {
        Outcome::Done => "done".to_owned(),
        Outcome::Failed(error) => format!("failed: {error}"),
        Outcome::SetAside(why) => format!("set aside: {why}"),
        Outcome::NotTried(why) => format!("not tried: {why}"),
    };
    executed.outcomes.iter().map(tell).collect()
}

fn world() -> World {
    World::file()
        .source([group("x"), user("ada").groups(["x"]), user("bob").mail("new")])
        .target([user("bob").mail("old"), user("eve")])
}

#[test]
fn a_plan_is_carried_out_and_the_next_is_empty() {
    let world = world();
    let (target, executed) = run(&world, world.target.clone());
    assert_eq!(told(&executed), ["done", "done", "done", "done"]);
    assert_eq!(target.asked(), ["group:x", "user:ada", "user:bob", "user:eve"]);
    assert_eq!(target.passwords(), ["ada"]);
    let state = target.state();
    let lines: Vec<_> = state.records().iter().map(|one| tell::json(&one.principal, state.names())).collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[3].contains(r#""active":false"#), "{}", lines[3]);
}

#[test]
fn what_is_done_already_is_done_and_not_asked_for() {
    let world = world();
    let (target, executed) = run(&world, [group("x").display("x"), user("bob").mail("new"), user("eve").active(false)]);
    assert_eq!(told(&executed), ["done", "done", "done", "done"]);
    assert_eq!(target.asked(), ["user:ada"]);
}

#[test]
fn what_has_moved_is_set_aside_and_named() {
    let world = world();
    let (target, executed) = run(&world, [user("ada").mail("theirs"), user("bob").mail("third")]);
    assert_eq!(
        told(&executed),
        [
            "done",
            "set aside: it exists by now, with other values",
            "set aside: mail was changed in the target since",
            "set aside: it is no longer there",
        ]
    );
    assert_eq!(target.asked(), ["group:x"]);
}

#[test]
fn nobody_joins_a_group_that_is_not_there() {
    let world = World::file()
        .source([user("ada").groups(["hand"]), user("bob").groups(["hand"])])
        .target([group("hand"), user("bob").groups([])]);
    let (target, executed) = run(&world, [user("bob").groups([])]);
    let missing = "set aside: the group `hand` it would join is not there";
    assert_eq!(told(&executed), [missing, missing]);
    assert!(target.asked().is_empty(), "then there is nothing to ask for");
}

#[test]
fn a_group_that_somebody_else_made_by_now_can_be_joined() {
    let world = world();
    let (_, executed) = run(&world, [group("x").display("theirs"), user("bob").mail("old"), user("eve")]);
    assert_eq!(told(&executed), ["set aside: it exists by now, with other values", "done", "done", "done"]);
}

#[test]
fn each_change_has_one_outcome_whatever_the_target_answers() {
    let world = world();
    let mut target = FakeTarget::new(world.can.clone(), set_of(world.target.clone(), world.can.rules));
    target.unanswered = 2;
    let executed = block_on(&target, &approved(&world)).unwrap();
    let missing = "not tried: the target gave no outcome for it";
    assert_eq!(told(&executed), ["done", "done", missing, missing]);
}

#[test]
fn a_target_that_cannot_be_read_is_not_written() {
    let world = world();
    let mut target = FakeTarget::new(world.can.clone(), set_of(world.target.clone(), world.can.rules));
    target.unreadable = Some(ConnectorError::new(FailureClass::Unreachable, "listing", "no answer"));
    assert!(block_on(&target, &approved(&world)).is_err());
    assert!(target.asked().is_empty());
}

#[test]
fn a_generated_password_has_every_class_and_is_new_each_time() {
    let all: BTreeSet<String> = (0..200).map(|_| generate().unwrap().reveal().to_owned()).collect();
    assert_eq!(all.len(), 200);
    for text in &all {
        assert_eq!(text.len(), 28);
        let has = |class: fn(char) -> bool| text.chars().any(class);
        assert!(has(|c| c.is_ascii_uppercase()) && has(|c| c.is_ascii_lowercase()), "{text}");
        assert!(has(|c| c.is_ascii_digit()) && has(|c| c.is_ascii_punctuation()), "{text}");
        assert!(!text.contains(['O', '0', 'l', 'I', '1']), "none that reads like another: {text}");
    }
    let seen: BTreeSet<char> = all.iter().flat_map(|text| text.chars()).collect();
    assert_eq!(seen.len(), 24 + 25 + 8 + 7, "every character comes up");
}

#[test]
fn a_password_rule_gives_a_random_one_or_the_configured() {
    let rule = PasswordRule::Secret(Secret::inline("for all".into()));
    assert_eq!(rule.password().unwrap().reveal(), "for all");
    let random = PasswordRule::default();
    assert_ne!(random.password().unwrap().reveal(), random.password().unwrap().reveal());
    assert!(!format!("{rule:?}").contains("for all"));
}
