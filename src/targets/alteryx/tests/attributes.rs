//! Attributes: bent to what the server holds, or complained about.

use serde_json::{Value, json};

use super::super::attributes::{GROUPS, USERS, bend, complaint, of, sent};
use super::user;
use crate::principal::{Attributes, Kind};

fn bent(name: &str, value: Value) -> Value {
    let mut principal = user("ana@example.org");
    principal.attributes = Some(Box::new(Attributes::from_iter([(name.into(), value)])));
    bend(&mut principal);
    let once = principal.attributes.clone();
    bend(&mut principal);
    assert_eq!(once, principal.attributes, "{name}: twice is as once");
    once.and_then(|attributes| attributes.get(name).cloned()).unwrap_or_default()
}

#[test]
fn a_role_is_spelled_as_the_server_spells_it_so_that_the_guard_sees_it() {
    for written in ["Curator", "curator", " CURATOR "] {
        assert_eq!(bent("role", written.into()), json!("Curator"));
    }
    assert_eq!(bent("role", "Default".into()), json!("Evaluated"), "the word of the user interface");
    assert_eq!(bent("role", Value::Null), json!("Evaluated"));
    assert_eq!(bent("role", "Admin".into()), json!("Admin"));
}

#[test]
fn a_flag_may_be_written_in_letters_and_a_cleared_one_is_off() {
    assert_eq!(bent("canScheduleJobs", "TRUE".into()), json!(true));
    assert_eq!(bent("isApiEnabled", "false".into()), json!(false));
    assert_eq!(bent("canAssignJobs", "".into()), json!(false));
    assert_eq!(bent("canAssignJobs", json!([])), json!(false));
    assert_eq!(bent("canAssignJobs", "yes".into()), json!("yes"));
}

#[test]
fn a_language_is_written_in_small_letters_and_never_empty() {
    assert_eq!(bent("language", "pt_BR".into()), json!("pt-br"));
    assert_eq!(bent("language", Value::Null), json!("en-us"));
    assert_eq!(bent("timeZone", " Europe/Berlin".into()), json!("Europe/Berlin"));
}

#[test]
fn what_is_no_such_value_is_told_with_what_was_expected() {
    for name in USERS.iter().chain(GROUPS) {
        assert_eq!(complaint(name, &bent(name, Value::Null)), None, "{name}");
        assert!(complaint(name, &json!({ "a": 1 })).is_some(), "{name}");
    }
    let told = complaint("role", &json!("Admin")).expect("a complaint");
    assert_eq!(
        told,
        "the attribute `role` is \"Admin\": expected one of NoAccess, Viewer, Member, Artisan, Curator, Evaluated"
    );
    assert!(complaint("language", &json!("tlh")).is_some() && complaint("isApiEnabled", &json!("yes")).is_some());
}

#[test]
fn what_is_cleared_is_sent_as_what_the_server_has_for_nothing() {
    assert_eq!(sent("defaultWorkerTag", &Value::Null), json!(""));
    assert_eq!(sent("language", &Value::Null), json!("en-us"));
    assert_eq!(sent("role", &json!("Artisan")), json!("Artisan"));
    let mut ana = user("ana@example.org");
    let both = [("role".into(), json!("Viewer")), ("timeZone".into(), json!("UTC"))];
    ana.attributes = Some(Box::new(both.into_iter().collect()));
    assert_eq!(of(&ana, Kind::User).count(), 2);
    assert_eq!(of(&ana, Kind::Group).collect::<Vec<_>>(), [("role", json!("Viewer"))]);
}
