use rollcall::sandbox::Secret;
use serde_json::{Value, json};

use super::house::{House, Person, text, texts};

const SECRET: &str = "Canary-cluster-1";

/// API v1: the whole state in one call.
pub(crate) const V1: House = House {
    product: "thoughtspot",
    target: "{ thoughtspot: { url: URL, username: tsadmin, password: { file: secret } } }",
    secret: SECRET,
    list: "user/list",
    create: "user/sync",
    page: 0,
    attributes: Vec::new,
    seed,
    people,
    open: |options| options.thoughtspot.password = Secret::new(SECRET),
    tokens: true,
};

/// API v2: one call for each thing.
pub(crate) const V2: House = House {
    target: "{ thoughtspot: { url: URL, username: tsadmin, password: { file: secret }, api: v2, pageSize: 4, disable: true } }",
    list: "users/search",
    create: "users/create",
    page: 4,
    ..V1
};

fn seed(people: &[Person]) -> Value {
    people
        .iter()
        .map(|person| {
            let Person { kind, name, display, active, groups } = person;
            let type_name = if *kind == "user" { "LOCAL_USER" } else { "LOCAL_GROUP" };
            let status = if *active { "ACTIVE" } else { "INACTIVE" };
            json!({
                "name": name,
                "displayName": display,
                "principalTypeEnum": type_name,
                "groupNames": groups,
                "accountStatus": status,
            })
        })
        .collect()
}

fn people(state: &Value) -> Vec<Person> {
    let principals = state["principals"].as_array().unwrap().iter();
    principals
        .filter(|principal| principal["system"] != true)
        .map(|principal| Person {
            kind: if text(principal, "principalTypeEnum").ends_with("_USER") { "user" } else { "group" },
            name: text(principal, "name"),
            display: text(principal, "displayName"),
            active: text(principal, "accountStatus") != "INACTIVE",
            groups: texts(&principal["groupNames"]).into_iter().filter(|group| group != "All").collect(),
        })
        .collect()
}
