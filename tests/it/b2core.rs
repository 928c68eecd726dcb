//! B2CORE Back Office: pages that deceive, memberships that are a list of the user, addresses for names, and a vendor's
//! page that leaves most things open.

use std::time::Duration;

use rollcall::sandbox::b2core::{Expiry, ListBody, UserGroups};
use rollcall::sandbox::{FaultKind, Product as _, Secret};
use serde_json::{Value, json};

use crate::support::{Office, clerk, with};

const MANAGED: &str = "ownership: managed, removeDeleted: true";
const ALL: &str = "ownership: all, removeDeleted: true, memberships: exact";

/// `ada` and `bob` in `Support`, in the source and there.
fn pair(target: &str, rules: &str) -> (Office, Vec<Value>) {
    let people = vec![clerk("ada", &["Support"]), clerk("bob", &["Support"])];
    let there = |name: &str, phone: &str| json!({ "email": format!("{name}@example.org"), "name": name, "groups": ["Support"], "phone": phone });
    let office = Office::new(&[there("ada", "+431"), there("bob", "+432")], target, rules);
    office.source(&people);
    office.apply();
    office.clear_journal();
    (office, people)
}

#[test]
fn newcomers_get_what_the_page_requires_and_nobody_is_sent_a_mail() {
    let office = Office::new(&[], "", MANAGED);
    office.source(&[clerk("ada", &["Risk", "Support"]), clerk("bob", &["Support"])]);
    let report = office.apply();
    assert_eq!(report.outcomes(), ["done user:ada@example.org", "done user:bob@example.org"]);
    let ada = office.clerk("ada");
    assert_eq!((&ada["name"], &ada["groups"], &ada["active"]), (&json!("ada"), &json!([2, 3]), &json!(true)));
    assert_eq!((&ada["tfa"], &ada["hasPassword"]), (&json!(true), &json!(true)));
    assert_eq!(office.written(), ["POST users: active, email, groups, name, password, sendNotify, tfa"; 2]);
    assert!(office.mails().is_empty());
    office.is_settled();
}

/// A 403 is about the one it is the answer to: the account is good, and the others are its business as before.
#[test]
fn those_that_the_account_may_not_touch_do_not_end_the_apply() {
    let office = Office::new(&[], "", MANAGED);
    let names: Vec<String> = (0..12).map(|n| format!("u{n:02}")).collect();
    office.source(&names.iter().map(|name| clerk(name, &["Support"])).collect::<Vec<_>>());
    let forbidden = FaultKind::Status { code: 403, retry_after: None, body: None, content_type: None };
    office.fault("POST users", 4, forbidden.clone());
    let report = office.run("apply --yes --format json").exits(4).document();
    assert_eq!(report.outcomes().iter().filter(|outcome| outcome.starts_with("done ")).count(), 8, "{report}");
    assert!(report.to_string().contains("it may not do this"), "{report}");
    // One that may do nothing at all is not asked for everybody.
    office.source(&(20..80).map(|n| clerk(&format!("u{n}"), &["Support"])).collect::<Vec<_>>());
    office.clear_journal();
    office.fault("POST users", 100, forbidden);
    let run = office.run("apply --yes").exits(4).says("the account may do none of the first 5 of these");
    assert!((5..9).contains(&office.count("POST", "users")), "{run}");
}

#[test]
fn two_factor_and_the_mail_are_settings_of_a_create_alone() {
    let office = Office::new(&[], "tfa: false, sendNotify: true", MANAGED);
    office.source(&[clerk("ada", &["Support"])]);
    office.apply();
    assert_eq!((office.mails(), &office.clerk("ada")["tfa"]), (vec!["ada@example.org".to_owned()], &json!(false)));
    office.source(&[with(clerk("ada", &["Support"]), "displayName", "Ada L")]);
    office.clear_journal();
    office.apply();
    assert_eq!(office.written(), ["PATCH users/2: name"]);
    assert!(office.writes()[0].warnings.is_empty());
}

