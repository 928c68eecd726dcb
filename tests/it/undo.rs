//! Taking back what a run did: from its report, under the same guard, and never over what was done since.

use serde_json::{Value, json};

use crate::support::{App, Run, World, WorldV2, group, people, user, with};

const RULES: &str = "ownership: managed, removeDeleted: true, guard: { budget: off }";

/// `staff` with twelve people, `bi` with one of them.
fn company() -> Vec<Value> {
    let mut company = people(12);
    company[3]["groupNames"] = json!(["bi", "staff"]);
    company.push(group("bi", &[]));
    company
}

/// Another name, another address, one who joins, one who leaves, somebody new in a new group, somebody gone.
fn moved() -> Vec<Value> {
    let mut company = company();
    company[1]["displayName"] = "First".into();
    company[2]["mail"] = "second@example.org".into();
    company[2]["groupNames"] = json!(["bi", "staff"]);
    company[3]["groupNames"] = json!(["staff"]);
    company.remove(12);
    company.push(group("made", &[]));
    company.push(user("new", &["made", "staff"]));
    company
}

/// Applies, and keeps the report as `run.json`.
#[track_caller]
fn apply(app: &App) -> Run {
    let run = app.run("apply --yes --format json").exits(0);
    app.write("run.json", &run.out);
    run
}

/// A dump without what the product makes anew for whoever is made again.
fn without_ids(dump: &str) -> Value {
    let mut dump: Value = serde_json::from_str(dump).unwrap();
    for principal in dump.as_array_mut().unwrap() {
        for member in ["id", "created", "modified"] {
            principal.as_object_mut().unwrap().remove(member);
        }
    }
    dump
}

#[test]
fn a_run_on_a_cluster_is_taken_back_through_api_v1() {
    let world = World::settled(&company(), RULES);
    let before = world.run("dump bi").exits(0).out;
    world.source(&moved());
    apply(&world.app);
    assert_ne!(without_ids(&world.run("dump bi").exits(0).out), without_ids(&before));
    let report = world.run("undo --report run.json people-to-bi --yes --format json").exits(0);
    report.complains_of_content();
    let report = report.document();
    assert_eq!(
        report.outcomes(),
        ["done group:made", "done user:new", "done user:u001", "done user:u002", "done user:u003", "done user:u012"]
    );
    assert!(report["changes"].as_array().unwrap().iter().all(|change| change["reasonCode"] == "undone"), "{report}");
    assert_eq!(report["undoes"], world.app.read_json("run.json")["id"]);
    // The list of API v1 tells no ids, and when somebody was made or changed: that is the product's own.
    let after = world.run("dump bi").exits(0).out;
    assert_eq!(without_ids(&after), without_ids(&before));
    // The source still wants it: the next run would do it again, and says that it is the source.
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes().len(), 6);
    assert_eq!(plan.change("user:u001")["fields"][0]["cause"], "intended");
}

trait Told {
    fn complains_of_content(&self);
}

impl Told for Run {
    /// What cannot be undone is said before anything is done: on stderr, with the plan.
    #[track_caller]
    fn complains_of_content(&self) {
        assert!(self.err.contains("not brought back with 1 user (`u012`): the content they owned"), "{self}");
    }
}

#[test]
fn so_is_one_through_api_v2_with_people_switched_off() {
    let keys = "org: 0";
    let world = WorldV2::settled(&company(), keys, RULES);
    let before = world.run("dump bi").exits(0).out;
    world.source(&moved());
    let report = apply(&world.app).document();
    let action = report.change("user:u012")["action"].as_str().unwrap().to_owned();
    world.run("undo --report run.json --yes").exits(0);
    let after = world.run("dump bi").exits(0).out;
    if action == "disable" {
        assert_eq!(after, before, "byte for byte, ids and all");
    } else {
        assert_eq!(without_ids(&after), without_ids(&before));
    }
}

/// A file target beside a source.
fn file(source: &[Value], target: &[Value]) -> App {
    let app = App::with(&format!(
        "sources:\n  people: {{ json: {{ path: people.json }} }}\ntargets:\n  out: {{ file: {{ path: out.json }} }}\nsyncs:\n  \
         people-to-out: {{ from: people, to: out, {RULES} }}\n"
    ));
    app.write_json("people.json", source);
    app.write_json("out.json", target);
    app
}

#[test]
fn a_file_is_as_it_was_byte_for_byte() {
    let app = file(&company(), &[]);
    app.run("apply --yes").exits(0);
    let (before, dump) = (app.read("out.json"), app.run("dump out").exits(0).out);
    let mut source = moved();
    source[4] = with(source[4].clone(), "active", false);
    source[5] = with(source[5].clone(), "description", "described");
    source[6] = with(source[6].clone(), "visibility", "NON_SHARABLE");
    source[7] = with(source[7].clone(), "attributes", json!({ "desk": 7 }));
    source[8] = with(source[8].clone(), "mail", "");
    app.write_json("people.json", &source);
    let report = apply(&app).document();
    assert!(
        report.changes().contains(&"disable user:u012".to_owned())
            && report.changes().contains(&"disable user:u004".to_owned())
    );
    let plan = app.run("undo --report run.json --yes --format json").exits(0).document();
    assert!(plan.changes().contains(&"enable user:u012".to_owned()));
    assert_eq!(app.run("dump out").exits(0).out, dump);
    assert_eq!(app.read("out.json"), before);
}

