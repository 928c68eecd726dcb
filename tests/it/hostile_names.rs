//! Names that want to do harm: shown harmless, sent exact.

use rollcall::sandbox::FaultKind;
use serde_json::{Value, json};

use crate::support::{App, World, group, people, user, with};

/// What must never reach a terminal as it is.
fn is_harmless(text: &str) -> bool {
    text.chars().all(|c| {
        let bidi = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}');
        !bidi && (c == '\n' || !c.is_control())
    })
}

fn names() -> Vec<String> {
    let long = "x".repeat(300);
    let names = [
        "\u{202e}nimda",
        "\u{200f}rtl\u{200e}",
        "\u{2066}isolate\u{2069}",
        "=cmd()",
        "=HYPERLINK(\"http://evil\")",
        "<script>alert(1)</script>",
        "\u{1b}[31mred\u{1b}[0m",
        "\u{1b}]0;title\u{7}",
        "\u{9b}31m",
        "nul\0byte",
        "line\nbreak",
        "tab\there",
        "İstanbul",
        "ß",
        "trailing  ",
        " leading",
        "quote\"'`",
        "{{ template }}",
        "../../etc",
        "e\u{301}",
        "${HOME}",
        "%s%n",
        "\u{feff}bom",
        &long,
    ];
    names.map(String::from).into()
}

/// Everybody in a group of the same kind of name.
fn crowd() -> Vec<Value> {
    crowd_of(&names())
}

fn crowd_of(names: &[String]) -> Vec<Value> {
    let mut crowd = people(3);
    for name in names {
        let group_name = format!("g {name}");
        crowd.push(group(&group_name, &[]));
        crowd.push(with(user(name, &[&group_name, "staff"]), "displayName", format!("shown {name}")));
    }
    crowd
}

/// NFC is how names are compared, not how they are sent.
fn told(principals: &[Value]) -> Vec<(String, String, Vec<String>)> {
    let mut told: Vec<_> = principals
        .iter()
        .map(|principal| {
            let text = |member: &str| principal[member].as_str().unwrap().to_owned();
            let groups = principal["groupNames"].as_array().unwrap().iter();
            let mut groups: Vec<_> =
                groups.filter_map(Value::as_str).filter(|name| *name != "All").map(String::from).collect();
            groups.sort();
            (text("name"), text("displayName"), groups)
        })
        .collect();
    told.sort();
    told
}

/// Every picture for people is harmless, and the JSON says exactly what is meant.
fn is_shown_harmless(app: &App) {
    for command in ["plan", "plan -v", "plan --format diff", "plan --format diff -vvv"] {
        let run = app.run(command).exits(0);
        assert!(is_harmless(&run.out) && is_harmless(&run.err), "{run}");
        assert!(run.out.contains("\\u{202e}nimda"), "{run}");
    }
    let run = app.run("plan --format json").exits(0);
    assert!(!run.out.contains(['\u{1b}', '\0', '\u{7}']), "{run}");
    let plan = run.document();
    let changed: Vec<_> =
        plan["changes"].as_array().unwrap().iter().map(|change| change["name"].as_str().unwrap()).collect();
    let aside: Vec<_> =
        plan["rejected"].as_array().unwrap().iter().map(|aside| aside["name"].as_str().unwrap()).collect();
    let told = |name: &String| changed.contains(&name.as_str()) != aside.contains(&name.as_str());
    assert!(names().iter().all(told), "{plan}");
    for name in aside {
        assert!(name.chars().any(char::is_control), "{plan}");
    }
}

#[test]
fn through_a_cluster() {
    let world = World::new(&crowd(), &[], "ownership: managed, removeDeleted: true");
    is_shown_harmless(&world.app);
    world.run("plan --out p.json").exits(0);
    let run = world.run("apply --plan p.json --yes").exits(0);
    assert!(is_harmless(&run.out) && is_harmless(&run.err), "{run}");
    let residents: Vec<Value> = world
        .cluster
        .principals()
        .iter()
        .filter(|principal| !principal.system)
        .map(|principal| serde_json::to_value(principal).unwrap())
        .collect();
    // A control character in a name is a mistake that no cluster is asked to keep.
    let (bad, good): (Vec<_>, Vec<_>) = names().into_iter().partition(|name| name.chars().any(char::is_control));
    assert_eq!((bad.len(), told(&residents)), (6, told(&crowd_of(&good))));
    world.is_settled();
    let run = world.run("dump bi").exits(0);
    assert!(!run.out.contains(['\u{1b}', '\0']));

    world.source(&people(3));
    world.rules("ownership: managed, removeDeleted: true, guard: { removals: off, budget: off }");
    world.run("apply --yes --override expect.shrink --reason over").exits(0);
    assert_eq!(world.cluster.residents(), ["staff", "u001", "u002", "u003"]);
}

