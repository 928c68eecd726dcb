use rollcall::sandbox::Secret;
use serde_json::{Value, json};

use super::house::{House, Person, text};

const SECRET: &str = "Canary-back-office-2";

/// Membership lives on the user, and groups have numbers.
pub(crate) const B2CORE: House = House {
    product: "b2core",
    target: "{ rate: 1000, b2core: { url: URL, token: { file: secret }, account: admin@example.org, createGroups: true, \
             defaultGroup: everyone, pageSize: 20, settle: 1s } }",
    secret: SECRET,
    open: |options| options.b2core.token = Secret::new(SECRET),
    list: "GET users",
    create: "POST users",
    page: 20,
    attributes,
    seed,
    people,
    tokens: false,
};

/// What a sync may set without consent: the others give rights.
fn attributes() -> Vec<(&'static str, Value, Value)> {
    vec![("phone", json!("+49 1"), json!("+49 2")), ("clientTags", json!(["vip"]), json!(["vip", "eu"]))]
}

fn seed(people: &[Person]) -> Value {
    let of = |kind: &'static str| people.iter().filter(move |person| person.kind == kind);
    json!({
        "groups": of("group").map(|group| json!({ "name": group.name })).collect::<Vec<_>>(),
        "users": of("user").map(|user| json!({
            "email": user.name, "name": user.display, "active": user.active, "groups": user.groups,
        })).collect::<Vec<_>>(),
    })
}

fn people(state: &Value) -> Vec<Person> {
    let groups = state["groups"].as_array().unwrap();
    let name_of = |id: &Value| groups.iter().find(|group| group["id"] == *id).map(|group| text(group, "name"));
    let made = groups.iter().filter(|group| group["name"] != "Administrators");
    let made = made.map(|group| Person { kind: "group", ..Person::group(&text(group, "name")) });
    let users = state["users"].as_array().unwrap().iter().filter(|user| user["email"] != "admin@example.org");
    let users = users.map(|user| Person {
        kind: "user",
        name: text(user, "email"),
        display: text(user, "name"),
        active: user["active"] == true,
        groups: {
            let mut names: Vec<String> = user["groups"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|id| id.as_str().map(str::to_owned).or_else(|| name_of(id)))
                .collect();
            names.sort();
            names
        },
    });
    made.chain(users).collect()
}
