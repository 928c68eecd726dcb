//! A running server with a client that holds a token.

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::sandbox::alteryx::{self, Alteryx, Group, Switches, User};
use crate::sandbox::{Options, Product, Sandbox};

/// What no record has.
pub(super) const NOBODY: &str = "ffffffffffffffffffffffff";

pub(super) struct Server {
    pub(super) sandbox: Sandbox,
    pub(super) client: Client,
    pub(super) token: String,
}

/// A client that asks for JSON.
pub(super) fn client() -> Client {
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("Accept", "application/json".parse().expect("a header value"));
    #[expect(clippy::disallowed_methods, reason = "a client of the test's own, not the product's")]
    Client::builder().no_proxy().default_headers(headers).build().expect("a client")
}

impl Server {
    /// A server with these users and groups and the owner of the key, whose token is at hand.
    pub(super) async fn start(seed: Value) -> Self {
        let seed = serde_json::from_value(seed).expect("a seed");
        let options = alteryx::Options { seed, ..alteryx::Options::default() };
        let sandbox = Sandbox::start(Options { alteryx: options, ..Options::default() }).await.expect("a free port");
        let mut server = Self { sandbox, client: client(), token: String::new() };
        server.token = server.fresh_token().await;
        server.emulator().clear_journal();
        server
    }

    /// A server with the groups `Finance` (Artisan) and `Empty`, Ana in the former, and Ben, who owns something.
    pub(super) async fn small() -> Self {
        Self::start(json!({
            "groups": [{"name": "Finance", "role": "Artisan"}, {"name": "Empty"}],
            "users": [
                {"email": "ana@example.org", "firstName": "Ana", "lastName": "Ruiz", "groups": ["Finance"]},
                {"email": "ben@example.org", "firstName": "Ben", "lastName": "Okoro",
                 "assets": {"workflows": [{"name": "Close"}], "schedules": [{"name": "Nightly"}]}},
            ],
        }))
        .await
    }

    pub(super) async fn fresh_token(&self) -> String {
        let form = [("grant_type", "client_credentials"), ("scope", "admin")];
        let request = self.client.post(self.url("oauth2/token")).basic_auth("rollcall", Some("rollcall-secret"));
        let (status, body) = body(request.form(&form)).await;
        assert_eq!(status, 200, "{body}");
        body["access_token"].as_str().expect("a token").to_owned()
    }

    pub(super) fn emulator(&self) -> &Alteryx {
        self.sandbox.alteryx()
    }

    pub(super) fn switch(&self, change: impl FnOnce(&mut Switches)) {
        let mut switches = self.emulator().switches();
        change(&mut switches);
        self.emulator().set_switches(switches);
    }

    /// An address below the base.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}/webapi/{path}", self.sandbox.url("alteryx"))
    }

    /// A call with the token; the path stands below `v3`.
    pub(super) fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(&format!("v3/{path}"))).bearer_auth(&self.token)
    }

    pub(super) async fn get(&self, path: &str) -> (u16, Value) {
        body(self.call(Method::GET, path)).await
    }

    pub(super) async fn post(&self, path: &str, value: &Value) -> (u16, Value) {
        body(self.call(Method::POST, path).header("Content-Type", "application/json").body(value.to_string())).await
    }

    pub(super) async fn put(&self, path: &str, value: &Value) -> (u16, Value) {
        body(self.call(Method::PUT, path).header("Content-Type", "application/json").body(value.to_string())).await
    }

    pub(super) async fn delete(&self, path: &str) -> (u16, Value) {
        body(self.call(Method::DELETE, path)).await
    }

    pub(super) fn user(&self, name: &str) -> User {
        self.emulator().user(&format!("{name}@example.org")).expect("a user")
    }

    pub(super) fn user_id(&self, name: &str) -> String {
        self.user(name).id
    }

    pub(super) fn group(&self, name: &str) -> Group {
        self.emulator().group(name).expect("a group")
    }

    pub(super) fn group_id(&self, name: &str) -> String {
        self.group(name).id
    }

    /// The record of a user as a client would read it before a change.
    pub(super) async fn record(&self, name: &str) -> Value {
        self.get(&format!("users/{}", self.user_id(name))).await.1
    }
}

pub(super) async fn send(request: RequestBuilder) -> reqwest::Response {
    request.send().await.expect("an answer")
}

/// Status and JSON body; null when the body is empty, and a string when it is no JSON.
pub(super) async fn body(request: RequestBuilder) -> (u16, Value) {
    let response = send(request).await;
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    if text.is_empty() {
        return (status, Value::Null);
    }
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// An object with some members replaced or added; a null removes one.
pub(super) fn with(mut record: Value, members: &Value) -> Value {
    let object = record.as_object_mut().expect("an object");
    for (name, value) in members.as_object().expect("an object") {
        if value.is_null() {
            object.remove(name);
        } else {
            object.insert(name.clone(), value.clone());
        }
    }
    record
}

/// The names of the members of an object, sorted.
pub(super) fn names(value: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}
