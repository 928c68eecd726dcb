//! Why one principal gets what it gets: `explain` tells the way through the very run that decides on it.

use serde_json::{Value, json};

use crate::support::{App, Document, World, group, people, user, with};

const MANAGED: &str = "ownership: managed, removeDeleted: true, guard: { removals: off, budget: off }";

/// The words of the steps, in their order, each once.
fn words(told: &Document) -> Vec<String> {
    let mut words: Vec<_> = steps(told).iter().map(|step| step["step"].as_str().unwrap().to_owned()).collect();
    words.dedup();
    words
}

fn steps(told: &Document) -> &[Value] {
    told["steps"].as_array().unwrap()
}

#[track_caller]
fn step<'a>(told: &'a Document, word: &str) -> &'a Value {
    steps(told).iter().find(|step| step["step"] == word).unwrap_or_else(|| panic!("no {word} in {told}"))
}

fn explain(world: &World, who: &str) -> Document {
    world.run(&format!("explain {who} --format json")).exits(0).document()
}

/// Ada is called by her address in the target, and granted a group there.
fn renamed() -> World {
    let rules = format!(
        "{MANAGED}, users: {{ when: \"'staff' in allGroups\", set: {{ name: '{{{{ mail | lower }}}}' }}, grant: [ {{ groups: [bi], \
         when: \"name == 'ada'\" }}, {{ groups: [everybody] }} ] }}"
    );
    let ada = with(user("ada", &["team"]), "mail", "Ada@Example.org");
    let source = [group("bi", &[]), group("staff", &[]), group("team", &["staff"]), ada, user("bob", &["bi"])];
    World::new(&source, &[], &rules)
}

#[test]
fn a_user_in_scope_is_followed_from_the_file_to_what_apply_would_do() {
    let world = renamed();
    let told = explain(&world, "user:ada");
    assert_eq!((&told["schema"], &told["sync"]), (&json!("rollcall.explain/v1"), &json!("people-to-bi")));
    assert_eq!(words(&told), ["read", "rules", "desired", "match", "decide", "guard"]);
    let read = step(&told, "read");
    assert_eq!((&read["complete"], &read["record"]["values"]["groupNames"]), (&json!(true), &json!(["team"])));
    assert!(read["record"]["origin"].as_str().unwrap().starts_with("people.json:"), "{read}");
    let rules = step(&told, "rules");
    let when = &rules["rules"]["when"];
    assert_eq!((&when["expression"], &when["value"]), (&json!("'staff' in allGroups"), &json!(true)));
    assert_eq!(when["variables"], json!({ "allGroups": ["staff", "team"] }));
    assert!(when["place"].as_str().unwrap().contains("syncs.people-to-bi.users.when (rollcall.yaml:"), "{when}");
    assert_eq!(rules["rules"]["name"]["from"], "ada");
    assert_eq!((&rules["fate"], &rules["newName"]), (&json!("in-scope"), &json!("ada@example.org")));
    let grants = &rules["rules"]["grants"];
    assert_eq!((&grants[0]["groups"], &grants[0]["held"]), (&json!(["bi"]), &json!(true)));
    assert_eq!(grants[0]["when"]["variables"], json!({ "name": "ada" }));
    assert_eq!(step(&told, "desired")["principal"]["values"]["groupNames"], json!(["bi", "everybody", "team"]));
    assert_eq!(step(&told, "match")["match"], "new");
    let decide = step(&told, "decide");
    assert_eq!(decide["change"]["action"], "create");
    // The very change that `plan` makes.
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(&decide["change"], plan.change("user:ada@example.org"));
    let left_out = decide["leftOut"][0].as_str().unwrap();
    assert!(left_out.starts_with("group `everybody` is named by 1 of the source"), "{left_out}");
    assert_eq!(step(&told, "guard")["verdict"], plan["guard"]["verdict"]);
    assert_eq!(told["effect"], "change");
    assert_eq!(
        told["conclusion"],
        "`apply` would create `ada@example.org` and put it into `bi`, `team`; a person must apply it"
    );
}

