//! A running service with a client whose token is good.

use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::sandbox::scim::{self, Seed, Switches};
use crate::sandbox::{JournalEntry, Options, Product, Sandbox};

pub(super) struct Service {
    pub(super) sandbox: Sandbox,
    pub(super) client: Client,
}

pub(super) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(super) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub(super) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

impl Service {
    pub(super) async fn start(seed: Value) -> Self {
        let seed: Seed = serde_json::from_value(seed).expect("a seed");
        let scim = scim::Options { seed, ..scim::Options::default() };
        let sandbox = Sandbox::start(Options { scim, ..Options::default() }).await.expect("a free port");
        #[expect(clippy::disallowed_methods, reason = "a client of the test's own, not the product's")]
        let client = Client::builder().no_proxy().build().expect("a client");
        Self { sandbox, client }
    }

    /// `ada` and `bob`, and the group `eng` with `ada` in it.
    pub(super) async fn small() -> Self {
        Self::start(json!({
            "users": [
                { "id": "u-ada", "userName": "ada@x.test", "externalId": "e-ada", "displayName": "Ada",
                  "active": true, "emails": [{ "value": "ada@x.test", "type": "work", "primary": true }] },
                { "id": "u-bob", "userName": "bob@x.test" },
            ],
            "groups": [{ "id": "g-eng", "displayName": "eng", "members": [{ "value": "ada@x.test" }] }],
        }))
        .await
    }

    /// `u-00`, `u-01` and so on.
    pub(super) async fn crowd(count: usize) -> Self {
        let users =
            (0..count).map(|number| json!({ "id": format!("u-{number:02}"), "userName": format!("n{number:02}") }));
        Self::start(json!({ "users": users.collect::<Vec<_>>() })).await
    }

    pub(super) fn emulator(&self) -> &scim::Scim {
        self.sandbox.scim()
    }

    pub(super) fn switch(&self, change: impl FnOnce(&mut Switches)) {
        let mut switches = self.emulator().switches();
        change(&mut switches);
        self.emulator().set_switches(switches);
    }

    /// A request without a token.
    pub(super) fn bare(&self, method: &str, path: &str) -> RequestBuilder {
        let url = format!("{}/v2/{path}", self.sandbox.url("scim"));
        self.client.request(method.parse().expect("a method"), url)
    }

    pub(super) fn get(&self, path: &str) -> RequestBuilder {
        self.bare("GET", path).bearer_auth("scim-token")
    }

    pub(super) fn delete(&self, path: &str) -> RequestBuilder {
        self.bare("DELETE", path).bearer_auth("scim-token")
    }

    pub(super) fn send(&self, method: &str, path: &str, body: &Value) -> RequestBuilder {
        let request = self.bare(method, path).bearer_auth("scim-token");
        request.header("content-type", "application/scim+json").body(body.to_string())
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.send("POST", path, body)
    }

    pub(super) fn put(&self, path: &str, body: &Value) -> RequestBuilder {
        self.send("PUT", path, body)
    }

    pub(super) fn patch(&self, path: &str, operations: &Value) -> RequestBuilder {
        let urn = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
        self.send("PATCH", path, &json!({ "schemas": [urn], "Operations": operations }))
    }

    /// The ids on a page, or the name of its failure.
    pub(super) async fn ids(&self, path: &str) -> Vec<String> {
        ids(&answer(self.get(path)).await.1)
    }

    pub(super) fn last(&self) -> JournalEntry {
        self.emulator().journal().pop().expect("an entry")
    }
}

pub(super) fn ids(list: &Value) -> Vec<String> {
    let rows = list["Resources"].as_array().expect("resources");
    rows.iter().map(|row| row["id"].as_str().unwrap_or("?").to_owned()).collect()
}

pub(super) async fn reply(request: RequestBuilder) -> Response {
    request.send().await.expect("an answer")
}

pub(super) async fn status(request: RequestBuilder) -> u16 {
    reply(request).await.status().as_u16()
}

/// Status and JSON body; null when the body is empty.
pub(super) async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = reply(request).await;
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    if text.is_empty() {
        return (status, Value::Null);
    }
    (status, serde_json::from_str(&text).expect("JSON"))
}

/// Status and `scimType`.
pub(super) async fn refusal(request: RequestBuilder) -> (u16, String) {
    let (status, body) = answer(request).await;
    (status, body["scimType"].as_str().unwrap_or_default().to_owned())
}

pub(super) fn user(name: &str) -> Value {
    json!({ "schemas": [USER], "userName": name })
}

pub(super) fn group(name: &str) -> Value {
    json!({ "schemas": [GROUP], "displayName": name })
}
