use serde_json::{Value, json};

use super::house::{House, Person, text, texts};

/// A JSON file: no server, and so no trouble with one.
pub(crate) const FILE: House = House {
    product: "",
    target: "{ file: { path: there.json } }",
    secret: "none",
    list: "",
    create: "",
    page: 0,
    attributes,
    seed,
    people,
    open: |_| (),
    tokens: false,
};

fn attributes() -> Vec<(&'static str, Value, Value)> {
    vec![("department", json!("BI"), json!("HR")), ("tags", json!(["a"]), json!(["a", "b"]))]
}

fn seed(people: &[Person]) -> Value {
    people
        .iter()
        .map(|person| {
            let Person { kind, name, display, active, groups } = person;
            let type_name = if *kind == "user" { "LOCAL_USER" } else { "LOCAL_GROUP" };
            json!({
                "name": name, "displayName": display, "principalTypeEnum": type_name, "groupNames": groups, "active": active,
            })
        })
        .collect()
}

fn people(state: &Value) -> Vec<Person> {
    let principals = state.as_array().unwrap().iter();
    principals
        .map(|principal| Person {
            kind: if text(principal, "principalTypeEnum").ends_with("_USER") { "user" } else { "group" },
            name: text(principal, "name"),
            display: text(principal, "displayName"),
            active: principal["active"] != false,
            groups: texts(&principal["groupNames"]),
        })
        .collect()
}