#[test]
fn she_is_found_by_her_new_name_and_in_the_targets_spelling_too() {
    let world = renamed();
    let by_old = explain(&world, "user:ada");
    for name in ["ada@example.org", "ADA@example.org", "ADA"] {
        let told = explain(&world, &format!("user:{name}"));
        assert_eq!((&told["steps"], &told["conclusion"]), (&by_old["steps"], &by_old["conclusion"]), "{name}");
    }
    // The file minds case of groups, as the target does.
    world.run("explain group:BI").exits(1);
    world.run("explain group:bi").exits(0).says("create `bi`");
}

#[test]
fn the_text_shows_it_step_by_step() {
    let world = renamed();
    let run = world.run("explain user:ada people-to-bi").exits(0);
    let begin: Vec<_> = run.out.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")).collect();
    let words: Vec<_> = begin.iter().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(words, ["read", "rules", "desired", "match", "decide", "guard", "so"], "{run}");
    run.says("'staff' in allGroups → true")
        .says("allGroups = staff, team")
        .says("name: {{ mail | lower }} → ada@example.org");
}

#[test]
fn whoever_the_rules_leave_out_is_told_which_rule_and_what_it_saw() {
    let world = renamed();
    let told = explain(&world, "user:bob");
    assert_eq!(words(&told), ["read", "rules"]);
    let rules = step(&told, "rules");
    assert_eq!((&rules["fate"], &rules["rules"]["when"]["value"]), (&json!("out-of-scope"), &json!(false)));
    assert_eq!(rules["rules"]["when"]["variables"]["allGroups"], json!(["bi"]));
    assert!(rules["rules"].get("name").is_none(), "what comes later is not asked: {rules}");
    assert_eq!(told["effect"], "nothing");
    world.rules(&format!("{MANAGED}, users: {{ exclude: [\"b*\"] }}, groups: {{ include: [team] }}"));
    world.run("explain user:bob").exits(0).says("user:b* matches its name").says("left out by the rules");
    world.run("explain group:bi").exits(0).says("no pattern matches its name");
}

#[test]
fn one_whom_the_rules_left_out_after_the_first_apply_is_a_leaver_with_that_reason() {
    let world = World::settled(&people(4), MANAGED);
    world.rules(&format!("{MANAGED}, users: {{ exclude: [u003] }}"));
    let told = explain(&world, "user:u003");
    assert_eq!(words(&told), ["read", "rules", "match", "decide", "guard"]);
    assert_eq!((&step(&told, "match")["match"], &step(&told, "match")["owner"]), (&json!("gone"), &json!("created")));
    assert_eq!(step(&told, "decide")["change"]["reasonCode"], "out-of-scope");
    assert_eq!(told["conclusion"], "`apply` would delete `u003`; a person must apply it");
}

#[test]
fn a_leaver_whom_only_the_target_has() {
    let world = World::settled(&people(4), MANAGED);
    world.source(&people(3));
    let told = explain(&world, "user:U004");
    assert_eq!(words(&told), ["read", "match", "decide", "guard"]);
    assert_eq!(step(&told, "read")["record"], Value::Null);
    let change = &step(&told, "decide")["change"];
    assert_eq!((&change["action"], &change["reasonCode"]), (&json!("delete"), &json!("gone")));
    assert!(change["lastOrigin"].as_str().unwrap().starts_with("people.json:"), "{change}");
    let limits = step(&told, "guard")["limits"].as_array().unwrap();
    assert!(limits.is_empty(), "removals are off here: {limits:?}");
    assert_eq!(told["conclusion"], "`apply` would delete `u004`");

    world.rules("ownership: managed");
    let told = explain(&world, "user:u004");
    assert_eq!(step(&told, "decide")["decision"], "retained");
    assert_eq!(told["conclusion"], "nothing would be done: `u004` stays, for `removeDeleted` is false");
}

