//! The one form of an operation that every service was seen to take.

use serde_json::{Value, json};

use crate::targets::scim::config::Clearing;
use crate::targets::scim::fields::Place;
use crate::targets::scim::patch::{Form, Operation, body};
use crate::targets::scim::typed::Choice;
use crate::targets::scim::wire::{ENTERPRISE, Resource};

fn form(filters: bool, clear: Clearing) -> Form<'static> {
    Form { choice: Choice { of_type: "work", single: false }, clear, filters }
}

fn operation(place: Place, resource: Value, wanted: Option<&str>, form: Form<'_>) -> Option<Value> {
    let operation = Operation::of(place, &Resource::read(resource).unwrap(), wanted, form)?;
    Some(body(&[operation])["Operations"][0].clone())
}

#[test]
fn a_value_that_is_there_is_replaced_and_one_that_is_not_is_added() {
    let form = form(true, Clearing::Remove);
    let title = Place::Plain("title");
    let replace = json!({"op": "replace", "path": "title", "value": "CTO"});
    assert_eq!(operation(title, json!({"title": "CEO"}), Some("CTO"), form), Some(replace));
    assert_eq!(operation(title, json!({}), Some("CTO"), form).unwrap()["op"], "add");
    assert_eq!(operation(title, json!({"title": "CTO"}), Some("CTO"), form), None, "nothing to do");
    assert_eq!(operation(title, json!({}), None, form), None);
    let remove = json!({"op": "remove", "path": "title"});
    assert_eq!(operation(title, json!({"title": "CTO"}), None, form), Some(remove));
    let department = operation(Place::Extension("department"), json!({}), Some("R&D"), form).unwrap();
    assert_eq!(department["path"], format!("{ENTERPRISE}:department"));
    let name = operation(Place::Part("name", "givenName"), json!({"name": {"givenName": "A"}}), Some("Ada"), form);
    assert_eq!(name.unwrap()["path"], "name.givenName");
}

#[test]
fn an_address_is_changed_by_its_type_added_whole_or_written_with_all_others() {
    let mails = Place::Typed("emails");
    let home = json!({"value": "h@x", "type": "home", "primary": true});
    let work = json!({"value": "w@x", "type": "work"});
    let both = json!({"emails": [home, work]});
    let by_type = operation(mails, both.clone(), Some("n@x"), form(true, Clearing::Remove));
    assert_eq!(by_type, Some(json!({"op": "replace", "path": "emails[type eq \"work\"].value", "value": "n@x"})));
    let whole = operation(mails, both.clone(), Some("n@x"), form(false, Clearing::Remove)).unwrap();
    assert_eq!((&whole["op"], &whole["path"]), (&json!("replace"), &json!("emails")));
    assert_eq!(whole["value"], json!([home, {"value": "n@x", "type": "work"}]));
    let new = operation(mails, json!({"emails": [home]}), Some("n@x"), form(true, Clearing::Remove)).unwrap();
    assert_eq!(new["op"], "add");
    assert_eq!(new["value"], json!([{"value": "n@x", "type": "work", "primary": false}]));
    let untyped = operation(mails, json!({"emails": [{"value": "u@x"}]}), Some("n@x"), form(true, Clearing::Remove));
    assert_eq!(untyped.unwrap()["value"], json!([{"value": "n@x"}]), "no path names it");
    let twice = json!({"emails": [work, {"value": "w2@x", "type": "work", "primary": true}]});
    let one_of_two = operation(mails, twice, Some("n@x"), form(true, Clearing::Remove)).unwrap();
    assert_eq!(one_of_two["value"][1]["value"], "n@x", "a path by type would mean both");
    let cleared = operation(mails, both, None, form(true, Clearing::Remove));
    assert_eq!(cleared, Some(json!({"op": "remove", "path": "emails[type eq \"work\"]"})));
    let alone = operation(mails, json!({"emails": [work]}), None, form(true, Clearing::Remove));
    assert_eq!(alone, Some(json!({"op": "remove", "path": "emails"})));
}

#[test]
fn a_value_is_cleared_as_the_service_wants_it() {
    let cleared = |clear| operation(Place::Plain("title"), json!({"title": "x"}), None, form(true, clear)).unwrap();
    assert_eq!(cleared(Clearing::Empty), json!({"op": "replace", "path": "title", "value": ""}));
    assert_eq!(cleared(Clearing::Null), json!({"op": "replace", "path": "title", "value": null}));
}

#[test]
fn members_come_in_one_array_and_leave_one_by_one() {
    let operations = [
        Operation::add_members(["1", "2"]),
        Operation::remove_member("o\"neil\\x"),
        Operation::remove_members(["1"]),
        Operation::replace("active", false),
    ];
    let told = body(&operations);
    assert_eq!(told["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:PatchOp"]));
    assert_eq!(
        told["Operations"],
        json!([
            {"op": "add", "path": "members", "value": [{"value": "1"}, {"value": "2"}]},
            {"op": "remove", "path": "members[value eq \"o\\\"neil\\\\x\"]"},
            {"op": "remove", "path": "members", "value": [{"value": "1"}]},
            {"op": "replace", "path": "active", "value": false},
        ])
    );
}
