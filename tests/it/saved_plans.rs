//! A plan that is saved, looked at, and carried out later: exactly that plan.

use serde_json::json;

use crate::support::{World, people, user, with};

const RULES: &str = "ownership: managed, removeDeleted: true";

/// A saved plan of two updates, one delete and one create.
fn saved() -> World {
    let world = World::settled(&people(12), RULES);
    let mut source = people(11);
    source[1]["displayName"] = "First".into();
    source[2]["displayName"] = "Second".into();
    source.push(user("new", &["staff"]));
    world.source(&source);
    world.run("plan --out p.json").exits(0).says("4 changes planned");
    world.nothing_written();
    world
}

#[test]
fn it_is_carried_out_as_it_is_whatever_the_source_says_by_now() {
    let world = saved();
    world.source(&people(3));
    let report = world.run("apply --plan p.json --yes --format json").exits(0).document();
    assert_eq!(report.outcomes(), ["done user:new", "done user:u001", "done user:u002", "done user:u012"]);
    assert_eq!(report["digest"], world.app.read_json("p.json")["digest"]);
    assert_eq!(world.cluster.residents().len(), 13);
    assert!(world.cluster.find("new").unwrap().has_password);
    world.run("apply --plan p.json --yes").exits(0);
}

#[test]
fn an_item_whose_precondition_moved_is_set_aside_and_named() {
    let world = saved();
    world.cluster.set("u001", "mail", "elsewhere@example.org");
    world.cluster.clear_journal();
    let report = world.run("apply --plan p.json --yes --format json").exits(4).document();
    assert_eq!(report.outcomes(), ["done user:new", "set-aside user:u001", "done user:u002", "done user:u012"]);
    assert_eq!(report.change("user:u001")["error"], "mail was changed in the target since");
    let first = world.cluster.find("u001").unwrap();
    assert_eq!((first.display_name.as_str(), first.mail.as_str()), ("The u001", "elsewhere@example.org"));
    assert_eq!(world.cluster.writes().len(), 1);
}

#[test]
fn the_text_names_what_was_set_aside() {
    let world = saved();
    world.cluster.meddle(|principal| (principal["name"] != "u002").then_some(principal));
    world.run("apply --plan p.json --yes").exits(4).says("set aside: it is no longer there").says("1 set aside");
}

#[test]
fn a_plan_of_which_nothing_holds_is_stale() {
    let world = saved();
    world.cluster.meddle(|principal| {
        let name = principal["name"].as_str().unwrap().to_owned();
        let moved = ["u001", "u002", "u012"].contains(&name.as_str());
        Some(if moved { with(principal, "displayName", "Meddled") } else { principal })
    });
    world.cluster.add(user("new", &[]));
    world.cluster.clear_journal();
    let report = world.run("apply --plan p.json --yes --format json").exits(5).document();
    assert!(report.outcomes().iter().all(|outcome| outcome.starts_with("set-aside")), "{report}");
    world.run("apply --plan p.json --yes").exits(5).says("stale");
    world.nothing_written();
}

#[test]
fn a_changed_byte_is_refused() {
    let world = saved();
    let text = world.app.read("p.json");
    for (from, to) in [
        ("\"First\"", "\"Fjrst\""),
        ("\"delete\"", "\"strip\""),
        ("\"removeDeleted\":true", "\"removeDeleted\":false"),
        ("\"u012\"", "\"u011\""),
    ] {
        assert!(text.contains(from));
        world.app.write("changed.json", text.replace(from, to));
        world.run("apply --plan changed.json --yes").exits(1).fails_once();
    }
    world.app.write("changed.json", text.replace("First", "Fjrst"));
    world.run("apply --plan changed.json --yes").exits(1).complains("digest does not fit");
    world.app.write("changed.json", &text[..text.len() / 2]);
    world.run("apply --plan changed.json --yes").exits(1).fails_once().complains("not a saved plan");
    world.run("apply --plan nowhere.json --yes").exits(1).fails_once().complains("nowhere.json");
    world.nothing_written();
}

#[test]
fn a_changed_configuration_makes_it_stale() {
    let world = saved();
    world.rules(&format!("{RULES}, memberships: managed"));
    world.run("apply --plan p.json --yes").exits(5).fails_once().complains("configuration was changed");
    world.nothing_written();
}

#[test]
fn limits_are_measured_again_on_the_target_as_it_is() {
    let world = World::settled(&people(30), RULES);
    world.source(&people(25));
    world.run("plan --out p.json").exits(0);
    // Somebody else removes half of those who would stay: five of fifteen are too many.
    world.cluster.meddle(|principal| {
        let number = principal["name"].as_str().and_then(|name| name.strip_prefix('u')?.parse::<u32>().ok());
        number.is_none_or(|number| number > 15).then_some(principal)
    });
    world.cluster.clear_journal();
    world.run("apply --plan p.json --yes").exits(3).says("TRIPPED");
    world.nothing_written();
}

#[test]
fn a_password_of_the_source_reaches_the_new_user_and_nothing_else() {
    const PASSWORD: &str = "Canary-4711";
    let world = World::settled(&people(12), RULES);
    let mut source = people(12);
    source.push(with(user("new", &["staff"]), "password", PASSWORD));
    world.source(&source);
    world.run("plan --out p.json").exits(0);
    let plan = world.app.read("p.json");
    assert!(!plan.contains(PASSWORD) && plan.contains("\"passwordFromSource\":true"));
    let run = world.run("apply --plan p.json --yes -vvv").exits(0);
    assert!(!run.err.contains(PASSWORD) && !run.out.contains(PASSWORD));
    assert!(can_sign_in(&world, "new", PASSWORD) && !can_sign_in(&world, "new", "another"));
}

#[test]
fn so_does_one_of_the_configuration() {
    let world = World::new(&people(2), &[], "ownership: managed, password: { file: first-password }");
    world.app.write("first-password", "Welcome-0815\n");
    world.run("plan --out p.json").exits(0);
    world.run("apply --plan p.json --yes").exits(0);
    assert!(can_sign_in(&world, "u002", "Welcome-0815"));
}

/// Whoever may sign in but not administrate is refused by the list, not by the sign-in.
fn can_sign_in(world: &World, name: &str, password: &str) -> bool {
    let config =
        world.app.read("rollcall.yaml").replace("tsadmin", name).replace("{ file: password }", "{ file: theirs }");
    world.app.write("theirs", password);
    world.app.write("theirs.yaml", config);
    let run = world.run("--config theirs.yaml dump bi").exits(1);
    !run.err.contains("signing in")
}

#[test]
fn it_is_only_one_plan_at_a_time() {
    let world = saved();
    world.run("apply people-to-bi --plan p.json --yes").exits(64);
    let config = world.app.read("rollcall.yaml");
    world.app.configure(&format!("{config}  second: {{ from: people, to: bi, ownership: managed }}\n"));
    world.run("plan --out both.json").exits(64).complains("one sync");
    assert!(!world.app.path("both.json").exists());
    world.run("plan second --out second.json").exits(0);
    assert_eq!(world.app.read_json("second.json")["sync"], "second");
}

#[test]
fn what_was_lifted_for_the_plan_is_not_lifted_by_the_file_alone() {
    let world = saved();
    let plan = world.app.read_json("p.json");
    assert_eq!(plan["overrides"], json!([]));
    assert_eq!(plan["schema"], "rollcall.plan/v1");
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(world.app.path("p.json")).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}