#[test]
fn one_who_was_made_by_hand_is_nobodys_leaver() {
    let world = World::new(&people(4), &[user("joan", &[])], MANAGED);
    let told = explain(&world, "user:joan");
    assert_eq!(step(&told, "decide")["reasonCode"], "not-owned");
    assert_eq!(step(&told, "match")["owner"], "none");
    world.run("explain user:tsadmin").exits(0).says("it is protected, so it is no leaver");
    world.run("explain group:All").exits(0).says("everybody is in this group");
}

#[test]
fn nothing_to_do_is_said_so() {
    let world = World::settled(&people(4), MANAGED);
    let told = explain(&world, "user:u002");
    assert_eq!(words(&told), ["read", "desired", "match", "decide"]);
    assert_eq!(
        (&step(&told, "match")["match"], &step(&told, "decide")["reasonCode"]),
        (&json!("name"), &json!("unchanged"))
    );
    assert_eq!(told["conclusion"], "nothing would be done: it is as the source wants it");
}

#[test]
fn a_rename_in_the_source_is_matched_by_the_recorded_id() {
    let mut source = people(4);
    source[2] = with(source[2].clone(), "id", "7");
    let world = World::settled(&source, MANAGED);
    source[2]["name"] = json!("zara");
    world.source(&source);
    for name in ["u002", "zara"] {
        let told = explain(&world, &format!("user:{name}"));
        let matched = step(&told, "match");
        assert_eq!((&matched["match"], &matched["recordedId"]), (&json!("renamed"), &json!("7")), "{told}");
        assert_eq!(matched["target"]["name"], "u002");
        assert_eq!(step(&told, "decide")["change"]["newName"], "zara");
        assert_eq!(told["conclusion"], "`apply` would rename `u002` to `zara`");
    }
    // Somebody else gets the old name: both stories are told.
    source.push(with(user("u002", &["staff"]), "id", "8"));
    world.source(&source);
    let told = explain(&world, "user:u002");
    let cases: Vec<_> = steps(&told).iter().filter(|step| step["step"] == "match").map(|step| &step["match"]).collect();
    assert_eq!(cases, ["reused-name", "renamed"], "{told}");
}

#[test]
fn a_privileged_membership_is_held_and_the_rest_is_done() {
    let mut source = people(4);
    source[1]["groupNames"] = json!(["staff", "Administrator"]);
    let world = World::new(&source, &[], MANAGED);
    let told = explain(&world, "user:u001");
    assert_eq!(step(&told, "decide")["change"]["after"]["groupNames"], json!(["Administrator", "staff"]));
    let guard = step(&told, "guard");
    assert_eq!((&guard["held"][0]["wanted"], &guard["held"][0]["group"]), (&json!("join"), &json!("Administrator")));
    assert_eq!(guard["held"][0]["reasonCode"], "privileged");
    let limits: Vec<_> =
        guard["limits"].as_array().unwrap().iter().map(|limit| limit["name"].as_str().unwrap()).collect();
    assert_eq!(limits, ["creations", "privileged"]);
    let conclusion = told["conclusion"].as_str().unwrap();
    assert!(
        conclusion.starts_with("`apply` would create `u001` and put it into `staff`; joining `Administrator` is held"),
        "{conclusion}"
    );
    let other = explain(&world, "user:u002");
    assert_eq!(step(&other, "guard")["limits"].as_array().map(Vec::len), Some(1), "it is no matter of hers");
}

#[test]
fn a_limit_that_stops_everything_is_named_for_everybody() {
    let world = World::settled(&people(12), "ownership: managed, removeDeleted: true");
    let mut source = people(5);
    source[1]["displayName"] = json!("New");
    world.source(&source);
    world.run("plan").exits(3);
    for who in ["user:u001", "user:u012"] {
        let told = explain(&world, who);
        assert_eq!(told["effect"], "refused");
        let conclusion = told["conclusion"].as_str().unwrap();
        assert!(
            conclusion.contains("the guard refuses the whole plan, ") && conclusion.contains("remove 7 of 12 users"),
            "{conclusion}"
        );
    }
    let told = explain(&world, "user:u002");
    assert_eq!(told["effect"], "nothing");
    world.run("explain user:u012").exits(0).says("TRIPPED");
}

