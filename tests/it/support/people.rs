use std::fmt::Write;

use serde_json::{Value, json};

/// The group `staff` and so many users in it: `u001`, `u002`, … It is a source and a seed alike.
pub(crate) fn people(count: usize) -> Vec<Value> {
    let users = (1..=count).map(|number| user(&format!("u{number:03}"), &["staff"]));
    std::iter::once(group("staff", &[])).chain(users).collect()
}

/// A user with a display name and a mail address made of its name.
pub(crate) fn user(name: &str, groups: &[&str]) -> Value {
    json!({
        "name": name, "displayName": format!("The {name}"), "mail": format!("{name}@example.org"),
        "principalTypeEnum": "LOCAL_USER", "groupNames": groups,
    })
}

pub(crate) fn group(name: &str, parents: &[&str]) -> Value {
    json!({
        "name": name, "displayName": name, "description": "", "principalTypeEnum": "LOCAL_GROUP",
        "groupNames": parents,
    })
}

/// The same principal with one member set.
pub(crate) fn with(mut principal: Value, member: &str, value: impl Into<Value>) -> Value {
    principal[member] = value.into();
    principal
}

/// The users of `people` as CSV with the columns name, displayName, mail, alias, empty, groupNames. `alias` is another
/// name that nobody else has, `empty` holds nothing.
pub(crate) fn csv(people: &[Value]) -> String {
    let mut text = String::from("name,displayName,mail,alias,empty,groupNames\n");
    for person in people.iter().filter(|person| person["principalTypeEnum"] == "LOCAL_USER") {
        let member = |name: &str| person[name].as_str().unwrap_or_default().to_owned();
        let groups: Vec<_> = person["groupNames"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let (name, shown, mail) = (member("name"), member("displayName"), member("mail"));
        writeln!(text, "{name},{shown},{mail},x-{name},,{}", groups.join(";")).unwrap();
    }
    text
}
