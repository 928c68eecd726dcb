//! Contract 3.8: the life of a leaver, from the first reading that misses it to the delete, and the way back.

use std::time::Duration;

use super::build::{World, day, group, user};
use crate::plan::{Action, Change, First, Leaver, Memberships, Recorded, Then, recheck};

fn nothing() -> Vec<String> {
    Vec::new()
}

/// `eve` is gone. Absences are counted, and the delete follows 30 days after the first step.
fn gone(first: Option<First>) -> World {
    let world = World::file().source([user("ada"), group("x")]).target([user("ada"), group("x")]);
    world.unattended().policy(|policy| {
        policy.leavers.users = first;
        policy.leavers.absences = 3;
        policy.leavers.then = Then::Delete { after: Duration::from_hours(24 * 30) };
    })
}

fn active() -> World {
    gone(None).target([user("eve").groups(["x"])])
}

fn switched_off() -> World {
    gone(None).target([user("eve").active(false).groups(["x"])])
}

/// Rollcall disabled it on the 3rd of January, after readings that missed it from the 1st on.
fn disabled(leaver: &mut Leaver) {
    leaver.absences = 3;
    leaver.disabled = Some(day(3));
    leaver.recorded = Some(Box::new(Recorded { off: true, groups: vec!["x".into()], ..Recorded::default() }));
}

fn stripped(leaver: &mut Leaver) {
    disabled(leaver);
    leaver.recorded = Some(Box::new(Recorded { stripped: true, groups: vec!["x".into()], ..Recorded::default() }));
}

#[test]
fn so_many_readings_in_a_row_must_miss_it() {
    let table = [
        (None, "retain user eve: absent for the 1st of 3 readings"),
        (Some(1), "retain user eve: absent for the 2nd of 3 readings, since 2026-01-01 12:00 UTC"),
        (Some(2), "disable user eve (gone)"),
        (Some(7), "disable user eve (gone)"),
        (Some(0), "retain user eve: absent for the 1st of 3 readings"),
    ];
    for (absences, told) in table {
        let world = match absences {
            Some(absences) => active().leaver("user:eve", |leaver| leaver.absences = absences),
            None => active(),
        };
        assert_eq!(world.clone().story(), [told], "{absences:?}");
        assert_eq!(world.clone().on(day(900)).story(), [told], "readings are counted, not days");
        assert_eq!(
            world.policy(|policy| policy.by_hand = true).story(),
            ["disable user eve (gone)"],
            "a person is enough"
        );
    }
}

#[test]
fn groups_are_counted_too_and_go_with_their_memberships_only_then() {
    let world = World::file()
        .source([user("ada").groups([])])
        .target([group("old"), user("ada").groups(["old"])])
        .unattended()
        .policy(|policy| policy.leavers.absences = 2);
    assert_eq!(
        world.clone().story(),
        ["update user ada (changed) -old", "retain group old: absent for the 1st of 2 readings"]
    );
    assert_eq!(
        world.leaver("group:old", |_| ()).story(),
        ["delete group old (gone) touches user:ada"],
        "the membership goes with it"
    );
}

#[test]
fn an_unproven_reading_is_no_proof_and_what_it_would_do_is_held() {
    let first = active().unproven();
    assert_eq!(first.story(), ["retain user eve: absent for the 1st of 3 readings"]);
    let third = active().unproven().leaver("user:eve", |leaver| leaver.absences = 2);
    assert_eq!(third.story(), ["hold user eve: disable (unproven-source)"]);
    let due = switched_off().unproven().leaver("user:eve", disabled).on(day(34));
    assert_eq!(due.story(), ["hold user eve: delete (unproven-source)"]);
}

#[test]
fn who_is_not_active_in_the_source_was_not_missed() {
    let world = World::thoughtspot()
        .source([user("ada").active(false), user("bob")])
        .target([user("ada"), user("bob"), user("eve")])
        .unattended()
        .policy(|policy| policy.leavers.absences = 2);
    assert_eq!(world.story(), ["delete user ada (inactive)", "retain user eve: absent for the 1st of 2 readings"]);
}

