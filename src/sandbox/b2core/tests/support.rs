//! A running Back Office with a client that holds a token.

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::sandbox::b2core::{self, BackOffice, Switches};
use crate::sandbox::{JournalEntry, Options, Product as _, Sandbox};

pub(super) struct Office {
    pub(super) sandbox: Sandbox,
    client: Client,
    pub(super) token: String,
}

fn client() -> Client {
    #[expect(clippy::disallowed_methods, reason = "a client of the test's own, not the product's")]
    Client::builder().no_proxy().build().expect("a client")
}

impl Office {
    pub(super) async fn start(seed: Value) -> Self {
        let seed = serde_json::from_value(seed).expect("a seed");
        let options = b2core::Options { seed, ..b2core::Options::default() };
        let options = Options { b2core: options, ..Options::default() };
        let sandbox = Sandbox::start(options).await.expect("a free port");
        Self { sandbox, client: client(), token: "sandbox-token".to_owned() }
    }

    /// Groups `Support` (2) and `Risk` (3); `ines` (2) in both, `oto` (3) in none, who can sign in.
    pub(super) async fn small() -> Self {
        Self::start(json!({
            "groups": [{"name": "Support", "permissions": ["clients.view"]}, {"name": "Risk"}],
            "users": [
                {"email": "ines@example.org", "name": "Ines Vogel", "phone": "+431", "groups": ["Support", "Risk"],
                 "clientTags": ["vip"], "ipWhitelist": ["79.24.241.198"], "canViewMaskedData": true},
                {"email": "oto@example.org", "name": "Oto Brandt", "tfa": false, "password": "otos-password"},
            ],
        }))
        .await
    }

    pub(super) fn emulator(&self) -> &BackOffice {
        self.sandbox.b2core()
    }

    pub(super) fn switch(&self, change: impl FnOnce(&mut Switches)) {
        let mut switches = self.emulator().switches();
        change(&mut switches);
        self.emulator().set_switches(switches);
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.sandbox.url("b2core"))
    }

    /// A request below `/api/v2`, with the token.
    pub(super) fn call(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, self.url(&format!("api/v2/{path}")));
        request.bearer_auth(&self.token)
    }

    /// A request without a token.
    pub(super) fn stranger(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    pub(super) async fn get(&self, path: &str) -> (u16, Value) {
        answer(self.call(Method::GET, path)).await
    }

    /// Sends JSON without a `Content-Type`, as the vendor's examples do.
    pub(super) async fn send(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        answer(self.call(method, path).body(body.to_string())).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.send(Method::POST, path, body).await
    }

    pub(super) async fn patch(&self, path: &str, body: &Value) -> (u16, Value) {
        self.send(Method::PATCH, path, body).await
    }

    pub(super) async fn delete(&self, path: &str) -> (u16, Value) {
        answer(self.call(Method::DELETE, path)).await
    }

    pub(super) async fn signin(&self, email: &str, password: &str) -> (u16, Value) {
        let body = json!({"email": email, "password": password}).to_string();
        answer(self.stranger(Method::POST, "api/v2/signin").body(body)).await
    }

    pub(super) fn last(&self) -> JournalEntry {
        self.emulator().journal().pop().expect("an entry")
    }
}

/// Status and JSON body; null when the body is empty.
pub(super) async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    if text.is_empty() {
        return (status, Value::Null);
    }
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// The body of a create, with some members replaced, added or (null) removed.
pub(super) fn newcomer(members: &Value) -> Value {
    let mut body = json!({"name": "Mary", "email": "mary@example.org", "password": "MySecret123", "active": true,
        "tfa": true, "groups": [2]});
    let object = body.as_object_mut().expect("an object");
    for (name, value) in members.as_object().expect("an object") {
        if value.is_null() {
            object.remove(name);
        } else {
            object.insert(name.clone(), value.clone());
        }
    }
    body
}

/// The addresses in a list.
pub(super) fn addresses(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|user| user["email"].as_str().expect("an address")).collect()
}
