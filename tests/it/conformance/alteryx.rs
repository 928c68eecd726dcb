use rollcall::sandbox::Secret;
use serde_json::{Value, json};

use super::house::{House, Person, text, texts};

const SECRET: &str = "Canary-server-5";

/// Members are in the group, one request a group, and failures are told with 200.
pub(crate) const ALTERYX: House = House {
    product: "alteryx",
    target: "{ rate: 1000, alteryx: { url: URL/webapi, key: rollcall, secret: { file: secret }, owner: admin@example.org } }",
    secret: SECRET,
    open: |options| options.alteryx.secret = Secret::new(SECRET),
    list: "GET users",
    create: "POST users",
    page: 0,
    attributes,
    seed,
    people,
    tokens: true,
};

fn attributes() -> Vec<(&'static str, Value, Value)> {
    vec![
        ("role", json!("Artisan"), json!("Viewer")),
        ("canScheduleJobs", json!(true), json!(false)),
        ("timeZone", json!("Europe/Berlin"), json!("UTC")),
    ]
}

fn seed(people: &[Person]) -> Value {
    let of = |kind: &'static str| people.iter().filter(move |person| person.kind == kind);
    let halves = |display: &str| {
        display.split_once(' ').map_or((display.to_owned(), "x".to_owned()), |(a, b)| (a.into(), b.into()))
    };
    json!({
        "groups": of("group").map(|group| json!({ "name": group.name, "role": "Evaluated" })).collect::<Vec<_>>(),
        "users": of("user").map(|user| {
            let (first, last) = halves(&user.display);
            json!({
                "email": user.name, "firstName": first, "lastName": last, "isActive": user.active, "groups": user.groups,
            })
        }).collect::<Vec<_>>(),
    })
}

fn people(state: &Value) -> Vec<Person> {
    let groups = state["groups"].as_array().unwrap().iter().map(|group| Person::group(&text(group, "name")));
    let users = state["users"].as_array().unwrap().iter().filter(|user| user["email"] != "admin@example.org");
    let users = users.map(|user| Person {
        kind: "user",
        name: text(user, "email"),
        display: format!("{} {}", text(user, "firstName"), text(user, "lastName")),
        active: user["isActive"] == true,
        groups: texts(&user["groups"]),
    });
    groups.chain(users).collect()
}
