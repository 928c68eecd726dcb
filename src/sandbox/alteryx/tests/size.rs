use serde_json::json;

use super::support::{Server, send};
use crate::sandbox::alteryx::{Group, Installation, User};

const PEOPLE: usize = 100_000;

/// Fails only by taking forever: nothing here may cost the square of the users.
#[tokio::test]
async fn a_hundred_thousand_users_are_seeded_listed_and_deactivated() {
    let server = Server::start(json!({})).await;
    let groups = (0..200).map(|number| Group { name: format!("g{number}"), ..Group::default() }).collect();
    let users = (0..PEOPLE).map(|number| User {
        email: format!("p{number}@example.org"),
        groups: [format!("g{}", number % 200)].into(),
        ..User::default()
    });
    server.emulator().seed(Installation { users: users.collect(), groups }).expect("a good seed");
    let request = server.call(reqwest::Method::GET, "users?view=Full");
    let list = send(request).await.text().await.expect("a body");
    assert_eq!(list.matches("\"email\"").count(), PEOPLE + 1);
    let (status, group) = server.get(&format!("usergroups/{}", server.group_id("g7"))).await;
    assert_eq!((status, group["members"].as_array().map(Vec::len)), (200, Some(PEOPLE / 200)));
    let member = group["members"][0]["userId"].as_str().expect("an id");
    assert_eq!(server.post(&format!("users/{member}/deactivate"), &json!({})).await.1, json!([group["id"]]));
}