#[test]
fn records_that_the_target_takes_for_one_are_set_aside_and_keep_their_account() {
    let world = World::settled(&people(4), MANAGED);
    let mut source = people(4);
    source.push(user("U002", &["staff"]));
    world.source(&source);
    let told = explain(&world, "user:u002");
    let aside: Vec<_> =
        steps(&told).iter().filter(|step| step["step"] == "read").map(|step| &step["setAside"]).collect();
    assert_eq!(aside.len(), 2, "{told}");
    assert!(aside.iter().all(|finding| finding["code"] == "duplicate-name"), "{told}");
    assert_eq!(step(&told, "decide")["reasonCode"], "set-aside");
    assert_eq!(told["effect"], "nothing");
}

#[test]
fn a_rule_that_fails_is_told_with_its_reason() {
    let world = World::new(&people(3), &[], &format!("{MANAGED}, users: {{ set: {{ mail: '{{{{ 1 + name }}}}' }} }}"));
    let told = explain(&world, "user:u001");
    let rules = step(&told, "rules");
    assert_eq!((&rules["fate"], &rules["setAside"]["code"]), (&json!("set-aside"), &json!("rule-failed")));
    let error = rules["rules"]["set"][0]["evaluation"]["error"].as_str().unwrap();
    assert!(rules["setAside"]["reason"].as_str().unwrap().ends_with(error), "{rules}");
}

#[test]
fn several_sources_tell_who_has_it_and_who_counts() {
    let app = App::with(
        "sources:\n  a: { json: { path: a.json } }\n  b: { json: { path: b.json } }\ntargets: { copy: { file: { path: copy.json } } }\n\
         syncs:\n  all: { from: [a, b], to: copy, ownership: managed }\n  one: { from: b, to: other, ownership: managed }\n",
    );
    app.configure(
        &app.read("rollcall.yaml").replace("copy.json } }", "copy.json } }, other: { file: { path: other.json } }"),
    );
    app.write_json("a.json", &[user("ada", &[]), with(user("bob", &[]), "id", "1"), with(user("eve", &[]), "id", "2")]);
    app.write_json("b.json", &[with(user("ada", &[]), "mail", "other@example.org"), with(user("bob", &[]), "id", "2")]);
    let told = app.run("explain user:ada all --format json").exits(0).document();
    assert_eq!(words(&told), ["read", "merge", "desired", "match", "decide", "guard"]);
    let merge = step(&told, "merge");
    assert_eq!(merge["sources"][1]["source"], "b");
    assert_eq!(merge["findings"][0]["code"], "shadowed");
    assert_eq!(merge["record"]["values"]["mail"], "ada@example.org");
    // Two records of one source are one with one of the other: nobody can tell who is meant.
    let told = app.run("explain user:bob all --format json").exits(0).document();
    assert_eq!(step(&told, "merge")["record"], Value::Null, "{told}");
    assert_eq!(steps(&told).iter().filter(|step| step["step"] == "read").count(), 3, "{told}");
    assert_eq!(told["effect"], "nothing");
    // Without a sync: one document for each.
    let documents = app.run("explain user:eve --format json").exits(0).documents();
    let effects: Vec<_> = documents.iter().map(|told| (told["sync"].clone(), told["effect"].clone())).collect();
    assert_eq!(effects, [(json!("all"), json!("nothing")), (json!("one"), json!("unknown"))]);
}

#[test]
fn an_unproven_reading_says_which_proof_is_missing() {
    let app = App::with(
        "sources: { a: { csv: { users: a.csv } } }\ntargets: { copy: { file: { path: copy.json } } }\n\
         syncs: { all: { from: a, to: copy, ownership: managed, removeDeleted: true, leavers: { users: { first: delete } } } }\n",
    );
    app.write("a.csv", "name,displayName\nada,Ada\nbob,Bob\n");
    app.run("apply --yes").exits(0);
    app.write("a.csv", "name,displayName\nada,Ada");
    let told = app.run("explain user:bob --format json").exits(0).document();
    let read = step(&told, "read");
    assert_eq!((&read["complete"], read["missing"].as_array().map(Vec::len)), (&json!(false), Some(1)));
    assert_eq!(step(&told, "decide")["held"]["reasonCode"], "unproven-source");
    assert_eq!(told["effect"], "held");
    app.run("explain user:bob").exits(0).says("missing proof").says("was not proven whole");
}