#[test]
fn an_undo_is_shown_and_asked_for() {
    let world = World::settled(&company(), RULES);
    world.source(&moved());
    apply(&world.app);
    world.cluster.clear_journal();
    // Nobody is at a terminal: it is shown, and that is all.
    let shown = world.run("undo --report run.json").exits(64).complains("there is nobody to ask");
    shown
        .says("takes back run")
        .says("- delete  new")
        .says("not brought back with 1 user (`u012`): the content they owned")
        .says("Next: the same with --yes");
    world.nothing_written();
    let plan = world.run("undo --report run.json --format json").exits(64).document();
    assert_eq!(plan["schema"], "rollcall.plan/v1");
    assert_eq!(plan["sources"], json!([]));
    world.nothing_written();
    let runs = world.app.runs();
    assert_eq!(runs.last().unwrap(), &("undo".to_owned(), Some(0)), "declined");
}

#[test]
fn what_was_changed_since_is_left_and_told() {
    let world = World::settled(&company(), RULES);
    world.source(&moved());
    apply(&world.app);
    world.cluster.set("u001", "displayName", "Since");
    world.cluster.set("new", "mail", "since@example.org");
    world.cluster.set("u002", "groupNames", json!(["All", "bi", "made", "staff"]));
    let report = world.run("undo --report run.json --yes --format json").exits(4).document();
    assert_eq!(
        report.held(),
        ["group:made delete: moved-since", "user:new delete: moved-since", "user:u001 update: moved-since"]
    );
    assert_eq!(report.outcomes(), ["done user:u002", "done user:u003", "done user:u012"]);
    assert_eq!(world.cluster.find("u001").unwrap().display_name, "Since");
    assert_eq!(world.cluster.groups_of("u002"), ["made", "staff"]);
    assert_eq!(world.cluster.find("u002").unwrap().mail, "u002@example.org");
}

#[test]
fn the_guard_measures_an_undo_as_any_plan() {
    let world = World::settled(&people(30), RULES);
    let mut source = people(30);
    source.extend((1..=12).map(|number| user(&format!("new{number:02}"), &["staff"])));
    world.source(&source);
    apply(&world.app);
    world.cluster.clear_journal();
    world.run("undo --report run.json --yes").exits(3).says("TRIPPED").says("Refused");
    world.nothing_written();
    let lifted = "undo --report run.json --yes --override removals --reason mistaken-import --format json";
    let report = world.run(lifted).exits(0).document();
    assert_eq!((report.outcomes().len(), world.cluster.residents().len()), (12, 31));
    assert_eq!(report["overrides"][0]["reason"], "mistaken-import");
}

#[test]
fn an_undo_is_a_run_that_can_be_taken_back() {
    let world = World::settled(&company(), RULES);
    world.source(&moved());
    apply(&world.app);
    let done = world.run("dump bi").exits(0).out;
    let undone = world.run("undo --report run.json --yes --format json").exits(0);
    world.app.write("undone.json", &undone.out);
    world.run("undo --report undone.json --yes").exits(0);
    assert_eq!(without_ids(&world.run("dump bi").exits(0).out), without_ids(&done));
    // It is in place: once more is nothing.
    let again = world.run("undo --report undone.json --yes --format json").exits(0).document();
    assert!(again.changes().is_empty(), "{again}");
    world.is_settled();
}

#[test]
fn an_undo_moves_nothing_that_is_remembered_of_the_source() {
    let world = World::settled(&company(), RULES);
    world.source(&moved());
    apply(&world.app);
    world.run("undo --report run.json --yes").exits(0);
    // The shrinkage is measured of what was last accepted from the source, not of the undo.
    world.source(&people(2));
    let plan = world.run("plan --format json").exits(3).document();
    assert_eq!(plan.limit("expect.shrink", "users of source people")["state"], "tripped", "{plan}");
}

#[test]
fn what_is_no_report_of_that_sync_is_refused() {
    let world = World::settled(&company(), RULES);
    world.source(&moved());
    apply(&world.app);
    world.run("plan --out p.json").exits(0);
    world.cluster.clear_journal();
    let text = world.app.read("run.json");
    world.app.write("changed.json", text.replacen("\"First\"", "\"Fjrst\"", 1));
    world.run("undo --report changed.json --yes").exits(1).fails_once().complains("digest does not fit");
    world.app.write("half.json", &text[..text.len() / 2]);
    world.run("undo --report half.json --yes").exits(1).fails_once().complains("not a report");
    world.run("undo --report p.json --yes").exits(1).fails_once().complains("not a report");
    world.run("undo --report nowhere.json --yes").exits(1).fails_once().complains("nowhere.json");
    world.run("undo --report run.json another --yes").exits(1).fails_once().complains("no report of sync `another`");
    world.run("undo some-run --yes").exits(1).complains("run `some-run` is not known");
    world.nothing_written();
}
