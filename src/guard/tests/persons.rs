//! What waits for a person: `firstRun` and `configChange`.

use super::bench::{bench, none, shrunk};
use crate::guard::{GuardName, State, Verdict};
use crate::plan::tests::build::{World, user};

#[test]
fn the_first_apply_of_a_sync_is_by_hand() {
    let first = || bench(World::thoughtspot().source([user("ada")])).never_applied();
    assert_eq!(first().marks(), none());
    assert_eq!(first().unattended().marks(), ["firstRun: tripped"]);
    assert_eq!(first().unattended().limits("firstRun: off").marks(), none());
    assert_eq!(first().unattended().lift("firstRun").marks(), ["firstRun: lifted"]);
    let later = bench(World::thoughtspot().source([user("ada")])).unattended();
    assert_eq!(later.marks(), none());
    let nothing = bench(World::thoughtspot()).never_applied().unattended();
    assert_eq!(nothing.marks(), none(), "to do nothing needs nobody");
}

#[test]
fn after_a_change_of_the_rules_removals_wait() {
    let changed = || bench(shrunk(10, 1).source([user("new")])).config_changed();
    assert_eq!(changed().marks(), none());
    assert_eq!(changed().story(), ["create user new (new)", "delete user u0000 (gone)"]);
    let unattended = changed().unattended();
    assert_eq!(unattended.marks(), ["configChange: held"]);
    assert_eq!(unattended.story(), ["create user new (new)", "hold user u0000: delete (config-change)"]);
    assert_eq!(unattended.review().verdict, Verdict::Held);
    assert_eq!(changed().unattended().limits("configChange: off").marks(), none());
    assert_eq!(changed().unattended().lift("configChange").review().verdict, Verdict::Pass);
    let nothing = bench(World::thoughtspot().source([user("new")])).config_changed().unattended();
    assert_eq!(nothing.marks(), none());
}

#[test]
fn held_removals_do_not_trip_removals() {
    let changed = bench(shrunk(10, 9)).config_changed().unattended();
    assert_eq!(changed.marks(), ["configChange: held"]);
}

#[test]
fn an_unproven_reading_is_a_verdict_of_its_own() {
    let unproven = bench(shrunk(10, 1).unproven());
    assert_eq!((unproven.review().verdict, unproven.marks()), (Verdict::Held, none()));
    let protected = bench(World::file().protect("user:a").source([user("a").mail("m")]).target([user("a")]));
    assert_eq!(protected.review().verdict, Verdict::Pass, "what the guard did not hold is not its business");
}

#[test]
fn switched_off_they_say_so() {
    let off = bench(World::file()).limits("{ firstRun: off, configChange: false }");
    for name in [GuardName::FirstRun, GuardName::ConfigChange] {
        assert_eq!(off.state(name, "").state, State::Off);
    }
}
