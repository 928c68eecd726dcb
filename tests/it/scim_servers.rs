//! SCIM services that others wrote: people come, change, get a new name, leave, and a group has five hundred members.

use std::ops::Deref;

use serde_json::{Value, json};

use crate::support::{App, Profile, Scim2Server, ScimAccount, Scimmy};

/// Members of the large group.
const CROWD: usize = 500;

fn person(number: usize, name: &str) -> Value {
    json!({
        "name": name, "id": format!("id-{number:04}"), "displayName": format!("Person {number}"),
        "mail": format!("{name}@example.org"), "principalTypeEnum": "LOCAL_USER", "groupNames": ["everybody"],
    })
}

fn group(name: &str) -> Value {
    json!({ "name": name, "id": format!("id-{name}"), "displayName": name, "principalTypeEnum": "LOCAL_GROUP" })
}

/// `everybody` with all, `staff` with the first three.
fn company() -> Vec<Value> {
    let mut people: Vec<Value> = vec![group("everybody"), group("staff")];
    people.extend((0..CROWD).map(|number| person(number, &format!("p{number:04}"))));
    for person in people.iter_mut().skip(2).take(3) {
        person["groupNames"] = json!(["everybody", "staff"]);
    }
    people
}

struct Sync<'a> {
    app: App,
    service: &'a ScimAccount,
}

impl<'a> Sync<'a> {
    fn new(service: &'a ScimAccount) -> Self {
        let app = App::new();
        app.write("token", service.token());
        app.configure(&format!(
            "environment: test\nsources: {{ people: {{ json: {{ path: people.json }} }} }}\ntargets:\n  service:\n    \
             timeout: 120s\n    scim: {{ url: '{}', token: {{ file: token }} }}\nsyncs:\n  sync: {{ from: people, to: \
             service, ownership: managed, removeDeleted: true, guard: {{ creations: off }} }}\n",
            service.url()
        ));
        Self { app, service }
    }

    #[track_caller]
    fn applies(&self, people: &[Value], changes: &[&str]) {
        self.app.write_json("people.json", people);
        let plan = self.app.run("plan --format json").exits(0).document();
        if !changes.is_empty() {
            assert_eq!(plan.changes(), changes, "{plan}");
        }
        let report = self.app.run("apply --yes --format json").exits(0).document();
        assert!(report.outcomes().iter().all(|outcome| outcome.starts_with("done ")), "{report}");
        let again = self.app.run("plan --detailed-exitcode --format json").exits(0).document();
        assert!(again.changes().is_empty(), "{again}");
    }

    fn user(&self, name: &str) -> Option<Value> {
        self.service.users().into_iter().find(|user| user["userName"] == name)
    }

    fn members(&self, group: &str) -> usize {
        let found = self.service.groups().into_iter().find(|found| found["displayName"] == group).unwrap();
        found["members"].as_array().map_or(0, Vec::len)
    }
}

fn life(service: &ScimAccount) {
    let sync = Sync::new(service);
    let mut people = company();
    sync.applies(&people, &[]);
    assert_eq!((service.users().len(), sync.members("everybody"), sync.members("staff")), (CROWD, CROWD, 3));

    people[2]["displayName"] = json!("Una Persona");
    people[3]["groupNames"] = json!(["everybody"]);
    sync.applies(&people, &["update user:p0000", "update user:p0001"]);
    assert_eq!(sync.user("p0000").unwrap()["displayName"], "Una Persona");
    assert_eq!((sync.members("everybody"), sync.members("staff")), (CROWD, 2));

    let id = sync.user("p0002").unwrap()["id"].clone();
    people[4]["name"] = json!("newname");
    sync.applies(&people, &["rename user:p0002"]);
    let renamed = sync.user("newname").unwrap();
    assert_eq!((&renamed["id"], sync.user("p0002")), (&id, None));
    assert_eq!(sync.members("staff"), 2);

    let gone = people.pop().unwrap();
    sync.applies(&people, &["disable user:p0499"]);
    assert_eq!(sync.user("p0499").unwrap()["active"], false);

    people.push(gone);
    sync.applies(&people, &["enable user:p0499"]);
    assert_eq!(sync.user("p0499").unwrap()["active"], true);
    assert_eq!(sync.members("everybody"), CROWD);
}

fn lives_at<S: Deref<Target = ScimAccount>>(server: Option<S>) {
    if let Some(server) = server {
        life(&server);
    }
}

#[test]
fn at_scim2_server_with_all_that_it_offers() {
    lives_at(Scim2Server::start(Profile::Full));
}

#[test]
fn at_scim2_server_that_pages_by_cursor() {
    lives_at(Scim2Server::start(Profile::Cursor));
}

#[test]
fn at_scim2_server_without_patch_filter_and_etag() {
    lives_at(Scim2Server::start(Profile::Minimal));
}

#[test]
fn at_scimmy() {
    lives_at(Scimmy::start());
}