#[test]
fn an_update_sends_what_differs_and_nothing_else() {
    let (office, mut people) =
        pair("", &format!("{MANAGED}, ALLOW {{ attributes.ipWhitelist: [\"user:ada@example.org\"] }}"));
    let changes = [
        ("displayName", json!("Ada L"), "name"),
        ("attributes", json!({ "phone": "" }), "phone"),
        ("attributes", json!({ "phone": "+439" }), "phone"),
        ("attributes", json!({ "clientTags": "vip; gold" }), "clientTags"),
        ("attributes", json!({ "ipWhitelist": ["20.65.174.119", "::1"] }), "ipWhitelist"),
        ("groupNames", json!(["Risk", "Support"]), "groups"),
        ("groupNames", json!([]), "groups"),
        ("name", json!("lovelace@example.org"), "email"),
    ];
    for (member, value, sent) in changes {
        people[0][member] = value.clone();
        office.source(&people);
        office.clear_journal();
        let report = office.apply();
        assert_eq!(office.written(), [format!("PATCH users/2: {sent}")], "{member}: {value}: {report}");
        office.is_settled();
    }
    let ada = office.clerk("lovelace");
    assert_eq!((&ada["name"], &ada["phone"], &ada["groups"]), (&json!("Ada L"), &json!("+439"), &json!([])));
    assert_eq!((&ada["clientTags"], &ada["ipWhitelist"]), (&json!(["gold", "vip"]), &json!(["20.65.174.119", "::1"])));
}

#[test]
fn what_gives_rights_waits_for_a_person() {
    let (office, mut people) = pair("", MANAGED);
    people[0]["attributes"] = json!({ "canViewMaskedData": true, "ipWhitelist": "20.65.174.119" });
    people[1]["groupNames"] = json!(["Administrators", "Support"]);
    office.source(&people);
    let report = office.run("apply --yes --format json").exits(4).document();
    assert_eq!(report.held().len(), 3, "{report}");
    assert!(report.held().iter().all(|held| held.ends_with(": privileged")), "{:?}", report.held());
    assert!(office.written().is_empty());
    office.run("apply --yes --override privileged --reason audit").exits(0);
    assert_eq!(office.clerk("ada")["canViewMaskedData"], true);
    assert_eq!(office.clerk("bob")["groups"], json!([1, 2]));
    // To take a right away is nobody's gain.
    people[0]["attributes"] = json!({ "canViewMaskedData": false, "ipWhitelist": "20.65.174.119" });
    office.source(&people);
    office.apply();
    assert_eq!(office.clerk("ada")["canViewMaskedData"], false);
    office.is_settled();
}

#[test]
fn what_was_joined_by_hand_between_reading_and_writing_stays() {
    let (office, mut people) = pair("", "ownership: managed, memberships: managed");
    people[0]["groupNames"] = json!(["Support", "Risk"]);
    people.push(json!({ "name": "Risk", "principalTypeEnum": "LOCAL_GROUP" }));
    people.push(json!({ "name": "Support", "principalTypeEnum": "LOCAL_GROUP" }));
    office.source(&people);
    // The answer to the look before the write is late: somebody else is faster.
    office.fault("GET users/2", 1, FaultKind::Latency { millis: 600 });
    std::thread::scope(|scope| {
        let run = scope.spawn(|| office.run("apply --yes").exits(0));
        while office.count("GET", "users/2") == 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
        let mut state = office.state();
        state["groups"].as_array_mut().unwrap().push(json!({ "id": 9, "name": "By hand" }));
        state["users"][1]["groups"] = json!([2, 9]);
        office.put_state(state).unwrap();
        drop(run.join());
    });
    assert_eq!(office.clerk("ada")["groups"], json!([2, 3, 9]));
}

