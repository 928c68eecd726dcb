use rollcall::sandbox::Secret;
use serde_json::{Value, json};

use super::house::{House, Person, sorted, text};

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

/// The same, signed in to: a token that ends can be had anew.
pub(crate) const SIGNED_IN: House = House {
    target: "{ b2core: { url: URL, signin: { email: admin@example.org, password: { file: secret } }, createGroups: true } }",
    open: |options| options.b2core.password = Secret::new(SECRET),
    page: 100,
    tokens: true,
    ..B2CORE
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

/// Without user 1 and group 1, which every installation has.
fn people(state: &Value) -> Vec<Person> {
    let list = |member: &str| state[member].as_array().unwrap().iter().filter(|one| one["id"] != 1);
    let groups: Vec<&Value> = list("groups").collect();
    let called = |id: &Value| groups.iter().find(|group| group["id"] == *id).map(|group| text(group, "name"));
    let users = list("users").map(|user| Person {
        kind: "user",
        name: text(user, "email"),
        display: text(user, "name"),
        active: user["active"] == true,
        groups: sorted(&user["groups"].as_array().unwrap().iter().filter_map(called).collect::<Vec<_>>()),
    });
    groups.iter().map(|group| Person::group(&text(group, "name"))).chain(users).collect()
}