#[test]
fn the_delete_follows_after_the_wait() {
    let waiting = "retain user eve: disabled by rollcall on 2026-01-03 12:00 UTC, deleted from 2026-02-02 12:00 UTC on";
    let world = || switched_off().leaver("user:eve", disabled);
    assert_eq!(world().on(day(4)).story(), [waiting]);
    assert_eq!(world().on(day(33) - chrono::TimeDelta::milliseconds(1)).story(), [waiting], "not a moment before");
    assert_eq!(world().on(day(33)).story(), ["delete user eve (expired)"]);
    let by_hand = |on| world().policy(|policy| policy.by_hand = true).on(on).story();
    assert_eq!(by_hand(day(4)), [waiting], "a person waits as well");
    assert_eq!(by_hand(day(33)), ["delete user eve (expired)"]);
}

#[test]
fn after_a_strip_as_after_a_disable() {
    let world = || gone(Some(First::Strip)).target([user("eve")]).leaver("user:eve", stripped);
    assert_eq!(
        world().on(day(4)).story(),
        [
            "retain user eve: taken out of every group by rollcall on 2026-01-03 12:00 UTC, deleted from 2026-02-02 12:00 UTC on"
        ]
    );
    assert_eq!(world().on(day(33)).story(), ["delete user eve (expired)"]);
}

#[test]
fn what_they_own_is_handed_over_first() {
    let world = switched_off().leaver("user:eve", disabled).on(day(33)).policy(|policy| {
        policy.leavers.transfer_to = Some("ada".into());
    });
    assert_eq!(world.story(), ["delete user eve (expired) to ada"]);
}

#[test]
fn nothing_follows_unless_it_is_said() {
    let keep = switched_off().leaver("user:eve", disabled).policy(|policy| policy.leavers.then = Then::Keep);
    assert_eq!(keep.on(day(900)).story(), ["retain user eve: disabled by rollcall on 2026-01-03 12:00 UTC"]);
    let off = switched_off().leaver("user:eve", disabled).policy(|policy| policy.remove_deleted = false);
    assert_eq!(off.on(day(900)).story(), ["retain user eve: `removeDeleted` is false"]);
}

#[test]
fn only_whom_rollcall_disabled_is_ever_deleted() {
    let someone_else = switched_off().leaver("user:eve", |leaver| leaver.absences = 90).on(day(900));
    assert_eq!(someone_else.story(), ["retain user eve: disabled already"]);
    let no_group = gone(Some(First::Strip)).target([user("eve")]).leaver("user:eve", |leaver| leaver.absences = 90);
    assert_eq!(no_group.on(day(900)).story(), ["retain user eve: in no group already"]);
    let nothing_known = switched_off().on(day(900));
    assert_eq!(nothing_known.story(), ["retain user eve: disabled already"]);
    let unreadable = switched_off().leaver("user:eve", disabled).leaver("user:eve", |leaver| {
        disabled(leaver);
        leaver.recorded = None;
    });
    assert_eq!(unreadable.on(day(900)).story(), ["retain user eve: disabled already"], "a record that is lost");
}

#[test]
fn whoever_was_switched_off_while_the_source_had_them_waits_from_the_first_absence() {
    let world = || switched_off().remember("user:eve", "", |owned| owned.disabled = true);
    let told = "retain user eve: disabled by rollcall, deleted 30 days after this reading";
    assert_eq!(world().on(day(900)).story(), [told]);
    let missed = |leaver: &mut Leaver| leaver.absences = 3;
    assert_eq!(
        world().leaver("user:eve", missed).on(day(30)).story(),
        ["retain user eve: disabled by rollcall, deleted from 2026-01-31 12:00 UTC on"]
    );
    assert_eq!(world().leaver("user:eve", missed).on(day(31)).story(), ["delete user eve (expired)"]);
}

#[test]
fn whoever_a_person_switched_on_again_leaves_anew() {
    for absences in [3, 90] {
        let again = |leaver: &mut Leaver| {
            disabled(leaver);
            leaver.absences = absences;
        };
        assert_eq!(
            active().leaver("user:eve", again).on(day(900)).story(),
            ["retain user eve: absent for the 1st of 3 readings"]
        );
    }
    let in_a_group = gone(Some(First::Strip)).target([user("eve").groups(["x"])]).leaver("user:eve", stripped);
    assert_eq!(in_a_group.on(day(900)).story(), ["retain user eve: absent for the 1st of 3 readings"]);
}

