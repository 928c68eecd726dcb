use rollcall::sandbox::Secret;
use serde_json::{Value, json};

use super::house::{House, Person, text, texts};

const SECRET: &str = "Canary/portal+3";

/// Who is in every portal: an empty list of users is no portal without people.
const FIRST: &str = "first@portal.example.org";

/// People come there by themselves; groups and memberships are all that can be changed.
pub(crate) const CURATOR: House = House {
    product: "curator",
    target: "{ rate: 1000, curator: { url: URL, apiKey: { file: secret }, settle: 1s } }",
    secret: SECRET,
    open: |options| options.curator.key = Secret::new(SECRET),
    list: "User/listUsers",
    create: "User/createFrontendGroup",
    page: 0,
    attributes: Vec::new,
    seed,
    people,
    tokens: false,
};

fn seed(people: &[Person]) -> Value {
    let of = |kind: &'static str| people.iter().filter(move |person| person.kind == kind);
    let users = of("user")
        .map(|user| json!({ "name": user.name, "email": user.name, "full_name": user.display, "groups": user.groups }));
    json!({
        "groups": of("group").map(|group| json!({ "name": group.name })).collect::<Vec<_>>(),
        "users": users.chain([json!({ "name": FIRST })]).collect::<Vec<_>>(),
    })
}

fn people(state: &Value) -> Vec<Person> {
    let groups = state["groups"].as_array().unwrap().iter().map(|group| Person::group(&text(group, "name")));
    let users = state["users"].as_array().unwrap().iter().filter(|user| user["name"] != FIRST);
    let users = users.map(|user| Person {
        kind: "user",
        name: text(user, "name"),
        display: text(user, "full_name"),
        active: true,
        groups: texts(&user["groups"]),
    });
    groups.chain(users).collect()
}
