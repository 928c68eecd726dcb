use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::support::{Service, answer};

#[tokio::test]
async fn a_hundred_thousand_users_are_listed_found_and_joined_at_once() {
    let users: Vec<Value> =
        (0..100_000).map(|number| json!({"id": format!("u{number}"), "userName": format!("n{number}")})).collect();
    let members: Vec<Value> = (0..100_000).map(|number| json!({"value": format!("u{number}")})).collect();
    let groups = json!([{"id": "g", "displayName": "all", "members": members}]);
    let service = Service::start(json!({"users": users, "groups": groups})).await;
    let started = Instant::now();
    let (_, page) = answer(service.get("Users?startIndex=99901&count=200")).await;
    assert_eq!(page["Resources"].as_array().map(Vec::len), Some(100));
    for number in 0..50 {
        let filter = format!("userName eq \"N{number}\"");
        let (_, found) = answer(service.get("Users").query(&[("filter", filter.as_str()), ("count", "2")])).await;
        assert_eq!(found["Resources"][0]["id"], format!("u{number}"));
        let path = format!("members[value eq \"u{number}\"]");
        let leave = json!([{"op": "remove", "path": path}]);
        assert_eq!(answer(service.patch("Groups/g?excludedAttributes=members", &leave)).await.0, 200);
    }
    assert!(started.elapsed() < Duration::from_secs(10), "it took {:?}", started.elapsed());
}