#[test]
fn two_groups_of_one_name_are_left_as_they_are() {
    let groups = json!([{ "name": "Support" }, { "name": "Risk" }, { "name": "Risk" }]);
    let ada = json!({ "email": "ada@example.org", "name": "ada", "groups": [4] });
    let office = Office::seeded(json!({ "groups": groups, "users": [ada] }), "createGroups: true", ALL);
    let risk = json!({ "name": "Risk", "principalTypeEnum": "LOCAL_GROUP" });
    office.source(&[risk, clerk("ada", &["Risk", "Support"])]);
    let report = office.run("apply --yes --format json").document();
    assert_eq!(report.changes(), ["update user:ada@example.org"]);
    assert_eq!(report.held(), ["group:Risk create: ambiguous-match"]);
    assert_eq!(office.clerk("ada")["groups"], json!([2, 4]), "neither guessed nor taken away");
    office.source(&[clerk("ada", &["Risk", "Support"])]);
    let plan = office.plan();
    assert!(plan["notes"].to_string().contains("more than one group of the target is called so: left out"), "{plan}");
    office.run("check").exits(0).says("2 groups of the Back Office are called `Risk` (ids 3, 4)");
}

#[test]
fn a_group_that_is_missing_is_left_out_and_made_only_where_that_is_allowed() {
    let (office, mut people) = pair("", MANAGED);
    people[0]["groupNames"] = json!(["Support", "Audit"]);
    people.push(json!({ "name": "Audit", "principalTypeEnum": "LOCAL_GROUP" }));
    office.source(&people);
    let report = office.apply();
    assert_eq!(report.held(), ["group:Audit create: target-cannot"]);
    assert!(report.to_string().contains("createGroups"), "{report}");
    assert!(office.written().is_empty());
    office.configure("token: { file: token }, account: admin@example.org", "createGroups: true", MANAGED);
    office.apply();
    assert_eq!(office.written(), ["POST groups: name, permissions", "PATCH users/2: groups"]);
    assert_eq!(
        (&office.state()["groups"][3], &office.clerk("ada")["groups"]),
        (&json!({ "id": 4, "name": "Audit", "permissions": [] }), &json!([2, 4]))
    );
    office.is_settled();
}

#[test]
fn names_that_are_no_addresses_and_users_of_no_group_are_held_with_advice() {
    let office = Office::new(&[], "", MANAGED);
    let short = json!({ "name": "ada", "mail": "ada@example.org", "groupNames": ["Support"] });
    office.source(&[short, clerk("bob", &[])]);
    let plan = office.plan();
    assert_eq!(plan.held(), ["user:ada create: target-cannot", "user:bob@example.org create: target-cannot"]);
    let told = plan["held"].to_string();
    assert!(told.contains("is no e-mail address") && told.contains("{{ mail }}"), "{told}");
    assert!(told.contains("defaultGroup"), "{told}");
    office.configure(
        "token: { file: token }, account: admin@example.org",
        "defaultGroup: Risk",
        &format!("{MANAGED}, users: {{ set: {{ name: \"{{{{ mail or name }}}}\" }} }}"),
    );
    office.apply();
    assert_eq!((&office.clerk("ada")["groups"], &office.clerk("bob")["groups"]), (&json!([2]), &json!([3])));
    office.is_settled();
}

#[test]
fn who_leaves_is_disabled_and_keeps_the_groups_or_is_deleted_on_demand() {
    let (office, people) = pair("", MANAGED);
    office.source(&people[..1]);
    office.apply();
    assert_eq!(office.written(), ["PATCH users/3: active"]);
    assert_eq!(office.clerk("bob")["groups"], json!([2]));
    office.source(&people);
    office.apply();
    assert_eq!(office.clerk("bob")["active"], true);
    office.configure(
        "token: { file: token }, account: admin@example.org",
        "",
        &format!("{MANAGED}, leavers: {{ users: {{ first: delete }} }}"),
    );
    office.source(&people[..1]);
    office.clear_journal();
    office.apply();
    assert_eq!(office.written(), ["DELETE users/3: "]);
    office.is_settled();
}

#[test]
fn the_account_that_asks_and_the_administrators_are_never_changed() {
    let (office, mut people) = pair("createGroups: true", ALL);
    people.push(with(clerk("admin", &["Support"]), "displayName", "Nobody"));
    office.source(&people);
    let report = office.apply();
    assert_eq!(report.held(), ["group:Risk delete: target-cannot", "user:admin@example.org update: protected"]);
    office.source(&people[..2]);
    office.apply();
    assert_eq!(office.clerk("admin")["active"], true);
    assert!(office.written().is_empty());
}

