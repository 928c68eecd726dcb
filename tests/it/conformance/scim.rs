use rollcall::sandbox::Secret;
use serde_json::{Value, json};

use super::house::{House, Person, text};

const SECRET: &str = "Canary-service-4";

/// A service that offers all that the RFCs describe.
pub(crate) const SCIM: House = House {
    product: "scim",
    target: "{ rate: 1000, scim: { url: URL/v2, token: { file: secret }, count: 10 } }",
    secret: SECRET,
    open: |options| options.scim.token = Secret::new(SECRET),
    list: "GET Users",
    create: "POST Users",
    page: 10,
    attributes,
    seed,
    people,
    tokens: false,
};

fn attributes() -> Vec<(&'static str, Value, Value)> {
    ["costCenter", "department", "division", "employeeNumber", "organization"]
        .into_iter()
        .chain(["givenName", "familyName", "formattedName", "nickName", "title", "userType", "phone"])
        .chain(["locale", "preferredLanguage", "timezone"])
        .map(|name| (name, json!(format!("{name} one")), json!(format!("{name} two"))))
        .collect()
}

fn seed(people: &[Person]) -> Value {
    let users = people.iter().filter(|person| person.kind == "user");
    let groups = people.iter().filter(|person| person.kind == "group");
    let in_group = |name: &str| {
        let members = people.iter().filter(|person| person.groups.iter().any(|group| group == name));
        members.map(|member| json!({ "value": member.name })).collect::<Vec<_>>()
    };
    json!({
        "users": users.map(|user| json!({
            "userName": user.name, "displayName": user.display, "active": user.active,
            "emails": [{ "value": user.name, "type": "work", "primary": true }],
        })).collect::<Vec<_>>(),
        "groups": groups.map(|group| json!({
            "displayName": group.name, "members": in_group(&group.name),
        })).collect::<Vec<_>>(),
    })
}

fn people(state: &Value) -> Vec<Person> {
    let groups = state["groups"].as_array().unwrap();
    let of_member = |id: &Value| {
        let is_in =
            |group: &&Value| group["members"].as_array().into_iter().flatten().any(|member| member["value"] == *id);
        let mut names: Vec<String> = groups.iter().filter(is_in).map(|group| text(group, "displayName")).collect();
        names.sort();
        names
    };
    let users = state["users"].as_array().unwrap().iter().map(|user| Person {
        kind: "user",
        name: text(user, "userName"),
        display: text(user, "displayName"),
        active: user["active"] != false,
        groups: of_member(&user["id"]),
    });
    groups.iter().map(|group| Person::group(&text(group, "displayName"))).chain(users).collect()
}
