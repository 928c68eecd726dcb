use serde_json::{Value, json};

use crate::plan::Field;
use crate::principal::{CaseRule, CaseRules, Kind};
use crate::targets::scim::config::{Members, ScimConfig};
use crate::targets::scim::convert;
use crate::targets::scim::listing::Listing;
use crate::targets::scim::manner::Manner;
use crate::targets::scim::memory::{Echo, Memory, Remembered};
use crate::targets::scim::reading::{Read, read};
use crate::targets::scim::service::Service;
use crate::targets::scim::typed::Choice;
use crate::targets::scim::wire::Resource;

const RULES: CaseRules = CaseRules { users: CaseRule::Ignored, groups: CaseRule::Exact };
const WORK: Choice<'_> = Choice { of_type: "work", single: false };

fn manner(change: impl FnOnce(&mut ScimConfig)) -> Manner {
    let mut config = ScimConfig::default();
    change(&mut config);
    Manner::new(&config, None)
}

fn listing<T>(rows: Vec<T>) -> Listing<T> {
    Listing { rows, proof: "read".into(), spoilt: Vec::new() }
}

fn look(users: &[Value], groups: &[Value], manner: &Manner, memory: &mut Remembered) -> Read {
    let resource = |value: &Value| Resource::read(value.clone()).unwrap();
    let users = users.iter().map(|value| convert::user(&resource(value), WORK).unwrap()).collect();
    let groups = groups.iter().map(|value| convert::group(&resource(value)).unwrap()).collect();
    read(listing(users), listing(groups), (&Service::default(), manner), RULES, memory)
}

fn user(id: &str, name: &str) -> Value {
    json!({"id": id, "userName": name})
}

fn group(id: &str, name: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
    json!({"id": id, "displayName": name, "members": members})
}

/// `ada: eng` of everybody, groups first.
fn story(read: &Read) -> Vec<String> {
    let set = &read.current.set;
    let told = set.records().iter().map(|record| {
        let groups = set.names().sorted(record.principal.group_refs()).join(" ");
        let off = if record.principal.is_active() { "" } else { " (off)" };
        format!("{}{off}: {groups}", record.principal.name)
    });
    told.collect()
}

#[test]
fn members_are_told_by_groups_and_ids_that_nobody_has_are_no_drift() {
    let users = [user("1", "ada"), user("2", "bob")];
    let groups = [group("a", "eng", &["1", "gone"]), group("b", "all", &["a", "2"])];
    let mut memory = Remembered::default();
    let read = look(&users, &groups, &manner(|_| ()), &mut memory);
    assert_eq!(story(&read), ["all: ", "eng: ", "ada: eng", "bob: all"]);
    assert!(read.shows_members);
    let nested = look(&users, &groups, &manner(|config| config.nest = Some(true)), &mut memory);
    assert_eq!(story(&nested), ["all: ", "eng: all", "ada: eng", "bob: all"]);
}

#[test]
fn those_of_one_name_are_left_out_and_told() {
    let users = [user("1", "ada"), user("2", "ADA"), user("3", "bob")];
    let groups = [group("a", "eng", &["3"]), group("b", "eng", &["3"]), group("c", "Eng", &["3"])];
    let read = look(&users, &groups, &manner(|_| ()), &mut Remembered::default());
    assert_eq!(story(&read), ["Eng: ", "bob: Eng"]);
    let told: Vec<String> = read.namesakes.iter().map(super::super::reading::Namesakes::told).collect();
    assert_eq!(
        told,
        [
            "2 groups of the service are called `eng` (ids `a`, `b`)",
            "2 users of the service are called `ada` (ids `1`, `2`)"
        ]
    );
    assert_eq!(read.current.ambiguous.len(), 2);
    let exact = CaseRules { users: CaseRule::Exact, ..RULES };
    assert!(exact.key(Kind::User, "ada") != exact.key(Kind::User, "ADA"));
}

#[test]
fn hidden_members_are_those_that_were_remembered() {
    let users = [user("1", "ada"), user("2", "bob")];
    let groups = [group("a", "eng", &[]), group("b", "ops", &[])];
    let mut memory = Remembered { hides_members: true, ..Remembered::default() };
    memory.members.insert("a".into(), ["1".into(), "2".into()].into());
    memory.members.insert("deleted".into(), ["1".into()].into());
    let read = look(&users, &groups, &manner(|_| ()), &mut memory);
    assert_eq!(story(&read), ["eng: ", "ops: ", "ada: eng", "bob: eng"]);
    assert_eq!(memory.members.len(), 1, "what is gone is forgotten");
    // By now the service shows them.
    let read = look(&users, &[group("a", "eng", &["1"])], &manner(|_| ()), &mut memory);
    assert_eq!(story(&read), ["eng: ", "ada: eng", "bob: "]);
    assert!(!memory.hides_members && memory.members.is_empty());
    // Unless it is said that what it shows is not the truth.
    memory.members.insert("a".into(), ["2".into()].into());
    let hidden = manner(|config| config.members = Some(Members::Hidden));
    assert_eq!(
        story(&look(&users, &[group("a", "eng", &["1"])], &hidden, &mut memory)),
        ["eng: ", "ada: ", "bob: eng"]
    );
}

