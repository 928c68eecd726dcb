use serde_json::{Value, json};

use super::support::Office;
use crate::sandbox::Product as _;

const PEOPLE: usize = 100_000;

/// Fails only by taking forever: nothing here may cost the square of the users.
#[tokio::test]
async fn a_hundred_thousand_users_are_listed_and_changed() {
    let people = (0..PEOPLE).map(|number| json!({"email": format!("p{number}@example.org"), "groups": ["Support"]}));
    let office = Office::start(json!({"groups": [{"name": "Support"}], "users": people.collect::<Vec<_>>()})).await;
    office.switch(|switches| switches.limit_maximum = 1000);
    let mut seen = 0;
    loop {
        let (_, page) = office.get(&format!("users?limit=1000&offset={seen}")).await;
        match page.as_array().map(Vec::len) {
            Some(0) | None => break,
            Some(received) => seen += received,
        }
    }
    assert_eq!(seen, PEOPLE + 1);
    for id in 2..500 {
        assert_eq!(office.patch(&format!("users/{id}"), &json!({"groups": []})).await.0, 200);
    }
    assert_eq!(office.emulator().state()["users"].as_array().map(Vec::len), Some(PEOPLE + 1));
    assert_eq!(office.get("users/499").await.1["groups"], Value::Array(Vec::new()));
}
