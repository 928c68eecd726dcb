use std::collections::BTreeSet;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// An account at a SCIM service: a reader and a writer that share no line with the product.
pub(crate) struct ScimAccount {
    url: String,
    token: String,
    client: reqwest::Client,
    runtime: Runtime,
}

impl ScimAccount {
    pub(crate) fn new(url: &str, token: &str) -> Self {
        #[expect(clippy::disallowed_methods, reason = "a client of the test's own, not the product's")]
        let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { url: url.to_owned(), token: token.to_owned(), client, runtime }
    }

    /// The base address: the path of a resource follows.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The bearer token.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// A request for the path, which may hold a query, with the token.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}/{path}", self.url)).bearer_auth(&self.token)
    }

    /// Sends a request: the status and, where there is one, the JSON of the answer.
    #[track_caller]
    pub(crate) fn send(&self, request: RequestBuilder) -> (u16, Value) {
        self.runtime.block_on(async {
            let response = request.send().await.unwrap();
            let status = response.status().as_u16();
            let body = response.bytes().await.unwrap();
            (status, if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() })
        })
    }

    /// Sends a body.
    #[track_caller]
    pub(crate) fn write(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        self.send(self.request(method, path).header(CONTENT_TYPE, "application/scim+json").body(body.to_string()))
    }

    /// What is there.
    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Value {
        let (status, body) = self.send(self.request(Method::GET, path));
        assert_eq!(status, 200, "GET {path}: {body}");
        body
    }

    /// Every user.
    #[track_caller]
    pub(crate) fn users(&self) -> Vec<Value> {
        self.pages("Users").concat()
    }

    /// Every group.
    #[track_caller]
    pub(crate) fn groups(&self) -> Vec<Value> {
        self.pages("Groups").concat()
    }

    /// Every page of `Users` or `Groups`, as large as the server likes them: by cursor where it gives one, else by
    /// index.
    #[track_caller]
    pub(crate) fn pages(&self, kind: &str) -> Vec<Vec<Value>> {
        let mut pages: Vec<Vec<Value>> = Vec::new();
        let mut path = kind.to_owned();
        loop {
            let mut body = self.get(&path);
            let page: Vec<Value> = serde_json::from_value(body["Resources"].take()).unwrap_or_default();
            let is_empty = page.is_empty();
            pages.push(page);
            let read = pages.iter().map(Vec::len).sum::<usize>();
            if let Some(cursor) = body["nextCursor"].as_str() {
                path = format!("{kind}?cursor={cursor}");
            } else if usize::try_from(body["totalResults"].as_u64().unwrap()).unwrap() == read {
                break;
            } else {
                assert!(!is_empty, "{kind}: {read} of {}", body["totalResults"]);
                path = format!("{kind}?startIndex={}", read + 1);
            }
        }
        let all: Vec<&str> = pages.iter().flatten().map(|resource| resource["id"].as_str().unwrap()).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{kind}: a page was repeated");
        pages
    }

    /// Creates a resource among `Users` or `Groups`; as the server holds it.
    #[track_caller]
    pub(crate) fn create(&self, kind: &str, resource: &Value) -> Value {
        let (status, body) = self.write(Method::POST, kind, resource);
        assert_eq!(status, 201, "POST {kind}: {body}");
        body
    }

    /// Creates an active user with a display name and a mail address made of the name; its id.
    #[track_caller]
    pub(crate) fn add_user(&self, name: &str) -> String {
        let mails = json!([{ "value": format!("{name}@example.org"), "type": "work", "primary": true }]);
        let user = json!({
            "schemas": [USER], "userName": name, "externalId": format!("user-{name}"),
            "displayName": format!("The user {name}"), "emails": mails, "active": true,
        });
        id(&self.create("Users", &user))
    }

    /// Creates a group of users or groups, who are named by id; its id.
    #[track_caller]
    pub(crate) fn add_group(&self, name: &str, members: &[&str]) -> String {
        let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
        let mut group = json!({ "schemas": [GROUP], "displayName": name, "externalId": format!("group-{name}") });
        if !members.is_empty() {
            group["members"] = members.into();
        }
        id(&self.create("Groups", &group))
    }

    /// Changes a resource, such as `Users/ID`, by operations; the status and the answer, which may be empty.
    #[track_caller]
    pub(crate) fn patch(&self, path: &str, operations: &Value) -> (u16, Value) {
        self.write(Method::PATCH, path, &json!({ "schemas": [PATCH], "Operations": operations }))
    }

    /// Removes a resource.
    #[track_caller]
    pub(crate) fn delete(&self, path: &str) {
        let (status, body) = self.send(self.request(Method::DELETE, path));
        assert_eq!(status, 204, "DELETE {path}: {body}");
    }
}

fn id(resource: &Value) -> String {
    resource["id"].as_str().unwrap().to_owned()
}