#[test]
fn a_group_that_may_be_cut_off_is_left_as_it_is() {
    let mut users: Vec<Value> = (0..60).map(|number| user(&format!("u{number}"), &format!("n{number}"))).collect();
    let ids: Vec<String> = (0..50).map(|number| format!("u{number}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let groups = [group("g", "all", &ids), group("h", "few", &["u1"])];
    let unsure = |users: &[Value], manner: &Manner| {
        look(users, &groups, manner, &mut Remembered::default()).current.untold.unsure.clone()
    };
    assert!(unsure(&users, &manner(|_| ())).is_empty(), "a round number alone proves nothing");
    users[55]["groups"] = json!([{"value": "g"}, {"value": "h"}]);
    assert_eq!(unsure(&users, &manner(|_| ())), ["all"], "somebody who is not shown says to be in it");
    assert_eq!(unsure(&users[..50], &manner(|config| config.member_cap = Some(50))), ["all"]);
}

#[test]
fn whom_rollcall_switched_off_is_there_though_the_service_hides_them() {
    let mut memory = Remembered::default();
    memory.parked.insert("2".into(), "bob".into());
    memory.parked.insert("3".into(), "cy".into());
    memory.parked.insert("4".into(), "dee".into());
    // cy is shown again, and dee's name is another's by now.
    let users = [user("1", "ada"), json!({"id": "3", "userName": "cy", "active": false}), user("9", "Dee")];
    let read = look(&users, &[], &manner(|_| ()), &mut memory);
    assert_eq!(story(&read), ["ada: ", "bob (off): ", "cy (off): ", "Dee: "]);
    assert_eq!(memory.parked.len(), 1);
}

#[test]
fn whom_rollcall_deleted_is_gone_though_the_service_keeps_them_switched_off() {
    let mut memory = Remembered { gone: ["1".into(), "2".into()].into(), ..Remembered::default() };
    let users =
        [json!({"id": "1", "userName": "ada", "active": false}), json!({"id": "2", "userName": "bob", "active": true})];
    assert_eq!(story(&look(&users, &[], &manner(|_| ()), &mut memory)), ["bob: "]);
    assert_eq!(memory.gone.len(), 1, "bob was switched on by somebody");
}

#[test]
fn a_value_that_the_service_writes_its_own_way_reads_as_it_was_sent() {
    let mut memory = Remembered::default();
    let title = Field::Attribute("title".into());
    memory.note_echo("1", &title, Echo { sent: Some("CTO".into()), shown: None });
    memory.note_echo("1", &Field::DisplayName, Echo { sent: Some("A. L.".into()), shown: Some("Ada L".into()) });
    memory.note_echo("gone", &title, Echo::default());
    let ada = |value: Value| {
        let mut user = json!({"id": "1", "userName": "ada"});
        user.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
        user
    };
    let values = |read: &Read| {
        let principal = &read.current.set.get(Kind::User, "ada").unwrap().principal;
        let title = principal.attributes.as_ref().unwrap().get("title").cloned();
        (principal.display_name.clone().unwrap(), title)
    };
    let read = look(&[ada(json!({"displayName": "Ada L"}))], &[], &manner(|_| ()), &mut memory);
    assert_eq!(values(&read), ("A. L.".into(), Some(json!("CTO"))));
    assert_eq!(memory.echoes.len(), 1);
    let read = look(&[ada(json!({"displayName": "Changed", "title": "Boss"}))], &[], &manner(|_| ()), &mut memory);
    assert_eq!(values(&read), ("Changed".into(), Some(json!("Boss"))), "it has moved since");
}

#[test]
fn what_is_remembered_survives_and_what_cannot_be_read_is_lost() {
    let memory = Memory::default();
    assert_eq!(memory.changed(), None);
    memory.with(|memory| memory.hides_members = true);
    let text = memory.changed().unwrap();
    let next = Memory::default();
    next.recall(&text);
    assert_eq!((next.changed(), next.with(|memory| memory.hides_members)), (None, true));
    next.recall("nonsense");
    assert!(!next.with(|memory| memory.hides_members));
    next.recall(r#"{"futureMember": 1, "parked": {"1": "ada"}}"#);
    assert_eq!(next.with(|memory| memory.parked.len()), 1);
}