#[test]
fn whoever_was_seen_in_between_waits_anew() {
    let seen = |leaver: &mut Leaver| {
        disabled(leaver);
        leaver.absences = 0;
    };
    assert_eq!(
        switched_off().leaver("user:eve", seen).on(day(900)).story(),
        ["retain user eve: disabled by rollcall on 2026-01-03 12:00 UTC, deleted 30 days after this reading"]
    );
    let missed_again = |leaver: &mut Leaver| {
        disabled(leaver);
        (leaver.absences, leaver.since) = (3, day(100));
    };
    assert_eq!(
        switched_off().leaver("user:eve", missed_again).on(day(129)).story(),
        ["retain user eve: disabled by rollcall on 2026-01-03 12:00 UTC, deleted from 2026-05-10 12:00 UTC on"]
    );
    assert_eq!(switched_off().leaver("user:eve", missed_again).on(day(130)).story(), ["delete user eve (expired)"]);
}

#[test]
fn a_first_step_that_was_changed_since_is_still_taken() {
    let now_strip = gone(Some(First::Strip)).target([user("eve").active(false).groups(["x"])]);
    assert_eq!(now_strip.leaver("user:eve", disabled).story(), ["strip user eve (gone)"]);
    let now_delete = gone(Some(First::Delete)).target([user("eve").active(false)]).leaver("user:eve", disabled);
    assert_eq!(now_delete.on(day(4)).story(), ["delete user eve (gone)"]);
    let now_report = gone(Some(First::Report)).target([user("eve").active(false)]).leaver("user:eve", disabled);
    assert_eq!(now_report.on(day(900)).story(), ["retain user eve: `leavers` says to report only"]);
}

#[test]
fn what_is_recorded_is_how_it_stood_before_either_step() {
    let first = gone(None).target([user("eve").groups(["x"])]).policy(|policy| policy.by_hand = true).plan();
    let (change, names) = (&first.changes[0], &first.names);
    let recorded = Recorded::before(change, names, None);
    assert_eq!(recorded, Recorded { off: true, active: None, stripped: false, groups: vec!["x".into()] });
    let second = gone(Some(First::Strip)).target([group("y"), user("eve").active(false).groups(["y"])]);
    let second = second.policy(|policy| policy.by_hand = true).plan();
    let strip = second.changes.iter().find(|change| change.action() == Action::Strip).unwrap();
    let both = Recorded { off: true, active: None, stripped: true, groups: vec!["x".into(), "y".into()] };
    assert_eq!(Recorded::before(strip, &second.names, Some(&recorded)), both);
}

/// `eve` is back, as the source wants it; in the target she is in `y` at most.
fn back(memberships: Memberships, source: super::build::Draft) -> World {
    let world = World::file().source([user("ada"), group("x"), source]);
    let world = world.target([user("ada"), group("x"), group("y"), group("z"), user("eve").active(false)]);
    let recorded = Recorded { off: true, groups: ["gone", "x", "y"].map(Into::into).into(), ..Recorded::default() };
    let world = world.owned("user:eve", "").leaver("user:eve", |leaver| {
        disabled(leaver);
        leaver.recorded = Some(Box::new(recorded));
    });
    world.policy(|policy| {
        policy.memberships = memberships;
        policy.leavers.groups = Some(First::Report);
    })
}

fn of_eve(world: &World) -> Vec<String> {
    world.story().into_iter().filter(|line| line.contains("user eve")).collect()
}

#[test]
fn whoever_is_back_in_time_gets_back_what_the_source_does_not_decide_on() {
    use Memberships::{Exact, Managed};
    let table = [
        (Exact, user("eve"), "enable user eve (returned) +x +y"),
        (Managed, user("eve"), "enable user eve (returned) +x +y"),
        (Exact, user("eve").groups([]), "enable user eve (returned)"),
        (Exact, user("eve").groups(["z"]), "enable user eve (returned) +z"),
        (Managed, user("eve").groups([]), "enable user eve (returned) +y"),
        (Managed, user("eve").groups(["x"]), "enable user eve (returned) +x +y"),
    ];
    for (memberships, source, told) in table {
        assert_eq!(of_eve(&back(memberships, source.clone())), [told], "{memberships:?} {source:?}");
    }
    let off = back(Exact, user("eve").active(false));
    assert_eq!(of_eve(&off), nothing(), "whoever is switched off in the source gets nothing back yet");
    assert_eq!(off.plan().back, []);
    let plan = back(Exact, user("eve")).plan();
    assert_eq!(plan.back, [(crate::principal::Kind::User, "eve".into())]);
}

