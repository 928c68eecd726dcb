use serde_json::json;

use super::support::{Server, with};
use crate::sandbox::RateLimit;
use crate::sandbox::alteryx::{Role, Switches};

#[tokio::test]
async fn the_rate_limit_answers_429_beyond_the_burst() {
    let server = Server::small().await;
    server.switch(|switches| switches.rate_limit = Some(RateLimit { per_second: 0, burst: 1 }));
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(server.get("users").await.0);
    }
    assert_eq!(statuses, [200, 200, 429]);
}

#[tokio::test]
async fn the_default_role_of_the_server_decides_what_an_evaluated_user_may() {
    let server = Server::small().await;
    let (admin, record) = (server.user_id("admin"), server.record("admin").await);
    let plain = with(record, &json!({"role": "Evaluated"}));
    server.switch(|switches| switches.default_role = Role::Curator);
    assert_eq!(server.put(&format!("users/{admin}"), &plain).await.0, 200);
    assert_eq!(server.get("users").await.0, 200, "everybody is a Curator here");
    server.switch(|switches| switches.default_role = Role::Viewer);
    assert_eq!(server.get("users").await.0, 403);
}

#[test]
fn switches_have_the_names_of_the_page() {
    let text = serde_json::to_value(Switches::default()).expect("JSON");
    assert_eq!(
        text,
        json!({"base": "/webapi", "authentication": "builtin", "release": "2024", "createStatus": 200,
            "duplicateMailStatus": 400, "badKeyStatus": 400, "tokenSeconds": 3600, "sendExpiresIn": true,
            "emptyMembers": "shown", "presentMember": "failed", "inactiveMember": "added", "refusedMembers": [],
            "lostMembers": [], "sendReasons": true, "memberLimit": null, "duplicateGroupNames": true,
            "putInactiveStrips": false, "defaultRole": "Viewer", "plainErrors": false, "rateLimit": null})
    );
}
