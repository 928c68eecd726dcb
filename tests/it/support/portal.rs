use std::ops::Deref;

use rollcall::sandbox::curator::{self, Curator, Switches};
use rollcall::sandbox::{Fault, FaultKind, JournalEntry, Options, Product, Sandbox, Secret};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::{App, Run};

/// The API key, which must be nowhere but where it belongs.
pub(crate) const KEY: &str = "Canary/key+1";

/// An emulated Curator, a company in `people.json`, and the sync `people-to-portal` from one to the other.
pub(crate) struct Portal {
    pub(crate) app: App,
    runtime: Runtime,
    sandbox: Option<Sandbox>,
}

impl Portal {
    /// `people` in the source, `seed` in the portal.
    pub(crate) fn new(people: &[Value], seed: Value) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let seed = serde_json::from_value(seed).unwrap();
        let curator = curator::Options { key: Secret::new(KEY), seed, switches: Switches::default() };
        let sandbox = runtime.block_on(Sandbox::start(Options { curator, ..Options::default() })).unwrap();
        let portal = Self { app: App::new(), runtime, sandbox: Some(sandbox) };
        portal.app.write("key", KEY);
        portal.source(people);
        portal.configure("", "ownership: all, removeDeleted: true");
        portal
    }

    /// The keys of the connector besides the address and the key, and the rules of the sync: members of YAML flow
    /// mappings.
    pub(crate) fn configure(&self, keys: &str, rules: &str) {
        let url = self.sandbox.as_ref().unwrap().url("curator");
        let keys = if keys.is_empty() { String::new() } else { format!(", {keys}") };
        self.app.configure(&format!(
            "environment: test\nsources:\n  people: {{ json: {{ path: people.json }} }}\ntargets:\n  portal:\n    \
             rate: 1000\n    curator: {{ url: '{url}', apiKey: {{ file: key }}, settle: 1s{keys} }}\nsyncs:\n  \
             people-to-portal: {{ from: people, to: portal, {rules} }}\n"
        ));
    }

    pub(crate) fn source(&self, people: &[Value]) {
        self.app.write_json("people.json", people);
    }

    pub(crate) fn run(&self, line: &str) -> Run {
        self.app.run(line)
    }

    pub(crate) fn switch(&self, change: impl FnOnce(&mut Switches)) {
        let mut switches = Curator::switches(self);
        change(&mut switches);
        self.set_switches(switches);
    }

    /// The next request for `operation` meets this fault.
    pub(crate) fn fault(&self, operation: &str, fault: FaultKind) {
        self.inject(Fault::once(operation, fault));
    }

    /// `Finance: ada, bob` of every group, by number.
    pub(crate) fn groups(&self) -> Vec<String> {
        let groups = self.contents().groups.into_iter();
        groups.map(|group| format!("{}: {}", group.name, group.members.join(", "))).collect()
    }

    /// The requests of one operation, oldest first.
    pub(crate) fn requests(&self, operation: &str) -> Vec<JournalEntry> {
        self.journal().into_iter().filter(|entry| entry.operation == operation).collect()
    }

    /// The second plan has no change.
    #[track_caller]
    pub(crate) fn is_settled(&self) {
        let plan = self.run("plan --detailed-exitcode --format json").exits(0).document();
        assert!(plan.changes().is_empty(), "{plan}");
    }

    #[track_caller]
    pub(crate) fn nothing_written(&self) {
        let writes = self.writes();
        assert!(writes.is_empty(), "{writes:#?}");
    }
}

/// A seed of Ada in Finance, Bob in nothing, and Sales without members.
pub(crate) fn small() -> Value {
    json!({
        "users": [
            {"id": 7, "name": "ada", "email": "ada@x.test", "full_name": "Ada", "groups": ["Finance"]},
            {"id": 8, "name": "bob", "email": "bob@x.test", "full_name": "Bob"},
        ],
        "groups": [{"id": 30, "name": "Finance"}, {"id": 31, "name": "Sales"}],
    })
}

impl Deref for Portal {
    type Target = Curator;

    fn deref(&self) -> &Curator {
        self.sandbox.as_ref().unwrap().curator()
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        if let Some(sandbox) = self.sandbox.take() {
            self.runtime.block_on(sandbox.stop());
        }
    }
}
