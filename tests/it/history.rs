//! What happened before: runs, their reports, whose care somebody is in.

use crate::support::{World, people, user};

#[test]
fn a_report_is_told_again_to_the_letter() {
    let world = World::new(&people(12), &[], "ownership: managed, removeDeleted: true");
    let told = world.run("apply --yes --format json").exits(0).out;
    let run = world.run("runs --format json").exits(0).document();
    assert_eq!((run["command"].as_str(), run["status"].as_str()), (Some("apply"), Some("done")), "{run}");
    let id = run["id"].as_str().unwrap();
    assert_eq!(world.run(&format!("report {id} --format json")).exits(0).out, told);
    let text = world.run(&format!("report {id}")).exits(0);
    text.says("Verified.").says("audit trail:").says("13 done");
    world.run("report nobody").exits(1).fails_once().complains("no run is known as `nobody`");
}

#[test]
fn runs_are_listed_the_newest_first() {
    let world = World::settled(&people(12), "ownership: managed, removeDeleted: true");
    world.run("plan").exits(0);
    world.source(&[]);
    world.run("apply --yes").exits(3);
    let runs = world.run("runs --format json").exits(0).documents();
    let statuses: Vec<_> =
        runs.iter().map(|run| (run["command"].as_str().unwrap(), run["status"].as_str().unwrap())).collect();
    assert_eq!(statuses, [("apply", "refused"), ("plan", "done"), ("apply", "done")]);
    let refused = world.run("runs people-to-bi --status refused").exits(0);
    let lines: Vec<&str> = refused.out.lines().collect();
    assert_eq!(lines.len(), 3, "a head, the run, and why: {refused}");
    assert!(lines[1].contains("  0 of 13  "), "nothing of it was done: {refused}");
    assert!(lines[2].starts_with("  the guard refused it by `source.empty`: "), "{refused}");
    world.run("runs --status nonsense").exits(64);
}

#[test]
fn a_person_settles_who_is_in_a_syncs_care() {
    let mut seed = people(12);
    seed.push(user("byhand", &[]));
    let world = World::new(&people(12), &seed, "ownership: managed, removeDeleted: true");
    world.run("apply --yes").exits(0);
    world.is_settled();
    world.run("adopt people-to-bi user:byhand").exits(0).complains("is in the care of people-to-bi now");
    assert_eq!(world.run("plan --format json").document().changes(), ["delete user:byhand"]);
    world.run("adopt people-to-bi user:byhand").exits(0).complains("already");
    world.run("release people-to-bi user:byhand").exits(0);
    world.is_settled();
    world.run("adopt people-to-bi user:nobody").exits(1).complains("the target has no user of that name");
    world.run("adopt people-to-bi user:tsadmin").exits(1).complains("it is protected");
    world.run("adopt people-to-bi byhand").exits(64);
    world.run("audit verify").exits(0);
    world.run("audit export --out trail.jsonl").exits(0);
    let trail = world.app.read("trail.jsonl");
    let count = |event: &str| trail.lines().filter(|line| line.contains(&format!("\"event\":\"{event}\""))).count();
    assert_eq!((count("ownership.released"), count("ownership.adopted") >= 1), (1, true), "{trail}");
}

#[test]
fn without_its_state_a_managed_sync_removes_nobody_and_the_plan_is_right() {
    let world = World::settled(&people(12), "ownership: managed, removeDeleted: true");
    for file in std::fs::read_dir(world.app.folder()).unwrap() {
        let file = file.unwrap();
        if file.file_name().to_string_lossy().starts_with("rollcall.db") {
            std::fs::remove_file(file.path()).unwrap();
        }
    }
    let mut source = people(11);
    source[1]["displayName"] = "Changed".into();
    world.source(&source);
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["update user:u001"]);
    assert_eq!(plan.names("retained"), Vec::<String>::new());
    let text = world.run("plan").exits(0);
    text.says("by hand")
        .says("not removed under `ownership: managed`: 1 user that no source has")
        .says("its state is new or was lost");
    world.run("apply --yes").exits(0);
    assert!(world.cluster.find("u012").is_some());
    world.is_settled();
    world.run("audit verify").exits(0);
}

#[test]
fn a_sync_whose_credentials_are_refused_does_not_run_by_itself_until_a_person_has_tried() {
    let world = World::settled(&people(12), "ownership: managed, removeDeleted: true");
    world.app.write("password", "wrong\n");
    world.run("apply --yes --unattended").exits(1).complains("hint:");
    world.cluster.clear_journal();
    world.run("apply --yes --unattended").exits(1).complains("no run without a person before").complains("by hand");
    assert!(world.cluster.journal().is_empty(), "the account is not tried again");
    world.app.write("password", "admin\n");
    world.run("apply --yes").exits(0);
    world.run("apply --yes --unattended").exits(0);
}