fn many(count: usize) -> (Vec<Value>, Vec<Value>) {
    let names: Vec<String> = (1..=count).map(|number| format!("p{number:03}")).collect();
    let there = |name: &String| json!({ "email": format!("{name}@example.org"), "name": name, "groups": ["Support"] });
    (names.iter().map(|name| clerk(name, &["Support"])).collect(), names.iter().map(there).collect())
}

#[test]
fn a_limit_that_is_cut_without_a_word_loses_nobody() {
    let (people, there) = many(120);
    let office = Office::new(&there, "", ALL);
    office.source(&people);
    office.switch(|switches| switches.limit_maximum = 50);
    office.is_settled();
    let offsets: Vec<_> = office
        .journal()
        .iter()
        .filter(|entry| entry.operation == "users")
        .map(|entry| entry.query["offset"].clone())
        .collect();
    assert_eq!(offsets, ["0", "50", "100", "121"], "by what was received, to an empty page");
    office.apply();
    assert!(office.written().is_empty());
}

#[test]
fn an_offset_that_is_ignored_decides_nothing() {
    let (people, there) = many(120);
    let office = Office::new(&there, "", ALL);
    office.source(&people[..10]);
    office.switch(|switches| switches.ignore_offset = true);
    office.run("apply --yes").exits(1).complains("ignores where a page begins").complains("nothing was written");
    assert!(office.written().is_empty());
}

#[test]
fn rows_that_come_in_between_two_pages_are_no_leavers_and_no_newcomers() {
    let (people, there) = many(120);
    let office = Office::new(&there, "", MANAGED);
    office.source(&people);
    office.switch(|switches| switches.insert_between_pages = 3);
    office.is_settled();
    assert_eq!(office.count("GET", "users"), 6, "all of it is read a second time");
    office.switch(|switches| (switches.insert_between_pages, switches.insert_listings) = (3, 99));
    office.run("apply --yes").exits(1).complains("rows moved between pages").complains("nothing was written");
    assert!(office.written().is_empty());
}

