//! A running cluster with a client that is logged in.

use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::sandbox::thoughtspot::{self, PrincipalState, Record, Switches};
use crate::sandbox::{Options, Sandbox};

pub(in super::super) const BASE: &str = "/callosum/v1/tspublic/v1/";

pub(in super::super) struct Cluster {
    pub(in super::super) sandbox: Sandbox,
    pub(in super::super) client: Client,
}

/// A client that keeps cookies and names itself.
pub(in super::super) fn client() -> Client {
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("X-Requested-By", "rollcall".parse().expect("a header value"));
    #[expect(clippy::disallowed_methods, reason = "a client of the test's own, not the product's")]
    Client::builder().no_proxy().cookie_store(true).default_headers(headers).build().expect("a client")
}

pub(in super::super) fn records(seed: Value) -> Vec<Record> {
    serde_json::from_value(seed).expect("records")
}

impl Cluster {
    /// A cluster with these principals, and `tsadmin` logged in.
    pub(in super::super) async fn start(seed: Value) -> Self {
        let options = thoughtspot::Options { seed: records(seed), ..thoughtspot::Options::default() };
        let options = Options { thoughtspot: options, ..Options::default() };
        let sandbox = Sandbox::start(options).await.expect("a free port");
        let cluster = Self { sandbox, client: client() };
        assert_eq!(cluster.login("tsadmin", "admin").await, 204);
        cluster
    }

    /// A cluster of four: `eng` in `staff`, `ada` in `eng`, `bob` in nothing, owner of 3 objects.
    pub(in super::super) async fn small() -> Self {
        Self::start(json!([
            group("staff", &[]),
            group("eng", &["staff"]),
            user("ada", &["eng"]),
            with(user("bob", &[]), &json!({"owned": 3, "password": "bobs"})),
        ]))
        .await
    }

    pub(in super::super) fn emulator(&self) -> &thoughtspot::ThoughtSpot {
        self.sandbox.thoughtspot()
    }

    pub(in super::super) fn switch(&self, change: impl FnOnce(&mut Switches)) {
        let mut switches = self.emulator().switches();
        change(&mut switches);
        self.emulator().set_switches(switches);
    }

    pub(in super::super) fn url(&self, operation: &str) -> String {
        format!("{}{BASE}{operation}", self.sandbox.url("thoughtspot"))
    }

    pub(in super::super) fn get(&self, operation: &str) -> RequestBuilder {
        self.client.get(self.url(operation))
    }

    pub(in super::super) fn post(&self, operation: &str) -> RequestBuilder {
        self.client.post(self.url(operation))
    }

    pub(in super::super) async fn login(&self, name: &str, password: &str) -> u16 {
        let form = [("username", name), ("password", password), ("rememberme", "false")];
        status(self.post("session/login").form(&form)).await
    }

    /// `user/list` as JSON.
    pub(in super::super) async fn list(&self) -> Vec<Value> {
        body(self.get("user/list")).await.1.as_array().expect("an array").clone()
    }

    /// The row of one user in `user/list`.
    pub(in super::super) async fn user(&self, name: &str) -> Option<Value> {
        let rows = self.list().await;
        rows.into_iter().find(|row| row["name"] == name && row["principalTypeEnum"] != "LOCAL_GROUP")
    }

    /// A synchronisation with a password for newcomers and both flags.
    pub(in super::super) async fn sync(&self, principals: &Value, apply: bool, remove: bool) -> (u16, Value) {
        let form = Form::new()
            .part("principals", Part::text(principals.to_string()).file_name("people.json"))
            .text("applyChanges", apply.to_string())
            .text("removeDeleted", remove.to_string())
            .text("password", "Welcome1!");
        self.sync_form(form).await
    }

    pub(in super::super) async fn sync_form(&self, form: Form) -> (u16, Value) {
        body(self.post("user/sync").multipart(form)).await
    }

    /// The state behind one name, users first.
    pub(in super::super) fn state(&self, name: &str) -> Option<PrincipalState> {
        self.emulator().principals().into_iter().rev().find(|principal| principal.name == name)
    }
}

pub(in super::super) async fn send(request: RequestBuilder) -> Response {
    request.send().await.expect("an answer")
}

pub(in super::super) async fn status(request: RequestBuilder) -> u16 {
    send(request).await.status().as_u16()
}

/// Status and JSON body; null when the body is empty.
pub(in super::super) async fn body(request: RequestBuilder) -> (u16, Value) {
    let response = send(request).await;
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    if text.is_empty() {
        return (status, Value::Null);
    }
    (status, serde_json::from_str(&text).expect("JSON"))
}

/// The texts inside the `debug` member of an error body.
pub(in super::super) fn debug(error: &Value) -> String {
    let texts: Vec<String> = serde_json::from_str(error["debug"].as_str().expect("a string")).expect("an array inside");
    texts.join("; ")
}

pub(in super::super) fn user(name: &str, groups: &[&str]) -> Value {
    json!({"name": name, "displayName": name.to_uppercase(), "mail": format!("{name}@x.test"),
        "principalTypeEnum": "LOCAL_USER", "groupNames": groups, "visibility": "DEFAULT"})
}

pub(in super::super) fn group(name: &str, groups: &[&str]) -> Value {
    json!({"name": name, "displayName": name.to_uppercase(), "description": "",
        "principalTypeEnum": "LOCAL_GROUP", "groupNames": groups, "visibility": "DEFAULT"})
}

/// A record with some members replaced or added; a null removes one.
pub(in super::super) fn with(mut record: Value, members: &Value) -> Value {
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

/// The reply of a synchronisation that finds no difference, with some lists filled.
pub(in super::super) fn lists(filled: &Value) -> Value {
    with(
        json!({"usersAdded": [], "usersUpdated": [], "usersDeleted": [],
            "groupsAdded": [], "groupsUpdated": [], "groupsDeleted": []}),
        filled,
    )
}
