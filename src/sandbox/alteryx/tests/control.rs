use reqwest::Method;
use serde_json::json;

use super::support::{Server, body};
use crate::sandbox::Product;

fn control(server: &Server, method: Method, path: &str) -> reqwest::RequestBuilder {
    server.client.request(method, format!("{}/_sandbox/{path}", server.sandbox.url("alteryx")))
}

#[tokio::test]
async fn the_state_is_a_seed_that_gives_the_same_state() {
    let server = Server::small().await;
    let twins = json!({
        "groups": [{"name": "Twin", "id": "65f0c0ffee0000000000b001"}, {"name": "Twin"},
            {"name": "Curators", "role": "Curator", "credentialIds": ["c1"]}],
        "users": [{"email": "zoe@example.org", "groups": ["65f0c0ffee0000000000b001", "Curators"]}],
    });
    assert_eq!(body(control(&server, Method::PUT, "state").body(twins.to_string())).await.0, 204);
    let (_, state) = body(control(&server, Method::GET, "state")).await;
    let zoe = state["users"].as_array().expect("users").iter().find(|user| user["email"] == "zoe@example.org");
    assert_eq!(
        zoe.expect("Zoe")["groups"],
        json!(["65f0c0ffee0000000000b001", "Curators"]),
        "an id where names are alike"
    );
    assert_eq!(body(control(&server, Method::PUT, "state").body(state.to_string())).await.0, 204);
    assert_eq!(body(control(&server, Method::GET, "state")).await.1, state);
    assert_eq!(server.get("users").await.0, 200, "tokens stay good");
}

#[tokio::test]
async fn a_seed_that_contradicts_itself_changes_nothing() {
    let server = Server::small().await;
    for (seed, complaint) in [
        (json!({"users": [{"email": "a@x.test", "groups": ["nowhere"]}]}), "names the unknown group nowhere"),
        (json!({"users": [{"email": "a@x.test"}, {"email": "A@x.test"}]}), "two users have the e-mail address"),
        (json!({"users": [{"firstName": "Ana"}]}), "a user has no email"),
        (json!({"groups": [{"role": "Viewer"}]}), "a group has no name"),
        (
            json!({"groups": [{"name": "t"}, {"name": "t"}], "users": [{"email": "a@x.test", "groups": ["t"]}]}),
            "there are several",
        ),
        (json!({"people": []}), "unknown field"),
    ] {
        let (status, text) = body(control(&server, Method::PUT, "state").body(seed.to_string())).await;
        assert_eq!(status, 400, "{seed}");
        assert!(text.as_str().expect("a text").contains(complaint), "{text}");
    }
    assert_eq!(server.user("ana").groups.len(), 1);
}

#[tokio::test]
async fn switches_are_set_by_name_and_a_reset_goes_back_to_the_start() {
    let server = Server::small().await;
    let put = |text: &'static str| control(&server, Method::PUT, "switches").body(text);
    assert_eq!(body(put(r#"{"authentication": "saml", "release": "2022", "createStatus": 201}"#)).await.0, 204);
    let (_, switches) = body(control(&server, Method::GET, "switches")).await;
    assert_eq!((&switches["authentication"], &switches["release"]), (&json!("saml"), &json!("2022")));
    assert_eq!(body(put(r#"{"authentification": "saml"}"#)).await.0, 400);
    server.post(&format!("users/{}/deactivate", server.user_id("ana")), &json!({})).await;
    assert_eq!(body(control(&server, Method::POST, "reset")).await.0, 204);
    assert!(server.user("ana").is_active && server.emulator().journal().is_empty());
    assert_eq!(server.emulator().switches(), crate::sandbox::alteryx::Switches::default());
    assert_eq!(server.get("users").await.0, 401, "tokens have ended");
}

#[tokio::test]
async fn no_secret_is_kept() {
    let server = Server::small().await;
    let fields =
        [("grant_type", "client_credentials"), ("client_id", "rollcall"), ("client_secret", "rollcall-secret")];
    let request = server.client.post(server.url("oauth2/token?client_secret=rollcall-secret")).form(&fields);
    assert_eq!(body(request).await.0, 200);
    let (_, journal) = body(control(&server, Method::GET, "journal")).await;
    let (_, state) = body(control(&server, Method::GET, "state")).await;
    for text in [journal.to_string(), state.to_string(), format!("{:?}", server.emulator().switches())] {
        assert!(!text.contains("rollcall-secret") && !text.contains(&server.token), "{text}");
    }
    assert_eq!(journal[0]["query"], json!({"client_secret": "***"}));
}
