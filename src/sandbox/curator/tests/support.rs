//! A running portal and a client with its key.

use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::sandbox::curator::{self, Switches};
use crate::sandbox::{JournalEntry, Options, Product, Sandbox};

pub(super) const KEY: &str = "canary-key-1";

pub(super) struct Portal {
    pub(super) sandbox: Sandbox,
    client: Client,
}

impl Portal {
    pub(super) async fn start(seed: Value) -> Self {
        let seed = serde_json::from_value(seed).expect("a seed");
        let curator = curator::Options { key: crate::sandbox::Secret::new(KEY), seed, switches: Switches::default() };
        let sandbox = Sandbox::start(Options { curator, ..Options::default() }).await.expect("a free port");
        #[expect(clippy::disallowed_methods, reason = "a client of the test's own, not the product's")]
        let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build();
        Self { sandbox, client: client.expect("a client") }
    }

    /// Ada is in Finance, Bob in nothing, Sales is empty.
    pub(super) async fn small() -> Self {
        Self::start(json!({
            "users": [
                {"id": 7, "name": "ada@x.test", "email": "ada@x.test", "full_name": "Ada", "groups": ["Finance"]},
                {"id": 8, "name": "bob@x.test", "email": "robert@x.test", "full_name": "Bob"},
            ],
            "groups": [{"id": 30, "name": "Finance"}, {"id": 31, "name": "Sales"}],
        }))
        .await
    }

    pub(super) fn emulator(&self) -> &curator::Curator {
        self.sandbox.curator()
    }

    pub(super) fn switch(&self, change: impl FnOnce(&mut Switches)) {
        let mut switches = self.emulator().switches();
        change(&mut switches);
        self.emulator().set_switches(switches);
    }

    pub(super) fn request(&self, method: Method, endpoint: &str, query: &[(&str, &str)]) -> RequestBuilder {
        let url = format!("{}/api/v1/{endpoint}", self.sandbox.url("curator"));
        self.client.request(method, url).query(query)
    }

    /// A POST with the right key.
    pub(super) fn post(&self, endpoint: &str, query: &[(&str, &str)]) -> RequestBuilder {
        self.request(Method::POST, endpoint, &[("apikey", KEY)]).query(query)
    }

    pub(super) async fn ask(&self, endpoint: &str, query: &[(&str, &str)]) -> (u16, Value) {
        body(self.post(endpoint, query)).await
    }

    pub(super) async fn control(&self, method: Method, path: &str, text: &str) -> (u16, String) {
        let url = format!("{}/_sandbox/{path}", self.sandbox.url("curator"));
        let response = send(self.client.request(method, url).body(text.to_owned())).await;
        (response.status().as_u16(), response.text().await.expect("a text"))
    }

    /// Who is in the first group of this name.
    pub(super) fn members(&self, group: &str) -> Vec<String> {
        let contents = self.emulator().contents();
        let found = contents.groups.into_iter().find(|found| found.name == group);
        found.expect("a group of this name").members
    }

    pub(super) fn last(&self) -> JournalEntry {
        self.emulator().journal().pop().expect("an entry")
    }
}

pub(super) async fn send(request: RequestBuilder) -> Response {
    request.send().await.expect("an answer")
}

/// Status and JSON body; text where it is no JSON.
pub(super) async fn body(request: RequestBuilder) -> (u16, Value) {
    let response = send(request).await;
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}
