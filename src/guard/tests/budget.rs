//! `budget`: removals summed over a window.

use super::bench::{bench, none, shrunk};
use crate::guard::{GuardName, LimitState, State, Verdict};
use crate::plan::First;
use crate::plan::tests::build::{World, group};

const TRIPPED: [&str; 1] = ["budget of users: tripped"];

/// A target of which earlier runs of the window have removed `before`, and of whose last `all` users `gone` leave now.
fn after(before: usize, all: usize, gone: usize) -> super::bench::Bench {
    bench(shrunk(all, gone)).spent([(before, all + before, false)])
}

#[test]
fn what_was_removed_before_counts() {
    assert_eq!(after(0, 100, 20).marks(), none(), "a budget of its own is not less than `removals`");
    assert_eq!(after(19, 81, 1).marks(), none(), "20 of 100 is not more than a fifth");
    assert_eq!(after(19, 81, 2).marks(), TRIPPED);
    assert_eq!(after(19, 81, 1).measure(GuardName::Budget, "users"), (Some(20), Some(20), Some(0)));
    assert_eq!(after(19, 81, 2).measure(GuardName::Budget, "users"), (Some(20), Some(21), Some(-1)));
    assert_eq!(after(0, 100, 0).measure(GuardName::Budget, "users"), (Some(20), Some(0), Some(20)));
}

#[test]
fn the_share_is_of_the_count_at_the_start_of_the_window() {
    let shrinking = bench(shrunk(880, 10)).spent([(100, 1_000, false), (20, 900, false)]);
    assert_eq!(shrinking.measure(GuardName::Budget, "users"), (Some(200), Some(130), Some(70)));
    let grown = bench(shrunk(2_000, 10)).spent([(5, 100, false)]);
    assert_eq!(grown.measure(GuardName::Budget, "users"), (Some(20), Some(15), Some(5)), "who came since is no excuse");
}

#[test]
fn what_a_person_let_go_is_no_part_of_it() {
    let before = bench(shrunk(500, 10)).spent([(400, 900, true)]);
    assert_eq!(before.measure(GuardName::Budget, "users"), (Some(100), Some(10), Some(90)), "of those who are left");
    let between = bench(shrunk(500, 10)).spent([(20, 920, false), (400, 900, true)]);
    assert_eq!(between.measure(GuardName::Budget, "users"), (Some(104), Some(30), Some(74)), "20 % of 520");
}

#[test]
fn a_small_set_may_lose_one_or_a_fifth() {
    for (before, all, gone, trips) in
        [(0, 5, 1, false), (1, 4, 1, true), (0, 9, 1, false), (1, 8, 1, true), (1, 9, 1, false), (2, 8, 1, true)]
    {
        assert_eq!(after(before, all, gone).marks().len(), usize::from(trips), "{before} and {gone} of {all}");
    }
    let wide = "{ removals: { percent: 100, appliesFrom: 2 }, budget: { percent: 100 } }";
    assert_eq!(after(2, 2, 1).limits(wide).marks(), none());
    assert_eq!(after(2, 2, 2).limits(wide).marks().len(), 1, "`removals` speaks for the last one");
    let alone = "{ removals: off, budget: { percent: 100 } }";
    assert_eq!(after(2, 2, 2).limits(alone).marks(), TRIPPED, "the last one always");
}

#[test]
fn whoever_removes_nobody_goes_on() {
    let spent = bench(shrunk(50, 0)).spent([(60, 110, false)]);
    assert_eq!(spent.marks(), none());
    assert_eq!(spent.measure(GuardName::Budget, "users"), (Some(22), Some(60), Some(-38)));
}

#[test]
fn one_plan_is_stopped_once_and_lifted_once() {
    let large = after(5, 100, 50);
    assert_eq!(large.marks(), ["removals of users: tripped"]);
    assert_eq!(large.measure(GuardName::Budget, "users"), (Some(21), Some(5), Some(16)));
    assert_eq!(after(5, 100, 50).lift("removals").review().verdict, Verdict::Pass);
    let small = after(19, 81, 2).lift("budget");
    assert_eq!(small.marks(), ["budget of users: lifted"]);
    assert_eq!(small.review().verdict, Verdict::Pass);
    assert_eq!(after(19, 81, 2).lift("removals").marks(), TRIPPED, "the other limit");
}

#[test]
fn kinds_are_apart_and_every_removal_counts() {
    let strips = World::file()
        .policy(|policy| policy.leavers.users = Some(First::Strip))
        .source([group("x")])
        .source(super::bench::crowd(2..90))
        .target([group("x")])
        .target(super::bench::bent(0..90, |draft| draft.groups(["x"])));
    assert_eq!(bench(strips).spent([(17, 90, false)]).marks(), ["budget of users: tripped"]);
    let disables = World::file().source(super::bench::crowd(2..90)).target(super::bench::crowd(0..90));
    assert_eq!(bench(disables).spent([(17, 90, false)]).marks(), ["budget of users: tripped"]);
    let groups = World::file().source(super::bench::crowd(0..9)).target(super::bench::crowd(0..9)).target([group("a")]);
    assert_eq!(bench(groups.source([group("b")]).target([group("b")])).spent([(1, 9, false)]).marks(), none());
}

#[test]
fn the_report_tells_the_window_or_off() {
    let state = after(19, 81, 2).limits("budget: { window: 48h }").state(GuardName::Budget, "users");
    let LimitState { rule, message, hint, .. } = state;
    assert_eq!(rule, "at most 20 % of 100 within 2 days");
    assert_eq!(
        message.unwrap(),
        "with the 19 removed before it would remove 21 of 100 users within 2 days, more than 20"
    );
    assert!(hint.unwrap().contains("--override budget"));
    let off = after(19, 81, 2).limits("budget: off").state(GuardName::Budget, "users");
    assert_eq!((off.state, off.limit, off.value), (State::Off, None, None));
    let nobody = bench(World::file()).state(GuardName::Budget, "groups");
    assert_eq!((nobody.state, nobody.rule.as_str()), (State::Ok, "there is nobody that this sync could remove"));
}