#[test]
fn whoever_was_stripped_gets_their_groups_back() {
    let world = World::file().source([user("eve"), group("x")]).target([group("x"), user("eve")]);
    assert_eq!(of_eve(&world.leaver("user:eve", stripped)), ["update user eve (changed) +x"]);
}

#[test]
fn the_account_stands_as_it_stood() {
    let enabled = |world: &World| {
        let plan = world.plan();
        plan.changes.iter().find(|change| change.action() == Action::Enable).and_then(Change::after).unwrap().active
    };
    assert_eq!(enabled(&back(Memberships::Exact, user("eve"))), None, "the target said nothing before");
    assert_eq!(enabled(&back(Memberships::Exact, user("eve").active(true))), Some(true), "the source says so");
    let told = back(Memberships::Exact, user("eve")).leaver("user:eve", |leaver| {
        disabled(leaver);
        leaver.recorded = Some(Box::new(Recorded { off: true, active: Some(true), ..Recorded::default() }));
    });
    assert_eq!(enabled(&told), Some(true), "the target said so");
}

#[test]
fn a_leaver_that_nobody_owns_comes_back_too() {
    let world = World::file().source([user("eve")]).target([user("eve").active(false)]).leaver("user:eve", disabled);
    assert_eq!(world.story(), ["enable user eve (returned)"]);
}

#[test]
fn a_deleted_one_that_returns_is_made_anew() {
    assert_eq!(gone(None).source([user("eve")]).story(), ["create user eve (new)"]);
}

#[test]
fn a_saved_plan_is_asked_again_at_the_hour_of_its_apply() {
    let ask = |planned: &World, now: &World| {
        let mut plan = planned.plan();
        recheck(&mut plan, &now.policy, &now.can, &now.ledger);
        super::tell::lines(&plan).into_iter().filter(|line| !line.starts_with("adopt ")).collect::<Vec<_>>()
    };
    let first = || active().policy(|policy| policy.by_hand = true);
    assert_eq!(ask(&first(), &first()), ["disable user eve (gone)"]);
    let counted = "retain user eve: absent for the 1st of 3 readings";
    assert_eq!(ask(&first(), &active()), [counted], "nobody watches the apply");
    let due = || switched_off().leaver("user:eve", disabled).on(day(33));
    assert_eq!(ask(&due(), &due()), ["delete user eve (expired)"]);
    let waiting = due().on(day(32));
    assert_eq!(ask(&due(), &waiting).len(), 1);
    assert!(ask(&due(), &waiting)[0].starts_with("retain user eve: disabled by rollcall"));
    let forged = switched_off().on(day(900)).policy(|policy| {
        policy.leavers.users = Some(First::Delete);
        policy.by_hand = true;
    });
    assert_eq!(
        ask(&forged, &switched_off().on(day(900))),
        ["retain user eve: disabled already"],
        "a file that says to delete whom rollcall did not disable"
    );
    let said = World::file().source([user("ada").active(false)]).target([user("ada")]).unattended();
    assert_eq!(ask(&said, &said)[0], "disable user ada (inactive)", "the source says so");
}

#[test]
fn what_a_person_undid_is_seen_in_the_target() {
    let world = active().leaver("user:eve", disabled).remember("user:eve", "", |owned| owned.disabled = true);
    let current = world.current();
    let eve = [(crate::principal::Kind::User, "eve".to_owned())];
    assert_eq!(world.ledger.undone_in(&current.set, &world.can), eve);
    assert_eq!(world.ledger.on_again_in(&current.set), eve);
    let world = switched_off().leaver("user:eve", disabled).remember("user:eve", "", |owned| owned.disabled = true);
    assert!(world.ledger.undone_in(&world.current().set, &world.can).is_empty());
    assert!(world.ledger.on_again_in(&world.current().set).is_empty());
    let nobody = gone(None).leaver("user:eve", disabled);
    assert_eq!(nobody.ledger.missing_from(&nobody.current()), eve, "whoever is not there any more is forgotten");
}

#[test]
fn ordinals() {
    let told = [1, 2, 3, 4, 11, 12, 13, 21, 22, 103, 111].map(crate::plan::ordinal);
    assert_eq!(told, ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "103rd", "111th"]);
}
