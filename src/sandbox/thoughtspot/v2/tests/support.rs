//! A running cluster with a client that holds a bearer token.

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::sandbox::thoughtspot::tests::support::{body, group, send, user, with};
use crate::sandbox::thoughtspot::v2::Switches;
use crate::sandbox::thoughtspot::{self, PrincipalState};
use crate::sandbox::{JournalEntry, Options, Sandbox};

pub(super) struct Cluster {
    pub(super) sandbox: Sandbox,
    pub(super) client: Client,
    pub(super) token: String,
}

pub(super) fn client() -> Client {
    #[expect(clippy::disallowed_methods, reason = "a client of the test's own, not the product's")]
    Client::builder().no_proxy().build().expect("a client")
}

impl Cluster {
    /// A cluster with these principals, and a token of `tsadmin` for the primary org.
    pub(super) async fn start(seed: Value) -> Self {
        let seed = serde_json::from_value(seed).expect("records");
        let options = thoughtspot::Options { seed, ..thoughtspot::Options::default() };
        let options = Options { thoughtspot: options, ..Options::default() };
        let sandbox = Sandbox::start(options).await.expect("a free port");
        let mut cluster = Self { sandbox, client: client(), token: String::new() };
        cluster.sign_in(None).await;
        cluster
    }

    /// `eng` in `staff`, `ada` in `eng`, `bob` in nothing, owner of 3 objects; `far` is a group of org 1, and `zoe` a
    /// user of both orgs who is in it.
    pub(super) async fn small() -> Self {
        Self::start(json!([
            group("staff", &[]),
            group("eng", &["staff"]),
            with(group("far", &[]), &json!({"orgs": [1]})),
            user("ada", &["eng"]),
            with(user("bob", &[]), &json!({"owned": 3, "password": "bobs"})),
            with(user("zoe", &[]), &json!({"orgs": [0, 1], "groupsElsewhere": [{"org": 1, "name": "far"}]})),
        ]))
        .await
    }

    /// Takes a token for an org.
    pub(super) async fn sign_in(&mut self, org: Option<u32>) {
        let ask = json!({"username": "tsadmin", "password": "admin", "org_id": org});
        let (status, answer) = self.call("auth/token/full", &ask).await;
        assert_eq!(status, 200, "{answer}");
        answer["token"].as_str().expect("a token").clone_into(&mut self.token);
    }

    pub(super) fn emulator(&self) -> &thoughtspot::ThoughtSpot {
        self.sandbox.thoughtspot()
    }

    pub(super) fn switch(&self, change: impl FnOnce(&mut Switches)) {
        let mut switches = self.emulator().switches();
        change(&mut switches.v2);
        self.emulator().set_switches(switches);
    }

    pub(super) fn url(&self, operation: &str) -> String {
        format!("{}/api/rest/2.0/{operation}", self.sandbox.url("thoughtspot"))
    }

    pub(super) fn post(&self, operation: &str, ask: &Value) -> RequestBuilder {
        self.client.post(self.url(operation)).bearer_auth(&self.token).json(ask)
    }

    pub(super) fn get(&self, operation: &str) -> RequestBuilder {
        self.client.get(self.url(operation)).bearer_auth(&self.token)
    }

    /// Status and JSON body; null when the body is empty.
    pub(super) async fn call(&self, operation: &str, ask: &Value) -> (u16, Value) {
        body(self.post(operation, ask)).await
    }

    pub(super) async fn status(&self, operation: &str, ask: &Value) -> u16 {
        self.call(operation, ask).await.0
    }

    /// The names on a page of a search.
    pub(super) async fn names(&self, operation: &str, ask: &Value) -> Vec<String> {
        let (status, rows) = self.call(operation, ask).await;
        assert_eq!(status, 200, "{rows}");
        let rows = rows.as_array().expect("a bare array").iter();
        rows.map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
    }

    /// One user or group as a search shows it.
    pub(super) async fn row(&self, kind: &str, name: &str) -> Value {
        let ask = json!({ format!("{kind}_identifier"): name });
        self.call(&format!("{kind}s/search"), &ask).await.1[0].clone()
    }

    /// The state behind one name, users first.
    pub(super) fn state(&self, name: &str) -> Option<PrincipalState> {
        self.emulator().principals().into_iter().rev().find(|principal| principal.name == name)
    }

    /// A request to API v1 with the bearer token.
    pub(super) async fn v1(&self, operation: &str) -> Value {
        let url = format!("{}/callosum/v1/tspublic/v1/{operation}", self.sandbox.url("thoughtspot"));
        body(self.client.get(url).bearer_auth(&self.token).header("X-Requested-By", "rollcall")).await.1
    }

    pub(super) fn last(&self) -> JournalEntry {
        self.emulator().journal().pop().expect("an entry")
    }

    /// The names in lists of objects of a row.
    pub(super) fn named(list: &Value) -> Vec<&str> {
        let items = list.as_array().expect("a list").iter();
        items.map(|item| item["name"].as_str().expect("a name")).collect()
    }

    pub(super) async fn incident(&self, operation: &str, ask: &Value) -> (Option<String>, Value) {
        let response = send(self.post(operation, ask)).await;
        let header = response.headers().get("x-callosum-incident-id");
        let header = header.map(|value| value.to_str().expect("text").to_owned());
        (header, response.json().await.expect("JSON"))
    }
}

/// The code and the text of a refusal in the live shape.
pub(super) fn refusal(error: &Value) -> (u64, String) {
    let inner = &error["error"]["message"]["debug"];
    let texts: Vec<String> = serde_json::from_str(inner["debug"].as_str().expect("a string")).expect("an array inside");
    (inner["code"].as_u64().expect("a code"), texts.join(""))
}
