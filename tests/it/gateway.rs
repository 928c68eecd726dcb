//! A client that others wrote for ThoughtSpot synchronises people into an Alteryx server: it has another base URL, and is
//! otherwise as it is.

use std::collections::BTreeMap;

use rollcall::sandbox::alteryx;
use rollcall::sandbox::{Options, Sandbox, Secret};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::support::{App, Daemon, PublicClient};

/// The list of the vendor's page.
const VENDOR: &str = include_str!("../fixtures/vendor-principals.json");

/// Two packages hold the client of API v1: the older one, and the one that took its place.
const PACKAGES: [&str; 2] = ["thoughtspot_rest_api_v1", "thoughtspot_rest_api"];

/// A server whose group `Administrator` makes administrators, and a daemon in front of it.
struct World {
    app: App,
    runtime: Runtime,
    sandbox: Sandbox,
    daemon: Daemon,
}

impl World {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let seed = json!({ "groups": [{ "name": "Administrator", "role": "Curator" }] });
        let options = alteryx::Options {
            seed: serde_json::from_value(seed).unwrap(),
            secret: Secret::new("Canary-alteryx"),
            ..alteryx::Options::default()
        };
        let sandbox = runtime.block_on(Sandbox::start(Options { alteryx: options, ..Options::default() })).unwrap();
        let app = App::new();
        app.write("secret", "Canary-alteryx\n");
        let url = sandbox.url("alteryx");
        app.configure(&format!(
            "sources: {{ legacy: {{ push: {{}} }} }}\n\
             targets: {{ server: {{ alteryx: {{ url: '{url}/webapi', key: rollcall, secret: {{ file: secret }}, owner: Admin@Example.org }}, gateway: legacy-to-server }} }}\n\
             syncs: {{ legacy-to-server: {{ from: legacy, to: server, ownership: managed, users: {{ set: {{ name: '{{{{ mail }}}}' }} }} }} }}\n"
        ));
        let daemon = Daemon::start(&app, "serve.log");
        Self { app, runtime, sandbox, daemon }
    }

    fn client(&self, package: &'static str) -> Option<PublicClient> {
        let log = self.daemon.log();
        let address = log.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap();
        PublicClient::v1(package, format!("http://{address}/targets/server"))
    }

    fn people(&self) -> Vec<(String, Vec<String>)> {
        let users =
            self.sandbox.alteryx().installation().users.into_iter().filter(|user| user.email.ends_with("@test.com"));
        // They are made side by side.
        let people: BTreeMap<_, _> = users.map(|user| (user.email, user.groups.into_iter().collect())).collect();
        people.into_iter().collect()
    }
}

fn synchronise(apply: bool) -> Value {
    let arguments = json!({
        "principals_file": VENDOR, "password": "Welcome-1", "apply_changes": apply, "remove_deleted": false,
    });
    json!(["user_sync", arguments])
}

#[test]
fn a_public_client_creates_the_people_of_the_vendors_page_in_an_alteryx_server() {
    for package in PACKAGES {
        let world = World::new();
        let Some(client) = world.client(package) else { return };
        let sign_in = json!(["session_login", { "username": "anybody", "password": "anything" }]);
        let expected = json!({
            "usersAdded": ["test1", "test2"], "usersUpdated": [], "usersDeleted": [],
            "groupsAdded": ["Customer Success", "Marketing"], "groupsUpdated": [], "groupsDeleted": [],
        });
        let told = client.call(&json!([sign_in, synchronise(false)]));
        assert_eq!(told[1], expected);
        assert!(world.people().is_empty(), "it has only asked");
        let done = client.call(&json!([
            sign_in,
            synchronise(true),
            ["user_list", {}],
            ["session_logout", {}],
            ["user_list", {}]
        ]));
        assert_eq!(done[1], expected);
        let people = world.people();
        let names: Vec<&str> = people.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["test1@test.com", "test2@test.com"]);
        let groups: Vec<usize> = people.iter().map(|(_, groups)| groups.len()).collect();
        assert_eq!(groups, [2, 0], "the membership of Administrator is held");
        assert_eq!(done[4]["status"], 401, "it has signed out");
        let report = world.app.run("runs --format json").exits(0);
        assert!(report.out.contains("\"who\":\"local\""), "{report}");
        let World { daemon, runtime, .. } = world;
        daemon.stop();
        drop(runtime);
    }
}