#[test]
fn through_a_file() {
    let app = App::with(
        "sources: { people: { json: { path: people.json } } }\ntargets: { copy: { file: { path: copy.json } } }\n\
         syncs: { people-to-copy: { from: people, to: copy, ownership: managed, removeDeleted: true } }\n",
    );
    app.write_json("people.json", &crowd());
    is_shown_harmless(&app);
    let run = app.run("apply --yes").exits(0);
    assert!(is_harmless(&run.out), "{run}");
    assert_eq!(told(app.read_json("copy.json").as_array().unwrap()), told(&crowd()));
    app.run("plan --detailed-exitcode").exits(0);
}

#[test]
fn names_that_the_target_takes_for_one_are_both_set_aside() {
    let mut source = people(12);
    source.push(user("sta\u{fb00}er", &["staff"]));
    source.push(user("staffer", &["staff"]));
    source.push(user("stra\u{df}e", &["staff"]));
    source.push(user("STRASSE", &["staff"]));
    let world = World::new(&source, &[user("staffer", &[])], "ownership: all, removeDeleted: true");
    let plan = world.run("plan --format json").exits(0).document();
    let aside = plan.names("rejected");
    assert_eq!(aside, ["user:STRASSE", "user:staffer", "user:sta\u{fb00}er", "user:stra\u{df}e"]);
    let text = world.app.read("people.json");
    let line = |name: &str| text.lines().take_while(|line| !line.contains(&format!("\"name\": \"{name}\""))).count();
    for rejected in plan["rejected"].as_array().unwrap() {
        assert!(rejected["origin"].as_str().unwrap().starts_with("people.json:"), "{rejected}");
        assert!(rejected["reason"].as_str().unwrap().contains("people.json:"), "{rejected}");
    }
    assert!(line("staffer") > 0);
    world.run("plan").exits(0).says("the target takes its name for the same");
    // The account of that name is nobody's leaver, though its owner cannot be told.
    world.run("apply --yes").exits(0);
    assert!(world.cluster.find("staffer").is_some() && world.cluster.find("STRASSE").is_none());
    world.is_settled();
}

#[test]
fn two_groups_that_differ_in_case_are_two() {
    let mut source = people(3);
    source.push(group("BI", &[]));
    source.push(group("bi", &[]));
    source.push(user("Ada", &["BI", "bi"]));
    let world = World::new(&source, &[user("ADA", &[])], "ownership: managed");
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.change("user:ADA")["groups"]["add"], json!(["BI", "bi"]));
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.groups_of("ADA"), ["BI", "bi"]);
    assert_eq!(world.cluster.find("Ada"), None);
    world.is_settled();
}

fn files(path: &str) -> String {
    format!(
        "sources: {{ people: {{ json: {{ path: \"{path}\" }} }} }}\ntargets: {{ copy: {{ file: {{ path: copy.json }} }} }}\n\
         syncs: {{ one: {{ from: people, to: copy }} }}\n"
    )
}

#[test]
fn errors_are_harmless_too() {
    let app = App::with(&files("\\e[31m\\u202e.json"));
    let unknown = "plan \u{1b}[31m\u{202e}";
    for (command, code) in [("plan", 1), ("apply --yes", 1), ("check", 1), (unknown, 64), ("dump \u{1b}\u{202e}", 64)] {
        let run = app.run(command).exits(code);
        assert!(is_harmless(&run.out) && is_harmless(&run.err), "{run}");
    }
    // A mistake whose very line is hostile.
    app.configure(&files("people.json").replace("from: people", "frm: \"\u{202e}people\" # \u{202e}\u{9b}31m"));
    for command in ["plan", "check", "check --format json"] {
        let run = app.run(command).exits(78);
        assert!(is_harmless(&run.err), "{run}");
    }
}

#[test]
fn what_a_server_says_is_harmless() {
    let world = World::new(&people(3), &[], "ownership: managed");
    let body = Some("\u{1b}[2J\u{202e}sorry\0".to_owned());
    for content_type in [None, Some("application/json".to_owned())] {
        let fault = FaultKind::Status { code: 415, retry_after: None, body: body.clone(), content_type };
        world.cluster.fault("user/list", fault);
        let run = world.run("plan").exits(1).complains("sorry");
        assert!(is_harmless(&run.err), "{run}");
    }
}

/// A hostile leaver whose belongings cannot be handed over: her name is in the error of the report, and in no log.
#[test]
fn logs_name_nobody() {
    let name = "\u{202e}nimda \u{2066}[31m";
    let mut source = people(12);
    source.push(user(name, &[]));
    let world = World::settled(
        &source,
        "ownership: managed, removeDeleted: true, leavers: { users: { first: delete, transferTo: u001 } }",
    );
    world.source(&people(12));
    for code in [429, 400] {
        let retry_after = Some("0".to_owned());
        let fault = FaultKind::Status { code, retry_after, body: None, content_type: None };
        world.cluster.fault("user/transfer/ownership", fault);
    }
    let run = world.run("apply --yes").exits(1).says("\\u{202e}nimda");
    assert!(is_harmless(&run.out) && is_harmless(&run.err) && !run.err.contains("nimda"), "{run}");
}