#[test]
fn a_list_that_ends_early_is_seen_where_it_tells_its_length() {
    let (people, there) = many(120);
    let office = Office::new(&there, "pageSize: 50", ALL);
    office.source(&people);
    office.switch(|switches| switches.list_body = ListBody::Data);
    office.inject(rollcall::sandbox::Fault::once("users", status(200, r#"{"data": [], "total": 121}"#)).after(1));
    office.run("apply --yes").exits(1).complains("an empty page ended the list after 50 of 121");
    assert!(office.written().is_empty());
}

fn status(code: u16, body: &str) -> FaultKind {
    let content_type = Some("application/json".to_owned());
    FaultKind::Status { code, retry_after: None, body: Some(body.to_owned()), content_type }
}

#[test]
fn an_address_that_is_taken_is_looked_up_once_and_adopted() {
    for refusal in [400, 409, 422] {
        let there = json!({ "email": "Ada@example.org", "name": "ada", "groups": ["Support"] });
        let office = Office::new(&[there], "", MANAGED);
        office.switch(|switches| switches.duplicate_status = refusal);
        office.source(&[clerk("ada", &["Support"])]);
        // Two readings of two pages each do not show her.
        let members = serde_json::Map::from_iter([("filter[email]".to_owned(), json!("admin@example.org"))]);
        office.fault("users", 4, FaultKind::Rewrite { members });
        let report = office.apply();
        assert_eq!(report.outcomes(), ["done user:ada@example.org"], "{refusal}");
        assert!(report.to_string().contains("it was there already and is adopted as it is"), "{report}");
        assert_eq!(office.count("POST", "users"), 1);
        assert!(office.written().is_empty());
        office.is_settled();
    }
}

#[test]
fn a_refusal_names_the_member_and_never_the_password() {
    let (office, mut people) = pair("", MANAGED);
    office.app.write("welcome", "Canary9");
    let rules = format!("{MANAGED}, password: {{ file: welcome }}");
    office.configure("token: { file: token }, account: admin@example.org", "", &rules);
    people.push(clerk("eve", &["Support"]));
    office.source(&people);
    let run = office.run("apply --yes --format json").exits(1);
    assert!(run.out.contains("the answer is 400") && run.out.contains("password: must have 8 characters"), "{run}");
    assert!(!run.out.contains("Canary9") && !run.err.contains("Canary9"), "{run}");
}

#[test]
fn a_post_that_was_not_answered_in_time_is_not_sent_again() {
    let (office, mut people) = pair("", MANAGED);
    people.push(clerk("eve", &["Support"]));
    office.source(&people);
    office.fault("POST users", 1, FaultKind::Latency { millis: 3500 });
    office.run("apply --yes").exits(1);
    assert_eq!(office.count("POST", "users"), 1);
    std::thread::sleep(Duration::from_millis(2500));
    assert_eq!(office.clerk("eve")["groups"], json!([2]), "it was done after all");
    office.is_settled();
    assert_eq!(office.count("POST", "users"), 1);
}

#[test]
fn the_lost_answer_to_an_update_is_settled_by_reading() {
    let (office, mut people) = pair("", MANAGED);
    people[0]["groupNames"] = json!(["Risk"]);
    people[0]["displayName"] = json!("Ada L");
    office.source(&people);
    office.fault("PATCH users/2", 1, FaultKind::CutAfter);
    assert_eq!(office.apply().outcomes(), ["done user:ada@example.org"]);
    assert_eq!(office.written(), ["PATCH users/2: groups, name"]);
    office.is_settled();
}

#[test]
fn what_is_only_accepted_is_waited_for() {
    let (office, mut people) = pair("createGroups: true", MANAGED);
    office.switch(|switches| switches.accepted_millis = Some(700));
    people[0]["groupNames"] = json!(["Audit"]);
    people.push(clerk("eve", &["Audit"]));
    people.push(json!({ "name": "Audit", "principalTypeEnum": "LOCAL_GROUP" }));
    office.source(&people);
    let report = office.apply();
    assert!(report.outcomes().iter().all(|outcome| outcome.starts_with("done ")), "{report}");
    assert_eq!((&office.clerk("ada")["groups"], &office.clerk("eve")["groups"]), (&json!([4]), &json!([4])));
    office.is_settled();
}

#[test]
fn what_was_accepted_and_never_shows_has_failed() {
    let (office, mut people) = pair("settle: 300ms", MANAGED);
    office.switch(|switches| switches.accepted_millis = Some(60_000));
    people[0]["displayName"] = json!("Ada L");
    office.source(&people);
    office.run("apply --yes").exits(1).says("does not show it");
}

#[test]
fn a_put_sends_the_whole_record_so_that_nothing_is_blanked() {
    let (office, mut people) = pair("method: put", MANAGED);
    office.switch(|switches| switches.put_replaces = true);
    let before = office.clerk("ada");
    people[0]["displayName"] = json!("Ada L");
    office.source(&people);
    office.apply();
    let mut after = office.clerk("ada");
    assert_eq!(after["name"], "Ada L");
    (after["name"], after["updateTime"]) = (before["name"].clone(), before["updateTime"].clone());
    assert_eq!(after, before);
    people[0]["groupNames"] = json!(["Risk"]);
    office.source(&people);
    office.apply();
    assert_eq!((&office.clerk("ada")["groups"], &office.clerk("ada")["phone"]), (&json!([3]), &json!("+431")));
    assert!(office.written().iter().all(|written| written.starts_with("PUT ")), "{:?}", office.written());
}

#[test]
fn every_shape_of_an_answer_is_read() {
    let (office, mut people) = pair("tagsAs: objects", MANAGED);
    for body in [ListBody::Data, ListBody::Items] {
        office.switch(|switches| {
            switches.list_body = body;
            switches.user_groups = UserGroups::Objects;
            switches.tag_objects = true;
            switches.text_ids = true;
            switches.create_status = 200;
            switches.delete_status = 200;
        });
        office.is_settled();
        people[0]["groupNames"] = json!(["Risk", "Support"]);
        people[0]["attributes"] = json!({ "clientTags": [format!("{body:?}")] });
        office.source(&people);
        office.apply();
        assert_eq!(office.clerk("ada")["groups"], json!([2, 3]));
        assert_eq!(office.clerk("ada")["clientTags"], json!([format!("{body:?}")]));
        office.is_settled();
        people[0]["groupNames"] = json!(["Support"]);
    }
}

#[test]
fn memberships_that_are_not_told_are_left() {
    let (office, mut people) = pair("", MANAGED);
    office.switch(|switches| switches.user_groups = UserGroups::Absent);
    people[0]["groupNames"] = json!(["Risk"]);
    people.push(clerk("eve", &["Risk"]));
    office.source(&people);
    let report = office.apply();
    assert_eq!(report.changes(), ["create user:eve@example.org"]);
    assert!(report.to_string().contains("does not tell who is in which group"), "{report}");
    assert_eq!((&office.clerk("ada")["groups"], &office.clerk("eve")["groups"]), (&json!([2]), &json!([3])));
}

#[test]
fn a_token_that_was_replaced_is_read_again() {
    let (office, mut people) = pair("", MANAGED);
    // The first look gives the old one, every later one the new one.
    office.app.write("look", "if [ -e looked ]; then echo new-token; else touch looked; echo sandbox-token; fi");
    office.configure("token: { command: [sh, look] }, account: admin@example.org", "", MANAGED);
    office.trust(&Secret::new("new-token"));
    people[0]["displayName"] = json!("Ada L");
    office.source(&people);
    office.inject(rollcall::sandbox::Fault::once("users", FaultKind::ExpireSession).after(1));
    office.apply();
    assert_eq!(office.clerk("ada")["name"], "Ada L");
}

const SIGNIN: &str = "signin: { email: admin@example.org, password: { file: password } }";

/// One that signs in instead of holding a token.
fn signing_in() -> Office {
    let (office, _) = pair("", MANAGED);
    office.app.write("password", "admin");
    office.configure(SIGNIN, "", MANAGED);
    office
}

#[test]
fn a_sign_in_gives_one_token_for_a_run_and_another_where_that_ends() {
    let office = signing_in();
    for expiry in [Expiry::Given, Expiry::Equal, Expiry::Absent] {
        office.clear_journal();
        office.switch(|switches| switches.expiry = expiry);
        office.is_settled();
        assert_eq!(office.count("POST", "signin"), 1, "{expiry:?}");
    }
    office.clear_journal();
    office.inject(rollcall::sandbox::Fault::once("users", FaultKind::ExpireSession).after(1));
    office.is_settled();
    assert_eq!(office.count("POST", "signin"), 2, "in the middle of a listing");
}

#[test]
fn a_token_that_keeps_being_refused_does_not_lock_the_account() {
    let office = signing_in();
    office.configure(SIGNIN, "pageSize: 1", MANAGED);
    for page in [1, 3] {
        office.inject(rollcall::sandbox::Fault::once("users", FaultKind::ExpireSession).after(page));
    }
    office.run("plan").exits(1).complains("for the second time in this run");
    assert_eq!(office.count("POST", "signin"), 2);
}

#[test]
fn a_second_factor_ends_the_run_with_advice() {
    let office = signing_in();
    let mut state = office.state();
    state["users"][0]["tfa"] = json!(true);
    office.put_state(state).unwrap();
    office.run("check").exits(1).says("asks for a second factor").says("a `token` instead");
    assert_eq!(office.count("POST", "signin"), 1);
}

#[test]
fn an_account_that_is_not_in_the_list_makes_the_list_doubtful() {
    let (office, _) = pair("", MANAGED);
    office.configure("token: { file: token }, account: other@example.org", "", MANAGED);
    office
        .run("plan")
        .exits(1)
        .complains("does not show the account `other@example.org`")
        .complains("check `url` and `account`");
}