#[test]
fn a_saved_plan_tells_what_it_holds_whatever_the_source_says_by_now() {
    let world = World::settled(&people(4), MANAGED);
    let mut source = people(3);
    source[1]["groupNames"] = json!(["staff", "Administrator"]);
    source[2]["displayName"] = json!("Second");
    source[2]["mail"] = json!("u003@example.org");
    source.extend([user("twin", &["staff"]), user("TWIN", &["staff"])]);
    world.source(&source);
    world.run("plan --out p.json").exits(0);
    let plan = Document::parse(&world.app.read("p.json"));
    world.source(&people(1));
    let saved = |who: &str| world.run(&format!("explain {who} --plan p.json --format json")).exits(0).document();
    let told = saved("user:U004");
    assert_eq!(words(&told), ["decide", "guard"]);
    assert_eq!(told["basis"]["plan"], plan["id"]);
    assert_eq!(&step(&told, "decide")["change"], plan.change("user:u004"));
    assert_eq!(told["conclusion"], "`apply` would delete `u004`");
    let told = saved("user:u002");
    assert_eq!(step(&told, "decide")["change"]["fields"][0]["to"], "Second");
    let told = saved("user:u001");
    assert_eq!((&told["effect"], words(&told)), (&json!("held"), vec!["guard".to_owned()]));
    let told = saved("user:twin");
    assert_eq!((words(&told), &told["effect"]), (vec!["lint".to_owned()], &json!("nothing")));
    assert!(told["conclusion"].as_str().unwrap().ends_with("its record was set aside, and nobody is removed for that"));
    let told = saved("user:u003");
    assert_eq!(words(&told), ["lint"], "her mail is used twice, and nothing is to do");
    assert_eq!(told["conclusion"], "nothing would be done: it is as the source wants it");
    world.run("explain user:u002 --plan p.json").exits(0).says("what was read and mapped is not in it");
    world
        .run("explain user:nobody --plan p.json")
        .exits(1)
        .says("it was as the source wants it, or nobody was called so");
    world.run("explain user:u002 elsewhere --plan p.json").exits(64).complains("people-to-bi");
    world.app.write("q.json", world.app.read("p.json").replace("Second", "Third"));
    world.run("explain user:u002 --plan q.json").exits(1).complains("digest");
}

#[test]
fn an_unknown_name_is_an_error_with_the_nearest_names() {
    let world = World::new(&people(3), &[user("joan", &[])], MANAGED);
    let run = world.run("explain user:joane").exits(1).complains("nothing is known of `user:joane`");
    run.complains("there is `joan`");
    world.run("explain user:u01").exits(1).says("near: u001");
    world.run("explain user:u").exits(1).complains("there is `u001`, `u002`, `u003`");
    world.run("explain group:u001").exits(1);
    world.run("explain ada").exits(64).complains("expected `user:NAME` or `group:NAME`");
    world.run("explain user:u001 nowhere").exits(64).complains("no sync is named");
}

#[test]
fn it_is_no_run_writes_nothing_and_shows_no_password() {
    let mut source = people(3);
    source[1]["password"] = json!("hunter2");
    source[2]["displayName"] = json!("\u{1b}[31mred");
    let world = World::new(&source, &[], MANAGED);
    for who in ["user:u001", "user:u001 --format json"] {
        let run = world.run(&format!("explain {who}")).exits(0);
        assert!(!run.out.contains("hunter2"), "{run}");
    }
    world.run("explain user:u001").exits(0).says("there is one");
    let run = world.run("explain user:u002").exits(0).says("\\u{1b}[31mred");
    assert!(!run.out.contains('\u{1b}'), "{run}");
    world.nothing_written();
    assert_eq!(world.app.runs(), []);
}
